"""Backups of Airflow's metadata in another Region."""
