"""Signals ask the run to stop."""

from __future__ import annotations

import os
import signal

import pytest

from local.deployment.stopping import StoppedError
from local.run.interruption import interruptible


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_what_waits(number: signal.Signals, status: int) -> None:
    with interruptible() as interruption:
        assert interruption.exit_status is None
        os.kill(os.getpid(), number)
        with pytest.raises(StoppedError):
            interruption.stop.pause(60)

    assert interruption.exit_status == status


def test_a_second_signal_changes_nothing() -> None:
    with interruptible() as interruption:
        os.kill(os.getpid(), signal.SIGTERM)
        os.kill(os.getpid(), signal.SIGINT)

    assert interruption.exit_status == 143


def test_afterwards_signals_mean_what_they_meant() -> None:
    before = signal.getsignal(signal.SIGTERM)

    with interruptible():
        assert signal.getsignal(signal.SIGTERM) != before

    assert signal.getsignal(signal.SIGTERM) == before
