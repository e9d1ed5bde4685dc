"""S3 replication from a data pipeline's bucket to the ML pipelines that train on its output."""
