"""Patterns of syntax that break replay by their form: an order taken from a set, a cancellation caught for good.

Each function looks at one node, with the names that `scope` resolves, and says what is wrong with it, or nothing.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cadence.lint.scope import SET, Ref, own_nodes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cadence.lint.modules import FunctionNode
    from cadence.lint.scope import Scope

__all__ = (
    "guarded_by",
    "input_nodes",
    "is_any_order",
    "keeps_order",
    "swallowed",
    "swallowed_by_suppress",
    "unordered",
    "unordered_by_call",
)

_IN_ORDER = frozenset(
    {"list", "tuple", "enumerate", "iter", "zip", "map", "filter", "reversed", "dict.fromkeys", "itertools.chain"}
)
"""What these make has the order of their argument."""
_ANY_ORDER = frozenset({"sorted", "set", "frozenset", "sum", "min", "max", "any", "all", "len", "collections.Counter"})
"""What these make is the same for any order of their argument."""
_CANCELS = frozenset({"asyncio.CancelledError", "asyncio.exceptions.CancelledError", "BaseException"})


def _is_set(node: ast.expr, scope: Scope) -> bool:
    return scope.resolve(node) == Ref(SET, True)


def _has_await(node: ast.AST) -> bool:
    return any(isinstance(one, ast.Await) for one in ast.walk(node))


def is_any_order(call: ast.Call, scope: Scope) -> bool:
    """Tell whether a function's result does not depend on the order of its argument."""
    called = scope.resolve(call.func)
    return called is not None and called.name in _ANY_ORDER


def keeps_order(call: ast.Call, scope: Scope) -> bool:
    """Tell whether a function's result has the order of its argument, and nothing else of it."""
    called = scope.resolve(call.func)
    return called is not None and called.name in _IN_ORDER - {"enumerate", "zip", "dict.fromkeys"}


def unordered(node: ast.AST, scope: Scope, *, any_order: bool = False) -> Iterator[tuple[ast.expr, str]]:
    """Yield the sets whose order a loop, a comprehension, a star or an unpacking takes over.

    Args:
        node: The node; what is inside of it is not looked at.
        scope: The names around it.
        any_order: Whether what a comprehension makes goes where its order doesn't matter.
    """
    if isinstance(node, ast.For | ast.AsyncFor):
        if _is_set(node.iter, scope):
            yield node.iter, f"a loop over the set {_shown(node.iter)}"
    elif isinstance(node, ast.ListComp | ast.DictComp | ast.GeneratorExp | ast.SetComp):
        harmless = (any_order or isinstance(node, ast.SetComp)) and not _has_await(node)
        for part in () if harmless else node.generators:
            if _is_set(part.iter, scope):
                yield part.iter, f"a comprehension over the set {_shown(part.iter)}"
    elif isinstance(node, ast.List | ast.Tuple | ast.Call):
        for one in node.args if isinstance(node, ast.Call) else node.elts:
            if isinstance(one, ast.Starred) and isinstance(one.ctx, ast.Load) and _is_set(one.value, scope):
                yield one.value, f"the set {_shown(one.value)} unpacked in its order"
    elif isinstance(node, ast.Assign):
        if _is_set(node.value, scope) and any(isinstance(one, ast.Tuple | ast.List) for one in node.targets):
            yield node.value, f"the set {_shown(node.value)} unpacked in its order"
    elif isinstance(node, ast.YieldFrom) and _is_set(node.value, scope):
        yield node.value, f"the set {_shown(node.value)} yielded in its order"


def unordered_by_call(node: ast.Call, scope: Scope) -> Iterator[tuple[ast.expr, str]]:
    """Yield the sets whose order a call takes over: `list(a_set)`, `", ".join(a_set)`, `a_set.pop()`."""
    called = scope.resolve(node.func)
    if called is not None and called.name in _IN_ORDER:
        for one in node.args:
            if _is_set(one, scope):
                yield one, f"{called.name}() of the set {_shown(one)}"
    elif called == Ref(f"{SET}.pop") and not node.args:
        yield node, f"{_shown(node)}, which takes the first of a set"
        return
    is_joined = isinstance(node.func, ast.Attribute) and node.func.attr in {"join", "extend"} and len(node.args) == 1
    if isinstance(node.func, ast.Attribute) and is_joined and _is_set(node.args[0], scope):
        yield node.args[0], f"{node.func.attr}() of the set {_shown(node.args[0])}"


def swallowed(node: ast.Try | ast.TryStar, scope: Scope) -> Iterator[tuple[ast.ExceptHandler, str]]:
    """Yield the handlers that catch a cancellation with everything else, and end it."""
    for handler in node.handlers:
        caught = _caught(handler, scope)
        if not caught & _CANCELS:
            continue
        # A handler for cancellations alone is somebody's decision; the handlers below it don't meet them.
        if "BaseException" in caught and not any(isinstance(one, ast.Raise) for one in own_nodes(handler)):
            yield handler, "a bare except:" if handler.type is None else "except BaseException:"
        return


def _caught(handler: ast.ExceptHandler, scope: Scope) -> set[str]:
    if handler.type is None:
        return {"BaseException"}
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return {known.name for known in map(scope.resolve, kinds) if known is not None}


def swallowed_by_suppress(node: ast.Call, scope: Scope) -> str | None:
    """Say what is wrong with `contextlib.suppress(BaseException)`."""
    called = scope.resolve(node.func)
    if called is None or called.name != "contextlib.suppress":
        return None
    kinds = [known.name for known in map(scope.resolve, node.args) if known is not None]
    return "suppress(BaseException)" if "BaseException" in kinds else None


def guarded_by(test: ast.expr, scope: Scope) -> tuple[str, bool] | None:
    """Tell what a condition asks the run about: (`is_replaying` or `in_workflow`, whether it asks for the opposite)."""
    negated = isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)
    asked = test.operand if isinstance(test, ast.UnaryOp) else test
    if isinstance(asked, ast.BoolOp) and isinstance(asked.op, ast.And):
        return guarded_by(asked.values[0], scope)
    called = scope.resolve(asked.func) if isinstance(asked, ast.Call) else None
    if called is None or not called.name.startswith("cadence."):
        return None
    name = called.name.rpartition(".")[2]
    return (name, negated) if name in {"is_replaying", "in_workflow"} else None


def input_nodes(function: FunctionNode, calls: list[ast.Call], entered: set[int]) -> set[int]:
    """Collect the nodes whose value goes into the input of activities and children, and nowhere else.

    Args:
        function: The function.
        calls: Its calls that take such input.
        entered: Ids of the calls in it that lead to other functions of the tree, which may decide by their arguments.

    Returns:
        The ids of the nodes.
    """
    found: set[int] = set()
    for call in calls:
        for one in (*call.args, *(word.value for word in call.keywords if word.arg == "args")):
            _add(one, found, entered)
    loads: dict[str, list[int]] = {}
    bound: dict[str, list[ast.expr | None]] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Load):
                loads.setdefault(node.id, []).append(id(node))
            else:
                bound.setdefault(node.id, []).append(None)
        elif isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            bound.setdefault(node.targets[0].id, []).append(node.value)
    for name, places in loads.items():
        values = [one for one in bound.get(name, ()) if one is not None]
        # As many assignments as bindings: nothing else (a loop, a `with`) binds the name.
        if values and len(bound[name]) == 2 * len(values) and found.issuperset(places):
            for value in values:
                _add(value, found, entered)
    return found


def _add(node: ast.AST, found: set[int], entered: set[int]) -> None:
    if id(node) in entered:
        return
    found.add(id(node))
    for one in ast.iter_child_nodes(node):
        _add(one, found, entered)


def _shown(node: ast.expr) -> str:
    text = ast.unparse(node)
    return text if len(text) <= 40 else f"{text[:39]}…"
