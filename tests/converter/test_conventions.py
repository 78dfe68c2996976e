"""Values in the forms of Go, Java and 1.x: written as chosen, read whichever comes."""

from __future__ import annotations

import dataclasses
import enum
import math
import typing
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Generic, NamedTuple, TypedDict, TypeVar

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadence.converter import Convention, DataConverter, signature_of
from cadence.exceptions import ConversionError

T = TypeVar("T")
CONVENTIONS = list(Convention)


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Level(enum.IntEnum):
    LOW = 1


@dataclasses.dataclass
class Item:
    name: str
    price: Decimal
    tags: list[str] = dataclasses.field(default_factory=list)


@dataclasses.dataclass
class Order:
    order_id: uuid.UUID
    placed: datetime
    items: dict[str, Item]
    colour: Colour = Colour.RED
    note: str | None = None
    parent: Order | None = None


@attrs.define
class Point:
    x: int
    y: int = 0


class Options(TypedDict, total=False):
    retries: int


class Pair(NamedTuple):
    left: int
    right: str


@dataclasses.dataclass
class Circle:
    radius: float


@dataclasses.dataclass
class Square:
    side: float


@dataclasses.dataclass
class Drawing:
    shape: Circle | Square
    lasts: timedelta


@dataclasses.dataclass
class Page(Generic[T]):
    content: list[T]
    first: T | None = None


DRAWING = Drawing(Square(2.0), timedelta(seconds=5))
ORDER = Order(uuid.UUID(int=7), datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), {"a": Item("x", Decimal("1.50"), ["t"])})

TYPED: list[tuple[Any, Any]] = [
    ("text \u00e9 \u2713", str),
    (3, int),
    (-1.5, float),
    (True, bool),
    (b"\x00\xff raw", bytes),
    (Colour.BLUE, Colour),
    (Level.LOW, Level),
    (datetime(2026, 5, 6, 7, 8, 9, 123456, tzinfo=UTC), datetime),
    (date(2026, 5, 6), date),
    (timedelta(days=1, microseconds=5), timedelta),
    (uuid.UUID(int=5), uuid.UUID),
    (Decimal("3.14"), Decimal),
    ([1, 2], list[int]),
    ({"a": [1.5]}, dict[str, list[float]]),
    ((1, "a"), tuple[int, str]),
    ({1, 2}, set[int]),
    ([], list[int]),
    (ORDER, Order),
    ([ORDER, ORDER], list[Order]),
    (dataclasses.replace(ORDER, parent=ORDER, note="n"), Order),
    (Point(1, 2), Point),
    ({"retries": 3}, Options),
    (Pair(1, "a"), Pair),
    (Square(2.0), Circle | Square),
    ([Circle(1.0), Square(2.0)], list[Circle | Square]),
    (DRAWING, Drawing),
    (Page([ORDER], ORDER), Page[Order]),
    (Page([DRAWING], DRAWING), Page[Drawing]),
    ({"a": [Page([Square(1.0), Circle(2.0)])]}, dict[str, list[Page[Circle | Square]]]),
    (Page([Page([DRAWING])]), Page[Page[Drawing]]),
    ("x", str | None),
    (float("inf"), float),
    (2**70, int),
]


def one(parameter: Any) -> Callable[..., Any]:
    def function(value: Any) -> None: ...

    function.__annotations__ = {"value": parameter, "return": None}
    return function


@pytest.mark.parametrize("convention", CONVENTIONS)
@pytest.mark.parametrize(("value", "hint"), TYPED, ids=lambda value: str(value)[:30])
class TestTypedValues:
    def test_as_a_result(self, convention: Convention, value: Any, hint: Any) -> None:
        converter = DataConverter(convention=convention)
        assert converter.decode_value(converter.encode_value(value), hint) == value

    def test_as_the_only_argument(self, convention: Convention, value: Any, hint: Any) -> None:
        converter = DataConverter(convention=convention)
        signature = signature_of(one(hint))
        assert converter.decode_arguments(converter.encode_arguments([value]), signature) == [value]

    def test_whoever_reads(self, convention: Convention, value: Any, hint: Any) -> None:
        if type(value) is bytes:
            pytest.skip("raw bytes have no mark of their writer")
        data = DataConverter(convention=convention).encode_value(value)
        for other in CONVENTIONS:
            assert DataConverter(convention=other).decode_value(data, hint) == value


def three(first: str, second: list[int], third: Order | None = None) -> None: ...


def many(first: int, *rest: str) -> None: ...


def nothing() -> None: ...


@pytest.mark.parametrize("written", CONVENTIONS)
@pytest.mark.parametrize("read", CONVENTIONS)
class TestArgumentLists:
    def test_several(self, written: Convention, read: Convention) -> None:
        values = ["a\nb", [1, 2], ORDER]
        data = DataConverter(convention=written).encode_arguments(values)
        assert DataConverter(convention=read).decode_arguments(data, signature_of(three)) == values

    def test_those_left_out_get_their_defaults(self, written: Convention, read: Convention) -> None:
        data = DataConverter(convention=written).encode_arguments(["a", []])
        assert DataConverter(convention=read).decode_arguments(data, signature_of(three)) == ["a", [], None]

    def test_none(self, written: Convention, read: Convention) -> None:
        data = DataConverter(convention=written).encode_arguments([])
        assert DataConverter(convention=read).decode_arguments(data, signature_of(nothing)) == []

    def test_any_number(self, written: Convention, read: Convention) -> None:
        data = DataConverter(convention=written).encode_arguments([1, "a", "b"])
        assert DataConverter(convention=read).decode_arguments(data, signature_of(many)) == [1, "a", "b"]


class TestForms:
    @pytest.mark.parametrize(
        ("convention", "values", "data"),
        [
            (Convention.GO, ["Hello", 3], b'"Hello"\n3\n'),
            (Convention.GO, [], None),
            (Convention.GO, [b"raw\n"], b"raw\n"),
            (Convention.GO, [timedelta(seconds=1)], b"1000000000\n"),
            (Convention.JAVA, ["Hello"], b'"Hello"'),
            (Convention.JAVA, ["Hello", 3], b'["Hello",3]'),
            (Convention.JAVA, [], None),
            (Convention.JAVA, [b"\xff\x01"], b"[-1,1]"),
            (Convention.JAVA, [timedelta(seconds=1, microseconds=2)], b'{"seconds":1,"nanos":2000}'),
            (Convention.PYTHON_1, [], b"null"),
            (Convention.PYTHON_1, ["a", 1], b'["a",1]'),
        ],
    )
    def test_arguments(self, convention: Convention, values: list[object], data: bytes | None) -> None:
        assert DataConverter(convention=convention).encode_arguments(values) == data

    def test_a_result_of_nothing(self) -> None:
        assert DataConverter().encode_value(None) is None
        assert DataConverter(convention=Convention.PYTHON_1).encode_value(None) == b"null"

    def test_a_lone_array_is_the_list_of_several_arguments_and_the_value_of_one(self) -> None:
        converter = DataConverter(convention=Convention.JAVA)
        assert converter.decode_arguments(b'["a",[1]]', signature_of(three)) == ["a", [1], None]
        assert converter.decode_arguments(b"[1,2]", signature_of(one(list[int]))) == [[1, 2]]

    def test_a_persons_json_over_several_lines(self) -> None:
        text = b'{\n "x": 1,\n "y": 2\n}\n'
        assert DataConverter().decode_arguments(text, signature_of(one(Point))) == [Point(1, 2)]

    def test_what_no_annotation_says(self) -> None:
        def function(value, other=None):  # type: ignore[no-untyped-def]
            ...

        assert DataConverter().decode_arguments(b'{"a":1}\n[2]\n', signature_of(function)) == [{"a": 1}, [2]]

    def test_more_than_the_parameters_is_passed_over(self) -> None:
        assert DataConverter().decode_arguments(b"1\n2\n", signature_of(one(int))) == [1]

    def test_special_floats_survive(self) -> None:
        converter = DataConverter()
        value = converter.decode_value(converter.encode_value({"a": [float("nan"), float("-inf"), None]}))
        assert math.isnan(value["a"][0])
        assert value["a"][1:] == [float("-inf"), None]


class TestMisfits:
    def test_names_argument_type_and_place(self) -> None:
        with pytest.raises(ConversionError) as caught:
            DataConverter().decode_arguments(b'"a"\n["x"]\n', signature_of(three), place="activity three")
        assert 'argument 2 ("second") of activity three' in str(caught.value)
        assert "int" in str(caught.value)

    def test_names_the_field(self) -> None:
        with pytest.raises(ConversionError, match=r"x"):
            DataConverter().decode_value(b'{"x":"no"}', Point, place="result of activity p")

    def test_a_missing_argument(self) -> None:
        with pytest.raises(ConversionError, match=r'argument 2 \("second"\).*missing'):
            DataConverter().decode_arguments(b'"a"\n', signature_of(three))

    def test_a_value_without_a_form(self) -> None:
        with pytest.raises(ConversionError, match=r"argument 1 of activity a.*object.*no JSON form"):
            DataConverter().encode_arguments([object()], place="activity a")
        with pytest.raises(ConversionError, match="result of w"):
            DataConverter().encode_value(object(), place="result of w")

    def test_bytes_that_are_no_json(self) -> None:
        with pytest.raises(ConversionError, match="is no"):
            DataConverter().decode_value(b"\xfe\xff{", Point)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(values=st.lists(_JSON, max_size=5), written=st.sampled_from(CONVENTIONS), read=st.sampled_from(CONVENTIONS))
def test_any_json_arguments_come_back(values: list[Any], written: Convention, read: Convention) -> None:
    names = [f"p{i}" for i in range(len(values))]
    namespace: dict[str, Any] = {}
    exec(f"def function({', '.join(names)}): ...", namespace)  # a function of so many parameters
    data = DataConverter(convention=written).encode_arguments(values)
    assert DataConverter(convention=read).decode_arguments(data, signature_of(namespace["function"])) == values


@given(data=st.binary(max_size=60), hint=st.sampled_from([hint for _, hint in TYPED]))
def test_any_bytes_are_read_or_refused(data: bytes, hint: Any) -> None:
    signature = signature_of(one(hint))
    for convention in CONVENTIONS:
        try:
            values = DataConverter(convention=convention).decode_arguments(data, signature, place="there")
        except ConversionError as error:
            values = [error.place]
            assert "there" in error.place  # noqa: PT017  # either is right
        assert len(values) == 1


def test_hints_are_resolved_once() -> None:
    signature = signature_of(three)
    assert signature is signature_of(three)
    assert typing.get_args(signature.parameters[2].hint)
