"""Makes the environments that everything else runs in; the standard library is all it needs.

- `.venv`: the Pulumi program, the embedded AWS, the tests and the checks;
- `.local/airflow-<version>`: an Airflow, apart from the rest, as its constraints demand;
- `.local/spark-jars`: the jars that Spark needs to reach S3.

pip installs uv into `.venv`, and uv does the rest. What is finished is marked as such last, so that
an interruption needs no cleaning up.
"""
