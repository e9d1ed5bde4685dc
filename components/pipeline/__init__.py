"""What data and ML pipelines share: settings, storage, the role that the hub assumes."""
