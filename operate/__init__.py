"""The command line for what people do once a stack is deployed: `python -m operate`."""
