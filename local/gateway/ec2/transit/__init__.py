"""Transit gateways, which MiniStack lacks: what has an end state is in it at once."""
