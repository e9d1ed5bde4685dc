"""Lambda functions of pipelines and of the hub: each with its role, log group and key."""
