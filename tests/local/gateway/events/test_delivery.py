"""Events of uploads go to a queue elsewhere, where every policy on the way allows it."""

from __future__ import annotations

import pytest

from tests.local.gateway.aws import DATA, HUB, WEST, Aws, allow, service_trust
from tests.local.gateway.events.route import EVENTS, Route

_KEY = "raw/incoming/2026/a b+ü.csv"


@pytest.fixture
def route(aws: Aws) -> Route:
    return Route.create(aws)


class TestDelivery:
    def test_each_version_of_a_matching_object(self, route: Route) -> None:
        others = ("raw/incoming/a.txt", "raw/other/a.csv", "incoming/a.csv")
        for key in others:
            route.upload(key)
        versions = [route.upload(_KEY, body) for body in (b"1", b"2")]
        expected = {
            "to": "receiver",
            "account": DATA,
            "region": WEST,
            "reason": "PutObject",
            "bucket": route.bucket,
            "key": _KEY,
        }
        found = sorted(route.received(2), key=lambda message: versions.index(message["version"]))
        assert found == [expected | {"version": version} for version in versions]
        assert route.messages() == []

    def test_copies_and_multipart_uploads(self, route: Route) -> None:
        s3 = route.aws.client("s3", DATA, WEST)
        named = {"Bucket": route.bucket, "Key": _KEY}
        route.upload("source")
        s3.copy_object(**named, CopySource={"Bucket": route.bucket, "Key": "source"})
        upload = s3.create_multipart_upload(**named)["UploadId"]
        part = s3.upload_part(**named, UploadId=upload, PartNumber=1, Body=b"1")
        s3.complete_multipart_upload(
            **named,
            UploadId=upload,
            MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]},
        )
        reasons = {message["reason"] for message in route.received(2)}
        assert reasons == {"CopyObject", "CompleteMultipartUpload"}

    def test_the_services_calls_are_recorded(self, route: Route) -> None:
        route.upload(_KEY)
        route.received(1)
        put = [row for row in route.aws.calls("events:PutEvents") if row["resource"] == route.bus]
        sent = [row for row in route.aws.calls("sqs:SendMessage") if row["resource"] == route.queue]
        assert [row["decision"] for row in put + sent] == ["allow", "allow"]
        assert put[0]["principal"].startswith(f"arn:aws:sts::{DATA}:assumed-role/sender")
        assert sent[0]["principal"] == "events.amazonaws.com"
        assert sent[0]["conditions"]["aws:SourceArn"] == route.rule


class TestWithoutPermission:
    def _is_not_delivered(self, route: Route, action: str, resource: str) -> None:
        route.upload(_KEY)
        route.denied(action, resource)
        assert route.messages() == []

    def test_the_role_may_not_put_events_on_this_bus(self, route: Route) -> None:
        route.aws.permit(route.role, allow("events:PutEvents", f"{route.bus}-other"))
        self._is_not_delivered(route, "events:PutEvents", route.bus)

    def test_the_role_does_not_trust_eventbridge(self, route: Route) -> None:
        route.aws.client("iam", DATA).update_assume_role_policy(
            RoleName=route.role.rpartition("/")[2],
            PolicyDocument=service_trust("lambda.amazonaws.com"),
        )
        self._is_not_delivered(route, "sts:AssumeRole", route.role)

    def test_the_bus_is_open_to_another_account_only(self, route: Route) -> None:
        route.open_bus("333333333333")
        self._is_not_delivered(route, "events:PutEvents", route.bus)

    def test_the_bus_has_no_policy(self, route: Route) -> None:
        route.aws.client("events", HUB).remove_permission(
            EventBusName=route.bus.rpartition("/")[2], RemoveAllPermissions=True
        )
        self._is_not_delivered(route, "events:PutEvents", route.bus)

    def test_the_queue_is_open_to_another_service_only(self, route: Route) -> None:
        route.open_queue(Principal={"Service": "sns.amazonaws.com"})
        self._is_not_delivered(route, "sqs:SendMessage", route.queue)
        bus = route.bus.rpartition("/")[2]
        dimensions = {"EventBusName": bus, "RuleName": route.rule.rpartition("/")[2]}
        (metric,) = route.aws.client("cloudwatch", HUB).list_metrics(
            Namespace="AWS/Events",
            Dimensions=[{"Name": name, "Value": value} for name, value in dimensions.items()],
        )["Metrics"]
        assert metric["MetricName"] == "FailedInvocations"

    def test_the_queue_is_open_to_another_rule_only(self, route: Route) -> None:
        condition = {"ArnEquals": {"aws:SourceArn": f"{route.rule}-other"}}
        route.open_queue(Principal=EVENTS, Condition=condition)
        self._is_not_delivered(route, "sqs:SendMessage", route.queue)

    def test_the_key_is_open_to_another_service_only(self, route: Route) -> None:
        route.open_key(Principal={"Service": "sns.amazonaws.com"})
        self._is_not_delivered(route, "kms:GenerateDataKey", route.key)

    def test_the_keys_policy_compares_the_rule_which_kms_is_not_told(self, route: Route) -> None:
        route.open_key(Principal=EVENTS, Condition={"ArnEquals": {"aws:SourceArn": route.rule}})
        self._is_not_delivered(route, "kms:GenerateDataKey", route.key)


def test_a_key_open_for_this_queue_alone(route: Route) -> None:
    context = {"StringEquals": {"kms:EncryptionContext:aws:sqs:arn": route.queue}}
    route.open_key(Principal=EVENTS, Condition=context)
    route.upload(_KEY)
    assert [message["key"] for message in route.received(1)] == [_KEY]
