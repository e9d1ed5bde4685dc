"""Amazon EC2: checks that MiniStack lacks."""
