"""Amazon EC2: networks and what is in them."""
