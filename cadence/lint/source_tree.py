"""The files that are looked at and those they import: what a full dotted name stands for, through re-exports.

Modules are looked up below the folders that the given files lie in, and never imported. How one file is read is
`modules`' job; what is done with it is for `visitor` and `reach`.
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from cadence.lint.modules import Class, Function, Module, dotted, parsed

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ("SourceTree",)

_DEEPEST = 16
"""Re-exports that are followed before a name counts as unknown; it ends circles."""


class SourceTree:
    """The files that are looked at, and those they import from the same tree."""

    def __init__(self, roots: Sequence[Path] = ()) -> None:
        """Make an empty tree.

        Args:
            roots: Folders where imports are looked up besides those that the files themselves lie in.
        """
        self._roots: dict[Path, None] = dict.fromkeys(root.resolve() for root in roots)
        self._by_path: dict[Path, Module] = {}
        self._by_name: dict[str, Module | None] = {}

    def add(self, path: Path, shown: str | None = None) -> Module:
        """Parse a file, once.

        Args:
            path: The file.
            shown: Its path for people; default: as it is.

        Raises:
            SyntaxError: It isn't Python of this interpreter's version.
            UnicodeDecodeError: It isn't text.
            OSError: It can't be read.
        """
        full = path.resolve()
        known = self._by_path.get(full)
        if known is not None:
            return known
        name, root, is_package = _place(full)
        self._roots.setdefault(root)
        return self._parse(full, shown or str(path), name, is_package)

    def _parse(self, full: Path, shown: str, name: str, is_package: bool) -> Module:
        taken = _is_elsewhere(name) or self._by_name.get(name) is not None
        # Two programs can have a file of one name; what is in this one is then found by a name nobody imports.
        unique = f"{name}@{len(self._by_path)}" if taken else name
        module = self._by_path[full] = self._by_name[unique] = parsed(full, shown, unique, is_package)
        return module

    def module(self, name: str) -> Module | None:
        """Find a module by its dotted name; None where it is none of this tree, or can't be read."""
        if name not in self._by_name:
            self._by_name[name] = self._found(name)
        return self._by_name[name]

    def _found(self, name: str) -> Module | None:
        if _is_elsewhere(name):
            return None
        below = Path(*name.split("."))
        for root in list(self._roots):
            for candidate, is_package in ((root / below / "__init__.py", True), (root / f"{below}.py", False)):
                known = self._by_path.get(candidate)
                if known is not None:
                    return known
                if not candidate.is_file():
                    continue
                try:
                    return self._parse(candidate, _shown(candidate), name, is_package)
                except (SyntaxError, UnicodeDecodeError, ValueError, OSError):
                    return None  # it is told about where it is asked for itself
        return None

    def find(self, name: str, depth: int = 0) -> Module | Class | Function | None:
        """Find what a full dotted name stands for in this tree, through re-exports."""
        if depth > _DEEPEST:
            return None
        head, rest = name, ""
        while head:
            module = self.module(head)
            if module is not None:
                return self._inside(module, rest, depth) if rest else module
            head, _, last = head.rpartition(".")
            rest = f"{last}.{rest}" if rest else last
        return None

    def _inside(self, module: Module, rest: str, depth: int) -> Module | Class | Function | None:
        first, _, more = rest.partition(".")
        if first in module.functions:
            return None if more else module.functions[first]
        if first in module.classes:
            owner = module.classes[first]
            return self.method(owner, more) if more else owner
        if first in module.names:
            return self.find(f"{module.names[first]}.{more}" if more else module.names[first], depth + 1)
        return None

    def full_name(self, name: str, depth: int = 0) -> str:
        """Follow re-exports of this tree to where a name comes from, also outside of it."""
        head, _, last = name.rpartition(".")
        rest = last
        while head and depth <= _DEEPEST:
            module = self.module(head)
            if module is not None:
                first, _, more = rest.partition(".")
                if first in module.names and self.module(f"{head}.{first}") is None:
                    target = module.names[first]
                    return self.full_name(f"{target}.{more}" if more else target, depth + 1)
                return name
            head, _, last = head.rpartition(".")
            rest = f"{last}.{rest}"
        return name

    def line_of_descent(self, owner: Class) -> list[Class]:
        """Return a class and those it derives from, as far as they are in this tree, nearest first."""
        found: dict[Class, None] = {owner: None}
        queue = [owner]
        for one in queue:
            for base in one.node.bases:
                name = dotted(base.value if isinstance(base, ast.Subscript) else base)
                if name is None:
                    continue
                known = self._named(one.module, name)
                if isinstance(known, Class) and known not in found:
                    found[known] = None
                    queue.append(known)
        return list(found)

    def _named(self, module: Module, name: str) -> Module | Class | Function | None:
        first, _, rest = name.partition(".")
        if first in module.names:
            target = module.names[first]
            return self.find(f"{target}.{rest}" if rest else target)
        return self._inside(module, name, 0)

    def method(self, owner: Class, name: str) -> Function | None:
        """Find a method of a class or of what it derives from."""
        for one in self.line_of_descent(owner):
            if name in one.methods:
                return one.methods[name]
        return None


def _is_elsewhere(name: str) -> bool:
    """Tell whether an import of that name is none of the tree's, whatever files there are."""
    first = name.partition(".")[0]
    return first == "cadence" or first in sys.stdlib_module_names


def _place(full: Path) -> tuple[str, Path, bool]:
    """Work out a file's dotted name, and the folder it is imported from."""
    is_package = full.name == "__init__.py"
    parts = [] if is_package else [full.stem]
    folder = full.parent
    while (folder / "__init__.py").is_file():
        parts.insert(0, folder.name)
        folder = folder.parent
    return ".".join(parts), folder, is_package


def _shown(path: Path) -> str:
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
