"""AWS Lambda: what a function's execution role must allow."""
