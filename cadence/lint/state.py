"""What all runs of a process share: lists, dicts and sets of modules and classes, and who changes them.

It finds such state and the places that write it, with the names that `scope` resolves; whether a place is workflow code
is for `visitor` and `reach`.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

from cadence.lint.modules import Class, Module
from cadence.lint.scope import Scope, own_nodes

if TYPE_CHECKING:
    from cadence.lint.modules import Bound

__all__ = ("Shared", "is_changed", "shared", "shared_of_class", "written")


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_CHANGING = _names(
    "append appendleft extend extendleft insert add update setdefault pop popleft popitem remove discard "
    "clear sort reverse rotate subtract difference_update intersection_update symmetric_difference_update"
)
_CONTAINERS = _names(
    "list dict set bytearray collections.defaultdict collections.deque collections.Counter "
    "collections.OrderedDict weakref.WeakKeyDictionary weakref.WeakValueDictionary"
)
_DISPLAYS = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)


class Shared(NamedTuple):
    """A name of a module that is bound to a value when the module is loaded."""

    module: Module
    name: str


def shared(node: ast.expr, scope: Scope) -> Shared | None:
    """Find the module's name that an expression stands for; None where it is something else, or a local."""
    if isinstance(node, ast.Name):
        if node.id in scope.shared:
            return Shared(scope.module, node.id)
        if scope.is_own(node.id):
            return None
        if node.id in scope.module.values:
            return Shared(scope.module, node.id)
        target = scope.module.names.get(node.id)
        return _imported(target, scope) if target is not None else None
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name | ast.Attribute):
        base = scope.resolve(node.value)
        return _imported(f"{base.name}.{node.attr}", scope) if base is not None and not base.made else None
    return None


def _imported(target: str, scope: Scope) -> Shared | None:
    head, _, last = scope.tree.full_name(target).rpartition(".")
    module = scope.tree.module(head) if head else None
    return Shared(module, last) if module is not None and last in module.values else None


def is_container(bound: Bound | None, scope: Scope) -> bool:
    """Tell whether a name is bound to something that can change."""
    if bound is None or bound.value is None:
        return False
    if isinstance(bound.value, _DISPLAYS):
        return True
    if isinstance(bound.value, ast.Call):
        made_by = scope.resolve(bound.value.func)
        return made_by is not None and made_by.name in _CONTAINERS
    return False


def shared_of_class(node: ast.expr, scope: Scope) -> str | None:
    """Find the list, dict or set of a class that all its objects share, where `self.name` stands for it."""
    if not isinstance(node, ast.Attribute) or not scope.is_receiver(node.value) or scope.receiver is None:
        return None
    for one in scope.tree.line_of_descent(scope.receiver):
        if node.attr in one.instance:
            return None
        if node.attr in one.body:
            return f"{one.name}.{node.attr}" if is_container(one.body[node.attr], scope) else None
    return None


def written(node: ast.AST, scope: Scope) -> tuple[ast.expr, str] | None:
    """Find the shared state that a node of the syntax changes itself, not through what is inside of it.

    Args:
        node: A call, or an expression that is assigned to or deleted.
        scope: The names around it.

    Returns:
        The expression that stands for the state, and what it is called; None where nothing shared is changed.
    """
    if isinstance(node, ast.Name):
        return (node, node.id) if node.id in scope.shared else None
    if isinstance(node, ast.Call):
        method = node.func
        if not isinstance(method, ast.Attribute):
            return None
        return _changed_by(method, scope)
    if isinstance(node, ast.Subscript):
        return _container(node.value, scope)
    if isinstance(node, ast.Attribute):
        return _attribute(node, scope)
    return None


def _changed_by(method: ast.Attribute, scope: Scope) -> tuple[ast.expr, str] | None:
    if method.attr in _CHANGING:
        return _container(method.value, scope)
    found = shared(method.value, scope)
    if found is None:
        return None
    known = scope.resolve(method.value)
    # A generator that the module holds gives each run what the others left of its sequence.
    return (method.value, found.name) if known is not None and known.name == "random.Random" else None


def _container(node: ast.expr, scope: Scope) -> tuple[ast.expr, str] | None:
    inner = node
    while isinstance(inner, ast.Subscript):
        inner = inner.value
    own = shared_of_class(inner, scope)
    if own is not None:
        return inner, own
    found = shared(inner, scope)
    if found is None or not is_container(found.module.values.get(found.name), scope):
        return None
    return inner, found.name


def _attribute(node: ast.Attribute, scope: Scope) -> tuple[ast.expr, str] | None:
    base = node.value
    if isinstance(base, ast.Name) and base.id == "cls" and scope.receiver is not None:
        return node, f"{scope.receiver.name}.{node.attr}"
    if isinstance(base, ast.Attribute) and base.attr == "__class__" and scope.is_receiver(base.value):
        return node, f"{scope.receiver.name if scope.receiver else ''}.{node.attr}"
    if isinstance(base, ast.Name) and scope.is_own(base.id):
        return None
    known = scope.resolve(base) if isinstance(base, ast.Name | ast.Attribute) else None
    if known is not None and not known.made:
        found = scope.tree.find(known.name)
        if isinstance(found, Module | Class):
            return node, f"{ast.unparse(base)}.{node.attr}"
    value = shared(base, scope)
    return (node, f"{value.name}.{node.attr}") if value is not None else None


def is_changed(state: Shared, scope: Scope) -> bool:
    """Tell whether any function of the state's module binds or changes it."""
    module = state.module
    if module.changed is None:
        module.changed = _changes(module, scope)
    return state.name in module.changed


def _changes(module: Module, scope: Scope) -> set[str]:
    changed: set[str] = set()
    every = [*module.functions.values(), *(one for each in module.classes.values() for one in each.methods.values())]
    for function in every:
        names = Scope(scope.tree, module, function)
        for node in own_nodes(function.node):
            for place in _places(node):
                found = written(place, names)
                state = shared(found[0], names) if found is not None else None
                if state is not None and state.module is module:
                    changed.add(state.name)
    return changed


def _places(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.Call):
        return [node]
    if isinstance(node, ast.Name | ast.Subscript | ast.Attribute) and not isinstance(node.ctx, ast.Load):
        return [node]
    return []
