"""How a run hands over to the next one: continue as new, and what a cron's last run left.

A run's history may not grow without end (the server ends it, by default at 200,000 events or 200 MB, and warns at a
quarter of that), so workflows that live long start themselves anew, with what they need as arguments.
"""

from __future__ import annotations

from typing import Any, NoReturn, TypeVar, Unpack, overload

from cadence.workflow.commands import ContinueAsNew
from cadence.workflow.definition import workflow_type_of
from cadence.workflow.options import ContinueAsNewOptions, check_workflow_options, refuse_unknown
from cadence.workflow.runtime import ContinueAsNewError, current

__all__ = ("continue_as_new", "last_completion_result", "should_continue_as_new")

T = TypeVar("T")

# A tenth of what the server allows by default: histories stay quick to read, and there is time to finish at leisure.
_LENGTH_HINT = 10_000
_SIZE_HINT = 20_000_000


def continue_as_new(*args: object, workflow: Any = None, **options: Unpack[ContinueAsNewOptions]) -> NoReturn:
    """End this run here, and start the next one with the same workflow id.

    May be called anywhere in workflow code, handlers included; it raises what no `except Exception` holds.

    Args:
        *args: The next run's arguments.
        workflow: Another workflow type to go on as: its class, run method or name; default: this one.
        **options: What the next run has otherwise than this one, see `ContinueAsNewOptions`.

    Raises:
        ContinueAsNewError: Always.
        ConfigurationError: An option is unknown or out of range.
    """
    current()
    refuse_unknown(options, ContinueAsNewOptions.__annotations__, "continue_as_new")
    check_workflow_options(options, "continue_as_new")
    name = None if workflow is None else workflow_type_of(workflow)
    raise ContinueAsNewError(ContinueAsNew(arguments=args, workflow_type=name, **options))


def should_continue_as_new(*, length: int = _LENGTH_HINT, size: int = _SIZE_HINT) -> bool:
    """Tell whether history has grown so long that it is time to continue as new.

    Args:
        length: Events from which on it is.
        size: Bytes from which on it is.
    """
    runtime = current()
    return runtime.history_length >= length or runtime.history_size >= size


@overload
def last_completion_result() -> Any: ...
@overload
def last_completion_result(type_hint: type[T], /) -> T | None: ...
@overload
def last_completion_result(type_hint: Any, /) -> Any: ...
def last_completion_result(type_hint: Any = object, /) -> Any:
    """Return the result of the last run of a cron workflow that completed, or None where there is none.

    Args:
        type_hint: Type to convert it to; default: what the bytes say.
    """
    runtime = current()
    data = runtime.last_completion_result
    return None if data is None else runtime.decode(data, type_hint)
