"""AWS KMS: the check of a key's policy."""
