"""How AWS is called by the program, the local run and the commands alike; knows none of them."""
