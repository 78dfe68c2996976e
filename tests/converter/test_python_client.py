"""What `cadence-python-client` writes is read: values apart by spaces, failures as text."""

from __future__ import annotations

import traceback

import pytest

from cadence.converter import DataConverter, FailureConverter, signature_of
from cadence.exceptions import ApplicationError


class OrderError(Exception):
    pass


def order(name: str, count: int, sizes: list[int], note: str = "none") -> None: ...


def test_arguments_stand_apart_by_spaces() -> None:
    values = DataConverter().decode_arguments(b'"a b" 2 [1, 2]', signature_of(order))
    assert values == ["a b", 2, [1, 2], "none"]


def as_its_activity(error: Exception) -> bytes:
    return "".join(traceback.format_exception(error)).encode()


def as_its_workflow(error: Exception) -> bytes:
    return f"message: {error}\nstacktrace: {as_its_activity(error).decode()}".encode()


def raised(error: Exception) -> Exception:
    try:
        try:
            raise KeyError("before")
        except KeyError as cause:
            raise error from cause
    except Exception as caught:  # noqa: BLE001  # the given one
        return caught


@pytest.mark.parametrize("write", [as_its_activity, as_its_workflow])
@pytest.mark.parametrize("message", ["no tea", "two\nlines", "", "colon: inside"])
@pytest.mark.parametrize("known", [True, False])
def test_failures_have_message_and_traceback(write: object, message: str, known: bool) -> None:
    assert callable(write)
    converter = DataConverter(failures=FailureConverter([OrderError] if known else []))
    error = converter.decode_failure("OrderError", write(raised(OrderError(message))))
    assert type(error) is (OrderError if known else ApplicationError)
    assert str(error) == message
    assert "raise error from cause" in error.remote_traceback  # type: ignore[attr-defined]  # set by the converter
    if isinstance(error, ApplicationError):
        assert error.reason == "OrderError"


def test_without_a_traceback() -> None:
    error = DataConverter().decode_failure("ValueError", b"ValueError: bad\n")
    assert type(error) is ValueError
    assert str(error) == "bad"


@pytest.mark.parametrize("details", [b"\xff\xfe", b"Traceback (most recent call last):\n  nothing more", b"text"])
def test_other_text_stays_what_it_is(details: bytes) -> None:
    error = DataConverter().decode_failure("ValueError", details)
    assert type(error) is ValueError
    assert error.args == (details,)
