"""The network of the environment: created by the stack, or an existing one."""
