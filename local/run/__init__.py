"""`make local`: the whole flow on one machine, from an empty AWS to the trained model."""
