"""An example of a team's own DAG: notes the newest run of `east1` in a table of Amazon Athena.

It works through the access `reports`, whose policy is beside this file. Copy the file below `dags/`
to deploy it.
"""

from __future__ import annotations

from airflow.providers.amazon.aws.operators.athena import AthenaOperator
from airflow.sdk import DAG, task
from cross_account import access, data_pipeline, last_complete_run, require_role

east1 = data_pipeline("east1")
reports = access("reports")

# Before each task: its connection leads to its own role, never to the hub's.
with DAG("runs_table", schedule=None, default_args={"pre_execute": require_role}):

    @task
    def newest_run() -> str:
        """The run to note."""
        return last_complete_run(east1)

    note = AthenaOperator(
        task_id="note",
        aws_conn_id=reports.connection_id,
        workgroup="reports",
        database="reports",
        query="""INSERT INTO runs VALUES ('{{ ti.xcom_pull(task_ids="newest_run") }}')""",
        deferrable=True,
    )
    newest_run() >> note
