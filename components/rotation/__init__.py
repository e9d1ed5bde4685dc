"""The function that rotates the ExternalIds of the hub's connections."""
