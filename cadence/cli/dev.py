"""`cadence dev`: the dev server in the foreground, or around one command.

It prints where the server is and what to do next, passes signals on to the command, and ends with the command's exit
code. The server itself is `cadence.devserver`.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import gc
import logging
import os
import signal
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cadence._version import __version__
from cadence.cli import output
from cadence.cli.failures import REFUSED, MistakeError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cadence.cli.session import Settings
    from cadence.devserver import DevServer, DevServerOptions

__all__ = ("command",)

DEFAULT_PORT = 7933
"""Where Cadence clients look for a frontend."""
DEFAULT_WEB_PORT = 8233
"""Where the web page is, unless something else is there."""
_COLLECTION = (20_000, 20, 20)
"""New objects between looks for circular garbage among the new ones; looks among those between a look at older ones."""
_NOT_FOUND, _NOT_EXECUTABLE = 127, 126
"""How a shell ends when it can't run a command."""
_PASSED_ON = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGWINCH")


def command(
    context: typer.Context,
    *,
    command_line: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[-- COMMAND ...]", help="Run this beside the server, and end with it.", show_default=False
        ),
    ] = None,
    host: Annotated[str, typer.Option(help="Address to listen on; it trusts whoever reaches it.")] = "127.0.0.1",
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65_535, help="Port; default 7933, and a free one with a command.", show_default=False),
    ] = None,
    db: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Keep everything in this file; default: in memory.", show_default=False),
    ] = None,
    domain: Annotated[
        list[str] | None, typer.Option(help="Domain to register; may be given again.", show_default=False)
    ] = None,
    auto_domain: Annotated[
        bool, typer.Option("--auto-domain/--no-auto-domain", help="Register a domain when it is first named.")
    ] = True,
    web_port: Annotated[
        int | None,
        typer.Option(min=0, max=65_535, help="Port of the web page; default a free one from 8233.", show_default=False),
    ] = None,
    web_host: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME", help="Host name by which browsers reach the page; may be given again.", show_default=False
        ),
    ] = None,
    web: Annotated[
        bool | None,
        typer.Option(
            "--web/--no-web",
            help="Serve a web page that shows what runs; default: yes, and no with a command.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Run a Cadence server for development: in memory, on this machine, with nothing to set up."""
    from cadence.devserver import DevServerOptions

    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    chosen = port if port is not None else 0 if command_line else DEFAULT_PORT
    settings: Settings = context.find_root().obj
    names = tuple(domain or ()) or ((settings.domain,) if settings.domain else ())
    options = DevServerOptions(
        host=host,
        port=chosen,
        database=db,
        domains=names,
        auto_domain=auto_domain,
        web_port=_web_port(web_port, web=web, beside=bool(command_line)),
        web_port_or_next=web_port is None,
        web_hosts=tuple(web_host or ()),
    )
    raise typer.Exit(asyncio.run(_serve(options, command_line or ())))


def _web_port(wished: int | None, *, web: bool | None, beside: bool) -> int | None:
    """Give the page's port; None where it isn't wanted, or nobody asked for it and there is nothing to serve it."""
    if web is False:
        return None
    if wished is not None:
        return wished
    if web is None and (beside or find_spec("aiohttp") is None):
        return None
    return DEFAULT_WEB_PORT


async def _serve(options: DevServerOptions, command_line: Sequence[str]) -> int:
    from cadence.devserver import DevServer

    # Before anything is said: whoever reads the address may stop the server at once.
    stop = asyncio.Event()
    for name in ("SIGINT", "SIGTERM"):
        _on_signal(asyncio.get_running_loop(), name, stop.set)
    server = DevServer(options)
    try:
        await server.start()
    except OSError as error:
        raise MistakeError(_why_not(error, options), REFUSED) from error
    try:
        if command_line:
            if server.web_address:
                print(f"cadence dev: web page at http://{server.web_address}/", file=sys.stderr, flush=True)
            with _rare_collections():
                return await _beside(server, options, command_line)
        _introduce(server, options)
        with _rare_collections():
            await stop.wait()
        return 0
    finally:
        await server.close()


@contextlib.contextmanager
def _rare_collections() -> Iterator[None]:
    """Have Python look for circular garbage more rarely.

    A server holds many objects that live long and makes nearly no garbage that is circular, so that looking takes a
    quarter of its time, and with ten thousand open runs tenths of a second at once.
    """
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(*_COLLECTION)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def _why_not(error: OSError, options: DevServerOptions) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {options.port} of {options.host} is taken; give another, or --port 0 for a free one"
    return f"can't start at {options.host}:{options.port}: {error.strerror or error}"


def _introduce(server: DevServer, options: DevServerOptions) -> None:
    kept = f"kept in {options.database}" if options.database else "kept in memory, gone when the server stops"
    address = server.address
    output.say(f"Cadence dev server {__version__} at {address}")
    if server.web_address:
        output.say(f"  web      http://{server.web_address}/")
    output.say(f"  state    {output.escaped(kept)}")
    if options.domains:
        output.say(f"  domains  {output.escaped(', '.join(options.domains))}")
    if options.auto_domain:
        output.say("  domains are registered when a worker or client first names them")
    output.say()
    output.say("Run a program against it:")
    output.say(f"  CADENCE_ADDRESS={address} python samples/hello/app.py")
    output.say("See what runs:")
    at = "" if address == f"127.0.0.1:{DEFAULT_PORT}" else f" --address {address}"
    output.say(f"  cadence{at} workflow list")
    sys.stdout.flush()


async def _beside(server: DevServer, options: DevServerOptions, command_line: Sequence[str]) -> int:
    """Run a command with the server's address in its environment; return its exit code as a shell would."""
    environment = {**os.environ, "CADENCE_ADDRESS": server.address}
    if options.domains:
        environment["CADENCE_DOMAIN"] = options.domains[0]
    try:
        process = await asyncio.create_subprocess_exec(*command_line, env=environment)
    except FileNotFoundError as error:
        msg = f"there is no command {command_line[0]}"
        raise MistakeError(msg, _NOT_FOUND) from error
    except PermissionError as error:
        msg = f"{command_line[0]} can't be executed"
        raise MistakeError(msg, _NOT_EXECUTABLE) from error
    loop = asyncio.get_running_loop()
    for name in _PASSED_ON:
        _on_signal(loop, name, lambda name=name: _pass_on(process, name))
    code = await process.wait()
    return code if code >= 0 else 128 - code


def _pass_on(process: asyncio.subprocess.Process, name: str) -> None:
    # A terminal sends its interrupts to the command as well: a second one would cut its clean-up short.
    from_terminal = name in {"SIGINT", "SIGQUIT", "SIGWINCH"} and sys.stdin is not None and sys.stdin.isatty()
    if process.returncode is None and not from_terminal:
        process.send_signal(getattr(signal, name))


def _on_signal(loop: asyncio.AbstractEventLoop, name: str, action: object) -> None:
    number = getattr(signal, name, None)
    if number is None:
        return  # not on this system
    try:
        loop.add_signal_handler(number, action)  # type: ignore[arg-type]
    except NotImplementedError:
        # Windows' loops have no signal handlers; Ctrl-C ends the process there by KeyboardInterrupt.
        return
