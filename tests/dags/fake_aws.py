"""As much of AWS as the DAGs use, on a free port of 127.0.0.1, in the test's own process.

It knows who calls: AssumeRole hands out credentials for a role, and every later call is recorded
with the role and the Region that signed it. It doesn't evaluate IAM policies.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

HUB = "arn:aws:sts::111111111111:assumed-role/unified-pipelines-dev-hub-execution/airflow"


@dataclass(frozen=True)
class Call:
    """One call: by whom, in which Region, what."""

    operation: str
    caller: str
    region: str


class Refusal(Exception):
    """An error that AWS answers with."""

    def __init__(self, status: int, code: str, message: str = "refused") -> None:
        super().__init__(message)
        self.status = status
        self.code = code


@dataclass
class FakeAws:
    """State and behaviour; tests set what they need and read what was called."""

    trusts: dict[str, str] = field(default_factory=dict)
    """Role ARN to the ExternalId that its trust policy asks for."""
    objects: dict[tuple[str, str], bytes] = field(default_factory=dict)
    versions: dict[tuple[str, str], tuple[str, str | None]] = field(default_factory=dict)
    """ETag and version id of objects that are another version than the example's."""
    written: str = "Sun, 01 Nov 2026 00:00:00 GMT"
    """When every object was written."""
    replications: dict[tuple[str, str], str] = field(default_factory=dict)
    """The replication status of objects."""
    earlier_versions: set[tuple[str, str, str]] = field(default_factory=set)
    """Bucket, key and version id of versions that are there beside the current one."""
    jobs: dict[str, dict[str, Any]] = field(default_factory=dict)
    """SageMaker training jobs and tuning jobs by name."""
    glue_runs: list[dict[str, Any]] = field(default_factory=list)
    payloads: list[dict[str, Any]] = field(default_factory=list)
    """What the clean-up function was invoked with."""
    calls: list[Call] = field(default_factory=list)
    metrics: list[dict[str, float]] = field(default_factory=list)
    """The values of each call for metrics of a run, which the hub makes."""
    metrics_refused: bool = False
    secrets: dict[str, str] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)
    """Access key to the ARN of the session that it belongs to."""
    on_glue_run: Callable[[dict[str, str]], str] = lambda _arguments: "SUCCEEDED"
    """What a Glue run does with its arguments; returns its state."""
    on_object_asked: Callable[[str], None] = lambda _key: None
    """Called before each look at an object."""
    training_statuses: list[str] = field(default_factory=lambda: ["Completed"])
    """The statuses of a training job that is started now, poll by poll; the last one stays."""
    failure_reason: str = "no reason"
    """What Glue and SageMaker say of a job that failed."""
    refused_starts: list[str] = field(default_factory=list)
    """The error codes that the next starts of a job get, one each."""
    lost_answers: set[str] = field(default_factory=set)
    """Operations whose first call is carried out, but not answered."""
    cleanup_fails: bool = False
    impostor: str | None = None
    """The caller that every assumed session turns out to be, if set."""
    secret_faults: list[str] = field(default_factory=list)
    """The error codes of the next calls of GetSecretValue, one each."""
    sts_fault: str | None = None
    """The error code that every call of STS gets, if set."""

    def put(self, bucket: str, key: str, content: object) -> None:
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.objects[bucket, key] = body

    def operations(self) -> list[str]:
        return [call.operation for call in self.calls]

    # STS

    def sts(self, action: str, query: dict[str, str], caller: str) -> str:
        if self.sts_fault:
            raise Refusal(400, self.sts_fault)
        if action == "AssumeRole":
            return self.assume_role(query)
        account = caller.split(":")[4]
        return f"<Arn>{caller}</Arn><UserId>u</UserId><Account>{account}</Account>"

    def assume_role(self, query: dict[str, str]) -> str:
        role = query["RoleArn"]
        if self.trusts.get(role) != query.get("ExternalId"):
            raise Refusal(
                403, "AccessDenied", f"not authorized to perform sts:AssumeRole on {role}"
            )
        account, name = role.split(":")[4], role.rsplit("/", 1)[-1]
        key = f"ASIA{len(self.sessions):016d}"
        session = f"arn:aws:sts::{account}:assumed-role/{name}/{query['RoleSessionName']}"
        self.sessions[key] = self.impostor or session
        return (
            f"<Credentials><AccessKeyId>{key}</AccessKeyId><SecretAccessKey>s</SecretAccessKey>"
            "<SessionToken>t</SessionToken><Expiration>2999-01-01T00:00:00Z</Expiration>"
            "</Credentials>"
        )

    def secretsmanager(self, _operation: str, body: dict[str, Any]) -> dict[str, Any]:
        if self.secret_faults:
            raise Refusal(400, self.secret_faults.pop(0))
        if body["SecretId"] not in self.secrets:
            raise Refusal(400, "ResourceNotFoundException")
        return {"Name": body["SecretId"], "SecretString": self.secrets[body["SecretId"]]}

    # S3

    def get_object(self, bucket: str, key: str) -> bytes:
        self.on_object_asked(key)
        if (bucket, key) not in self.objects:
            raise Refusal(404, "NoSuchKey")
        return self.objects[bucket, key]

    def version_headers(self, bucket: str, key: str, wanted: str | None = None) -> dict[str, str]:
        etag, version_id = self.versions.get((bucket, key), ('"e"', "v"))
        if wanted not in {None, version_id}:
            if (bucket, key, wanted) not in self.earlier_versions:
                raise Refusal(404, "NoSuchVersion")
            version_id = wanted
        return {"ETag": etag, **({"x-amz-version-id": version_id} if version_id else {})}

    def replication_headers(self, bucket: str, key: str) -> dict[str, str]:
        status = self.replications.get((bucket, key))
        return {} if status is None else {"x-amz-replication-status": status}

    def list_objects(self, bucket: str, query: dict[str, str]) -> str:
        prefix, delimiter = query.get("prefix", ""), query.get("delimiter")
        keys = sorted(
            key for name, key in self.objects if name == bucket and key.startswith(prefix)
        )
        rest = {key: key[len(prefix) :] for key in keys}
        folders = {
            prefix + tail.split(delimiter)[0] + delimiter
            for tail in rest.values()
            if delimiter and delimiter in tail
        }
        files = [key for key in keys if not (delimiter and delimiter in rest[key])]
        return (
            "<ListBucketResult><IsTruncated>false</IsTruncated>"
            + "".join(
                f"<Contents><Key>{escape(key)}</Key>"
                f"<Size>{len(self.objects[bucket, key])}</Size></Contents>"
                for key in files
            )
            + "".join(
                f"<CommonPrefixes><Prefix>{escape(name)}</Prefix></CommonPrefixes>"
                for name in sorted(folders)
            )
            + "</ListBucketResult>"
        )

    # Glue, SageMaker, Lambda

    def glue(self, operation: str, body: dict[str, Any]) -> dict[str, Any]:
        if operation == "StartJobRun":
            self.refuse_start()
            state = self.on_glue_run(body["Arguments"])
            self.glue_runs.append(
                {
                    "Id": f"jr_{len(self.glue_runs)}",
                    "JobName": body["JobName"],
                    "JobRunState": state,
                    "ErrorMessage": self.failure_reason if state == "FAILED" else "",
                    "Arguments": body["Arguments"],
                    "StartedOn": time.time(),
                }
            )
            return {"JobRunId": self.glue_runs[-1]["Id"]}
        if operation == "GetJobRuns":
            return {"JobRuns": list(reversed(self.glue_runs))}
        runs = [run for run in self.glue_runs if run["Id"] == body["RunId"]]
        return {"JobRun": runs[0]}

    def sagemaker(self, operation: str, body: dict[str, Any]) -> dict[str, Any]:
        if "HyperParameterTuningJobName" in body:
            return self.tuning(operation, body)
        name = body["TrainingJobName"]
        arn = f"arn:aws:sagemaker:us-west-2:222222222222:training-job/{name}"
        if operation == "CreateTrainingJob":
            self.refuse_start()
            self.jobs[name] = {
                **body,
                "TrainingJobArn": arn,
                "statuses": list(self.training_statuses),
                "ModelArtifacts": {
                    "S3ModelArtifacts": body["OutputDataConfig"]["S3OutputPath"] + "model.tar.gz"
                },
                "FinalMetricDataList": [
                    {"MetricName": "train:logloss", "Value": 0.25, "Timestamp": 1}
                ],
            }
            return {"TrainingJobArn": arn}
        if name not in self.jobs:
            raise Refusal(400, "ValidationException", "Requested resource not found.")
        statuses = self.jobs[name]["statuses"]
        status = statuses.pop(0) if len(statuses) > 1 else statuses[0]
        reason = {"FailureReason": self.failure_reason} if status == "Failed" else {}
        return {**self.jobs[name], "TrainingJobStatus": status, **reason}

    def tuning(self, operation: str, body: dict[str, Any]) -> dict[str, Any]:
        name = body["HyperParameterTuningJobName"]
        best = f"{name}-001-0123abcd"
        if operation == "CreateHyperParameterTuningJob":
            self.refuse_start()
            definition = dict(body["TrainingJobDefinition"])
            given = {**definition.pop("StaticHyperParameters"), "eta": "0.1"}
            training = {**definition, "TrainingJobName": best, "HyperParameters": given}
            statuses, self.training_statuses = self.training_statuses, ["Completed"]
            self.sagemaker("CreateTrainingJob", training)
            self.jobs[name] = {
                **body,
                "HyperParameterTuningJobArn": f"arn:tuning/{name}",
                "statuses": list(statuses),
                "TrainingJobStatusCounters": {"Completed": 3},
                "ObjectiveStatusCounters": {},
                "CreationTime": 1,
            }
            return {"HyperParameterTuningJobArn": f"arn:tuning/{name}"}
        if operation == "ListTrainingJobsForHyperParameterTuningJob":
            failed = {"TrainingJobName": best, "FailureReason": self.failure_reason}
            return {"TrainingJobSummaries": [failed]}
        if name not in self.jobs:
            raise Refusal(400, "ResourceNotFound", "There is no such tuning job.")
        statuses = self.jobs[name]["statuses"]
        status = statuses.pop(0) if len(statuses) > 1 else statuses[0]
        ended: dict[str, dict[str, Any]] = {
            "Completed": {"BestTrainingJob": {"TrainingJobName": best}},
            "Failed": {"FailureReason": "All training jobs failed."},
        }
        return {
            **self.jobs[name],
            "HyperParameterTuningJobStatus": status,
            **ended.get(status, {}),
        }

    def refuse_start(self) -> None:
        if self.refused_starts:
            raise Refusal(400, self.refused_starts.pop(0), "There is no more of it.")

    def invoke(self, body: dict[str, Any]) -> dict[str, Any]:
        self.payloads.append(body)
        return {"version": 1, "run": body["run"], "outcome": body["outcome"]}


class Server(ThreadingHTTPServer):
    """Serves the current `aws`, so that each test starts with a new one at the same address."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.aws = FakeAws()


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def _answer(self) -> None:
        url = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.more_headers: dict[str, str] = {}
        try:
            kind, content = self._route(unquote(url.path), _flat(url.query), body)
            status = 200
        except Refusal as refusal:
            status = refusal.status
            kind, content = self._refusal(refusal)
        operation = self.headers.get("X-Amz-Target", "").rpartition(".")[2]
        if operation in self.server.aws.lost_answers:
            self.server.aws.lost_answers.remove(operation)
            self.close_connection = True
            return
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if "/lambda/" in self.headers["Authorization"] and self.server.aws.cleanup_fails:
            self.send_header("X-Amz-Function-Error", "Unhandled")
        for name, value in self.more_headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_HEAD = _answer

    def _route(self, path: str, query: dict[str, str], body: bytes) -> tuple[str, bytes]:
        signed = re.search(
            r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/", self.headers["Authorization"]
        )
        assert signed, "an unsigned call"
        key, region, service = signed.groups()
        caller = self.server.aws.sessions.get(key, HUB)
        if service == "s3":
            return self._s3(path, query, Call("", caller, region), body)
        if service == "sts":
            return self._sts(_flat(body.decode()), Call("", caller, region))
        if service == "monitoring":
            assert (caller, region) == (HUB, "us-east-1")
            return self._metrics(body)
        if service == "lambda":
            self.server.aws.calls.append(Call("lambda:Invoke", caller, region))
            answer = self.server.aws.invoke(json.loads(body))
            return "application/json", json.dumps(answer).encode()
        operation = self.headers["X-Amz-Target"].split(".")[1]
        self.server.aws.calls.append(Call(f"{service}:{operation}", caller, region))
        answer = getattr(self.server.aws, service)(operation, json.loads(body))
        return "application/x-amz-json-1.1", json.dumps(answer).encode()

    def _metrics(self, body: bytes) -> tuple[str, bytes]:
        """In JSON, or in the query protocol of Airflow 3.0's SDK."""
        if self.server.aws.metrics_refused:
            raise Refusal(403, "AccessDenied")
        if body.startswith(b"{"):
            data = json.loads(body)["MetricData"]
            self.server.aws.metrics.append({each["MetricName"]: each["Value"] for each in data})
            return "application/x-amz-json-1.0", b"{}"
        query = _flat(body.decode())
        ends = [name.removesuffix("MetricName") for name in query if "MetricName" in name]
        values = {query[f"{end}MetricName"]: float(query[f"{end}Value"]) for end in ends}
        self.server.aws.metrics.append(values)
        return "text/xml", b"<PutMetricDataResponse/>"

    def _put_object(self, bucket: str, key: str, body: bytes) -> bytes:
        origin = self.headers.get("x-amz-copy-source")
        if origin:
            body = self.server.aws.get_object(*unquote(origin).split("/", 1))
        self.server.aws.put(bucket, key, body)
        return b"<CopyObjectResult><ETag>e</ETag></CopyObjectResult>" if origin else b""

    def _s3(self, path: str, query: dict[str, str], call: Call, body: bytes) -> tuple[str, bytes]:
        _, bucket, key = (*path.split("/", 2), "")[:3]
        what = {"HEAD": "HeadObject", "PUT": "PutObject"}.get(self.command, "GetObject")
        if not key:
            what = "HeadBucket" if self.command == "HEAD" else "ListObjectsV2"
        self.server.aws.calls.append(Call(f"s3:{what}", call.caller, call.region))
        if not key:
            return "text/xml", self.server.aws.list_objects(bucket, query).encode()
        if self.command == "PUT":
            return "text/xml", self._put_object(bucket, key, body)
        content = self.server.aws.get_object(bucket, key)
        wanted = query.get("versionId")
        self.more_headers = {
            **self.server.aws.version_headers(bucket, key, wanted),
            "Last-Modified": self.server.aws.written,
            **self.server.aws.replication_headers(bucket, key),
        }
        return "binary/octet-stream", content

    def _sts(self, query: dict[str, str], call: Call) -> tuple[str, bytes]:
        action = query["Action"]
        self.server.aws.calls.append(Call(f"sts:{action}", call.caller, call.region))
        result = self.server.aws.sts(action, query, call.caller)
        wrapped = (
            f'<{action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/">'
            f"<{action}Result>{result}</{action}Result></{action}Response>"
        )
        return "text/xml", wrapped.encode()

    def _refusal(self, refusal: Refusal) -> tuple[str, bytes]:
        if "X-Amz-Target" in self.headers:
            answer = {"__type": refusal.code, "message": str(refusal)}
            return "application/x-amz-json-1.1", json.dumps(answer).encode()
        error = f"<Code>{refusal.code}</Code><Message>{escape(str(refusal))}</Message>"
        if "/sts/" in self.headers["Authorization"]:
            return "text/xml", f"<ErrorResponse><Error>{error}</Error></ErrorResponse>".encode()
        return "text/xml", f"<Error>{error}</Error>".encode()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing: a test asks `calls` instead."""


def _flat(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query, keep_blank_values=True).items()}


@contextmanager
def running(server: Server) -> Iterator[str]:
    """Serve and yield the address."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
