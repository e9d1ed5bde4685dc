from __future__ import annotations
import pytest
pytestmark = pytest.mark.airflow
def test_ok(dag_bag):
    assert dag_bag.import_errors == {}
    assert len(dag_bag.dags) == 5
