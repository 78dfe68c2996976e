"""`cadence worker MODULE:FACTORY`: runs the workers that a function makes, until a signal ends them.

The function gets a client of the address and domain that the command was given, and returns a `Worker`, several, a
`WorkerGroup`, or a coroutine of these. On SIGTERM and SIGINT tasks that run get their grace time; a second signal ends
at once. With `--reload` that happens in a process below this one, which is started anew whenever a source file changes
(`reloading`); with `--processes` in several (`processes`).
"""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cadence.cli import output, reloading
from cadence.cli import processes as supervisor
from cadence.cli.failures import MistakeError
from cadence.cli.health import OK, UNAVAILABLE, answering
from cadence.cli.importing import object_named
from cadence.cli.session import AddressOption, DomainOption, authorization_of, hosts_of

if TYPE_CHECKING:
    from cadence.cli.session import Settings
    from cadence.worker import WorkerGroup

__all__ = ("command",)

_FORCED = 130


def command(
    context: typer.Context,
    factory: Annotated[
        str, typer.Argument(metavar="MODULE:FACTORY", help="A function that takes a client and returns workers.")
    ],
    *,
    address: AddressOption = None,
    domain: DomainOption = None,
    reload: Annotated[bool, typer.Option("--reload", help="Start anew when a source file changes.")] = False,
    reload_dir: Annotated[
        list[str] | None,
        typer.Option(metavar="DIR", help="Where source files are; default: the current folder.", show_default=False),
    ] = None,
    health_port: Annotated[
        int | None,
        typer.Option(min=0, max=65_535, help="Answer /healthz and /readyz there, for Kubernetes.", show_default=False),
    ] = None,
    health_host: Annotated[str, typer.Option(help="The address that it listens on.")] = "127.0.0.1",
    processes: Annotated[
        int, typer.Option(min=1, metavar="N", help="So many processes of it; one that dies is started anew.")
    ] = 1,
    child: Annotated[int | None, typer.Option(hidden=True)] = None,
    log_level: Annotated[str, typer.Option(help="Least important messages to show.")] = "INFO",
) -> None:
    """Run workers until a signal ends them; tasks that run get their grace time."""
    settings: Settings = context.find_root().obj
    level = logging.getLevelNamesMapping().get(log_level.upper())
    if level is None:
        msg = f"there is no log level {log_level}; there are {', '.join(logging.getLevelNamesMapping())}"
        raise MistakeError(msg)
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    _check_processes(processes, reload)
    if reload:
        arguments = [argument for argument in sys.argv[1:] if argument != "--reload"]
        raise typer.Exit(reloading.run([sys.executable, "-m", "cadence", *arguments], reload_dir or ["."]))
    name = domain or settings.domain
    if not name:
        msg = "no domain is named; give --domain, or set CADENCE_DOMAIN"
        raise MistakeError(msg)
    health = None if health_port is None else (health_host, health_port)
    if processes > 1 and child is None:
        own = [sys.executable, "-m", "cadence", *sys.argv[1:], "--child"]
        raise typer.Exit(supervisor.run(own, processes, health))
    make = load(factory)
    chosen = replace(settings, address=address or settings.address, domain=name)
    raise typer.Exit(asyncio.run(_run(make, factory, chosen, health, child)))


def _check_processes(processes: int, reload: bool) -> None:
    if processes > 1 and reload:
        msg = "--reload is for one process; leave out --processes while you develop"
        raise MistakeError(msg)
    if processes > 1 and os.name != "posix":
        msg = "--processes needs the signals of POSIX; here, start the command several times"
        raise MistakeError(msg)


def load(spec: str) -> Callable[..., Any]:
    """Import the function that is named as `package.module:function`.

    Raises:
        MistakeError: There is no such thing, or it can't be called.
    """
    found = object_named(spec, "MODULE:FACTORY, app.workers:make for example")
    if not callable(found):
        msg = f"{spec} is no function, but {type(found).__name__}"
        raise MistakeError(msg)
    make: Callable[..., Any] = found
    return make


async def _run(
    make: Callable[..., Any], spec: str, settings: Settings, health: tuple[str, int] | None, child: int | None
) -> int:
    from cadence.client import Client

    stop = asyncio.Event()
    forced = asyncio.Event()
    loop = asyncio.get_running_loop()

    def on_signal() -> None:
        (forced if stop.is_set() else stop).set()

    for name in ("SIGINT", "SIGTERM"):
        with contextlib.suppress(NotImplementedError):  # Windows' loops: Ctrl-C ends the process there
            loop.add_signal_handler(getattr(signal, name), on_signal)

    def on_orphaned() -> None:
        loop.remove_reader(sys.stdin)
        stop.set()

    if child is not None:
        loop.add_reader(sys.stdin, on_orphaned)  # nothing is ever written there: it ends when the parent does
    hosts, token = hosts_of(settings.address), authorization_of(settings)
    connecting = Client.connect(hosts, domain=settings.domain or "", authorization=token)
    if not await _done_before(stop, connected := asyncio.ensure_future(connecting)):
        return _FORCED
    async with connected.result() as client:
        group = await _group(make, spec, client)
        async with _watched(health, child, group):
            starting = asyncio.ensure_future(group.start())
            try:
                if not await _done_before(stop, starting):
                    forced.set()
                    return _FORCED
                starting.result()
                _say_ready(group)
                await stop.wait()
                output.say("stopping: tasks that run get their time; a second signal ends them")
                sys.stdout.flush()
            finally:
                code = await _stop(group, forced)
    return code


async def _done_before(stop: asyncio.Event, work: asyncio.Future[Any]) -> bool:
    """Wait for something, unless a signal comes first: then it is given up."""
    stopping = asyncio.ensure_future(stop.wait())
    await asyncio.wait([work, stopping], return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if work.done():
        return True
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)
    return False


async def _group(make: Callable[..., Any], spec: str, client: Any) -> WorkerGroup:
    from cadence.worker import Worker, WorkerGroup

    made = make(client)
    if inspect.isawaitable(made):
        made = await made
    if isinstance(made, WorkerGroup):
        return made
    workers = [made] if isinstance(made, Worker) else list(made) if isinstance(made, (list, tuple)) else []
    if not workers or not all(isinstance(worker, Worker) for worker in workers):
        msg = f"{spec} returned {made!r}, which is neither a Worker, nor a WorkerGroup, nor a list of workers"
        raise MistakeError(msg)
    return WorkerGroup(workers)


def _say_ready(group: WorkerGroup) -> None:
    lists = ", ".join(worker.task_list for worker in group.workers)
    output.say(f"working on {output.escaped(lists)}")
    sys.stdout.flush()


async def _stop(group: WorkerGroup, forced: asyncio.Event) -> int:
    """Stop; give up on the grace time where somebody insists."""
    ending = asyncio.create_task(group.stop())
    insisting = asyncio.create_task(forced.wait())
    await asyncio.wait([ending, insisting], return_when=asyncio.FIRST_COMPLETED)
    insisting.cancel()
    if ending.done():
        ending.result()
        return 0
    await group.stop(0)
    return _FORCED


def _is_ready(group: WorkerGroup) -> bool:
    """Whether all take tasks: they run, and the server answers their polls."""
    looks = group.statistics()
    return all(look.is_running and all(polls.is_connected for polls in look.polls.values()) for look in looks)


@contextlib.asynccontextmanager
async def _watched(health: tuple[str, int] | None, child: int | None, group: WorkerGroup) -> AsyncIterator[None]:
    """Answer whether the process lives and whether its workers take tasks, where somebody wants to know."""

    async def answer(path: str) -> bytes | None:
        return {"/healthz": OK, "/readyz": OK if _is_ready(group) else UNAVAILABLE}.get(path)

    if health is None and child is None:
        yield
        return
    async with answering(*(health or ("", 0)), answer, given=child):
        yield
