"""Amazon CloudWatch: the evaluation of alarms."""
