"""What follows from the topology's own values: counts by class, metrics."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from components.topology.model import (
    Environment,
    Network,
    Topology,
    Training,
)
from tests.topologies import minimal_topology

COUNTS = ("min_workers", "max_workers", "schedulers", "min_webservers", "max_webservers")


class TestScaling:
    """The counts of an environment: as chosen, else what fits class and counterpart."""

    @pytest.mark.parametrize(
        ("chosen", "expected"),
        [
            ({}, (1, 10, 2, 2, 2)),
            ({"class_": "mw1.micro"}, (1, 1, None, None, None)),
            ({"class_": "mw1.micro", "schedulers": 1}, (1, 1, None, None, None)),
            ({"min_workers": 12}, (12, 12, 2, 2, 2)),
            ({"min_workers": 3}, (3, 10, 2, 2, 2)),
            ({"max_workers": 4}, (1, 4, 2, 2, 2)),
            ({"min_workers": 3, "max_workers": 4}, (3, 4, 2, 2, 2)),
            ({"schedulers": 5}, (1, 10, 5, 2, 2)),
            ({"min_webservers": 3}, (1, 10, 2, 3, 3)),
            ({"max_webservers": 4}, (1, 10, 2, 2, 4)),
            ({"min_webservers": 3, "max_webservers": 4}, (1, 10, 2, 3, 4)),
        ],
    )
    def test_counts(self, chosen: dict[str, Any], expected: tuple[int | None, ...]) -> None:
        scaling = Environment(**chosen).scaling
        assert tuple(getattr(scaling, count) for count in COUNTS) == expected


def test_metrics_may_be_a_list() -> None:
    training = Training.model_validate({"hyperparameters": {"eval_metric": ["auc", "error@0.7"]}})
    assert training.hyperparameters == {"eval_metric": "auc,error@0.7"}


def test_a_network_is_existing_when_its_vpc_is_named() -> None:
    assert Network(vpc_id="vpc-11111111").is_existing
    assert not Network().is_existing


def test_defaults_are_the_careful_ones() -> None:
    topology = Topology.model_validate(minimal_topology())
    environment = topology.hub.environment
    assert environment.webserver_access_mode == "PRIVATE_ONLY"
    assert environment.log_retention_days == 365
    assert environment.airflow_version == "3.3.1"
    assert topology.data_pipelines["east1"].glue.version == "5.1"
    assert topology.data_pipelines["east1"].label_column == "label"
    assert topology.data_pipelines["east1"].raw_key == "raw/ml_train_data.csv"


def test_nothing_can_be_changed() -> None:
    topology = Topology.model_validate(minimal_topology())
    for model in (topology, topology.hub, topology.hub.environment, topology.accounts["central"]):
        field = next(iter(type(model).model_fields))
        with pytest.raises(ValidationError, match="frozen"):
            setattr(model, field, None)
