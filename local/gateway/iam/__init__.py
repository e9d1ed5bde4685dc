"""AWS IAM: the check of a role's trust policy."""
