"""Property names: every one is translated, handled or refused."""

from __future__ import annotations

import pytest

from local.deployment.errors import DeploymentError
from local.deployment.translation import Inner, Rule, Table, translate

TABLE: Table = {
    "name": "Name",
    "policy": Rule.HANDLED,
    "rules": Inner("Rules", {"status": "Status", "filter": Inner("Filter", {"prefix": "Prefix"})}),
}


def test_names_are_translated_at_every_depth() -> None:
    properties = {
        "name": "x",
        "policy": "y",
        "rules": [{"status": "Enabled", "filter": {"prefix": "a/"}}, {"status": "Disabled"}],
    }

    assert translate(properties, TABLE) == {
        "Name": "x",
        "Rules": [{"Status": "Enabled", "Filter": {"Prefix": "a/"}}, {"Status": "Disabled"}],
    }


def test_an_unknown_property_is_refused_with_its_path() -> None:
    with pytest.raises(DeploymentError, match=r"the property rules\.filter\.tag isn't known"):
        translate({"rules": [{"filter": {"tag": "x"}}]}, TABLE)
