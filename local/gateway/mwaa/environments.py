"""The API of Amazon MWAA. MiniStack's starts Airflow in containers; this one in processes."""

from __future__ import annotations

import asyncio
import http.client
import json
import secrets
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from ministack.core.responses import get_account_id, get_region

from local.gateway.api import validation
from local.gateway.api.responses import REST_JSON, Response, failure, success
from local.gateway.mwaa import prerequisites, rest_api
from local.gateway.mwaa.environment import Environment
from local.gateway.mwaa.status_events import change_status
from local.gateway.stores.endpoint_services import offered

if TYPE_CHECKING:
    from local.gateway.processes import Children
    from local.gateway.settings import Settings

_DEFAULTS: dict[str, Any] = {
    "AirflowVersion": "3.3.1",
    "EnvironmentClass": "mw1.small",
    "MinWorkers": 1,
    "MaxWorkers": 10,
    "Schedulers": 2,
    "MinWebservers": 2,
    "MaxWebservers": 2,
    "WebserverAccessMode": "PUBLIC_ONLY",
    "EndpointManagement": "SERVICE",
    "AirflowConfigurationOptions": {},
    "Tags": {},
}

_UPDATABLE = frozenset({"AVAILABLE", "UNAVAILABLE"})
"""An environment is UNAVAILABLE after an update that failed."""

_PATH_LIMIT = 64
"""Characters of InvokeRestApi's Path, which boto3 doesn't check."""


def _error(code: str, message: str, status: int = 400, **members: Any) -> Response:
    return failure(code, message, status=status, content_type=REST_JSON, members=members)


def _success(content: dict[str, Any]) -> Response:
    return success(content, REST_JSON)


class Environments:
    """The environments of every account and Region."""

    def __init__(self, settings: Settings, children: Children) -> None:
        self._settings = settings
        self._children = children
        self._environments: dict[str, Environment] = {}
        self._operations: dict[tuple[str, str], Callable[[str, dict[str, Any]], Response]] = {
            ("PUT", "environments"): self.create,
            ("GET", "environments"): self.get,
            ("PATCH", "environments"): self.update,
            ("DELETE", "environments"): self.delete,
            ("POST", "webtoken"): self.web_token,
            ("POST", "restapi"): self.invoke,
        }

    async def handle_request(
        self, method: str, path: str, _headers: dict[str, str], body: bytes, _query: dict[str, Any]
    ) -> Response:
        """Answer one request, in a thread, because some of the operations block."""
        kind, _, name = path.strip("/").partition("/")
        operation = self._operations.get((method, kind))
        if operation is None or not name:
            return _error(
                "ValidationException", f"The local run has no {method} {path} of Amazon MWAA."
            )
        return await asyncio.to_thread(operation, name, json.loads(body or b"{}"))

    def _arn(self, name: str) -> str:
        return f"arn:aws:airflow:{get_region()}:{get_account_id()}:environment/{name}"

    def tagged(self) -> Iterator[tuple[str, list[dict[str, str]]]]:
        """The environments of the caller's account and Region, with their tags."""
        start = self._arn("")
        for arn, environment in list(self._environments.items()):
            if arn.startswith(start):
                tags = environment.record["Tags"].items()
                yield arn, [{"Key": key, "Value": value} for key, value in tags]

    def _missing(self, name: str) -> Response:
        return _error("ResourceNotFoundException", f"Environment {name} not found.", 404)

    def create(self, name: str, request: dict[str, Any]) -> Response:
        """CreateEnvironment: responds at once, and starts Airflow in the background."""
        arn = self._arn(name)
        problems = validation.problems("mwaa", "CreateEnvironment", {**request, "Name": name})
        if arn in self._environments:
            problems.append(f"Name: environment {name} exists already")
        if problems := problems or _problems({**_DEFAULTS, **request}):
            return _error("ValidationException", "; ".join(problems))
        record = {
            **_DEFAULTS,
            **request,
            "Name": name,
            "Arn": arn,
            "Status": "CREATING",
            "CreatedAt": time.time(),
            "WebserverUrl": "",
            "DatabaseVpcEndpointService": offered(get_region()),
            "WebserverVpcEndpointService": offered(get_region()),
            "ServiceRoleArn": (
                f"arn:aws:iam::{get_account_id()}:role/aws-service-role/airflow.amazonaws.com/"
                "AWSServiceRoleForAmazonMWAA"
            ),
            "LoggingConfiguration": _with_groups(name, request.get("LoggingConfiguration", {})),
        }
        environment = Environment(record=record, settings=self._settings, children=self._children)
        self._environments[arn] = environment
        environment.start()
        return _success({"Arn": arn})

    def get(self, name: str, _request: dict[str, Any]) -> Response:
        """GetEnvironment."""
        environment = self._environments.get(self._arn(name))
        if environment is None:
            return self._missing(name)
        return _success({"Environment": dict(environment.record)})

    def update(self, name: str, request: dict[str, Any]) -> Response:
        """UpdateEnvironment: restarts Airflow with the changed settings."""
        environment = self._environments.get(self._arn(name))
        if environment is None:
            return self._missing(name)
        problems = validation.problems("mwaa", "UpdateEnvironment", {**request, "Name": name})
        status = environment.record["Status"]
        if status not in _UPDATABLE:
            problems.append(f"Environment {name} is {status}: wait until it is AVAILABLE")
        if problems := problems or _problems(_updated(environment.record, request)):
            return _error("ValidationException", "; ".join(problems))
        environment.end()
        record = _updated(environment.record, request)
        updated = Environment(
            record=record,
            settings=self._settings,
            children=self._children,
            fernet_key=environment.fernet_key,
        )
        self._environments[self._arn(name)] = updated
        updated.start()
        return _success({"Arn": record["Arn"]})

    def delete(self, name: str, _request: dict[str, Any]) -> Response:
        """DeleteEnvironment: responds when every process has ended."""
        environment = self._environments.pop(self._arn(name), None)
        if environment is None:
            return self._missing(name)
        change_status(environment.record, "DELETING")
        environment.end()
        return _success({})

    def web_token(self, name: str, _request: dict[str, Any]) -> Response:
        """CreateWebLoginToken; the local Airflow asks no user for a token."""
        environment = self._environments.get(self._arn(name))
        if environment is None:
            return self._missing(name)
        return _success(
            {
                "WebToken": secrets.token_urlsafe(32),
                "WebServerHostname": environment.record["WebserverUrl"],
                "AirflowIdentity": "admin",
            }
        )

    def invoke(self, name: str, request: dict[str, Any]) -> Response:
        """InvokeRestApi: calls Airflow's REST API, and reports its failures as MWAA does."""
        environment = self._environments.get(self._arn(name))
        if environment is None:
            return self._missing(name)
        problems = validation.problems("mwaa", "InvokeRestApi", {**request, "Name": name})
        if len(request.get("Path", "")) > _PATH_LIMIT:
            problems.append(f"Path: longer than {_PATH_LIMIT} characters")
        if problems:
            return _error("ValidationException", "; ".join(dict.fromkeys(problems)))
        if not environment.record["WebserverUrl"]:
            return _error("AccessDeniedException", "The web server isn't available yet.", 403)
        status, content = rest_api.call(environment.record["WebserverUrl"], request)
        members = {"RestApiStatusCode": status, "RestApiResponse": content}
        if status >= http.client.INTERNAL_SERVER_ERROR:
            return _error("RestApiServerException", f"Airflow answered {status}.", **members)
        if status >= http.client.BAD_REQUEST:
            return _error("RestApiClientException", f"Airflow answered {status}.", **members)
        return _success(members)


def _problems(record: dict[str, Any]) -> list[str]:
    """What MWAA refuses in a valid request: values that contradict each other, and resources."""
    found = prerequisites.problems(record)
    if record["MinWorkers"] > record["MaxWorkers"]:
        found.append("MinWorkers: more than MaxWorkers")
    return found


def _updated(record: dict[str, Any], request: dict[str, Any]) -> dict[str, Any]:
    """The environment's record with the members of an update, which can't change the subnets."""
    network = record["NetworkConfiguration"] | request.get("NetworkConfiguration", {})
    return {**record, **request, "NetworkConfiguration": network, "Status": "UPDATING"}


def _with_groups(name: str, configuration: dict[str, Any]) -> dict[str, Any]:
    """The logging configuration with the log group of each kind."""
    start = f"arn:aws:logs:{get_region()}:{get_account_id()}:log-group:airflow-{name}-"
    groups = {
        "DagProcessingLogs": "DAGProcessing",
        "SchedulerLogs": "Scheduler",
        "TaskLogs": "Task",
        "WebserverLogs": "WebServer",
        "WorkerLogs": "Worker",
    }
    return {
        kind: {**given, "CloudWatchLogGroupArn": f"{start}{groups[kind]}"}
        for kind, given in configuration.items()
    }
