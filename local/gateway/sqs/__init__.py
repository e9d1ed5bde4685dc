"""Amazon SQS: queues that several threads change."""
