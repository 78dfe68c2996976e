"""What the expressions of one function stand for: full names, types of values, functions and classes of the tree.

Types are guessed from assignments, hints and constructors of the function itself, its class and its module; where two
assignments differ, nothing is known. It knows no rules: `visitor` asks, and judges.
"""

from __future__ import annotations

import ast
import builtins
from typing import TYPE_CHECKING, NamedTuple

from cadence.lint.modules import Bound, Class, Function, Module, dotted, imported_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cadence.lint.source_tree import SourceTree

__all__ = ("SET", "Ref", "Scope", "own_nodes")

SET = "set"
"""The type of sets whose order differs between processes; those of ints and tasks are not meant."""
_SETS = frozenset({"set", "frozenset", "typing.Set", "typing.FrozenSet", "typing.AbstractSet", "typing.MutableSet"}) | {
    "collections.abc.Set",
    "collections.abc.MutableSet",
}
_SET_METHODS = frozenset({"union", "intersection", "difference", "symmetric_difference", "copy"})
_STEADY = frozenset({"int", "bool", "asyncio.Task", "asyncio.Future", "asyncio.tasks.Task"})
"""Elements whose sets have one order: their hashes are no addresses and no salted digests."""
_TASKS = frozenset({"asyncio.create_task", "asyncio.ensure_future"})
_WRAPPERS = frozenset({"typing.Optional", "typing.Annotated", "typing.Final", "typing.ClassVar", "typing.Required"})
_PATHS = frozenset({"pathlib.Path", "pathlib.PosixPath", "pathlib.WindowsPath"})
_PATH_PARTS = frozenset({"joinpath", "with_name", "with_suffix", "with_stem", "resolve", "absolute"}) | {
    "expanduser",
    "cwd",
    "home",
    "relative_to",
}
_FACTORIES = frozenset({"logging.getLogger", "boto3.client", "boto3.resource", "requests.session", "redis.from_url"})
_BUILTINS = frozenset(dir(builtins))
_INNER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


class Ref(NamedTuple):
    """What an expression stands for.

    Attributes:
        name: Full dotted name of a thing, or of the type of an object.
        made: Whether it is an object of that type.
    """

    name: str
    made: bool = False


def own_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """Walk what is inside a function, without the functions and classes defined in it; these come, unentered."""
    todo = list(ast.iter_child_nodes(node))
    while todo:
        one = todo.pop()
        yield one
        if not isinstance(one, _INNER):
            todo.extend(ast.iter_child_nodes(one))


class Scope:
    """The names that one function sees."""

    def __init__(
        self, tree: SourceTree, module: Module, function: Function | None = None, receiver: Class | None = None
    ) -> None:
        """Collect a function's names.

        Args:
            tree: All files.
            module: The function's module.
            function: The function; None for the top of the module.
            receiver: The class of `self`, which may derive from the one that defines the method.
        """
        self.tree = tree
        self.module = module
        self.function = function
        self.receiver = receiver or (function.owner if function else None)
        self.shared: set[str] = set()
        """Names that a `global` statement makes the module's."""
        self._locals: dict[str, list[Bound]] = {}
        self._imports: dict[str, str] = {}
        self._nested: dict[str, Function] = {}
        self._busy: set[str] = set()
        outer = function.outer if function else None
        self._outer = Scope(tree, module, outer, self.receiver) if outer else None
        if function is not None:
            self._collect(function)

    def _collect(self, function: Function) -> None:
        arguments = function.node.args
        for one in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
            self._locals[one.arg] = [Bound(None, one.annotation)]
        for several in (arguments.vararg, arguments.kwarg):
            if several is not None:
                self._locals[several.arg] = []
        kept: set[str] = set()
        for node in own_nodes(function.node):
            if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
                self._locals.setdefault(node.id, [])
            elif isinstance(node, ast.arg):
                self._locals.setdefault(node.arg, [])  # of a lambda
            elif isinstance(node, ast.Global):
                self.shared.update(node.names)
            elif isinstance(node, ast.Nonlocal):
                kept.update(node.names)
            elif isinstance(node, ast.Import | ast.ImportFrom):
                self._imports.update(imported_names(node, self.module))
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                name = f"{function.name}.{node.name}"
                self._nested[node.name] = Function(name, node, self.module, function.owner, function)
            else:
                self._bind(node)
        for name in self.shared | kept:
            self._locals.pop(name, None)

    def _bind(self, node: ast.AST) -> None:
        if isinstance(node, ast.Assign):
            bound, targets = Bound(node.value), node.targets
        elif isinstance(node, ast.AnnAssign):
            bound, targets = Bound(node.value, node.annotation), [node.target]
        elif isinstance(node, ast.NamedExpr):
            bound, targets = Bound(node.value), [node.target]
        elif isinstance(node, ast.withitem) and node.optional_vars is not None:
            bound, targets = Bound(node.context_expr), [node.optional_vars]
        elif isinstance(node, ast.ClassDef):
            self._locals.setdefault(node.name, [])
            return
        elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
            # Bound to something unknown, which undoes what other assignments tell.
            bound, targets = Bound(None), [node.target]
        else:
            return
        for target in targets:
            if isinstance(target, ast.Name):
                self._locals.setdefault(target.id, []).append(bound)

    def is_own(self, name: str) -> bool:
        """Tell whether a name is bound in the function, or in one around it."""
        here = name in self._locals or name in self._imports or name in self._nested
        return here or (self._outer is not None and self._outer.is_own(name))

    def resolve(self, node: ast.expr) -> Ref | None:
        """Find what an expression stands for, by name or by type; None where it is unknown."""
        if isinstance(node, ast.Name):
            return self._name(node.id)
        if isinstance(node, ast.Attribute):
            return self._attribute(node)
        if isinstance(node, ast.Call):
            return self._made_by(node)
        if isinstance(node, ast.Await | ast.NamedExpr):
            return self.resolve(node.value)
        if isinstance(node, ast.Set):
            steady = all(self._is_steady(one) for one in node.elts)
            return None if steady else Ref(SET, True)
        if isinstance(node, ast.SetComp):
            return None if self._is_steady(node.elt) else Ref(SET, True)
        if isinstance(node, ast.BinOp):
            return self._joined(node)
        if isinstance(node, ast.IfExp):
            first, second = self.resolve(node.body), self.resolve(node.orelse)
            return first if first == second else None
        return None

    def _is_steady(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Constant):
            return isinstance(node.value, int | float)
        if isinstance(node, ast.Call):
            made_by = self.resolve(node.func)
            is_task = isinstance(node.func, ast.Attribute) and node.func.attr == "create_task"
            return is_task or (made_by is not None and made_by.name in _TASKS | _STEADY | {"len"})
        known = self.resolve(node)
        return known is not None and known.made and known.name in _STEADY

    def _joined(self, node: ast.BinOp) -> Ref | None:
        left = self.resolve(node.left)
        if isinstance(node.op, ast.Div):
            return left if left is not None and left.name in _PATHS else None
        if isinstance(node.op, ast.BitOr | ast.BitAnd | ast.Sub | ast.BitXor) and left == Ref(SET, True):
            return left
        return None

    def _name(self, name: str) -> Ref | None:
        if name in self._imports:
            return Ref(self.tree.full_name(self._imports[name]))
        if name in self._nested:
            return None
        if name in self._locals:
            return self._of_all(name)
        if self._outer is not None and self._outer.is_own(name):
            return self._outer._name(name)
        return self._global(name)

    def _of_all(self, name: str) -> Ref | None:
        """Find the type that all assignments to a local name agree on."""
        if name in self._busy:
            return None
        self._busy.add(name)
        try:
            every = self._locals[name]
            found = {self.of(bound) for bound in [one for one in every if one.hint is not None] or every}
        finally:
            self._busy.discard(name)
        return found.pop() if len(found) == 1 else None

    def _global(self, name: str) -> Ref | None:
        module = self.module
        if name in module.functions or name in module.classes:
            return Ref(f"{module.name}.{name}")
        if name in module.names:
            return Ref(self.tree.full_name(module.names[name]))
        if name in module.values:
            return self._value_of(module, name)
        return Ref(name) if name in _BUILTINS else None

    def _value_of(self, module: Module, name: str) -> Ref | None:
        if name in self._busy:
            return None
        self._busy.add(name)
        try:
            top = self if self.function is None and module is self.module else Scope(self.tree, module)
            top._busy = self._busy
            return top.of(module.values[name])
        finally:
            self._busy.discard(name)

    def of(self, bound: Bound) -> Ref | None:
        """Find the type of what a name is bound to; the hint decides."""
        known = self.hinted(bound.hint) if bound.hint is not None else None
        if known is None and bound.hint is None and bound.value is not None:
            known = self.resolve(bound.value)
        return known

    def hinted(self, hint: ast.expr) -> Ref | None:
        """Find the type that a hint names."""
        if isinstance(hint, ast.Constant) and isinstance(hint.value, str):
            try:
                return self.hinted(ast.parse(hint.value, mode="eval").body)
            except SyntaxError:
                return None
        if isinstance(hint, ast.BinOp) and isinstance(hint.op, ast.BitOr):
            sides = [one for one in (hint.left, hint.right) if not _is_none(one)]
            return self.hinted(sides[0]) if len(sides) == 1 else None
        if isinstance(hint, ast.Subscript):
            return self._hinted_with(hint)
        text = dotted(hint)
        known = self.resolve(hint) if text is not None else None
        if known is None or known.made:
            return None
        return Ref(SET if known.name in _SETS else known.name, True)

    def _hinted_with(self, hint: ast.Subscript) -> Ref | None:
        outer = self.resolve(hint.value)
        if outer is None:
            return None
        inner = hint.slice.elts[0] if isinstance(hint.slice, ast.Tuple) and hint.slice.elts else hint.slice
        if outer.name in _WRAPPERS:
            return self.hinted(inner)
        if outer.name not in _SETS:
            return Ref(outer.name, True)
        element = self.hinted(inner)
        return None if element is not None and element.name in _STEADY else Ref(SET, True)

    def _attribute(self, node: ast.Attribute) -> Ref | None:
        if self.is_receiver(node.value) and self.receiver is not None:
            return self._of_class(self.receiver, node.attr)
        base = self.resolve(node.value)
        if base is None:
            return None
        if base.name in _PATHS and node.attr == "parent":
            return Ref(base.name, True)
        if base.made:
            owner = self.tree.find(base.name)
            if isinstance(owner, Class):
                return self._of_class(owner, node.attr)
        name = f"{base.name}.{node.attr}"
        if base.made:
            return Ref(name)
        module = self.tree.module(base.name)
        if module is not None and node.attr in module.values:
            return self._value_of(module, node.attr)
        return Ref(self.tree.full_name(name))

    def _of_class(self, owner: Class, name: str) -> Ref | None:
        for one in self.tree.line_of_descent(owner):
            if name in one.methods:
                return Ref(f"{one.module.name}.{one.name}.{name}")
            bound = one.body.get(name) or one.instance.get(name)
            if bound is not None:
                key = f"{one.module.name}.{one.name}.{name}"
                if key in self._busy:
                    return None
                self._busy.add(key)
                try:
                    top = Scope(self.tree, one.module)
                    top._busy = self._busy
                    return top.of(bound)
                finally:
                    self._busy.discard(key)
        return None

    def is_receiver(self, node: ast.expr) -> bool:
        """Tell whether an expression is the method's `self` or `cls`."""
        return isinstance(node, ast.Name) and node.id in {"self", "cls"} and self.receiver is not None

    def _made_by(self, node: ast.Call) -> Ref | None:
        """Find the type of what a call returns."""
        made_by = self.resolve(node.func)
        if made_by is None:
            return None
        name = made_by.name
        if name in _SETS:
            inner = self.resolve(node.args[0]) if node.args else None
            is_steady = inner is None and bool(node.args) and self._holds_steady(node.args[0])
            return None if is_steady else Ref(SET, True)
        head, _, last = name.rpartition(".")
        if head == SET and last in _SET_METHODS:
            return Ref(SET, True)
        if head in _PATHS and last in _PATH_PARTS:
            return Ref(head, True)
        known = self.tree.find(name)
        if isinstance(known, Class):
            return Ref(f"{known.module.name}.{known.name}", True)
        if isinstance(known, Function):
            hint = known.node.returns
            return Scope(self.tree, known.module).hinted(hint) if hint is not None else None
        return Ref(name, True) if last[:1].isupper() or name in _FACTORIES else None

    def _holds_steady(self, node: ast.expr) -> bool:
        if isinstance(node, ast.List | ast.Tuple):
            return all(self._is_steady(one) for one in node.elts)
        if isinstance(node, ast.GeneratorExp | ast.ListComp):
            return self._is_steady(node.elt)
        return isinstance(node, ast.Call) and self.resolve(node.func) == Ref("range")

    def target(self, node: ast.expr) -> tuple[Function | Class, Class | None] | None:
        """Find the function or class of the tree that an expression names, with the class of its `self`."""
        if isinstance(node, ast.Name):
            nested = self._nested_named(node.id)
            if nested is not None:
                return nested, self.receiver
        elif isinstance(node, ast.Attribute):
            method = self._method(node)
            if method is not None:
                return method
        else:
            return None
        known = self.resolve(node)
        if known is None or (known.made and isinstance(node, ast.Name)):
            return None
        found = self.tree.find(known.name)
        return None if found is None or isinstance(found, Module) else (found, None)

    def _nested_named(self, name: str) -> Function | None:
        if name in self._nested:
            return self._nested[name]
        if name in self._locals or self._outer is None:
            return None
        return self._outer._nested_named(name)

    def _method(self, node: ast.Attribute) -> tuple[Function, Class] | None:
        owner = self.receiver
        if owner is not None and self.is_receiver(node.value):
            found = self.tree.method(owner, node.attr)
            return (found, owner) if found else None
        if owner is not None and self.function is not None and _is_super(node.value):
            line = self.tree.line_of_descent(owner)
            own = self.function.owner
            for one in line[line.index(own) + 1 :] if own in line else ():
                if node.attr in one.methods:
                    return one.methods[node.attr], owner
            return None
        base = self.resolve(node.value)
        known = self.tree.find(base.name) if base is not None and base.made else None
        if isinstance(known, Class):
            found = self.tree.method(known, node.attr)
            return (found, known) if found else None
        return None


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_super(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super"
