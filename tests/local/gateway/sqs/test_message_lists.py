"""One thread at a time changes the messages of a queue."""

from __future__ import annotations

import threading

from local.gateway.sqs.message_lists import LOCK, locked


def test_a_message_waits_until_the_list_is_built_again() -> None:
    messages, entered = ["deleted", "kept"], threading.Event()

    def deliver() -> None:
        entered.set()
        locked(messages.append)("new")

    delivery = threading.Thread(target=deliver)
    with LOCK:
        kept = [message for message in messages if message != "deleted"]
        delivery.start()
        entered.wait()
        delivery.join(0.05)
        messages[:] = kept
    delivery.join()
    assert messages == ["kept", "new"]


def test_what_holds_the_lock_may_take_it_again() -> None:
    assert locked(locked(lambda number: number + 1))(1) == 2
