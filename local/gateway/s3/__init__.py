"""Amazon S3: replication, and responses that depend on the caller's permissions."""
