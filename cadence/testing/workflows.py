"""Finds the workflow classes of a module, for those who replay what they did: the pytest plugin and the command.

Knows how a class is marked as a workflow, and nothing of histories.
"""

from __future__ import annotations

from types import ModuleType

from cadence.exceptions import ConfigurationError
from cadence.workflow.definition import definition_of

__all__ = ("workflows_in",)


def workflows_in(module: ModuleType, name: str = "") -> list[type]:
    """Return the workflow classes that a module has, its own and those that it imports, in the order they stand there.

    Args:
        module: Where to look.
        name: One of them alone: its class' name, or its type's. Default: all.

    Raises:
        ConfigurationError: There is none, or none of that name.
    """
    classes = {key: value for key, value in vars(module).items() if _runs(value)}
    if name:
        named = classes.get(name) or next((one for one in classes.values() if definition_of(one).name == name), None)
        if named is None:
            known = ", ".join(classes) or "none"
            msg = f"module {module.__name__} has no workflow {name}"
            raise ConfigurationError(msg, hint=f"it has: {known}")
        return [named]
    if not classes:
        msg = f"module {module.__name__} has no workflow"
        raise ConfigurationError(msg, hint="name the module that has the classes with @workflow.defn")
    return list(dict.fromkeys(classes.values()))


def _runs(value: object) -> bool:
    if not isinstance(value, type):
        return False
    try:
        return not definition_of(value).is_abstract
    except ConfigurationError:
        return False
