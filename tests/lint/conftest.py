"""Workflow code that is written to a folder and looked at."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from cadence.lint import Finding, lint

Look = Callable[..., list[Finding]]
HEAD = "from cadence import activity, workflow\n"


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[str, str]], Path]:
    """Write files below a folder, which becomes the current one."""
    monkeypatch.chdir(tmp_path)

    def write(files: dict[str, str]) -> Path:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text), encoding="utf-8")
        return tmp_path

    return write


@pytest.fixture
def look(source: Callable[[dict[str, str]], Path]) -> Look:
    """Look at files; by default at all of them."""

    def look(files: dict[str, str], paths: Sequence[str] = (".",)) -> list[Finding]:
        source(files)
        return list(lint(paths).findings)

    return look


@pytest.fixture
def look_at_run(look: Look) -> Look:
    """Look at a workflow whose `run` has the given body, below what else is in its module."""

    def look_at_run(body: str, above: str = "", arguments: str = "self") -> list[Finding]:
        indented = textwrap.indent(textwrap.dedent(body).strip("\n"), " " * 8)
        text = f"{HEAD}{textwrap.dedent(above)}\n@workflow.defn\nclass Order:\n    @workflow.run\n"
        return look({"app.py": f"{text}    async def run({arguments}):\n{indented}\n"})

    return look_at_run
