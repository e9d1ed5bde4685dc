"""The parts of `__main__.py` that make more than one component each."""
