"""The command's root: global options, the groups below it, and what becomes of errors.

The commands are `dev`, `worker`, `replay`, `versions` and `lint`, the groups `domain`, `schedule`, `task-list` and
`workflow` (that one in `starting`, `reading`, `acting`, `again`, `batch`); how an error reads is `failures`' job.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from cadence._version import __version__
from cadence.cli import (
    acting,
    again,
    batch,
    dev,
    domain,
    lint,
    reading,
    replay,
    schedule,
    starting,
    task_list,
    versions,
    worker,
)
from cadence.cli.failures import explain
from cadence.cli.session import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ("build", "run")

_INTERRUPTED = 130


def build() -> typer.Typer:
    """Put the command together."""
    app = typer.Typer(
        name="cadence",
        help="Durable workflows: a dev server, domains, workflows and schedules, and what would not replay in code.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_root)
    app.command("dev", context_settings={"ignore_unknown_options": False})(dev.command)
    app.command("lint")(lint.command)
    app.command("replay")(replay.command)
    app.command("versions")(versions.command)
    app.command("worker")(worker.command)
    app.add_typer(domain.group, name="domain")
    workflow = typer.Typer(help="Start workflows, look at them, talk to them, end them.", no_args_is_help=True)
    for module in (starting, reading, acting, again, batch):
        module.add_to(workflow)
    app.add_typer(workflow, name="workflow")
    app.add_typer(schedule.group, name="schedule")
    app.add_typer(task_list.group, name="task-list")
    return app


def run(arguments: Sequence[str]) -> int:
    """Run one command line.

    Returns:
        The exit code: 0, 1 for an answer of no or a workflow that failed, 2 for a wrong command line, 3 where no server
        answered, 130 when interrupted.
    """
    try:
        build()(args=list(arguments), prog_name="cadence")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        # Who read our output has gone (`| head`): nothing left to say, and nothing to flush at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        failure = explain(error)
        if failure is None:
            raise  # a fault of ours: the traceback is what a report needs
        print(failure.text, file=sys.stderr)
        return failure.code
    return 0


def _show_version(value: bool) -> None:
    if value:
        print(f"cadence-client {__version__}")
        raise typer.Exit


def _root(
    context: typer.Context,
    address: Annotated[
        str, typer.Option(envvar="CADENCE_ADDRESS", help="host:port of the frontend.")
    ] = "127.0.0.1:7933",
    domain: Annotated[
        str | None, typer.Option(envvar="CADENCE_DOMAIN", help="Domain to work in; may be left out where there is one.")
    ] = None,
    token_file: Annotated[
        str | None,
        typer.Option(
            envvar="CADENCE_TOKEN_FILE", help="File with the token, where the cluster wants one.", show_default=False
        ),
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    context.obj = Settings(address=address, domain=domain, token_file=token_file)
