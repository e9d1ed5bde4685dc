"""The rules that a well-shaped topology must keep, one subject per module.

Each module has a `problems` function that yields what is wrong. None of them knows Pulumi or
calls AWS; the numbers come from `components.topology.limits`.
"""
