"""Amazon CloudWatch Logs: the keys of log groups, and the log lines of jobs."""
