"""Roles of a team's own in other accounts, for work that no pipeline does."""
