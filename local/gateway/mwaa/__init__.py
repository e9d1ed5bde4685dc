"""Amazon MWAA: environments that run a real Airflow."""
