"""Typed arguments and results, and failures with their causes, through client, workflow and activity and back."""

from __future__ import annotations

import dataclasses
import enum
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cadence import activity, workflow
from cadence.exceptions import ActivityFailedError, ApplicationError, ConversionError, WorkflowFailedError

TEN = timedelta(seconds=10)


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Size(enum.IntEnum):
    SMALL = 1
    LARGE = 2


@dataclasses.dataclass
class Item:
    name: str
    price: float
    colour: Colour = Colour.RED
    size: Size | None = None
    made: datetime | None = None
    picture: bytes = b""
    tags: list[str] = dataclasses.field(default_factory=list)


@dataclasses.dataclass
class Order:
    number: int
    items: list[Item]
    by_name: dict[str, Item]
    gift: Item | None = None
    takes: timedelta = timedelta()
    key: uuid.UUID | None = None


ITEM = Item(
    "Bücher",
    9.5,
    Colour.BLUE,
    Size.LARGE,
    datetime(2024, 5, 17, 10, 30, 1, 250000, tzinfo=UTC),
    bytes(range(256)),
    ["a", "ß"],
)
ORDER = Order(2**53, [ITEM, Item("x", -1.0)], {"one": ITEM}, None, timedelta(minutes=90), uuid.UUID(int=7))


@activity.defn
async def echo_order(order: Order, colour: Colour, note: str | None = "unset") -> Order:
    assert isinstance(order.items[0], Item)
    assert isinstance(colour, Colour)
    assert note is None
    return order


@workflow.defn
class Ordering:
    def __init__(self) -> None:
        self.last: Item | None = None

    @workflow.run
    async def run(self, order: Order, colours: list[Colour], sizes: dict[str, Size]) -> Order:
        assert colours == [Colour.RED, Colour.BLUE]
        assert sizes == {"s": Size.SMALL}
        await workflow.wait_condition(lambda: self.last)
        got = await workflow.execute_activity(echo_order, order, Colour.BLUE, None, schedule_to_close_timeout=TEN)
        return dataclasses.replace(got, gift=self.last)

    @workflow.signal
    def add(self, item: Item) -> None:
        self.last = item

    @workflow.query
    def gift(self, otherwise: Item | None) -> Item | None:
        return self.last or otherwise


async def test_dataclasses_enums_times_and_bytes(scene: Any) -> None:
    async with scene.worker([Ordering], [echo_order]):
        handle = await scene.start(Ordering.run, ORDER, [Colour.RED, Colour.BLUE], {"s": Size.SMALL})
        assert await handle.query(Ordering.gift, None) is None
        await handle.signal(Ordering.add, ITEM)
        assert await scene.result(handle) == dataclasses.replace(ORDER, gift=ITEM)
        assert await handle.query(Ordering.gift, None) == ITEM


@activity.defn
async def echo(value: Any) -> Any:
    return value


@workflow.defn
class Echo:
    @workflow.run
    async def run(self, value: Any) -> Any:
        return await workflow.execute_activity(echo, value, schedule_to_close_timeout=TEN)


@pytest.mark.parametrize(
    "value",
    [None, 0, -(2**62), 1.5, "", "a\nb\x00\u2028\U0001f600", [], [None, [1, {"a": {}}]], {}, True, "x" * 300_000],
    ids=lambda value: f"{type(value).__name__}-{str(value)[:8]!r}",
)
async def test_plain_values(scene: Any, value: object) -> None:
    async with scene.worker([Echo], [echo]):
        got = await scene.run(Echo.run, value)
    assert got == value
    assert type(got) is type(value)


async def test_undecodable_result_names_its_place(scene: Any) -> None:
    async with scene.worker([Echo], [echo]):
        handle = await scene.start(Echo.run, "no number")
        typed = scene.client.get_workflow_handle(handle.workflow_id, result_type=int)
        with pytest.raises(ConversionError, match="result"):
            await scene.result(typed)


class NoStock(Exception):
    def __init__(self, item: str) -> None:
        super().__init__(f"no {item} left")
        self.item = item


@activity.defn
async def take(item: str) -> None:
    try:
        {}[item]  # it shall raise
    except KeyError as error:
        raise NoStock(item) from error


@workflow.defn
class Taking:
    @workflow.run
    async def run(self, item: str) -> None:
        try:
            await workflow.execute_activity(take, item, schedule_to_close_timeout=TEN)
        except ActivityFailedError as error:
            raise ApplicationError("the order failed", item, reason="OrderFailed") from error


async def test_failures_keep_their_causes(scene: Any) -> None:
    async with scene.worker([Taking], [take]):
        with pytest.raises(WorkflowFailedError) as caught:
            await scene.run(Taking.run, "milk")
    chain = []
    error: BaseException | None = caught.value
    while error is not None:
        chain.append(error)
        error = error.__cause__
    outer, order, failed, stock, key = chain
    assert isinstance(outer, WorkflowFailedError)
    assert isinstance(order, ApplicationError)
    assert (order.reason, list(order.details)) == ("OrderFailed", ["milk"])
    assert isinstance(failed, ActivityFailedError)
    assert failed.activity_type == "take"
    assert "no milk left" in str(stock)
    assert "milk" in str(key)
    # Where the far side raised is told to whoever reads the near one.
    assert "in take" in "".join(getattr(stock, "__notes__", ())) + getattr(stock, "remote_traceback", "")


async def test_an_activity_that_is_not_there_and_one_with_wrong_arguments(scene: Any) -> None:
    @workflow.defn
    class Wrong:
        @workflow.run
        async def run(self, name: str, *arguments: int) -> str:
            try:
                await workflow.execute_activity(name, *arguments, schedule_to_close_timeout=TEN)
            except ActivityFailedError as error:
                return str(error.__cause__)
            return "no error"

    async with scene.worker([Wrong], [take]):
        assert "nothing_of_the_kind" in await scene.run(Wrong.run, "nothing_of_the_kind")
        assert "take" in await scene.run(Wrong.run, "take", 5)
        assert "take" in await scene.run(Wrong.run, "take", 1, 2, 3)
