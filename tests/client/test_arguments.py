"""Arguments are refused where no worker could read them, and only there."""

from __future__ import annotations

import dataclasses
import enum
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from cadence import api, workflow
from cadence.client import BatchSignal, Client
from cadence.client.arguments import check_arguments, checked_query, checked_signal
from cadence.converter import Convention, DataConverter
from cadence.converter.signatures import signature_of
from cadence.exceptions import ConfigurationError, ConversionError

if TYPE_CHECKING:
    from nowhere import Unknown  # type: ignore[import-not-found]


class Color(enum.Enum):
    RED = "red"


@dataclasses.dataclass
class Point:
    x: int
    tags: list[str] = dataclasses.field(default_factory=list)


def take(  # noqa: PLR0917  # one of each kind
    text: str = "",
    number: float = 0,
    point: Point | None = None,
    points: list[Point] | None = None,
    raw: bytes = b"",
    color: Color = Color.RED,
    anything: Any = None,
) -> None: ...


def many(first: int, *rest: str) -> None: ...


@pytest.mark.parametrize("convention", list(Convention))
@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("x", 1, Point(1), [Point(1), Point(2)], b"x", Color.RED, {1: 2}),
        ("x", 1.5, None, None),
        # What has the same form in JSON is read by the worker.
        (Color.RED, 3),
        (datetime(2030, 1, 1, tzinfo=UTC), 3),
        (uuid.UUID(int=1), 3),
        (Decimal(3), 3),
        ("x", 1, {"x": 1}, [{"x": 1, "tags": ["y"]}, Point(2)]),
        ("x", 1, None, (Point(1),), b"x", "red"),
    ],
)
def test_what_a_worker_can_read_passes(arguments: tuple[object, ...], convention: Convention) -> None:
    check_arguments("workflow take", signature_of(take), arguments, convention)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((5,), r'argument 1 \("text"\) of workflow take: 5 is no str'),
        (("x", "y"), r'argument 2 \("number"\)'),
        (("x", 1, 7), r'argument 3 \("point"\)'),
        (("x", 1, None, [Point(1), "z"]), r'argument 4 \("points"\)'),
        (("x", 1, None, None, b"", "blue"), r'argument 6 \("color"\)'),
    ],
)
def test_what_no_worker_can_read_is_refused(arguments: tuple[object, ...], words: str) -> None:
    with pytest.raises(ConversionError, match=words):
        check_arguments("workflow take", signature_of(take), arguments, Convention.GO)


def test_variable_numbers_of_arguments() -> None:
    signature = signature_of(many)
    check_arguments("signal many", signature, (1, "a", "b"), Convention.GO)
    with pytest.raises(ConversionError, match="argument 3"):
        check_arguments("signal many", signature, (1, "a", 2), Convention.GO)
    with pytest.raises(ConfigurationError, match="signal many is called without first"):
        check_arguments("signal many", signature, (), Convention.GO)


def test_what_has_no_form_is_left_to_the_call() -> None:
    check_arguments("workflow take", signature_of(take), ("x", 1, object()), Convention.GO)


class Handlers:
    @workflow.signal
    def move(self, point: Point) -> None: ...

    @workflow.query
    def at(self, index: int) -> str:
        return str(index)

    @workflow.signal(name="far")
    def elsewhere(self, what: Unknown) -> None: ...


def test_names_of_handlers_are_given_back() -> None:
    assert checked_signal("any", ("x", 1), Convention.GO) == "any"
    assert checked_signal(Handlers.move, (Point(1),), Convention.GO) == "move"
    assert checked_query(Handlers.at, (1,), Convention.GO) == "at"
    with pytest.raises(ConversionError, match='of signal "move"'):
        checked_signal(Handlers.move, (1,), Convention.GO)
    with pytest.raises(ConfigurationError, match='query "at" takes 1 argument, but got 2'):
        checked_query(Handlers.at, (1, 2), Convention.GO)


def test_types_that_are_known_elsewhere_alone_are_not_checked() -> None:
    assert checked_signal(Handlers.elsewhere, (1,), Convention.GO) == "far"


class Sealing:
    """A codec that can write and not read, as one with a public key."""

    name = "sealing"

    def encode(self, data: bytes) -> bytes:
        return data[::-1]

    def decode(self, data: bytes) -> bytes:
        raise AssertionError("it has no private key")


async def test_codecs_need_not_read(connect: Callable[..., Client], frontend: Any) -> None:
    frontend.on("SignalWorkflowExecution", None)
    client = connect(converter=DataConverter(codecs=[Sealing()]))
    await client.get_workflow_handle("w").signal(Handlers.move, {"x": 1})  # type: ignore[arg-type]
    assert len(frontend.of("SignalWorkflowExecution")) == 1


async def test_batches_are_refused_before_they_begin(client: Client, frontend: Any) -> None:
    frontend.on("ListOpenWorkflowExecutions", api.ListOpenWorkflowExecutionsResponse())
    with pytest.raises(ConversionError, match='of signal "move"'):
        await client.batch("", BatchSignal(Handlers.move, (1,)), is_open=True)
    assert frontend.requests == []
