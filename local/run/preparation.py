"""What is checked before anything is started, and the empty directory that a run begins with."""

from __future__ import annotations

import shutil
from dataclasses import dataclass

from components.aws.naming import Names, StackNameError
from components.topology.loading import load_topology, parsed
from components.topology.problems import TopologyError
from local.deployment.errors import DeploymentError
from local.deployment.stack_file import Stack, read_stack
from local.run.data_files import check_pipelines
from local.run.errors import UsageError
from local.run.options import Options
from local.run.plan import Plan, plan_of
from local.run.run_directory import CHECKOUT, RunDirectory


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A stack that can be deployed, and its plan."""

    stack: Stack
    plan: Plan


def prepare(options: Options) -> Prepared:
    """Read and check the stack; raises UsageError with everything that is wrong."""
    try:
        stack = read_stack(CHECKOUT, options.stack)
        names = Names(project=stack.project, stack=stack.name)
        value = stack.config.get(f"{stack.project}:topology")
        topology = load_topology(parsed(value), names=names, root=CHECKOUT)
    except (DeploymentError, StackNameError, TopologyError) as error:
        raise UsageError(str(error)) from error
    plan = plan_of(topology, names)
    if not plan.data_pipelines:
        raise UsageError("the topology has no data pipeline, so there is nothing to run: add one")
    check_pipelines(
        options.data,
        [pipeline.name for pipeline in plan.data_pipelines],
        without_sample=[each.name for each in plan.data_pipelines if not each.takes_sample],
        inputs=[name for pipeline in plan.data_pipelines for name in pipeline.named_inputs],
    )
    return Prepared(stack=stack, plan=plan)


def clear(run_directory: RunDirectory) -> None:
    """Remove what an earlier run left to be read."""
    for folder in (run_directory.aws, run_directory.result):
        if folder.exists():
            shutil.rmtree(folder)
    run_directory.result.mkdir(parents=True)
