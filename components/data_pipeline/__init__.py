"""A data pipeline: bucket, Glue job and the policies of both."""
