"""AWS Glue: job runs on a real Spark."""
