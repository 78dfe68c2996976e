"""Failures larger than the server takes are sent shortened, and what the server says of sizes is told in words."""

from __future__ import annotations

import logging

import pytest

from cadence.converter import DataConverter
from cadence.converter.conventions import Convention
from cadence.converter.sizes import LONGEST_FAILURE, limit_text, shortened
from cadence.exceptions import ApplicationError

LONG = "x" * 3_000_000
CONVENTIONS = pytest.mark.parametrize("convention", list(Convention))


class OrderError(Exception):
    def __init__(self, order: object) -> None:
        super().__init__("the order is bad")
        self.order = order


def chained() -> ValueError:
    error = ValueError("short")
    error.__cause__ = RuntimeError(LONG)
    return error


@CONVENTIONS
@pytest.mark.parametrize(
    "error",
    [
        ValueError(LONG),
        ValueError("short", [LONG] * 3),
        chained(),
        ApplicationError("short", LONG, {"a": [LONG]}, reason="MyReason"),
        ApplicationError("short", b"\xff" * 3_000_000, reason="MyReason"),
        ApplicationError("short", list(range(1_000_000)), reason="MyReason"),
        ApplicationError("short", {str(number): number for number in range(300_000)}, reason="MyReason"),
        OrderError({"items": [LONG]}),
        ExceptionGroup("several", [ValueError(LONG), ValueError(LONG)]),
        ExceptionGroup("many", [ValueError("y" * 30_000) for _ in range(90)]),
    ],
    ids=["text", "args", "cause", "details", "bytes", "a long list", "many keys", "fields", "group", "large group"],
)
def test_a_failure_that_is_too_large_is_sent_shortened(
    error: Exception, convention: Convention, caplog: pytest.LogCaptureFixture
) -> None:
    converter = DataConverter(convention=convention)
    reason, details = converter.encode_failure(error)
    assert details is not None
    assert len(details) <= LONGEST_FAILURE
    assert reason == ("MyReason" if isinstance(error, ApplicationError) else type(error).__name__)
    told = [record.getMessage() for record in caplog.records]
    assert len(told) == 1
    assert told[0].startswith(f"failure {reason} has ")
    assert told[0].endswith("bytes; it is sent shortened")
    back = converter.decode_failure(reason, details)
    if not isinstance(error, OrderError) and "many" not in str(error):  # which had to be left without its parts
        assert type(back) is type(error)
    begin = str(error)[:100]
    assert begin in str(back)
    if len(str(error)) > 1_000_000:
        assert "3,000,000 characters in all" in str(back)


@CONVENTIONS
def test_one_that_is_passed_on_again_and_again_stays_small(convention: Convention) -> None:
    converter = DataConverter(convention=convention)
    error: BaseException = ValueError(LONG)
    for number in range(30):
        reason, details = converter.encode_failure(error)
        assert details is not None
        assert len(details) <= LONGEST_FAILURE
        outer = RuntimeError(f"step {number}" + "z" * 50_000)
        outer.__cause__ = converter.decode_failure(reason, details)
        error = outer


@CONVENTIONS
def test_one_that_is_small_is_left_as_it_is(convention: Convention, caplog: pytest.LogCaptureFixture) -> None:
    converter = DataConverter(convention=convention)
    text = "x" * 100_000
    reason, details = converter.encode_failure(ValueError(text))
    assert str(converter.decode_failure(reason, details)) == text
    assert not caplog.records


def test_nothing_is_cut_without_a_word() -> None:
    assert shortened("x" * 16_000) == "x" * 16_000
    cut = shortened("a" * 10_000 + "b" * 10_000)
    assert cut.startswith("aaaa")
    assert cut.endswith("bbbb")
    assert "20,000 characters in all" in cut
    assert shortened(list(range(500)))[-1] == "... (300 more)"
    assert shortened({"key": ["x" * 20_000, 1, None, 2.5, True]})["key"][1:] == [1, None, 2.5, True]
    assert len(shortened(b"x" * 20_000)) == 16_000
    nested: list[object] = []
    for _ in range(1000):
        nested = [nested]
    assert shortened(nested)


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("COMPLETE_RESULT_EXCEEDS_LIMIT", "the activity's result has more than the 2,097,152 bytes"),
        ("HEARTBEAT_EXCEEDS_LIMIT", "the activity's heartbeat has more than the 2,097,152 bytes"),
        ("CANCEL_DETAILS_EXCEEDS_LIMIT", "what the activity said at its cancellation has more than the 2,097,152"),
        ("FAILURE_DETAILS_EXCEEDS_LIMIT", "the activity's failure has more than the 2,097,152 bytes"),
    ],
)
def test_what_the_server_refused_is_named_with_its_limit(reason: str, words: str) -> None:
    error = DataConverter().decode_failure(reason, b'"' + b"x" * (2 * 1024 * 1024 - 1))
    assert isinstance(error, ApplicationError)
    assert (error.reason, error.details) == (reason, ())
    assert words in str(error)
    assert "reference" in str(error)
    assert len(str(error)) < 700


def test_a_decision_that_was_too_large_is_named() -> None:
    details = b"CompleteWorkflowExecutionDecisionAttributes.Result exceeds size limit."
    error = DataConverter().decode_failure("DECISION_BLOB_SIZE_EXCEEDS_LIMIT", details)
    assert "CompleteWorkflowExecutionDecisionAttributes.Result exceeds size limit (2 MiB by default)" in str(error)


def test_other_reasons_are_not_about_sizes() -> None:
    assert limit_text("OrderError", b"1") is None


def test_the_text_alone_is_shortened_too(caplog: pytest.LogCaptureFixture) -> None:
    class WideError(Exception):
        """Its fields can't be read."""

        def __init__(self) -> None:
            super().__init__(LONG)

        @property
        def __dict__(self) -> dict[str, object]:  # type: ignore[override]
            raise KeyError("no fields")

    caplog.set_level(logging.WARNING)
    reason, details = DataConverter().encode_failure(WideError())
    assert reason == "WideError"
    assert details is not None
    assert len(details) <= LONGEST_FAILURE
