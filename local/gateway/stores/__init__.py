"""What MiniStack stores of buckets, objects and keys, read for the rest of the gateway."""
