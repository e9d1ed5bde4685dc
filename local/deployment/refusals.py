"""What AWS refused, or what the local deployment itself did, as a sentence."""

from __future__ import annotations

from http import HTTPStatus

from botocore.exceptions import BotoCoreError, ClientError

from local.deployment.errors import DeploymentError

Refusal = (BotoCoreError, ClientError, DeploymentError)
"""What ends the work on one resource."""


def sentence(error: Exception) -> str:
    """The call that was refused and AWS's reason; an error's own text where it isn't AWS's."""
    if not isinstance(error, ClientError):
        return str(error)
    details = error.response.get("Error", {})
    reason = f"{details.get('Code')}: {details.get('Message')}"
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return (
            f"the embedded AWS itself failed at {error.operation_name} ({reason}), perhaps for"
            " want of disk or memory: its logs in the run's directory, gateway.log and"
            " aws/logs/gateway.log, say more"
        )
    return f"{error.operation_name} was refused: {reason}"
