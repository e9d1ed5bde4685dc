"""Clients of AWS that the local run and the commands share; they know nothing of either."""
