"""AWS's API protocols: a request, the check against its service's model, a response."""
