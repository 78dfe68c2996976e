"""Exceptions over the wire: ours whole, Go's and Java's understood, and nothing imported because a name said so."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadence.converter import Convention, DataConverter, FailureConverter
from cadence.converter.failures import failure_text
from cadence.exceptions import (
    ActivityFailedError,
    ApplicationError,
    ConfigurationError,
    ConversionError,
    RemoteTimeoutError,
    TimeoutKind,
)


class CardDeclinedError(Exception):
    def __init__(self, card: str, *, code: int) -> None:
        super().__init__(f"card {card} declined")
        self.code = code


class QuotaError(ApplicationError):
    pass


def raised(error: BaseException, cause: BaseException | None = None) -> BaseException:
    try:
        raise error from cause
    except BaseException as caught:  # noqa: BLE001
        return caught


def there_and_back(
    error: BaseException, converter: DataConverter, reader: DataConverter | None = None
) -> BaseException:
    return (reader or converter).decode_failure(*converter.encode_failure(error))


@pytest.mark.parametrize("convention", list(Convention))
class TestOurs:
    def test_a_builtin_comes_back_as_itself(self, convention: Convention) -> None:
        error = there_and_back(raised(KeyError("k")), DataConverter(convention=convention))
        assert type(error) is KeyError
        assert error.args == ("k",)
        assert "test_failures.py" in error.remote_traceback  # type: ignore[attr-defined]
        assert any("Where it was raised" in note for note in error.__notes__)

    def test_a_registered_class_comes_back_with_its_fields(self, convention: Convention) -> None:
        converter = DataConverter(convention=convention, failures=FailureConverter([CardDeclinedError]))
        error = there_and_back(raised(CardDeclinedError("1234", code=7)), converter)
        assert type(error) is CardDeclinedError
        assert error.code == 7
        assert str(error) == "card 1234 declined"

    def test_an_unregistered_class_becomes_an_application_error(self, convention: Convention) -> None:
        error = there_and_back(raised(CardDeclinedError("1234", code=7)), DataConverter(convention=convention))
        assert type(error) is ApplicationError
        assert error.reason == "CardDeclinedError"
        assert error.fields["code"] == 7
        assert "declined" in str(error)

    def test_causes(self, convention: Convention) -> None:
        chain = raised(RuntimeError("outer"), raised(ValueError("middle"), raised(KeyError("inner"))))
        error = there_and_back(chain, DataConverter(convention=convention))
        assert type(error.__cause__) is ValueError
        assert type(error.__cause__.__cause__) is KeyError
        assert error.__cause__.__cause__.__cause__ is None

    def test_application_errors_keep_reason_details_and_retryability(self, convention: Convention) -> None:
        given_error = ApplicationError("no funds", {"missing": 3}, [1], reason="NoFunds", non_retryable=True)
        converter = DataConverter(convention=convention)
        reason, _ = converter.encode_failure(given_error)
        assert reason == "NoFunds"
        error = there_and_back(raised(given_error), converter)
        assert type(error) is ApplicationError
        assert list(error.details) == [{"missing": 3}, [1]]
        assert error.reason == "NoFunds"
        assert error.non_retryable
        assert "no funds" in str(error)

    def test_subclasses_of_application_error(self, convention: Convention) -> None:
        converter = DataConverter(convention=convention, failures=FailureConverter([QuotaError]))
        error = there_and_back(raised(QuotaError("over", 5)), converter)
        assert type(error) is QuotaError
        assert list(error.details) == [5]

    def test_errors_of_this_package(self, convention: Convention) -> None:
        failed = ActivityFailedError("boom", activity_type="charge", activity_id="3")
        error = there_and_back(raised(failed, raised(ValueError("x"))), DataConverter(convention=convention))
        assert type(error) is ActivityFailedError
        assert error.activity_type == "charge"
        assert type(error.__cause__) is ValueError

    def test_groups(self, convention: Convention) -> None:
        group = ExceptionGroup("several", [ValueError("a"), KeyError("b")])
        error = there_and_back(raised(group), DataConverter(convention=convention))
        assert isinstance(error, ExceptionGroup)
        assert [type(part) for part in error.exceptions] == [ValueError, KeyError]

    def test_a_named_reason_for_peers(self, convention: Convention) -> None:
        failures = FailureConverter({"com.acme.Declined": CardDeclinedError})
        converter = DataConverter(convention=convention, failures=failures)
        reason, _ = converter.encode_failure(CardDeclinedError("1", code=1))
        assert reason == "com.acme.Declined"
        assert type(there_and_back(CardDeclinedError("1", code=1), converter)) is CardDeclinedError

    def test_what_has_no_json_form_is_left_out_but_nothing_fails(self, convention: Convention) -> None:
        error = CardDeclinedError("1", code=2)
        error.handle = object()  # type: ignore[attr-defined]
        error.args = (object(),)
        back = there_and_back(error, DataConverter(convention=convention))
        assert isinstance(back, ApplicationError)

    def test_cycles_and_depth(self, convention: Convention) -> None:
        first, second = ValueError("1"), ValueError("2")
        first.__cause__, second.__cause__ = second, first
        assert there_and_back(first, DataConverter(convention=convention)).__cause__ is not None


class Unspeakable(Exception):
    def __str__(self) -> str:
        msg = "no words"
        raise RuntimeError(msg)


def test_a_text_that_can_not_be_had() -> None:
    error = there_and_back(Unspeakable(), DataConverter())
    assert "can't be had" in str(error)


class TestGo:
    def test_generic(self) -> None:
        error = DataConverter().decode_failure("cadenceInternal:Generic", b"failing-on-purpose")
        assert isinstance(error, ApplicationError)
        assert str(error) == "failing-on-purpose"

    def test_panic(self) -> None:
        error = DataConverter().decode_failure("cadenceInternal:Panic", b'"boom"\n"goroutine 1"\n')
        assert str(error) == "boom"
        assert error.remote_traceback == "goroutine 1"  # type: ignore[attr-defined]

    @pytest.mark.parametrize("kind", list(TimeoutKind))
    def test_timeouts(self, kind: TimeoutKind) -> None:
        error = DataConverter().decode_failure(f"cadenceInternal:Timeout {kind.value}", b"3\n")
        assert isinstance(error, RemoteTimeoutError)
        assert error.kind is kind
        assert list(error.details) == [3]

    def test_an_old_timeout_has_its_kind_in_the_details(self) -> None:
        error = DataConverter().decode_failure("cadenceInternal:Timeout", b'"HEARTBEAT"\n')
        assert isinstance(error, RemoteTimeoutError)
        assert error.kind is TimeoutKind.HEARTBEAT

    def test_cancelled(self) -> None:
        error = DataConverter().decode_failure("cadenceInternal:Canceled", b'"why"\n')
        assert isinstance(error, asyncio.CancelledError)
        assert DataConverter().encode_failure(asyncio.CancelledError()) == ("cadenceInternal:Canceled", None)

    def test_custom(self) -> None:
        error = DataConverter().decode_failure("my-reason", b'{"a":1}\n"two"\n')
        assert isinstance(error, ApplicationError)
        assert error.reason == "my-reason"
        assert list(error.details) == [{"a": 1}, "two"]

    def test_an_unknown_internal_reason(self) -> None:
        error = DataConverter().decode_failure("cadenceInternal:Timeout NEW_KIND", b"")
        assert "cadenceInternal" in str(error)


JAVA = {
    "detailMessage": "outer",
    "cause": {"detailMessage": "inner", "stackTrace": "A.b(A.java:1)", "class": "java.io.IOException"},
    "stackTrace": "C.d(C.java:2)",
    "suppressedExceptions": [],
    "orderId": 5,
    "class": "com.acme.OrderException",
}


class TestJava:
    def test_unknown_classes(self) -> None:
        error = DataConverter().decode_failure("com.acme.OrderException", json.dumps(JAVA).encode())
        assert isinstance(error, ApplicationError)
        assert error.reason == "com.acme.OrderException"
        assert error.fields["orderId"] == 5
        assert isinstance(error.__cause__, ApplicationError)
        assert error.__cause__.reason == "java.io.IOException"
        assert "C.java:2" in error.remote_traceback

    def test_known_ones(self) -> None:
        failures = FailureConverter({"com.acme.OrderException": CardDeclinedError, "java.io.IOException": OSError})
        error = DataConverter(failures=failures).decode_failure("com.acme.OrderException", json.dumps(JAVA).encode())
        assert type(error) is CardDeclinedError
        assert type(error.__cause__) is OSError

    def test_what_java_reads(self) -> None:
        _, details = DataConverter(convention=Convention.JAVA).encode_failure(raised(ValueError("x")))
        assert details is not None
        form = json.loads(details)
        assert (form["class"], form["detailMessage"]) == ("java.lang.RuntimeException", "ValueError: x")
        assert form["suppressedExceptions"] == []
        assert all("(" in line and line.endswith(")") for line in form["stackTrace"].splitlines())

    def test_java_has_every_class_that_it_reads(self) -> None:
        failures = FailureConverter({"com.acme.OutOfStock": OutOfStockError})
        converter = DataConverter(convention=Convention.JAVA, failures=failures)
        error = OutOfStockError("bolt", 0)
        error.__cause__ = ApplicationError("wet", 7, reason="java.lang.IllegalStateException")
        error.__cause__.__cause__ = ValueError("rain")
        reason, details = converter.encode_failure(error)
        form = json.loads(details or b"")
        assert (reason, form["class"], form["item"], form["count"]) == ("com.acme.OutOfStock",) * 2 + ("bolt", 0)
        assert form["cause"]["class"] == "java.lang.IllegalStateException"
        assert form["cause"]["cause"]["class"] == "java.lang.RuntimeException"
        for convention in (Convention.GO, Convention.JAVA):
            back: Any = DataConverter(convention=convention, failures=failures).decode_failure(reason, details)
            assert (type(back), str(back)) == (OutOfStockError, "0 bolt")
            assert (back.__cause__.reason, back.__cause__.details) == ("java.lang.IllegalStateException", (7,))
            assert (type(back.__cause__.__cause__), str(back.__cause__.__cause__)) == (ValueError, "rain")

    def test_a_reason_of_a_base_class_is_that_of_those_derived_from_it(self) -> None:
        failures = FailureConverter({"java.lang.RuntimeException": Exception, "java.io.IOException": OSError})
        converter = DataConverter(convention=Convention.JAVA, failures=failures)
        reason, details = converter.encode_failure(CardDeclinedError("x", code=7))
        form = json.loads(details or b"")
        assert (reason, form["class"]) == ("java.lang.RuntimeException",) * 2
        assert form["detailMessage"] == "CardDeclinedError: card x declined"
        assert converter.encode_failure(FileNotFoundError("x"))[0] == "java.io.IOException"
        assert converter.encode_failure(ApplicationError("x", reason="Chosen"))[0] == "Chosen"
        assert converter.encode_failure(QuotaError("x"))[0] == "QuotaError"
        assert type(converter.decode_failure(*converter.encode_failure(ValueError("x")))) is ValueError

    def test_our_own_errors_have_their_text_whatever_a_peer_sends(self) -> None:
        failures = FailureConverter({"java.lang.IllegalArgumentException": ConversionError})
        converter = DataConverter(failures=failures)
        form = json.dumps({"class": "java.lang.IllegalArgumentException", "detailMessage": "x", "stackTrace": ""})
        for details, text in ((form.encode(), "x"), (b"7\n", "java.lang.IllegalArgumentException: 7")):
            error = converter.decode_failure("java.lang.IllegalArgumentException", details)
            assert (type(error), str(error)) == (ConversionError, text)

    def test_a_class_unknown_here_keeps_its_reason_and_text(self) -> None:
        reason, details = DataConverter(convention=Convention.JAVA).encode_failure(OutOfStockError("bolt", 0))
        back = DataConverter().decode_failure(reason, details)
        assert isinstance(back, ApplicationError)
        assert (back.reason, str(back)) == ("OutOfStockError", "0 bolt")
        assert back.fields == {"item": "bolt", "count": 0}


class TestRegistration:
    def test_no_class_is_made_because_the_wire_named_it(self) -> None:
        form = {"class": "os.system", "args": ["true"], "source": "cadence-python", "detailMessage": "x"}
        error = DataConverter().decode_failure("os.system", json.dumps(form).encode())
        assert type(error) is ApplicationError

    @pytest.mark.parametrize("wrong", [int, "ValueError", KeyboardInterrupt])
    def test_only_exceptions(self, wrong: object) -> None:
        with pytest.raises(ConfigurationError, match="can't be registered"):
            FailureConverter([wrong])  # type: ignore[list-item]

    def test_cadences_own_reasons_are_not_free(self) -> None:
        with pytest.raises(ConfigurationError, match="not free"):
            FailureConverter({"cadenceInternal:Generic": ValueError})


@given(
    reason=st.text(max_size=30) | st.sampled_from(["cadenceInternal:Timeout X", "cadenceInternal:Panic"]),
    details=st.binary(max_size=80),
)
def test_any_failure_can_be_read(reason: str, details: bytes) -> None:
    assert isinstance(DataConverter().decode_failure(reason, details), BaseException)


@given(
    form=st.fixed_dictionaries(
        {"class": st.text(max_size=10)},
        optional={
            key: st.none()
            | st.integers()
            | st.text(max_size=5)
            | st.lists(st.integers(), max_size=2)
            | st.dictionaries(st.text(max_size=3), st.integers(), max_size=2)
            for key in (
                "detailMessage",
                "args",
                "fields",
                "cause",
                "source",
                "details",
                "stackTrace",
                "traceback",
                "reason",
                "suppressedExceptions",
            )
        },
    )
)
def test_any_form_can_be_read(form: dict[str, object]) -> None:
    form["source"] = "cadence-client"
    assert isinstance(DataConverter().decode_failure("r", json.dumps(form).encode()), BaseException)


class OutOfStockError(Exception):
    def __init__(self, item: str, count: int) -> None:
        super().__init__(item, count)
        self.item, self.count = item, count

    def __str__(self) -> str:
        return f"{self.count} {self.item}"


@pytest.mark.parametrize(
    ("details", "text"),
    [
        (b'"bolt"\n3\n', "3 bolt"),
        (b'"bolt"\n', "None bolt"),
        (b"", "None None"),
        (b'{"class":"OutOfStock","detailMessage":"x","item":"nut","stackTrace":""}', "None nut"),
    ],
)
def test_a_peers_values_get_the_names_of_the_constructors_parameters(details: bytes, text: str) -> None:
    converter = DataConverter(failures=FailureConverter({"OutOfStock": OutOfStockError}))
    error = converter.decode_failure("OutOfStock", details)
    assert type(error) is OutOfStockError
    assert str(error) == text


def test_the_text_of_an_error_can_always_be_had() -> None:
    error = OutOfStockError("bolt", 3)
    assert failure_text(error) == "3 bolt"
    del error.count
    assert "OutOfStockError.__str__ raises" in failure_text(error)


@pytest.mark.parametrize(
    ("data", "details"),
    [
        (None, None),
        (b"", None),
        (b'"a"\n', "a"),
        (b'"a"\n7\n', ("a", 7)),
        (b"[1,2]", [1, 2]),
        (b"\x80\xff", b"\x80\xff"),
    ],
)
def test_details_of_an_end_are_read_whatever_they_are(data: bytes | None, details: object) -> None:
    assert DataConverter().decode_details(data) == details


def test_details_that_cannot_be_sent_are_left_out(caplog: pytest.LogCaptureFixture) -> None:
    assert DataConverter().encode_details(("a", 7)) == b'"a"\n7\n'
    assert DataConverter().encode_details((object(),)) is None
    assert "details were not sent" in caplog.text


@pytest.mark.parametrize("convention", list(Convention))
def test_a_result_of_none_is_null_where_there_could_be_another(convention: Convention) -> None:
    converter = DataConverter(convention=convention)
    data = converter.encode_result(None, str | None)
    assert data is not None
    assert data.strip() == b"null"
    assert converter.encode_result(None, type(None)) == converter.encode_value(None)
    assert converter.encode_result("x", str) == converter.encode_value("x")
