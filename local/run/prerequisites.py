"""What an administrator makes in the accounts before the first deployment: the bootstrap.

The deployment after it works as the deploy roles, within the boundary. Where an organization has a
boundary of its own, the bootstrap's stands in for it.
"""

from __future__ import annotations

import json

from bootstrap.command import read_options
from bootstrap.program import bootstrap
from components.aws.naming import Names
from components.topology.loading import load_topology, parsed
from local.deployment.monitor import AwsMonitor
from local.deployment.program import evaluate
from local.deployment.stack_file import Stack
from local.deployment.stopping import Stop
from local.run.gateway import found_organization
from local.run.run_directory import CHECKOUT


def bootstrap_accounts(stack: Stack, endpoint: str, stop: Stop) -> int:
    """Make boundaries, deploy roles and the state's bucket; the number of resources.

    Raises DeploymentError with the first failure, StoppedError once `stop` is requested.
    """
    names = Names(project=stack.project, stack=stack.name)
    topology = load_topology(
        parsed(stack.config.get(f"{stack.project}:topology")), names=names, root=CHECKOUT
    )
    options = read_options(json.loads(stack.config.get(f"{stack.project}:bootstrap", "{}")))
    # The caller here is the root of the hub's account, which the stack need not let deploy.
    options = options.model_copy(update={"deployers": None})
    if topology.organization_id is not None:
        account_ids = [account.id for account in topology.accounts.values()]
        found_organization(endpoint, topology.organization_id, account_ids)
    made: list[str] = []
    evaluate(
        lambda: bootstrap(topology, names, options, makes_boundary=True, endpoint=endpoint),
        Stack(f"{stack.project}-bootstrap", stack.name, {}),
        AwsMonitor(lambda _type, name: made.append(name), stop),
    )
    return len(made)
