"""The gateway's server: MiniStack with every patch in place, until a signal ends it."""

from __future__ import annotations

import asyncio
import logging
import shutil
import signal
import sys
from typing import TYPE_CHECKING

import ministack.app
from hypercorn.asyncio import serve
from hypercorn.config import Config

from local.gateway import patches
from local.gateway.authorization import call_record
from local.gateway.functions import execution_role
from local.gateway.middleware import middleware
from local.gateway.patching import PatchError
from local.gateway.processes import Children, end_left_over
from local.gateway.settings import HOST

if TYPE_CHECKING:
    from local.gateway.settings import Settings

_logger = logging.getLogger(__name__)


def _log_to(settings: Settings) -> None:
    handler = logging.FileHandler(settings.folder("logs") / "gateway.log")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.handlers = [handler]
    logging.getLogger("local.gateway").setLevel(logging.INFO)


def _configuration(settings: Settings) -> Config:
    configuration = Config()
    configuration.bind = [f"{HOST}:{settings.port}"]
    configuration.keep_alive_timeout = 75
    configuration.graceful_timeout = 0.5
    configuration.errorlog = logging.getLogger("hypercorn.error")
    return configuration


async def _serve(settings: Settings, children: Children) -> None:
    end_requested, ended = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end_requested.set)
    server = asyncio.create_task(
        serve(middleware(ministack.app.app), _configuration(settings), shutdown_trigger=ended.wait)  # type: ignore[arg-type]
    )
    waiting = asyncio.create_task(end_requested.wait())
    await asyncio.wait({server, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    # The children end first: until then they may still call the gateway.
    await asyncio.to_thread(_end, children)
    ended.set()
    await server


def _end(children: Children) -> None:
    children.close()
    execution_role.end_workers()


def run(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT, then end every child process."""
    _log_to(settings)
    record = settings.directory / "processes.json"
    for name in end_left_over(record):
        _logger.warning("ended %s, left over from an earlier gateway", name)
    for name in ("airflow", "glue", "sagemaker"):
        # The new gateway knows none of these, and would find their names taken.
        shutil.rmtree(settings.directory / name, ignore_errors=True)
    children = Children(record)
    call_record.begin(settings.directory / "authorized_calls.jsonl")
    try:
        patches.apply(settings, children)
    except PatchError as error:
        sys.exit(str(error))
    _logger.info("serving on %s", settings.endpoint)
    try:
        asyncio.run(_serve(settings, children))
    except OSError as error:
        sys.exit(f"The gateway can't serve on {settings.endpoint}: {error}")
    finally:
        _end(children)
