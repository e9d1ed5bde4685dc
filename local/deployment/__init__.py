"""Deploys the very same program through the AWS API, without the Pulumi CLI.

`monitor` stands in for Pulumi's engine: it creates every resource that the program registers with
boto3, in the account and Region of the registration's own provider. `services` describes every
resource type, in a module per AWS service: how one is created, and what tests have to know of it.
`program` evaluates `__main__.py` with the monitor.
"""
