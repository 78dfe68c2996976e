"""Writes the pages of the API reference: for each public module the names of its `__all__`, grouped by where they live.

    python docs/reference/generate.py            # writes docs/reference/*.md
    python docs/reference/generate.py --check    # fails where they are stale

A page says only which names stand where; mkdocstrings puts signatures and docstrings in when the site is built. This
script imports the package and knows nothing of the site; mkdocs.yml lists the pages, docs/hooks changes links.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import sys
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

HERE = Path(__file__).parent
PACKAGE = HERE.parents[1] / "cadence"


NOTE = "<!-- Written by docs/reference/generate.py -->"


class Page(NamedTuple):
    """A page: its title, and the modules on it, each of which has an `__all__`."""

    title: str
    modules: tuple[str, ...]


PAGES = {
    "client": Page("Client", ("cadence.client",)),
    "worker": Page("Worker", ("cadence.worker",)),
    "workflow": Page("Workflows", ("cadence.workflow",)),
    "activity": Page("Activities", ("cadence.activity",)),
    "exceptions": Page("Exceptions", ("cadence.exceptions",)),
    "errors": Page("The server's errors", ("cadence.errors",)),
    "converter": Page("Data", ("cadence.converter",)),
    "interceptor": Page("Interceptors", ("cadence.interceptor",)),
    "testing": Page("Testing", ("cadence.testing",)),
    "metrics": Page("Metrics and logs", ("cadence.metrics", "cadence.logs")),
    "contrib": Page("Bridges to other libraries", ("cadence.contrib.opentelemetry", "cadence.contrib.prometheus")),
    "service": Page("Service and authorization", ("cadence.service",)),
    "lint": Page("Lint", ("cadence.lint",)),
    "devserver": Page("Dev server", ("cadence.devserver",)),
    "classic": Page(
        "Import paths of 1.x", ("cadence.workerfactory", "cadence.activity_method", "cadence.workflowservice")
    ),
    "tchannel": Page("Connections", ("cadence.tchannel",)),
}

# Headings of what lives in a file, in the order of the page. A file that isn't here follows, under its own name.
HEADINGS = {
    "cadence.workflow": {
        "definition": "Defining workflows",
        "activities": "Calling activities",
        "children": "Children and other workflows",
        "state": "Time, state and waiting",
        "attribute_keys": "Search attributes",
        "options": "Options",
        "commands": "Choices",
        "runtime": "What a run knows of itself",
        "continuing": "Continuing as new",
        "cadence.stubs": "Names of 1.x",
        "cadence.exceptions": "Exceptions of 1.x",
    },
    "cadence.client": {
        "client": "The client",
        "handle": "Handles",
        "options": "Options",
        "descriptions": "What the server says of workflows",
        "visibility": "Lists",
        "batch": "Doing one thing to many workflows",
        "resetting": "Resetting",
        "completion": "Completing activities from elsewhere",
        "schedules": "Schedules",
        "schedule_parts": "Parts of schedules",
        "domains": "Domains",
        "task_lists": "Task lists",
        "cluster": "Cluster",
        "connecting": "Connecting",
        "blocking": "Without asyncio",
    },
    "cadence.activity": {
        "definition": "Defining activities",
        "context": "Within an activity",
        "runtime": "What an activity knows of itself",
        "options": "Options",
        "cadence.stubs": "Names of 1.x",
    },
}


def homes_of(module: str) -> dict[str, str]:
    """Tell for each name that a package re-exports where it lives, as its imports for type checkers say."""
    path = PACKAGE.parent.joinpath(*module.split("."), "__init__.py")
    if not path.exists():
        return {}
    return {
        alias.asname or alias.name: statement.module
        for statement in ast.walk(ast.parse(path.read_text()))
        if isinstance(statement, ast.ImportFrom) and statement.module
        for alias in statement.names
    }


def groups_of(module: str, names: list[str]) -> dict[str, list[str]]:
    """Put names under headings; one empty heading where the module is small."""
    headings = HEADINGS.get(module)
    if headings is None:
        return {"": names}
    homes = homes_of(module)
    groups: dict[str, list[str]] = {heading: [] for heading in headings.values()}
    for name in names:
        home = homes.get(name, module)
        file = home.removeprefix(f"{module}.")
        room = ".".join(home.split(".")[:2])
        heading = headings.get(file) or headings.get(room) or file.rpartition(".")[2].replace("_", " ").capitalize()
        groups.setdefault(heading, []).append(name)
    return {heading: members for heading, members in groups.items() if members}


def section(module: str, level: int, told: dict[tuple[str, int], str]) -> list[str]:
    """Write what a page says of a module.

    Args:
        module: The module's name.
        level: How deep its headings are.
        told: By name and identity, where what is described already stands; what is described here is added. Such a
            thing is linked, so that each has one place.
    """
    lines = [f"::: {module}", "    options:", "      members: false", "      show_root_heading: false", ""]
    loaded = importlib.import_module(module)
    names = []
    links = []
    for name in loaded.__all__:
        path = f"{module}.{name}"
        place = told.setdefault((name, id(getattr(loaded, name))), path)
        if place == path:
            names.append(name)
        else:
            links.append(f"- `{path}` is [`{place}`][{place}]")
    for heading, members in groups_of(module, names).items():
        if heading:
            lines += [f"{'#' * level} {heading}", ""]
        for name in members:
            lines += [f"::: {module}.{name}", ""]
    return [*lines, *links, ""] if links else lines


def text_of(page: Page, told: dict[tuple[str, int], str]) -> str:
    """Write a page; `told` is as `section` has it."""
    lines = [NOTE, "", f"# {page.title}", ""]
    several = len(page.modules) > 1
    for module in page.modules:
        if several:
            lines += [f"## `{module}`", ""]
        lines += section(module, 3 if several else 2, told)
    return "\n".join(lines)


def index(told: dict[tuple[str, int], str]) -> str:
    """Write the first page: a table of the others."""
    lines = [NOTE, "", "# API reference", "", "What each public name means, from its docstring.", ""]
    lines += ["| page | import | what is there |", "| --- | --- | --- |"]
    for name, page in PAGES.items():
        for module in page.modules:
            first = (importlib.import_module(module).__doc__ or "").split("\n\n")[0].replace("\n", " ")
            lines.append(f"| [{page.title}]({name}.md) | `{module}` | {first} |")
    package = importlib.import_module("cadence")
    lines += ["", "The most used names can be imported from the package itself:", ""]
    for name in package.__all__:
        thing = getattr(package, name)
        if isinstance(thing, ModuleType):
            lines.append(f"- `cadence.{name}`: [{PAGES[name].title}]({name}.md)")
        elif not name.startswith("_"):
            home = told[name, id(thing)]
            lines.append(f"- `cadence.{name}` is [`{home}`][{home}]")
    return "\n".join([*lines, ""])


def pages() -> dict[str, str]:
    """Give the text of each page by its file's name."""
    told: dict[tuple[str, int], str] = {}
    written = {f"{name}.md": text_of(page, told) for name, page in PAGES.items()}
    return {**written, "index.md": index(told)}


def main() -> int:
    """Write the pages, or compare them with what would be written."""
    parser = argparse.ArgumentParser(description="Write the pages of the API reference.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail where a page is stale")
    check = parser.parse_args().check
    stale = []
    for name, text in pages().items():
        path = HERE / name
        if path.exists() and path.read_text() == text:
            continue
        stale.append(name)
        if not check:
            path.write_text(text)
    if check and stale:
        print(f"stale: {', '.join(stale)}; run python docs/reference/generate.py", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
