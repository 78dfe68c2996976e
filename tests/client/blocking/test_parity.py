"""The two faces of the client are one: whatever the async one has, the blocking one has, with the same types."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any, get_overloads

import pytest

import cadence.client
from cadence.client import (
    ActivityCompletion,
    BlockingActivityCompletion,
    BlockingClient,
    BlockingDomains,
    BlockingSchedules,
    BlockingTaskLists,
    BlockingWorkflowHandle,
    Client,
    Domains,
    Schedules,
    TaskLists,
    WorkflowHandle,
)

PAIRS: list[tuple[type, type]] = [
    (Client, BlockingClient),
    (WorkflowHandle, BlockingWorkflowHandle),
    (Domains, BlockingDomains),
    (Schedules, BlockingSchedules),
    (TaskLists, BlockingTaskLists),
    (ActivityCompletion, BlockingActivityCompletion),
]
EXEMPT = {
    "Client.service": "fifty-five coroutines; they are waited for with wait_for",
    "Client.interceptors": "they belong to the async client, where workers look for them",
    "Client.send": "what handles stand on; calls for those who have none go through wait_for",
    "BlockingClient.client": "the async client",
    "BlockingClient.wait_for": "await does it in coroutines",
    "BlockingWorkflowHandle.handle": "the async handle",
}


def public(owner: type) -> dict[str, Any]:
    """Give the public methods and properties, and the attributes that `__init__` sets, those as None."""
    source = inspect.getsource(vars(owner)["__init__"])
    names = dict.fromkeys(re.findall(r"^ +self\.([a-z]\w*)(?::[^=]+)? = ", source, re.MULTILINE))
    return {**names, **{name: value for name, value in vars(owner).items() if not name.startswith("_")}}


def wanted_type(annotation: object) -> str:
    """Turn the type that a coroutine or async iterator gives into what blocking code gets."""
    text = annotation if isinstance(annotation, str) else repr(annotation)
    text = text.replace("AsyncIterator[", "Iterator[").replace("Connecting[Self]", "Self")
    return re.sub(r"\b(WorkflowHandle|ActivityCompletion)\b", r"Blocking\1", text)


def shapes(function: Callable[..., Any], translate: Callable[[object], str] = str) -> list[tuple[Any, ...]]:
    """Give parameters and result of each overload and of the function itself."""
    function = getattr(function, "__func__", function)
    found = []
    for each in (*get_overloads(function), function):
        signature = inspect.signature(each)
        parameters = [
            (name, value.kind.name, repr(value.default), str(value.annotation))
            for name, value in signature.parameters.items()
        ]
        found.append((*parameters, translate(signature.return_annotation)))
    return found


@pytest.mark.parametrize(("face", "blocking"), PAIRS, ids=lambda owner: owner.__name__)
def test_each_name_has_a_counterpart(face: type, blocking: type) -> None:
    has = {name for name in public(face) if f"{face.__name__}.{name}" not in EXEMPT}
    given = {name for name in public(blocking) if f"{blocking.__name__}.{name}" not in EXEMPT}
    assert has == given


@pytest.mark.parametrize(
    ("face", "blocking", "name"),
    [
        (face, blocking, name)
        for face, blocking in PAIRS
        for name, value in public(face).items()
        if (inspect.isfunction(value) or isinstance(value, classmethod)) and f"{face.__name__}.{name}" not in EXEMPT
    ],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
def test_each_method_takes_and_gives_the_same(face: type, blocking: type, name: str) -> None:
    ours = vars(blocking)[name]
    assert shapes(ours) == shapes(vars(face)[name], wanted_type)
    assert inspect.getdoc(ours)
    assert not inspect.iscoroutinefunction(ours)


def test_exemptions_are_of_names_that_are_there() -> None:
    owners = {owner.__name__: owner for pair in PAIRS for owner in pair}
    for exempt in EXEMPT:
        owner, name = exempt.split(".")
        assert name in public(owners[owner]), exempt


def test_every_class_with_calls_has_a_pair() -> None:
    known = {owner for pair in PAIRS for owner in pair}
    for name in cadence.client.__all__:
        value = getattr(cadence.client, name)
        if inspect.isclass(value) and name != "Connecting":
            calls = [each for each in vars(value).values() if inspect.iscoroutinefunction(each)]
            assert not calls or value in known, f"{name} has coroutines and no blocking counterpart"
