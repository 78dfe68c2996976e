"""What a person reads when something went wrong: one line that says what, where, and what to do.

Errors of the server, of the connection and of the command line become a line and an exit code; anything else is a fault
of ours and keeps its traceback.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cadence.cli.output import escaped
from cadence.exceptions import CadenceError, ServiceError, TransportError

__all__ = ("Failure", "MistakeError", "Place", "about", "explain")

REFUSED = 1
"""The server said no, or the workflow did not complete."""
MISTAKE = 2
"""The command line is wrong."""
UNREACHABLE = 3
"""No server answered."""

_DOMAIN = re.compile(r"Domain (.*) does not exist\.?$", re.DOTALL)
_NO_WORKFLOW = ("GetCurrentExecution failed", "Workflow execution not found", "workflow history does not exist")


class MistakeError(Exception):
    """What was asked for can't be had; the text says why, and what could be.

    Attributes:
        code: The exit code; by default that of a wrong command line.
    """

    def __init__(self, text: str, code: int = MISTAKE) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True, slots=True)
class Failure:
    """What to print to stderr, and how to end."""

    text: str
    code: int


@dataclass(frozen=True, slots=True)
class Place:
    """What a command was about when it failed."""

    address: str = ""
    domain: str = ""
    workflow: str = ""


def about(error: Exception, place: Place) -> None:
    """Remember what an error was about, for `explain`."""
    error.__dict__["cli_place"] = place


def explain(error: Exception) -> Failure | None:
    """Say in one line what went wrong, or None where it is a fault of ours."""
    if isinstance(error, MistakeError):
        return Failure(escaped(str(error)), error.code)
    if not isinstance(error, CadenceError):
        return None
    place: Place = getattr(error, "cli_place", Place())
    if isinstance(error, TransportError):
        return Failure(escaped(_no_answer(error, place.address)), UNREACHABLE)
    if isinstance(error, ServiceError):
        return Failure(escaped(_refusal(error, place)), REFUSED)
    return Failure(escaped(str(error)), REFUSED)


def _no_answer(error: TransportError, address: str) -> str:
    if type(error).__name__ == "ConnectionFailedError" and "nothing listens there" in error.message:
        return f"nothing listens at {address}; start a server for development: cadence dev"
    return f"no answer from {address}: {error.message or error}"


def _refusal(error: ServiceError, place: Place) -> str:
    message = error.message or type(error).__name__
    unknown = _DOMAIN.search(message)
    if unknown is not None:
        name = unknown[1]
        return f'domain "{name}" is unknown to {place.address}; register it: cadence domain register {name}'
    match type(error).__name__:
        case "EntityNotExistsError" if any(text in message for text in _NO_WORKFLOW):
            return _unknown_workflow(place)
        case "BadRequestError" if "workflow history does not exist" in message:
            return _unknown_workflow(place)
        case "WorkflowExecutionAlreadyCompletedError":
            return "the workflow is closed already; to see how it ended: cadence workflow describe"
        case "CancellationAlreadyRequestedError":
            return "the workflow was asked to cancel itself before; to end it at once: cadence workflow terminate"
        case "DomainAlreadyExistsError":
            return "a domain of that name is registered already"
        case "ServiceBusyError":
            return f"{place.address} is busy, try again: {message}"
        case "QueryFailedError":
            return f"the query failed: {message}"
    return f"{message}; {error.hint}" if error.hint else message


def _unknown_workflow(place: Place) -> str:
    what = f'workflow "{place.workflow}"' if place.workflow else "that workflow"
    where = f'domain "{place.domain}" at {place.address}' if place.domain else place.address
    return f"{what} is unknown in {where}; those that are there: cadence workflow list"
