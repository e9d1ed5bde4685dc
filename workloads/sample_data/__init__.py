"""Made-up training data with the errors of real files, for the local run and the tests."""

from workloads.sample_data.generate import write_sample
from workloads.sample_data.tasks import TASKS, Task

__all__ = ["TASKS", "Task", "write_sample"]
