"""One function of workflow code: what in it breaks a rule, and which functions of the tree it leads to.

It asks `rules` about names and `patterns` and `state` about forms; who calls the function, and whether it is workflow
code at all, is `reach`'s matter.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

from cadence.lint import patterns, rules, state
from cadence.lint.modules import Class, Function
from cadence.lint.rules import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cadence.lint.scope import Scope

__all__ = ("Hit", "Next", "Visitor")

_INPUT_ONLY = frozenset({"CAD001", "CAD002", "CAD003"})
_SILENT_AT_REPLAY = frozenset({"CAD014", "CAD015"})
_TYPE_TESTS = frozenset({"isinstance", "issubclass", "typing.cast"})
_MADE_BY = ("__init__", "__post_init__", "__new__")


class Hit(NamedTuple):
    """What breaks a rule.

    Attributes:
        node: Where.
        code: Which rule.
        severity: How bad.
        what: What the code does.
    """

    node: ast.expr | ast.ExceptHandler
    code: str
    severity: Severity
    what: str


class Next(NamedTuple):
    """A function that the visited one leads to.

    Attributes:
        function: The function.
        receiver: The class of its `self`.
        line: The line that names it.
    """

    function: Function
    receiver: Class | None
    line: int


class Visitor(ast.NodeVisitor):
    """Looks at one function."""

    def __init__(self, scope: Scope) -> None:
        self.nexts: list[Next] = []
        self._scope = scope
        self._hits: list[Hit] = []
        self._inputs: list[ast.Call] = []
        self._entered: set[int] = set()
        self._known: set[int] = set()
        self._any_order: set[int] = set()
        self._is_silent = False
        self._names_only = False

    def look(self, function: Function) -> list[Hit]:
        """Visit a function's body and return what breaks rules in it."""
        for statement in function.node.body:
            self.visit(statement)
        if not any(hit.code in _INPUT_ONLY for hit in self._hits):
            return self._hits
        harmless = patterns.input_nodes(function.node, self._inputs, self._entered)
        return [
            hit._replace(severity=Severity.WARNING) if hit.code in _INPUT_ONLY and id(hit.node) in harmless else hit
            for hit in self._hits
        ]

    def _hit(self, node: ast.expr | ast.ExceptHandler, code: str, what: str, severity: Severity | None = None) -> None:
        if not (self._is_silent and code in _SILENT_AT_REPLAY):
            self._hits.append(Hit(node, code, severity or rules.RULES[code].severity, what))

    def _hit_orders(self, found: Iterable[tuple[ast.expr, str]]) -> None:
        for node, what in found:
            self._hit(node, "CAD010", what)

    # Calls and names

    def visit_Call(self, node: ast.Call) -> None:
        called = self._scope.resolve(node.func)
        name = called.name if called is not None and not called.made else ""
        target = self._scope.target(node.func)
        if target is not None:
            self._entered.add(id(node))
        elif name:
            self._judge(node, name)
        if isinstance(node.func, ast.Attribute) and node.func.attr == "run_in_executor":
            self._hit(node, "CAD005", "run_in_executor()")
        self._hit_orders(patterns.unordered(node, self._scope))
        if id(node) not in self._any_order:
            self._hit_orders(patterns.unordered_by_call(node, self._scope))
        suppressed = patterns.swallowed_by_suppress(node, self._scope)
        if suppressed is not None:
            self._hit(node, "CAD013", suppressed)
        self._write(node)
        self.visit(node.func)
        if rules.is_exempt(name):
            return
        if rules.is_input(name):
            self._inputs.append(node)
        self._visit_arguments(node, name, is_elsewhere=rules.is_unfollowed(name) or self._is_in_thread(node))

    def _is_in_thread(self, node: ast.Call) -> bool:
        """Tell whether the call was just found to run what it is given in a thread or process."""
        return any(hit.node is node and hit.code in {"CAD005", "CAD006"} for hit in self._hits[-2:])

    def _judge(self, node: ast.Call, name: str) -> None:
        if name == "hash":
            self._judge_hash(node)
            return
        code = rules.rule_of_call(name, len(node.args) + len(node.keywords))
        if code is not None:
            self._hit(node, code, f"{name}()")

    def _judge_hash(self, node: ast.Call) -> None:
        function = self._scope.function
        if function is not None and function.node.name == "__hash__":
            return
        if not all(isinstance(one, ast.Constant) and isinstance(one.value, int | float) for one in node.args):
            self._hit(node, "CAD012", "hash()")

    def _visit_arguments(self, node: ast.Call, name: str, *, is_elsewhere: bool) -> None:
        before = self._names_only
        any_order = id(node) in self._any_order or patterns.is_any_order(node, self._scope)
        for one in (*node.args, *(word.value for word in node.keywords)):
            is_mention = isinstance(one, ast.Name | ast.Attribute)
            self._names_only = is_mention and (is_elsewhere or name in _TYPE_TESTS)
            if is_mention and not self._names_only:
                self._judge_mention(one)
            if any_order and isinstance(one, ast.Call) and patterns.keeps_order(one, self._scope):
                self._any_order.add(id(one))
            if any_order and isinstance(one, ast.ListComp | ast.GeneratorExp):
                self._hit_orders(patterns.unordered(one, self._scope, any_order=True))
                self.generic_visit(one)
            else:
                self.visit(one)
        self._names_only = before

    def _judge_mention(self, node: ast.expr) -> None:
        known = self._scope.resolve(node)
        code = rules.mention_of(known.name) if known is not None and not known.made else None
        if known is not None and code is not None and self._scope.target(node) is None:
            self._hit(node, code, f"{known.name}, handed on to be called")

    def visit_Name(self, node: ast.Name) -> None:
        self._mention(node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        self._mention(node)
        self.generic_visit(node)

    def _mention(self, node: ast.Name | ast.Attribute) -> None:
        if not isinstance(node.ctx, ast.Load):
            self._write(node)
            return
        if id(node) in self._known:
            return
        known = self._scope.resolve(node)
        if known is not None and not known.made and rules.is_environment(known.name):
            self._hit(node, "CAD009", known.name)
        target = None if self._names_only else self._scope.target(node)
        if target is not None:
            self._follow(node, *target)
        elif not self._names_only:
            self._read(node)

    def _follow(self, node: ast.expr, found: Function | Class, receiver: Class | None) -> None:
        if isinstance(found, Function):
            self.nexts.append(Next(found, receiver or found.owner, node.lineno))
            return
        for name in _MADE_BY:
            method = self._scope.tree.method(found, name)
            if method is not None:
                self.nexts.append(Next(method, found, node.lineno))

    # State that runs share

    def _write(self, node: ast.expr) -> None:
        found = state.written(node, self._scope)
        if found is not None:
            place, name = found
            self._known.update(id(one) for one in ast.walk(place))
            self._hit(node, "CAD011", f"{name} is changed, which all runs share")

    def _read(self, node: ast.Name | ast.Attribute) -> None:
        found = state.shared(node, self._scope)
        if found is not None and state.is_changed(found, self._scope):
            self._known.update(id(one) for one in ast.walk(node))
            self._hit(node, "CAD011", f"{found.name} is read, which code of {_module_name(found)} changes as it runs")

    def visit_Subscript(self, node: ast.Subscript) -> None:
        if not isinstance(node.ctx, ast.Load):
            self._write(node)
        self.generic_visit(node)

    # Forms

    def visit_For(self, node: ast.For | ast.AsyncFor) -> None:
        self._look_at_order(node)

    visit_AsyncFor = visit_For

    def _look_at_order(self, node: ast.AST) -> None:
        self._hit_orders(patterns.unordered(node, self._scope))
        self.generic_visit(node)

    visit_ListComp = visit_DictComp = visit_GeneratorExp = visit_SetComp = _look_at_order
    visit_List = visit_Tuple = visit_Assign = visit_YieldFrom = _look_at_order

    def visit_Try(self, node: ast.Try | ast.TryStar) -> None:
        for handler, what in patterns.swallowed(node, self._scope):
            self._hit(handler, "CAD013", what)
        self.generic_visit(node)

    visit_TryStar = visit_Try

    def visit_If(self, node: ast.If) -> None:
        guard = patterns.guarded_by(node.test, self._scope)
        if guard is None:
            self.generic_visit(node)
            return
        asked, negated = guard
        self.visit(node.test)
        skipped = asked == "in_workflow"
        if not (skipped and negated):
            self._visit_branch(node.body, is_silent=asked == "is_replaying" and negated)
        if not (skipped and not negated):
            self._visit_branch(node.orelse, is_silent=asked == "is_replaying" and not negated)

    def _visit_branch(self, branch: Iterable[ast.stmt], *, is_silent: bool) -> None:
        before = self._is_silent
        self._is_silent = before or is_silent
        for statement in branch:
            self.visit(statement)
        self._is_silent = before

    # What is not run, or not here

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)
            self.visit(node.target)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        for one in (*node.decorator_list, *node.args.defaults, *(one for one in node.args.kw_defaults if one)):
            self.visit(one)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        """A class made inside of a function: not looked at."""

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self.visit(node.body)


def _module_name(found: state.Shared) -> str:
    return found.module.name.partition("@")[0].rpartition(".")[2]
