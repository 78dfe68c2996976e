"""Source files, and what their names stand for: imports under any alias, functions, classes with their bases, state.

A module is parsed once and never imported. It knows one file at a time, no rules, and follows no
calls; that is for `source_tree`, `visitor` and `reach`.
"""

from __future__ import annotations

import ast
import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

__all__ = ("Bound", "Class", "Function", "FunctionNode", "Module", "dotted", "imported_names", "parsed")

FunctionNode: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(slots=True, frozen=True)
class Bound:
    """What a name is bound to: a value, a type hint, or both."""

    value: ast.expr | None
    hint: ast.expr | None = None


@dataclass(slots=True, eq=False)
class Function:
    """A function or method.

    Attributes:
        name: As one would say it: `Order.run`.
        node: Its syntax.
        module: Where it is.
        owner: Its class.
        outer: The function it is defined in.
    """

    name: str
    node: FunctionNode
    module: Module
    owner: Class | None = None
    outer: Function | None = None


@dataclass(slots=True, eq=False)
class Class:
    """A class.

    Attributes:
        name: Its name.
        node: Its syntax.
        module: Where it is.
        methods: Its own methods by name.
        body: Names that its body binds.
        instance: Names that some method binds on `self`.
    """

    name: str
    node: ast.ClassDef
    module: Module
    methods: dict[str, Function] = field(default_factory=dict)
    body: dict[str, Bound] = field(default_factory=dict)
    instance: dict[str, Bound] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Module:
    """A parsed file.

    Attributes:
        name: Its dotted name.
        path: Its path as it is shown.
        tree: Its syntax.
        lines: Its lines.
        is_package: Whether it is an `__init__.py`.
        names: Imported name -> full dotted name.
        functions: Functions at its top by name.
        classes: Classes at its top by name.
        values: Names its top level binds.
        changed: Names of its top level that functions bind anew or change; filled by `state`.
    """

    name: str
    path: str
    tree: ast.Module
    lines: list[str]
    is_package: bool
    names: dict[str, str] = field(default_factory=dict)
    functions: dict[str, Function] = field(default_factory=dict)
    classes: dict[str, Class] = field(default_factory=dict)
    values: dict[str, Bound] = field(default_factory=dict)
    changed: set[str] | None = None


def dotted(node: ast.expr) -> str | None:
    """Return `a.b.c` of an expression that is only that."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    parts.append(node.id)
    return ".".join(reversed(parts))


def imported_names(node: ast.Import | ast.ImportFrom, module: Module) -> Iterator[tuple[str, str]]:
    """Yield what an import binds, and the full name of each."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            if alias.asname:
                yield alias.asname, alias.name
            else:
                first = alias.name.partition(".")[0]
                yield first, first
        return
    base = node.module or ""
    if node.level:
        parts = module.name.split(".")
        parts = parts[: len(parts) - node.level + module.is_package]
        base = ".".join([*parts, base] if base else parts)
    for alias in node.names:
        yield alias.asname or alias.name, f"{base}.{alias.name}" if base else alias.name


def parsed(path: Path, shown: str, name: str, is_package: bool) -> Module:
    """Parse a file.

    Args:
        path: The file.
        shown: Its path for people.
        name: Its dotted name.
        is_package: Whether it is an `__init__.py`.

    Raises:
        SyntaxError: It isn't Python of this interpreter's version.
        UnicodeDecodeError: It isn't text.
        ValueError: It has null bytes in it.
        OSError: It can't be read.
    """
    source = path.read_bytes()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the code's own matters, as invalid escapes are
        tree = ast.parse(source, filename=shown)
    module = Module(name, shown, tree, source.decode("utf-8-sig", errors="replace").splitlines(), is_package)
    _collect(module, tree.body)
    return module


def _collect(module: Module, body: Sequence[ast.stmt]) -> None:
    for node in body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            module.names.update(imported_names(node, module))
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            module.functions[node.name] = Function(node.name, node, module)
        elif isinstance(node, ast.ClassDef):
            module.classes[node.name] = _class(node, module)
        elif isinstance(node, ast.Assign):
            module.values.update((one.id, Bound(node.value)) for one in node.targets if isinstance(one, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            module.values[node.target.id] = Bound(node.value, node.annotation)
        else:
            for name in ("body", "orelse", "handlers", "finalbody"):
                for inner in getattr(node, name, ()):
                    _collect(module, inner.body if isinstance(inner, ast.ExceptHandler) else [inner])


def _class(node: ast.ClassDef, module: Module) -> Class:
    made = Class(node.name, node, module)
    for part in node.body:
        if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef):
            made.methods.setdefault(part.name, Function(f"{node.name}.{part.name}", part, module, made))
        elif isinstance(part, ast.Assign):
            made.body.update((one.id, Bound(part.value)) for one in part.targets if isinstance(one, ast.Name))
        elif isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name):
            made.body[part.target.id] = Bound(part.value, part.annotation)
    for method in made.methods.values():
        for inner in ast.walk(method.node):
            _attribute(made, inner)
    return made


def _attribute(made: Class, node: ast.AST) -> None:
    if isinstance(node, ast.Assign):
        targets, value = node.targets, Bound(node.value)
    elif isinstance(node, ast.AnnAssign):
        targets, value = [node.target], Bound(node.value, node.annotation)
    else:
        return
    for target in targets:
        if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id == "self":
            made.instance.setdefault(target.attr, value)
