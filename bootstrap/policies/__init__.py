"""The policies of deploy roles and of the permissions boundary; nothing here imports Pulumi."""
