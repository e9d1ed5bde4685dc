"""Every place where the gateway changes MiniStack, in the order in which they are changed.

A row names an attribute of MiniStack's, what takes its place, and why. The rows are applied from
top to bottom. Where two rows name the same attribute, the lower one wraps the upper one, and so
sees the call first and its result last. A row whose attribute the installed MiniStack doesn't have
stops the gateway with a sentence that names it: `patching.py`.

The way of one `s3 PUT` (`PutObject` to a bucket with a customer key and a replication rule):

 1. Hypercorn reads the request from the socket and calls the middleware (`middleware.py`). It
    refuses web pages, presents the request as one over TLS, and holds back the response where a
    test asked for that fault (`faults.py`).
 2. `ministack.app` reads the body and finds the service, the action (`s3:PutObject`), the account
    and the Region.
 3. `extract_resource_arn` keeps the request for those who need more of it than its action
    (`authorization/current_request.py`), and gives its resource (`authorization/resource_arns.py`).
 4. `enforce` is the gateway's `Authorizer`. It adds the condition keys that MiniStack lacks and
    asks MiniStack's evaluator, which asks `bucket_policy_for_arn` for the bucket's policy, then
    does the same for what else the call needs: `kms:GenerateDataKey` on the key, here through
    `key_policy_for_arn`, `s3:PutObjectTagging` with tags. Each decision is recorded.
 5. Where one of them is a denial, `access_denied_response` words it: the action that was denied,
    and the status and code of the service.
 6. Else MiniStack calls `s3.handle_request`: the gateway's, for what only reads of missing objects
    need, and through it MiniStack's own. That asks `_foreign_bucket_allows` for another account's
    bucket, stores the object, and calls `_maybe_replicate`.
 7. `_maybe_replicate` only notes the object (`s3/replication.py`). A moment later its replica is
    written, as the replication role, if that has all the permissions.
 8. The response goes back through the middleware to the socket.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from local.gateway import patching
from local.gateway.authorization import (
    access_denied_messages,
    actions,
    condition_keys,
    current_request,
    resource_policies,
    unusable_keys,
)
from local.gateway.authorization.enforcement import Authorizer
from local.gateway.cloudwatch import alarms
from local.gateway.ec2 import endpoints, flow_logs, network_acls, security_groups
from local.gateway.ec2.transit.actions import HANDLERS
from local.gateway.ec2.transit.gateways import route_of_network
from local.gateway.events import bus_policies, delivery, object_events
from local.gateway.functions import event_source_mappings, execution_role, network_role
from local.gateway.glue import connections, jobs
from local.gateway.glue.job_runs import GlueRuns
from local.gateway.iam import trust_policy_check
from local.gateway.kms import key_policy_check
from local.gateway.logs import log_group_keys
from local.gateway.mwaa.environments import Environments
from local.gateway.patching import Patch, add, replace, wrap
from local.gateway.s3 import (
    batch_replication,
    bucket_policy_check,
    missing_objects,
    replication,
)
from local.gateway.sagemaker.service import ROUTING, SageMaker
from local.gateway.secretsmanager import resource_policy_check, rotation, versions
from local.gateway.sqs import message_lists
from local.gateway.sts import assume_role, trust_policy_record
from local.gateway.tagging.collectors import COLLECTORS

if TYPE_CHECKING:
    from local.gateway.processes import Children
    from local.gateway.settings import Settings


def _authorization(authorizer: Authorizer) -> tuple[Patch, ...]:
    return (
        add(
            "ministack.core.iam_actions.SERVICE_TO_IAM_NAMESPACE",
            "sagemaker",
            "SageMaker's requests are authorized, too",
            item="sagemaker",
        ),
        wrap(
            "ministack.core.iam_actions.extract_resource_arn",
            current_request.extract_resource_arn,
            "an authorization begins here: its request is kept, its resource is AWS's",
        ),
        wrap(
            "ministack.core.iam_actions._lambda_action",
            actions.lambda_action,
            "calls for one event source mapping are authorized, by their own actions",
        ),
        wrap(
            "ministack.core.iam_evaluator._resource_policy",
            bus_policies.resource_policy,
            "an event bus has a policy, too",
        ),
        wrap(
            "ministack.core.iam_evaluator._resolve_condition_key",
            condition_keys.resolve_condition_key,
            "aws:PrincipalArn of a session is its role's ARN; accounts may be in an organization",
        ),
        wrap(
            "ministack.services.s3.bucket_policy_for_arn",
            resource_policies.bucket_policy_for_arn,
            "a bucket's policy counts in every account's call, not only in its owner's",
        ),
        wrap(
            "ministack.services.kms.key_policy_for_arn",
            resource_policies.key_policy_for_arn,
            "a key's policy counts in every account and Region, and no key is open without one",
        ),
        wrap(
            "ministack.services.s3._foreign_bucket_allows",
            resource_policies.foreign_bucket_allows,
            "it takes every caller from another account for that account's root",
        ),
        wrap(
            "ministack.core.iam_evaluator.enforce",
            authorizer.completing,
            "further condition keys and permissions, and the record of authorized calls",
        ),
        wrap(
            "ministack.core.iam_evaluator.evaluate_trust_policy",
            trust_policy_record.evaluate_trust_policy,
            "the record holds the decisions of trust policies",
        ),
        wrap(
            "ministack.core.iam_actions.access_denied_response",
            access_denied_messages.access_denied_response,
            "the message names the action that was denied, not the one that was called",
        ),
        wrap(
            "ministack.core.iam_actions.access_denied_response",
            unusable_keys.access_denied_response,
            "a key that can't be used is a bad request, with status 400",
        ),
    )


def _stored_policies() -> tuple[Patch, ...]:
    return (
        wrap(
            "ministack.services.iam._IAM_HANDLERS",
            trust_policy_check.create_role,
            "IAM refuses a trust policy with a principal that doesn't exist",
            item="CreateRole",
        ),
        wrap(
            "ministack.services.iam._IAM_HANDLERS",
            trust_policy_check.update_assume_role_policy,
            "IAM refuses a trust policy with a principal that doesn't exist",
            item="UpdateAssumeRolePolicy",
        ),
        wrap(
            "ministack.services.s3._put_bucket_policy",
            bucket_policy_check.put_bucket_policy,
            "S3 refuses a principal that doesn't exist, and another bucket's ARN",
        ),
        wrap(
            "ministack.services.kms._create_key",
            key_policy_check.checked,
            "AWS KMS refuses an unknown principal, and a policy that locks the caller out",
        ),
        wrap(
            "ministack.services.kms._put_key_policy",
            key_policy_check.checked,
            "AWS KMS refuses an unknown principal, and a policy that locks the caller out",
        ),
        wrap(
            "ministack.services.secretsmanager._put_resource_policy",
            resource_policy_check.put_resource_policy,
            "Secrets Manager refuses a principal that doesn't exist",
        ),
    )


def _services(authorizer: Authorizer) -> tuple[Patch, ...]:
    return (
        wrap(
            "ministack.services.sts.handle_request",
            assume_role.handle_request,
            "AssumeRole checks the session's name and duration",
        ),
        wrap(
            "ministack.services.s3.handle_request",
            partial(missing_objects.handle_request, may=authorizer.may),
            "S3 answers 403 for a missing object where the caller may not list the bucket",
        ),
        replace(
            "ministack.services.s3._maybe_replicate",
            replication.maybe_replicate,
            "replicas come later, to every destination, with the role's permissions",
        ),
        wrap(
            "ministack.app._handle_s3_control_request",
            batch_replication.handle_request,
            "MiniStack has no S3 Batch Operations",
        ),
        # Both modules call it by this name, and the second one has it from the first.
        wrap(
            "ministack.core.lambda_runtime.execution_credentials",
            execution_role.execution_credentials,
            "the role must trust Lambda, and may use the key of the function's variables",
        ),
        wrap(
            "ministack.services.lambda_svc.execution_credentials",
            execution_role.execution_credentials,
            "the role must trust Lambda, and may use the key of the function's variables",
        ),
        wrap(
            "ministack.services.lambda_svc._create_function",
            network_role.create_function,
            "Lambda refuses a function in a network whose role can't have interfaces made",
        ),
        wrap(
            "ministack.services.lambda_svc._emit_lambda_logs",
            execution_role.emit_lambda_logs,
            "a function logs with the permissions of its role",
        ),
        wrap(
            "ministack.services.secretsmanager.handle_request",
            rotation.handle_request,
            "MiniStack has no CancelRotateSecret",
        ),
        wrap(
            "ministack.services.secretsmanager._rotate_secret",
            rotation.rotate_secret,
            "Secrets Manager calls the rotation function, step by step",
        ),
        wrap(
            "ministack.services.secretsmanager._put_secret_value",
            versions.put_secret_value,
            "a staging label is on one version, and a version's value stays",
        ),
        wrap(
            "ministack.services.secretsmanager._get_secret_value",
            versions.get_secret_value,
            "the version of a rotation has no value at first",
        ),
        replace(
            "ministack.services.cloudwatch._evaluate_alarm",
            alarms.evaluate_alarm,
            "an alarm watches the metric of its own dimensions",
        ),
        wrap(
            "ministack.services.cloudwatch_logs.handle_request",
            log_group_keys.handle_request,
            "MiniStack has no AssociateKmsKey",
        ),
        wrap(
            "ministack.services.cloudwatch_logs._create_log_group",
            log_group_keys.create_log_group,
            "CloudWatch Logs must be able to use the key of a new log group",
        ),
        *(
            add(
                "ministack.services.tagging._COLLECTORS",
                collect,
                "an inventory finds these by their tags, too",
                item=service,
            )
            for service, collect in COLLECTORS.items()
        ),
        *(
            wrap(
                "ministack.services.ec2._ACTION_MAP",
                security_groups.checked,
                "EC2 takes few characters in names and descriptions of security groups",
                item=action,
            )
            for action in security_groups.ACTIONS
        ),
        wrap(
            "ministack.services.ec2._parse_ip_permissions",
            security_groups.with_prefix_lists,
            "MiniStack forgets the prefix lists of a rule",
        ),
        wrap(
            "ministack.services.ec2._parse_tag_specs",
            flow_logs.kind_of_tags,
            "MiniStack drops the tags of a new flow log",
        ),
        wrap(
            "ministack.services.ec2._ACTION_MAP",
            network_acls.create_subnet,
            "a new subnet has the default network ACL of its network",
            item="CreateSubnet",
        ),
        wrap(
            "ministack.services.ec2._ACTION_MAP",
            network_acls.replace_association,
            "MiniStack forgets which subnet the association is of",
            item="ReplaceNetworkAclAssociation",
        ),
        wrap(
            "ministack.services.ec2._ACTION_MAP",
            endpoints.create_endpoint,
            "EC2 refuses endpoints across Regions of most services",
            item="CreateVpcEndpoint",
        ),
        wrap(
            "ministack.services.ec2._vpce_fields_xml",
            endpoints.fields,
            "an interface endpoint has a name in DNS",
        ),
        *(
            add(
                "ministack.services.ec2._ACTION_MAP",
                handler,
                "MiniStack has no transit gateways",
                item=action,
            )
            for action, handler in HANDLERS.items()
        ),
        wrap(
            "ministack.services.ec2._ACTION_MAP",
            route_of_network,
            "EC2 refuses a route to a transit gateway that the network isn't attached to",
            item="CreateRoute",
        ),
    )


def _events() -> tuple[Patch, ...]:
    return (
        wrap(
            "ministack.services.s3._fire_s3_event",
            object_events.fire_s3_event,
            "an event of S3's holds the version of the object",
        ),
        wrap(
            "ministack.services.eventbridge._dispatch_event",
            object_events.dispatch_event,
            "an event of S3's holds the version of the object",
        ),
        wrap(
            "ministack.services.eventbridge._put_permission",
            bus_policies.put_permission,
            "MiniStack opens the bus to everyone where a whole policy is put",
        ),
        wrap(
            "ministack.services.eventbridge._invoke_target",
            delivery.invoke_target,
            "the policies of queue, key, bus and role must allow a delivery",
        ),
        replace(
            "ministack.services.eventbridge._dispatch_to_event_bus",
            delivery.dispatch_to_event_bus,
            "a bus may be in another account and Region, and an event keeps its own",
        ),
        replace(
            "ministack.services.sqs._queues_lock",
            message_lists.LOCK,
            "more functions take the lock, also inside those that hold it",
        ),
        wrap(
            "ministack.services.eventbridge._dispatch_to_sqs",
            message_lists.locked,
            "a message that arrives while the list is built again would be lost",
        ),
        wrap(
            "ministack.services.sqs._dlq_sweep",
            message_lists.locked,
            "a message that arrives while the list is built again would be lost",
        ),
        *(
            wrap(
                "ministack.services.sqs._HANDLERS",
                message_lists.locked,
                "a message that arrives while the list is built again would be lost",
                item=operation,
            )
            for operation in message_lists.CHANGING
        ),
        wrap(
            "ministack.services.lambda_svc._create_esm",
            event_source_mappings.create,
            "Lambda refuses a mapping whose role can't read the queue, or whose queue is too quick",
        ),
        wrap(
            "ministack.services.lambda_svc._sqs_esm_concurrency",
            event_source_mappings.concurrency,
            "Lambda polls a queue with the permissions of the function's role",
        ),
    )


def _jobs(settings: Settings, children: Children) -> tuple[Patch, ...]:
    runs = GlueRuns(settings, children)
    environments = Environments(settings, children)
    return (
        replace(
            "ministack.services.glue._start_job_run",
            runs.start,
            "a job's script runs on Spark, as the job's role",
        ),
        replace(
            "ministack.services.glue._batch_stop_job_run",
            runs.stop,
            "a run that is stopped ends its process",
        ),
        wrap(
            "ministack.services.glue._create_job",
            jobs.create_job,
            "MiniStack drops the number of concurrent runs",
        ),
        wrap(
            "ministack.services.glue._update_job",
            jobs.update_job,
            "MiniStack drops the number of concurrent runs",
        ),
        wrap(
            "ministack.services.glue._create_connection",
            connections.create_connection,
            "Glue refuses a second connection of a name; MiniStack drops a connection's tags",
        ),
        add(
            "ministack.core.router.SERVICE_PATTERNS",
            ROUTING,
            "without it MiniStack reads every model of botocore: 400 MB, and seconds",
            item="sagemaker",
        ),
        add(
            "ministack.app.SERVICE_HANDLERS",
            SageMaker(settings, children).handle_request,
            "MiniStack has no SageMaker",
            item="sagemaker",
        ),
        replace(
            "ministack.app.SERVICE_HANDLERS",
            environments.handle_request,
            "MiniStack runs Airflow in containers, the gateway in processes",
            item="airflow",
        ),
        add(
            "ministack.services.tagging._COLLECTORS",
            environments.tagged,
            "an inventory finds an environment by its tags, too",
            item="airflow",
        ),
    )


def table(settings: Settings, children: Children) -> tuple[Patch, ...]:
    """All rows, in their order."""
    authorizer = Authorizer()
    return (
        *_authorization(authorizer),
        *_stored_policies(),
        *_services(authorizer),
        *_events(),
        *_jobs(settings, children),
    )


def apply(settings: Settings, children: Children) -> None:
    """Change MiniStack, once, before it serves; raises `PatchError` where a row doesn't fit it."""
    patching.apply(table(settings, children))
