"""Makes the environments that everything else runs in; the standard library is all it needs.

- `.venv`: the Pulumi program, the embedded AWS, the tests and the checks;
- `.local/airflow-<version>`: an Airflow, apart from the rest, as its constraints demand;
- `.local/spark-jars`: the jars that Spark needs to reach S3.

Each carries a stamp of what it was made from, written last. Where it matches, nothing is done;
where it is missing, the thing is made anew, so an interruption needs no cleaning up.
"""
