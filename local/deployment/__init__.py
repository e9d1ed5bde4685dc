"""Deploys the very same program through the AWS API, without the Pulumi CLI.

`monitor` stands in for Pulumi's engine: every resource that the program registers is created with
boto3 by a handler (`handlers/`, one module per service), in the account and Region of the
registration's own provider. `program` evaluates `__main__.py` with it.
"""
