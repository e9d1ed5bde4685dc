"""What all components share: names, ARNs, policy documents, roles, buckets and keys."""
