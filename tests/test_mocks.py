"""The mock itself: it refuses what Pulumi's own lets pass, or no other test means anything."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws
import pulumi_random as random
import pytest

from tests.mocks import aws_provider, evaluate, random_provider

HUB = "111111111111"


def with_provider(provider: pulumi.ProviderResource) -> pulumi.ResourceOptions:
    return pulumi.ResourceOptions(provider=provider)


def test_a_resource_without_a_provider_is_refused() -> None:
    with pytest.raises(Exception, match="has no explicit provider"):
        evaluate(lambda: aws.kms.Key("key"))


def test_a_call_without_a_provider_is_refused() -> None:
    with pytest.raises(Exception, match="getAvailabilityZones has no explicit provider"):
        evaluate(lambda: aws.get_availability_zones_output().names)


def test_two_resources_of_one_urn_are_refused() -> None:
    def program() -> None:
        options = with_provider(aws_provider())
        aws.kms.Key("key", opts=options)
        aws.kms.Key("key", opts=options)

    with pytest.raises(Exception, match="key is registered twice"):
        evaluate(program)


def test_an_unknown_type_is_refused() -> None:
    def program() -> None:
        aws.lightsail.KeyPair("pair", opts=with_provider(aws_provider()))

    with pytest.raises(Exception, match=r"aws:lightsail/keyPair:KeyPair .* isn't described"):
        evaluate(program)


def test_an_assertion_in_an_apply_is_seen() -> None:
    def refuse(arn: str) -> None:
        raise AssertionError(f"refused {arn}")

    def program() -> None:
        aws.kms.Key("key", opts=with_provider(aws_provider())).arn.apply(refuse)

    with pytest.raises(AssertionError, match="refused arn:aws:kms"):
        evaluate(program)


def test_a_registration_tells_account_region_dependencies_and_secrets() -> None:
    def program() -> pulumi.Output[str]:
        hub = with_provider(aws_provider(HUB, "eu-west-1"))
        password = random.RandomPassword(
            "password", length=8, opts=with_provider(random_provider())
        )
        secret = aws.secretsmanager.Secret("secret", name="conn", opts=hub)
        aws.secretsmanager.SecretVersion(
            "value", secret_id=secret.id, secret_string=password.result, opts=hub
        )
        return secret.arn

    recorded = evaluate(program)
    value = recorded.one("SecretVersion")
    assert value.account_region is not None
    assert (value.account_region.account_id, value.account_region.region) == (HUB, "eu-west-1")
    assert value.secret_inputs == {"secretString"}
    assert value.inputs["secretString"] == "generated-for-password"
    assert value.depends_on == {
        recorded.one("Secret").urn,
        recorded.one("RandomPassword").urn,
    }
    assert recorded.result.startswith(f"arn:aws:secretsmanager:eu-west-1:{HUB}:secret:conn-")


def test_a_preview_knows_no_more_than_the_program_said() -> None:
    def program() -> tuple[pulumi.Output[str], pulumi.Output[str | None]]:
        key = aws.kms.Key("key", description="given", opts=with_provider(aws_provider()))
        return key.arn, key.description

    assert evaluate(program, preview=True).one("Key").outputs == {"description": "given"}


def test_evaluations_do_not_see_each_other() -> None:
    def program() -> None:
        aws.kms.Key("key", opts=with_provider(aws_provider()))

    assert len(list(evaluate(program))) == len(list(evaluate(program))) == 2
