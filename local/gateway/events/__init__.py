"""Amazon EventBridge: events from S3, the policies of event buses, delivery to targets."""
