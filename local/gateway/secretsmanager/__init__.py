"""AWS Secrets Manager: the check of a secret's resource policy."""
