"""What an administrator makes in the accounts of a stack before its first deployment."""
