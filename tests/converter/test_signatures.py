"""What a callable's signature holds, and what is said where it can't be read."""

from __future__ import annotations

import dataclasses
import functools
import gc
import typing
import weakref
from collections.abc import Awaitable, Callable, Coroutine
from typing import Annotated, Any, NamedTuple

import pytest

from cadence.converter.signatures import Parameter, Signature, signature_of
from cadence.exceptions import ConfigurationError

if typing.TYPE_CHECKING:
    from decimal import Decimal


@dataclasses.dataclass
class Order:
    number: int
    note: str = ""


class Pair(NamedTuple):
    left: int
    right: str


def plain(order: Order, count: int = 3, /, *rest: float, flag: bool = False, **more: Any) -> Later:
    return Later()


class Later:
    pass


class Shop:
    def sell(self, order: Order, *, loudly: bool = False) -> int:
        return order.number

    @staticmethod
    def open(name: str) -> bool:
        return bool(name)

    @classmethod
    def make(cls, name: str) -> Shop:
        return cls()

    async def __call__(self, order: Order) -> str:
        return order.note


def test_function() -> None:
    signature = signature_of(plain)
    assert signature.name == "plain"
    assert [(p.name, p.hint, p.required, p.default) for p in signature.parameters] == [
        ("order", Order, True, None),
        ("count", int, False, 3),
    ]
    assert signature.variadic is float
    assert signature.result is Later
    assert not signature.is_coroutine
    assert signature.required == 1
    assert signature_of(plain) is signature


def names(signature: Signature) -> list[str]:
    return [parameter.name for parameter in signature.parameters]


def test_methods_bound_or_not_have_no_self() -> None:
    assert names(signature_of(Shop.sell)) == ["order"]
    assert names(signature_of(Shop().sell)) == ["order"]
    assert names(signature_of(Shop.open)) == ["name"]
    assert names(signature_of(Shop.make)) == ["name"]
    assert signature_of(Shop.make).result is Shop


def test_callable_object() -> None:
    signature = signature_of(Shop())
    assert names(signature) == ["order"]
    assert signature.is_coroutine
    assert signature.result is str


@pytest.mark.parametrize(("cls", "expected"), [(Order, ["number", "note"]), (Pair, ["left", "right"]), (Later, [])])
def test_classes(cls: type, expected: list[str]) -> None:
    signature = signature_of(cls)
    assert names(signature) == expected
    assert signature.result is cls


def test_class_field_hints() -> None:
    assert [p.hint for p in signature_of(Order).parameters] == [int, str]


def test_partial() -> None:
    partial = functools.partial(plain, Order(1))
    assert names(signature_of(partial)) == ["count"]
    assert signature_of(functools.partial(Shop.sell, Shop())).parameters == (Parameter("order", Order),)


def test_wrapped_function_keeps_its_types() -> None:
    @functools.wraps(plain)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        return plain(*args, **kwargs)

    assert signature_of(wrapper).parameters == signature_of(plain).parameters


def test_unannotated_is_object() -> None:
    signature = signature_of(lambda value, *values: value)
    assert [p.hint for p in signature.parameters] == [object]
    assert signature.variadic is object
    assert signature.result is object


def test_annotated_keeps_its_extras() -> None:
    def measure(value: Annotated[int, "metres"]) -> None: ...

    signature = signature_of(measure)
    assert signature.parameters[0].hint == Annotated[int, "metres"]
    assert signature.result is type(None)


def test_awaitable_results_are_what_is_awaited() -> None:
    def one() -> Awaitable[int]: ...
    def two() -> Coroutine[Any, Any, str]: ...
    async def three() -> bytes: ...

    assert [signature_of(f).result for f in (one, two, three)] == [int, str, bytes]


def test_local_class_in_the_closure() -> None:
    class Local:
        pass

    def take(value: Local) -> list[Local]:
        return [Local()]

    assert signature_of(take).parameters[0].hint is Local
    assert signature_of(take).result == list[Local]


def test_unresolvable_parameter_is_named() -> None:
    def pay(order: Order, amount: Decimal) -> None: ...

    with pytest.raises(ConfigurationError, match=r'pay: the type of its parameter "amount", .Decimal., can.t be') as e:
        signature_of(pay)
    assert "TYPE_CHECKING" in str(e.value)


def test_unresolvable_result_is_named() -> None:
    def pay() -> Nowhere: ...  # type: ignore[name-defined]  # noqa: F821  # the point of the test

    with pytest.raises(ConfigurationError, match="its result's type, 'Nowhere', can't be resolved"):
        signature_of(pay)


def test_keyword_only_without_default_is_refused() -> None:
    def pay(*, amount: int) -> None: ...

    with pytest.raises(ConfigurationError, match='"amount" is keyword-only'):
        signature_of(pay)


def test_callable_without_readable_parameters() -> None:
    with pytest.raises(ConfigurationError, match="parameters can't be read"):
        signature_of(type("Odd", (), {"__call__": dict.update})())


def test_functions_are_not_kept_alive() -> None:
    def make() -> Callable[[int], int]:
        def passing(value: int) -> int:
            return value

        return passing

    function = make()
    signature_of(function)
    reference = weakref.ref(function)
    del function
    gc.collect()
    assert reference() is None
