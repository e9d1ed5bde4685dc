"""Values between the SDK and the handlers."""

from __future__ import annotations

from local.deployment.wire import is_secret, plain, provider_inputs, secret


def test_secrets_are_unwrapped_wherever_they_are() -> None:
    assert plain({"a": [secret({"b": secret("c")})]}) == {"a": [{"b": "c"}]}


def test_whole_numbers_are_integers_again() -> None:
    value = plain({"days": 7.0, "fraction": 0.5, "on": True})

    assert value == {"days": 7, "fraction": 0.5, "on": True}
    assert isinstance(value["days"], int)
    assert value["on"] is True


def test_a_structure_with_a_secret_in_it_is_secret() -> None:
    assert is_secret({"a": [{"b": secret("c")}]})
    assert not is_secret({"a": [{"b": "c"}]})


def test_a_providers_structures_come_as_text() -> None:
    inputs = {"endpoints": '[{"s3": "url"}]', "skip": "true", "region": "us-east-1", "name": "{x"}

    assert provider_inputs(inputs) == {
        "endpoints": [{"s3": "url"}],
        "skip": True,
        "region": "us-east-1",
        "name": "{x",
    }
