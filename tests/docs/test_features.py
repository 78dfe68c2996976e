"""The table of features: the tests that it links to are there, and its code is Python that names what is there."""

from __future__ import annotations

import ast
import builtins
import inspect
import re
from pathlib import Path
from typing import Any, is_typeddict

import pytest

import cadence
import cadence.activity
import cadence.client
import cadence.converter
import cadence.exceptions
import cadence.interceptor
import cadence.testing
import cadence.workflow
from cadence.worker.options import WorkerSettings

PAGE = Path(__file__).parents[2] / "docs/features.md"
ROWS = [line for line in PAGE.read_text().splitlines() if re.match(r"\| .*\]\(\.\./.*#test_", line)]
LINK = re.compile(r"\]\(([^)#]+)#(test_\w+)\)")
ROOMS = (cadence, cadence.client, cadence.converter, cadence.exceptions, cadence.testing, cadence.interceptor)
OBJECTS: dict[str, tuple[Any, ...]] = {
    "workflow": (cadence.workflow,),
    "activity": (cadence.activity,),
    "client": (cadence.client.Client,),
    "worker": (cadence.Worker,),
    "handle": (cadence.client.WorkflowHandle, cadence.workflow.ChildWorkflowHandle, cadence.workflow.ActivityHandle),
    "Workflow": (cadence.workflow.Workflow,),
}
OPTIONS = {
    name
    for options in (
        cadence.workflow.ActivityOptions,
        cadence.workflow.ChildWorkflowOptions,
        cadence.workflow.ContinueAsNewOptions,
        cadence.client.StartOptions,
        WorkerSettings,
    )
    for name in options.__annotations__
}
MADE_UP = {"OutOfStock", "EncryptionCodec", "Shop", "copy", "charge", "timedelta"}


def feature(row: str) -> str:
    return row.split(" | ", maxsplit=1)[0].removeprefix("| ")


def code(row: str) -> str:
    return "\n".join(re.findall(r"`([^`]+)`", row.split(" | ")[1]))


def functions(path: Path) -> set[str]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, kinds)}


def parsed(text: str) -> ast.AST:
    """Read a line of code; one that needs something around it (a try, a body) gets that."""
    for around in ("{}", "try: ...\n{}", "{}\ndef a(): ...", "{}\nclass A: ..."):
        try:
            return compile(around.format(text), str(PAGE), "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        except SyntaxError:
            continue
    pytest.fail(f"this is no Python: {text}")


def test_there_are_features() -> None:
    assert len(ROWS) > 100


@pytest.mark.parametrize("row", ROWS, ids=feature)
def test_its_tests_are_there(row: str) -> None:
    links = LINK.findall(row)
    assert links
    for file, name in links:
        assert name in functions((PAGE.parent / file).resolve()), f"{file} has no {name}"


def found(node: ast.expr) -> Any:
    """Find what a name or an attribute of something known stands for; None for what the line made up."""
    if isinstance(node, ast.Name) and node.id in MADE_UP:
        return None
    if isinstance(node, ast.Name):
        homes = [room for room in (*ROOMS, cadence.workflow, builtins) if hasattr(room, node.id)]
        assert homes, f"there is no {node.id}"
        return getattr(homes[0], node.id)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in OBJECTS:
        for owner in OBJECTS[node.value.id]:
            if hasattr(owner, node.attr):
                return getattr(owner, node.attr)
        if node.value.id != "client" or node.attr not in ("domains", "schedules", "service", "task_lists"):
            pytest.fail(f"there is no {ast.unparse(node)}")
    return None


@pytest.mark.parametrize("row", ROWS, ids=feature)
def test_its_code_names_what_is_there(row: str) -> None:
    for node in ast.walk(parsed(code(row))):
        if isinstance(node, ast.Attribute):
            found(node)
        if isinstance(node, ast.Call) and (target := found(node.func)) is not None:
            options = is_typeddict(target)
            known = target.__annotations__ if options else inspect.signature(target).parameters
            free = not options and any(each.kind is inspect.Parameter.VAR_KEYWORD for each in known.values())
            for keyword in node.keywords:
                name = keyword.arg
                assert name in known or (free and name in OPTIONS), f"{ast.unparse(node.func)} has no {name}"


@pytest.mark.parametrize("row", ROWS, ids=feature)
def test_others_have_it_or_not(row: str) -> None:
    cells = row.strip().strip("|").split("|")
    assert len(cells) == 7
    assert {cell.strip() for cell in cells[3:]} <= {"yes", "no", ""}
