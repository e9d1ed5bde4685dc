"""The hub: the Amazon MWAA environment, its files, settings, logs and execution role."""
