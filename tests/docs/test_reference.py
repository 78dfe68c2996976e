"""The reference has every public name once, with a docstring, and the site with it is built without a warning."""

from __future__ import annotations

import enum
import importlib
import importlib.util
import inspect
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"
DIRECTIVE = re.compile(r"^::: (\S+)$", re.MULTILINE)
LINKED = re.compile(r"^- `(\S+)` is \[", re.MULTILINE)


def _generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate_reference", REFERENCE / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


GENERATOR = _generator()
MODULES = [module for page in GENERATOR.PAGES.values() for module in page.modules]


def _public() -> Iterator[tuple[str, Any]]:
    for module in MODULES:
        loaded = importlib.import_module(module)
        for name in loaded.__all__:
            yield f"{module}.{name}", getattr(loaded, name)


PUBLIC = list(_public())


def _members(path: str, thing: type) -> Iterator[tuple[str, Any]]:
    """The public functions and properties that a class of ours defines itself."""
    for name, member in vars(thing).items():
        if not name.startswith("_") and (inspect.isfunction(member) or isinstance(member, property)):
            yield f"{path}.{name}", member


def _is_generated(thing: Any) -> bool:
    return getattr(thing, "__module__", "").startswith("cadence.api")


def test_pages_are_as_written_by_their_command() -> None:
    for name, text in GENERATOR.pages().items():
        assert (REFERENCE / name).read_text() == text, f"{name} is stale: python docs/reference/generate.py"
    assert {path.name for path in REFERENCE.glob("*.md")} == set(GENERATOR.pages())


def test_every_public_name_stands_there_once() -> None:
    text = "\n".join(path.read_text() for path in REFERENCE.glob("*.md"))
    told = Counter(DIRECTIVE.findall(text))
    linked = Counter(LINKED.findall(text))
    for path, _ in PUBLIC:
        assert told[path] + linked[path] == 1, path


def test_every_public_module_is_there() -> None:
    """A room that users import from has an `__all__`; what is not in the reference is internal, and says so here."""
    rooms = {f"cadence.{path.parent.name}" for path in (ROOT / "cadence").glob("*/__init__.py")}
    files = {f"cadence.{path.stem}" for path in (ROOT / "cadence").glob("[!_]*.py")}
    internal = {
        "cadence.api",  # generated: the structs are the IDL's, and thrift/ says what they mean
        "cadence.cli",  # a command; docs/command-line.md
        "cadence.contrib",  # empty; its modules are there
        "cadence.engine",
        "cadence.stubs",  # the names of 1.x, from the modules of 1.x
        "cadence.cadence_types",
    }
    assert {module for module in rooms | files if not any(m.startswith(module) for m in MODULES)} <= internal


@pytest.mark.parametrize(("path", "thing"), PUBLIC, ids=[path for path, _ in PUBLIC])
def test_it_has_a_docstring(path: str, thing: Any) -> None:
    if not (inspect.isclass(thing) or inspect.isroutine(thing)) or _is_generated(thing):
        return
    own = vars(thing).get("__doc__") if inspect.isclass(thing) else thing.__doc__
    assert own, path
    if inspect.isclass(thing) and not issubclass(thing, enum.Enum):
        for name, member in _members(path, thing):
            assert inspect.getdoc(member) or _is_overload_of_documented(thing, name), name


def _is_overload_of_documented(thing: type, path: str) -> bool:
    name = path.rpartition(".")[2]
    return any(inspect.getdoc(vars(base).get(name)) for base in thing.__mro__[1:])


@pytest.mark.timeout(120)
def test_the_site_is_built_without_a_warning(tmp_path: Path) -> None:
    pytest.importorskip("mkdocs", reason="mkdocs is not installed: pip install -e '.[docs]'")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "reference" / "client.html").read_text()
    assert "Start a workflow and go on" in page or "Starts a workflow" in page
    assert "execution_start_to_close_timeout" in page
