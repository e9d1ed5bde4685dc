"""How AWS is called by the local run and the commands alike; knows nothing of either."""
