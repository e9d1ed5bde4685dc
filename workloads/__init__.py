"""What runs in a pipeline's account or in the environment."""
