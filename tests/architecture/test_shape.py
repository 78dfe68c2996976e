"""The house keeps its shape: file sizes, public names, lazy top level, test tree beside the code."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "cadence"
SOURCES = sorted(PACKAGE.rglob("*.py"))
MODULES = [path for path in SOURCES if path.name not in {"__init__.py", "__main__.py"}]


def _dotted(path: Path) -> str:
    parts = list(path.relative_to(ROOT).with_suffix("").parts)
    if parts[-1] == "__init__":
        parts.pop()
    return ".".join(parts)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_has_one_job_and_fits_a_reader(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").count("\n")
    assert lines <= 500, f"{path.relative_to(ROOT)} has {lines} lines: give a part of its job a file of its own"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_says_its_job(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), f"{path} has no docstring"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_all_names_exist(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = [
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id == "__all__"
        and isinstance(node.value, ast.Tuple | ast.List)
        and all(isinstance(item, ast.Constant) for item in node.value.elts)
    ]
    if not names:
        pytest.skip("no __all__")
    module = importlib.import_module(_dotted(path))
    assert len(set(names[0])) == len(names[0])
    missing = [name for name in names[0] if not hasattr(module, name)]
    assert not missing


def test_top_level_names_live_where_the_table_says() -> None:
    import cadence

    for name in cadence.__all__:
        value = getattr(cadence, name)
        if name == "__version__":
            continue
        home = value.__name__ if hasattr(value, "__path__") or not hasattr(value, "__module__") else value.__module__
        assert home.startswith("cadence."), name
    assert sorted(cadence.__all__) == dir(cadence)
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = cadence.no_such_name  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("statement", "banned"),
    [
        ("import cadence", ("thriftpy2", "asyncio", "aiohttp", "typer")),
        (
            "from cadence import workflow, activity",
            ("thriftpy2", "aiohttp", "typer", "cadence.engine", "cadence.tchannel"),
        ),
        ("from cadence import Client", ("aiohttp", "typer", "cadence.engine", "cadence.worker", "cadence.devserver")),
        ("from cadence import Client, Worker", ("aiohttp", "typer", "cadence.devserver", "thriftpy2.parser")),
    ],
)
def test_imports_stay_lazy(statement: str, banned: tuple[str, ...]) -> None:
    code = f"{statement}\nimport sys\nprint([name for name in {banned!r} if name in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert out.stdout.strip() == "[]"


def test_layers_hold() -> None:
    out = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command; lint_imports_command()",
            "--config",
            "setup.cfg",
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert out.returncode == 0, out.stdout + out.stderr


def test_the_tests_mirror_the_package() -> None:
    rooms = {path.name for path in PACKAGE.iterdir() if path.is_dir() and (path / "__init__.py").exists()}
    missing = sorted(room for room in rooms if not (ROOT / "tests" / room).is_dir())
    assert not missing, f"rooms without a folder in tests/: {missing}"
