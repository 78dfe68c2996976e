"""Refuses arguments that no worker could read, where they are given: the mistake would only be seen in its log.

Knows signatures and values, not what is called. Where a name stands for the callee, nothing is known, nor checked.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cadence.converter.data_converter import DataConverter
from cadence.converter.signatures import signature_of
from cadence.exceptions import ConfigurationError, ConversionError
from cadence.workflow.definition import query_name_of, signal_name_of

if TYPE_CHECKING:
    from cadence.converter import Convention
    from cadence.converter.signatures import Signature

__all__ = ("check_arguments", "checked_query", "checked_signal")

_ANYTHING = (object, Any)


def check_arguments(what: str, signature: Signature, arguments: Sequence[object], convention: Convention) -> None:
    """Check number and types of arguments, as a worker with the same definition will see them.

    Args:
        what: What is called, for errors: `workflow Greeting`.
        signature: Its parameters.
        arguments: What it is called with.
        convention: How they will be written.

    Raises:
        ConfigurationError: There are too few or too many.
        ConversionError: One doesn't fit its parameter's type.
    """
    parameters = signature.parameters
    if signature.variadic is None and len(arguments) > len(parameters):
        msg = f"{what} takes {len(parameters)} argument{'s' * (len(parameters) != 1)}, but got {len(arguments)}"
        raise ConfigurationError(msg)
    missing = [parameter.name for parameter in parameters[len(arguments) :] if parameter.required]
    if missing:
        verb = "started" if what.startswith("workflow") else "called"
        msg = f"{what} is {verb} without {', '.join(missing)}"
        raise ConfigurationError(msg)
    hints = [parameter.hint for parameter in parameters]
    hints += [signature.variadic] * (len(arguments) - len(hints))
    # What is of the very class that is asked for spares the way to bytes and back.
    if all(hint is type(value) or hint in _ANYTHING for value, hint in zip(arguments, hints, strict=False)):
        return
    # Codecs stay out of it: some can only write.
    plain = DataConverter(convention=convention, warn_bytes=0)
    try:
        data = plain.encode_arguments(arguments, place=what)
    except ConversionError:
        return  # the call itself will say so
    plain.decode_arguments(data, signature, place=what)


def checked_signal(signal: Any, arguments: Sequence[object], convention: Convention) -> str:
    """Give a signal's name, once it is clear that its handler can take the arguments.

    Args:
        signal: A method with `@workflow.signal`; or a name, whose handler is not known.
        arguments: What the signal carries.
        convention: How they will be written.

    Raises:
        ConfigurationError: It is no signal, or there are too few or too many arguments.
        ConversionError: An argument doesn't fit.
    """
    name = signal_name_of(signal)
    _check_handler(f'signal "{name}"', signal, arguments, convention)
    return name


def checked_query(query: Any, arguments: Sequence[object], convention: Convention) -> str:
    """Give a query's name, as `checked_signal` does for signals."""
    name = query_name_of(query)
    _check_handler(f'query "{name}"', query, arguments, convention)
    return name


def _check_handler(what: str, handler: Any, arguments: Sequence[object], convention: Convention) -> None:
    if isinstance(handler, str):
        return
    try:
        signature = signature_of(handler)
    except ConfigurationError:
        return  # a hint that only the worker's side can resolve
    check_arguments(what, signature, arguments, convention)
