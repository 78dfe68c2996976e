"""Models of pydantic as arguments, as results and inside of dataclasses: validated on the way in, aliases kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, Generic, TypeVar

import pytest

from cadence.converter import Convention, DataConverter, signature_of
from cadence.exceptions import ConversionError

pydantic = pytest.importorskip("pydantic", reason="pydantic isn't installed: pip install 'cadence-client[pydantic]'")

T = TypeVar("T")


class Item(pydantic.BaseModel):
    name: str
    price: Decimal
    count: Annotated[int, pydantic.Field(ge=1)] = 1


class Order(pydantic.BaseModel):
    order_id: str = pydantic.Field(alias="orderId")
    items: list[Item]
    within: timedelta = timedelta(hours=1)
    at: datetime = datetime(2026, 1, 2, tzinfo=UTC)


class Page(pydantic.BaseModel, Generic[T]):
    content: list[T]


class Strict(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(strict=True, frozen=True)

    price: Decimal
    at: datetime
    kinds: tuple[str, ...] = ()


class Names(pydantic.RootModel[list[str]]):
    pass


@pydantic.dataclasses.dataclass
class Address:
    street: str
    number: int


@dataclass
class Shipment:
    order: Order
    by_name: dict[str, Item] = field(default_factory=dict)
    gift: Item | None = None


TEA = Item(name="tea", price=Decimal("4.50"))
ORDER = Order(orderId="o-1", items=[TEA, Item(name="cup", price=Decimal("12.00"), count=2)])

VALUES: list[tuple[Any, Any]] = [
    (Item, TEA),
    (Order, ORDER),
    (list[Item], [TEA, TEA]),
    (dict[str, Order], {"first": ORDER}),
    (Item | None, TEA),
    (Item | None, None),
    (Page[Item], Page[Item](content=[TEA])),
    (Shipment, Shipment(ORDER, {"tea": TEA}, TEA)),
    (Shipment, Shipment(ORDER)),
    (Strict, Strict(price=Decimal("1.10"), at=datetime(2026, 1, 2, tzinfo=UTC), kinds=("a", "b"))),
    (Names, Names(["a", "b"])),
    (list[Item | Order], [TEA, ORDER]),
    (Address, Address("Main Street", 5)),
]


@pytest.fixture(params=list(Convention), ids=lambda convention: convention.name)
def converter(request: pytest.FixtureRequest) -> DataConverter:
    return DataConverter(convention=request.param)


@pytest.mark.parametrize(("hint", "value"), VALUES, ids=str)
def test_values_come_back(converter: DataConverter, hint: Any, value: object) -> None:
    assert converter.decode_value(converter.encode_value(value), hint) == value


def call(order: Order, shipments: list[Shipment], page: Page[Item]) -> None: ...


def test_arguments_come_back(converter: DataConverter) -> None:
    values = [ORDER, [Shipment(ORDER)], Page[Item](content=[TEA])]
    assert converter.decode_arguments(converter.encode_arguments(values), signature_of(call)) == values


def test_the_wire_has_aliases(converter: DataConverter) -> None:
    written = converter.decode_value(converter.encode_value(Shipment(ORDER)))
    assert written["order"]["orderId"] == "o-1"


@pytest.mark.parametrize(
    ("data", "hint"),
    [
        (b'{"name": "tea", "price": "4.50", "count": 0}', Item),
        (b'{"orderId": "o-1", "items": [{"name": "tea", "price": "x"}]}', Order),
        (b'{"order": {"orderId": "o-1"}}', Shipment),
        (b'{"street": "Main Street", "number": "five"}', Address),
    ],
)
def test_what_is_not_valid_is_refused_with_its_place(converter: DataConverter, data: bytes, hint: Any) -> None:
    with pytest.raises(ConversionError, match="argument of the test"):
        converter.decode_value(data, hint, place="argument of the test")
