"""AWS STS: AssumeRole by callers, and by services that act as a role."""
