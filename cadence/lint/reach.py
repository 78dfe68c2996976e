"""Workflow code: where it begins, and everything of the source tree that it leads to.

It begins at the methods of classes with `@workflow.defn`, and of classes that implement an interface with
`@workflow_method`; from there calls are followed through the files, the shortest way first. What is wrong in a function
is `visitor`'s to say.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cadence.lint.modules import Class, Function, Module, dotted
from cadence.lint.report import Finding, Step, is_suppressed
from cadence.lint.rules import RULES
from cadence.lint.scope import Scope
from cadence.lint.source_tree import SourceTree
from cadence.lint.visitor import Next, Visitor

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ("Result", "lint")

_SKIPPED = frozenset({"node_modules", "__pycache__", "site-packages", "venv", "build", "dist"})
_WORKFLOW = frozenset({"cadence.workflow.defn", "cadence.workflow.definition.defn"})
_INTERFACE = "workflow_method"
_ACTIVITY = frozenset({"cadence.activity.defn", "cadence.activity.definition.defn", "cadence.activity_method"}) | {
    "cadence.activity_method.activity_method",
    "cadence.activity.method",
}


@dataclass(frozen=True, slots=True)
class Result:
    """What a look at some files gave.

    Attributes:
        findings: What was found, by file, line and column.
        files: How many files were asked for.
        functions: How many functions are workflow code.
    """

    findings: tuple[Finding, ...]
    files: int
    functions: int


def lint(paths: Iterable[str | Path], *, select: Iterable[str] = (), ignore: Iterable[str] = ()) -> Result:
    """Find what in workflow code would not replay.

    Nothing of the code is imported or run. Imports are followed where the imported file is below a folder of one that
    was given, or below the current one or its `src`.

    Args:
        paths: Files, and folders to look through for `*.py`.
        select: Codes of the rules to use; default: all.
        ignore: Codes of the rules to leave out.

    Raises:
        FileNotFoundError: There is no such file or folder.
    """
    tree = SourceTree([Path.cwd(), Path.cwd() / "src"])
    wanted = set(select) or set(RULES)
    wanted -= set(ignore)
    findings: list[Finding] = []
    modules: list[Module] = []
    files = list(_files(paths))
    for path in files:
        try:
            modules.append(tree.add(path))
        except (SyntaxError, ValueError, OSError) as error:
            findings.append(_unreadable(path, error))
    walk = _Walk(tree)
    for module in modules:
        for owner in module.classes.values():
            if _is_workflow(owner, tree):
                walk.begin(owner)
    walk.go()
    findings.extend(finding for finding, lines in walk.findings.values() if not is_suppressed(finding, lines))
    shown = (finding for finding in findings if finding.code in wanted)
    ordered = sorted(shown, key=lambda one: (one.path, one.line, one.column, one.code))
    return Result(tuple(ordered), len(files), len(walk.seen))


def _files(paths: Iterable[str | Path]) -> Iterator[Path]:
    known: set[Path] = set()
    for given in map(Path, paths):
        if not given.exists():
            msg = f"there is no {given}"
            raise FileNotFoundError(msg)
        for path in _below(given) if given.is_dir() else [given]:
            if path not in known:
                known.add(path)
                yield path


def _below(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            if not path.name.startswith(".") and path.name not in _SKIPPED and not (path / "pyvenv.cfg").exists():
                yield from _below(path)
        elif path.suffix == ".py":
            yield path


def _unreadable(path: Path, error: Exception) -> Finding:
    line = (error.lineno if isinstance(error, SyntaxError) else None) or 1
    column = (error.offset if isinstance(error, SyntaxError) else None) or 1
    reason = error.msg if isinstance(error, SyntaxError) else str(error)
    return Finding(str(path), line, column, line, "CAD000", RULES["CAD000"].severity, reason)


def _decorators(
    node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef, module: Module, tree: SourceTree
) -> set[str]:
    found = set()
    for one in node.decorator_list:
        name = dotted(getattr(one, "func", one))
        first, _, rest = (name or "").partition(".")
        target = module.names.get(first)
        if target is not None:
            found.add(tree.full_name(f"{target}.{rest}" if rest else target))
    return found


def _is_workflow(owner: Class, tree: SourceTree) -> bool:
    """Tell whether a class is a workflow, in either way of writing one."""
    if _decorators(owner.node, owner.module, tree) & _WORKFLOW:
        return True
    for one in tree.line_of_descent(owner):
        for method in one.methods.values():
            names = _decorators(method.node, one.module, tree) if method.node.decorator_list else ()
            if any(name.startswith("cadence.") and name.endswith(f".{_INTERFACE}") for name in names):
                return True
    return False


class _Walk:
    """Goes from the workflows' methods to whatever they lead to, breadth first."""

    def __init__(self, tree: SourceTree) -> None:
        self._tree = tree
        self._queue: deque[tuple[Next, tuple[Step, ...]]] = deque()
        self.seen: set[tuple[int, int]] = set()
        self.findings: dict[tuple[str, int, int, str], tuple[Finding, Sequence[str]]] = {}

    def begin(self, owner: Class) -> None:
        """Take all methods of a workflow, also those it inherits."""
        names: set[str] = set()
        for one in self._tree.line_of_descent(owner):
            for name, method in one.methods.items():
                if name not in names:
                    names.add(name)
                    self._add(Next(method, owner, method.node.lineno), (), method.module.path)

    def _add(self, found: Next, via: tuple[Step, ...], path: str) -> None:
        function = found.function
        key = (id(function.node), id(found.receiver))
        if key in self.seen or self._is_activity(function):
            return
        self.seen.add(key)
        self._queue.append((found, (*via, Step(function.name, path, found.line))))

    def _is_activity(self, function: Function) -> bool:
        if not function.node.decorator_list:
            return False
        return bool(_decorators(function.node, function.module, self._tree) & _ACTIVITY)

    def go(self) -> None:
        """Look at all that is reached."""
        while self._queue:
            found, via = self._queue.popleft()
            function = found.function
            visitor = Visitor(Scope(self._tree, function.module, function, found.receiver))
            for hit in visitor.look(function):
                node, path = hit.node, function.module.path
                key = (path, node.lineno, node.col_offset, hit.code)
                # An except's last line is that of its body, where other comments may stand.
                last = (node.end_lineno or node.lineno) if hit.code != "CAD013" else node.lineno
                finding = Finding(path, node.lineno, node.col_offset + 1, last, hit.code, hit.severity, hit.what, via)
                known = self.findings.get(key)
                if known is None or known[0].severity < finding.severity:
                    self.findings[key] = finding, function.module.lines
            for further in visitor.nexts:
                self._add(further, via, function.module.path)
