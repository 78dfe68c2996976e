"""Command lines and YAML on the pages: commands and options that there are, and documents that can be read."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import typer

from cadence.cli import app

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs/reference"
PAGES = sorted([*ROOT.glob("*.md"), *(p for p in (ROOT / "docs").rglob("*.md") if not p.is_relative_to(REFERENCE))])
WITH_YAML = [page for page in PAGES if "\n```yaml" in page.read_text()]
BLOCK = re.compile(r"^```(\w+)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"(?<![\w`])`((?:python -m )?cadence [a-z-][^`]*)`")
BEFORE = re.compile(r"(?:[A-Z_]+=\S+ |python -m |exec )*(?=cadence )")
COMMAND: Any = typer.main.get_command(app.build())


def lines(page: Path) -> Iterator[str]:
    """Every `cadence ...` of a page's shell blocks, without comments and what follows in a pipe."""
    for language, text in BLOCK.findall(page.read_text()):
        if language not in ("sh", "console"):
            continue
        for line in text.replace("\\\n", " ").splitlines():
            if language == "console" and not line.startswith("$ "):
                continue
            for part in re.split(r"\s(?:&&|\|\||[|>&])(?:\s|$)|;", line.removeprefix("$ ")):
                start = BEFORE.match(part.strip())
                if start is not None:
                    yield part.strip()[start.end() :]


def mentions(page: Path) -> Iterator[str]:
    """Every `cadence ...` within a page's text."""
    for found in INLINE.findall(BLOCK.sub("", page.read_text())):
        yield re.split(r"\s(?:&&|[|>])\s", found.removeprefix("python -m "))[0]


def missing(words: list[str]) -> str:
    """Walk from command to command; name the first one or the first option that isn't there."""
    command, words = COMMAND, [word.strip("[]") for word in words[1:]]
    while words:
        word = words.pop(0)
        if word == "--":
            break
        if word.startswith("-"):
            name, _, value = word.partition("=")
            known = {each: one for one in command.params for each in (*one.opts, *one.secondary_opts)}
            if name not in known and name not in ("-h", "--help"):
                return f"{command.name} has no {name}"
            if not value and name in known and not getattr(known[name], "is_flag", False) and words:
                words.pop(0)
        elif hasattr(command, "commands"):
            if word not in command.commands:
                return "" if not word.isascii() or word == "..." else f"{command.name} has no {word}"
            command = command.commands[word]
    return ""


def _cases(find: Any) -> list[Any]:
    return [
        pytest.param(line, id=f"{page.relative_to(ROOT)}: {line}")
        for page in PAGES
        for line in dict.fromkeys(find(page))
    ]


@pytest.mark.parametrize("line", _cases(lines))
def test_a_command_line_can_be_given(line: str) -> None:
    words = shlex.split(line, comments=True)
    assert not missing(words)
    context, command, words = None, COMMAND, words[1:]
    while True:
        context = command.make_context(command.name, list(words), parent=context)
        if not hasattr(command, "commands"):
            break
        _, command, words = command.resolve_command(context, [*getattr(context, "_protected_args", ()), *context.args])


@pytest.mark.parametrize("line", _cases(mentions))
def test_a_mentioned_command_is_there(line: str) -> None:
    try:
        words = shlex.split(line)
    except ValueError:
        words = line.split()
    assert not missing(words)


def test_what_is_not_there_is_found() -> None:
    assert missing(["cadence", "wrkflow", "list"]) == "cadence has no wrkflow"
    assert missing(["cadence", "workflow", "list", "--colour"]) == "list has no --colour"
    assert missing(["cadence", "--domain", "list", "workflow", "list", "--query=a"]) == ""


def commands(group: Any, names: tuple[str, ...] = ()) -> Iterator[str]:
    for name, command in group.commands.items():
        inner = hasattr(command, "commands")
        yield from commands(command, (*names, name)) if inner else [" ".join(("cadence", *names, name))]


@pytest.mark.parametrize("command", list(commands(COMMAND)))
def test_the_page_of_commands_has_an_example_of_each(command: str) -> None:
    shown = lines(ROOT / "docs/command-line.md")
    assert any(line.split()[: len(command.split())] == command.split() for line in shown)


@pytest.mark.parametrize("page", WITH_YAML, ids=lambda page: page.name)
def test_yaml_on_a_page_can_be_read(page: Path) -> None:
    yaml = pytest.importorskip("yaml")
    for language, text in BLOCK.findall(page.read_text()):
        if language == "yaml":
            assert list(yaml.safe_load_all(text))
