"""What is watched in the hub, and how its users hear of it."""
