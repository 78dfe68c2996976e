"""From implementations, as 1.x registers them, to the definitions that workers run.

An implementation answers to the names of its interface: the declared one, and `Interface::method` in both spellings.
Handlers may be `async def` or `def`, queries as well: 1.x wants `async def` everywhere.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Coroutine, Iterator, Mapping
from datetime import timedelta
from typing import Any, cast

from cadence.activity.definition import ActivityDefinition
from cadence.exceptions import ConfigurationError
from cadence.stubs.decorators import ACTIVITY, QUERY, SIGNAL, WORKFLOW, HandlerMark, WorkflowMark
from cadence.stubs.interfaces import find_mark
from cadence.stubs.names import interface_of, public_methods, spellings
from cadence.stubs.signatures import merged_signature
from cadence.workflow.definition import QueryDefinition, SignalDefinition, WorkflowDefinition, build_definition
from cadence.workflow.options import WorkflowDefaults

__all__ = ("activity_definitions", "workflow_definitions")


def activity_definitions(instance: object, interface_name: str | None = None) -> list[ActivityDefinition]:
    """Make the definitions of an object's public methods.

    Args:
        instance: The implementation; it need not derive from an interface.
        interface_name: The interface's name; default: the name of the object's class.

    Raises:
        ConfigurationError: It is a class, or has no public method.
    """
    cls = type(instance)
    if isinstance(instance, type):
        msg = f"{instance.__qualname__} is a class, and its activities need an object"
        raise ConfigurationError(msg, hint=f"register {instance.__name__}()")
    interface = interface_name or cls.__name__
    definitions = []
    for name, function in public_methods(cls):
        mark = find_mark(cls, name, ACTIVITY)
        names: tuple[str, ...] = spellings(interface, name)
        if mark is not None and mark.has_own_name:
            names = (mark.name, *names)
        original = function if mark is None or getattr(function, ACTIVITY, None) is None else mark.function
        definition = ActivityDefinition(
            name=names[0],
            function=original,
            callable=getattr(instance, name),
            is_coroutine=inspect.iscoroutinefunction(original),
            options={},
            aliases=_others(names),
        )
        vars(definition)["signature"] = merged_signature(original, None if mark is None else mark.function)
        definitions.append(definition)
    if not definitions:
        msg = f"{cls.__qualname__} has no activities"
        raise ConfigurationError(msg, hint="its public methods are its activities")
    return definitions


def workflow_definitions(cls: type, interface_name: str | None = None) -> list[WorkflowDefinition]:
    """Make the definitions of a workflow implementation: one for each of its workflow methods.

    Args:
        cls: The implementation; it derives from the interface, or is decorated itself.
        interface_name: The interface's name; default: that of the class that declares the workflow method.

    Raises:
        ConfigurationError: No method is declared as a workflow, or two handlers have one name.
    """
    interface = interface_name or interface_of(cls, WORKFLOW).__name__
    signals: dict[str | None, SignalDefinition] = {}
    for handler, function, declared in _declared(cls, SIGNAL, interface):
        signal = SignalDefinition(handler, function)
        vars(signal)["signature"] = merged_signature(function, declared)
        signals[handler] = signal
    queries: dict[str | None, QueryDefinition] = {}
    for handler, function, declared in _declared(cls, QUERY, interface):
        query = QueryDefinition(handler, _answering(function))
        vars(query)["signature"] = merged_signature(function, declared)
        queries[handler] = query
    definitions = []
    for name, function in public_methods(cls):
        mark: WorkflowMark | None = find_mark(cls, name, WORKFLOW)
        if mark is None or not mark.name:
            continue
        names = (mark.name, *spellings(interface, mark.name.split("::")[-1])) if "::" in mark.name else (mark.name,)
        definition = build_definition(
            cls,
            _running(function),
            name=mark.name,
            options=_defaults(mark),
            aliases=_others(names),
            signals=signals,
            queries=queries,
        )
        vars(definition)["signature"] = merged_signature(function, _declaration(cls, name, WORKFLOW))
        definitions.append(definition)
    if not definitions:
        msg = f"{cls.__qualname__} has no workflow method"
        raise ConfigurationError(msg, hint="decorate a method of it, or of its interface, with @workflow_method")
    return definitions


def _others(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name != names[0]))


def _declaration(cls: type, name: str, kind: str) -> Callable[..., Any] | None:
    """Return the method that carries the mark: the interface's, whose types count where the override has none."""
    for base in cls.__mro__:
        function = vars(base).get(name)
        if getattr(function, kind, None) is not None:
            return cast("Callable[..., Any]", function)
    return None


def _declared(
    cls: type, kind: str, interface: str
) -> Iterator[tuple[str, Callable[..., Any], Callable[..., Any] | None]]:
    """Yield name, function and declaration of each handler, under every name that it answers to."""
    seen: dict[str, str] = {}
    for attribute, function in public_methods(cls):
        mark: HandlerMark | None = find_mark(cls, attribute, kind)
        if mark is None:
            continue
        names = [mark.name]
        if "::" in mark.name:
            names += spellings(interface, mark.name.split("::")[-1])
        for name in dict.fromkeys(names):
            if name in seen:
                msg = f"{cls.__qualname__}: {attribute} and {seen[name]} both answer to {name!r}"
                raise ConfigurationError(msg, hint="give each its own name")
            seen[name] = attribute
            yield name, function, _declaration(cls, attribute, kind)


def _running(function: Callable[..., Any]) -> Callable[..., Coroutine[Any, Any, Any]]:
    if inspect.iscoroutinefunction(function):
        return function

    @functools.wraps(function)
    async def run(*args: Any) -> Any:
        result = function(*args)
        return await result if inspect.isawaitable(result) else result

    return run


def _answering(function: Callable[..., Any]) -> Callable[..., Any]:
    """Make a plain function of a query's coroutine function, by running it in one go."""
    if not inspect.iscoroutinefunction(function):
        return function

    @functools.wraps(function)
    def answer(*args: Any) -> Any:
        coroutine = function(*args)
        try:
            coroutine.send(None)
        except StopIteration as stop:
            return stop.value
        coroutine.close()
        msg = f"query {function.__qualname__} waits, and a query can't"
        raise ConfigurationError(msg, hint="answer with what the workflow knows already")

    return answer


def _defaults(mark: WorkflowMark) -> WorkflowDefaults:
    options: Mapping[str, Any] = mark.options.to_options()
    known = {name: value for name, value in options.items() if name in WorkflowDefaults.__annotations__}
    known.setdefault("execution_start_to_close_timeout", timedelta(hours=2))
    return cast("WorkflowDefaults", known)
