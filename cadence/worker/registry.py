"""Names to definitions: what this worker runs for a workflow or activity type, and what to say for one it doesn't know.

A definition answers to its name and its aliases (both spellings of 1.x interfaces, `compose_greeting` and
`composeGreeting`), and at most one of each kind, the dynamic one, to every other name. It knows nothing of tasks.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Generic, TypeVar

from cadence.activity.definition import ActivityDefinition, definitions_in
from cadence.activity.definition import definition_of as activity_definition_of
from cadence.exceptions import ConfigurationError
from cadence.workflow.definition import WorkflowDefinition
from cadence.workflow.definition import definition_of as workflow_definition_of

__all__ = ("Registry", "read_activities", "read_workflows")

DefinitionT = TypeVar("DefinitionT", ActivityDefinition, WorkflowDefinition)

_SHOWN_NAMES = 20


class Registry(Generic[DefinitionT]):
    """Definitions of one kind by every name that they answer to."""

    def __init__(self, kind: str, definitions: Iterable[DefinitionT]) -> None:
        """Take definitions.

        Args:
            kind: `workflow` or `activity`, for messages.
            definitions: What the worker runs.

        Raises:
            ConfigurationError: Two answer to the same name, or two are dynamic.
        """
        self._kind = kind
        self._by_name: dict[str, DefinitionT] = {}
        self._names: list[str] = []
        self._dynamic: DefinitionT | None = None
        for definition in definitions:
            self._add(definition)

    @property
    def names(self) -> list[str]:
        """The types' own names, aliases left out, in the order they were given."""
        return list(self._names)

    def __bool__(self) -> bool:
        return bool(self._by_name) or self._dynamic is not None

    def find(self, name: str) -> DefinitionT | None:
        """Return the definition for a name from the wire, or None.

        Go sends type names with the package in front, `main.Compose`: where the whole name isn't known, what stands
        behind its last dot is looked for.
        """
        found = self._by_name.get(name)
        if found is None and "." in name:
            found = self._by_name.get(name.rpartition(".")[2])
        return found if found is not None else self._dynamic

    def unknown(self, name: str, task_list: str) -> str:
        """Say that a name isn't known, which ones are, and which of them may be meant."""
        near = difflib.get_close_matches(name, self._by_name, 1, cutoff=0.7)
        meant = f' did you mean "{near[0]}"?' if near else ""
        shown = ", ".join(self._names[:_SHOWN_NAMES]) or "none"
        more = len(self._names) - _SHOWN_NAMES
        rest = f" and {more} more" if more > 0 else ""
        return f'no {self._kind} "{name}" on the worker of task list "{task_list}";{meant} it has: {shown}{rest}'

    def _add(self, definition: DefinitionT) -> None:
        if definition.dynamic:
            if self._dynamic is not None:
                msg = f"two dynamic {_plural(self._kind)}: {self._dynamic.name} and {definition.name}"
                raise ConfigurationError(msg, hint="a worker has one for all names that it doesn't know")
            self._dynamic = definition
            return
        taken = self._by_name.get(definition.name)
        if taken is not None and taken.name == definition.name:
            msg = f'two {_plural(self._kind)} have the name "{definition.name}"'
            raise ConfigurationError(msg, hint="give one of them another name in its decorator")
        self._by_name[definition.name] = definition
        self._names.append(definition.name)
        for alias in definition.aliases:
            self._by_name.setdefault(alias, definition)


def _plural(kind: str) -> str:
    return "activities" if kind == "activity" else f"{kind}s"


def read_workflows(given: Iterable[object]) -> list[WorkflowDefinition]:
    """Return the definitions of workflow classes.

    Raises:
        ConfigurationError: One is no workflow, or only declares one.
    """
    definitions = []
    for subject in _items(given, "workflows"):
        definition = workflow_definition_of(subject)
        if definition.is_abstract:
            msg = f"workflows: {definition.cls.__qualname__} is abstract"
            raise ConfigurationError(msg, hint="give the class that implements it")
        definitions.append(definition)
    return definitions


def read_activities(given: Iterable[object]) -> list[ActivityDefinition]:
    """Return the definitions of activities: decorated functions, methods, or objects with activity methods.

    Raises:
        ConfigurationError: One is none of these.
    """
    definitions = []
    for subject in _items(given, "activities"):
        try:
            definition = activity_definition_of(subject)
        except ConfigurationError:
            if callable(subject):
                raise
            definitions.extend(definitions_in(subject))
            continue
        if _needs_object(definition):
            msg = f"activities: {definition.function.__qualname__} is a method, and no object comes with it"
            owner = definition.function.__qualname__.split(".")[-2]
            raise ConfigurationError(msg, hint=f"give an object, {owner}(...), or a method of one")
        definitions.append(definition)
    return definitions


def _items(given: Iterable[object], what: str) -> list[object]:
    if isinstance(given, (str, bytes)) or not isinstance(given, Iterable):
        msg = f"{what} is {given!r}"
        raise ConfigurationError(msg, hint=f"give a list: {what}=[...]")
    return list(given)


def _needs_object(definition: ActivityDefinition) -> bool:
    """Whether the function takes `self` and isn't bound."""
    code = getattr(definition.function, "__code__", None)
    takes_self = code is not None and code.co_argcount > 0 and code.co_varnames[0] == "self"
    return takes_self and getattr(definition.callable, "__self__", None) is None
