"""Options of starts, children and activities as the structs of the wire, and memos and search attributes back.

Pure functions, for the client and the engine; who sends the structs is their business. Durations become whole seconds,
rounded up, because the server counts in seconds and a shorter one would end things before their time.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from cadence import api
from cadence.exceptions import ConversionError

if TYPE_CHECKING:
    from cadence.converter import DataConverter
    from cadence.workflow.commands import RetryPolicy

__all__ = (
    "NON_RETRYABLE",
    "NON_RETRYABLE_HEADER",
    "final_reason",
    "header_struct",
    "memo_struct",
    "memo_values",
    "moment",
    "nanoseconds",
    "own_reason",
    "retry_policy_struct",
    "search_attribute_values",
    "search_attributes_struct",
    "whole_seconds",
)

NON_RETRYABLE = "NonRetryable"
"""In every retry policy of ours: the reason of failures whose error says that it must not be retried."""
NON_RETRYABLE_HEADER = "non-retryable-reason"

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)


def whole_seconds(duration: dt.timedelta | None) -> int | None:
    """Give a duration in whole seconds, rounded up; None stays None."""
    return None if duration is None else math.ceil(duration.total_seconds())


def nanoseconds(time: dt.datetime) -> int:
    """Give a time as the wire has it; a naive one is taken as local time, as Python does."""
    return (time.astimezone(dt.UTC) - _EPOCH) // _MICROSECOND * 1000


def moment(timestamp: int | None) -> dt.datetime | None:
    """Give a time of the wire as an aware UTC datetime; None for a time that isn't set (None or 0)."""
    return _EPOCH + dt.timedelta(microseconds=timestamp // 1000) if timestamp else None


def retry_policy_struct(policy: RetryPolicy | None) -> api.RetryPolicy | None:
    """Give a retry policy as the wire has it."""
    if policy is None:
        return None
    reasons = [reason if isinstance(reason, str) else reason.__name__ for reason in policy.non_retriable_error_reasons]
    longest = policy.maximum_interval or policy.initial_interval * 100
    return api.RetryPolicy(
        initial_interval_in_seconds=whole_seconds(policy.initial_interval),
        backoff_coefficient=policy.backoff_coefficient,
        maximum_interval_in_seconds=whole_seconds(longest),
        maximum_attempts=policy.maximum_attempts,
        expiration_interval_in_seconds=whole_seconds(policy.expiration_interval) or 0,
        non_retriable_error_reasons=[*reasons, NON_RETRYABLE],
    )


def memo_struct(memo: Mapping[str, object] | None, converter: DataConverter) -> api.Memo | None:
    """Encode a memo, each value by the converter; None and an empty one are not sent."""
    if not memo:
        return None
    return api.Memo(
        fields={name: converter.encode_value(value, place=f"memo {name!r}") or b"" for name, value in memo.items()}
    )


def memo_values(memo: api.Memo | None, converter: DataConverter) -> dict[str, Any]:
    """Decode a memo; a value that can't be read is given as its bytes, as lists shall not fail for one stranger."""
    values: dict[str, Any] = {}
    for name, data in ((memo.fields if memo is not None else None) or {}).items():
        try:
            values[name] = converter.decode_value(data, place=f"memo {name!r}")
        except ConversionError:
            values[name] = data
    return values


def search_attributes_struct(attributes: Mapping[Any, object] | None) -> api.SearchAttributes | None:
    """Encode search attributes: plain JSON whatever the converter, because the server reads them.

    Keys are names, or typed keys, which check their values.

    Raises:
        ConversionError: A value isn't JSON.
        ConfigurationError: A value isn't of its key's type.
    """
    if not attributes:
        return None
    fields = {}
    for key, value in attributes.items():
        check = getattr(key, "check", None)  # a typed key
        if check is not None:
            check(value)
        name = str(key)
        try:
            fields[name] = msgspec.json.encode(_aware(value))
        except (TypeError, ValueError) as error:
            raise ConversionError(str(error), place=f"search attribute {name!r}") from error
    return api.SearchAttributes(indexed_fields=fields)


def search_attribute_values(attributes: api.SearchAttributes | None) -> dict[str, Any]:
    """Decode search attributes; a value that can't be read is given as its bytes."""
    values: dict[str, Any] = {}
    for name, data in ((attributes.indexed_fields if attributes is not None else None) or {}).items():
        try:
            values[name] = msgspec.json.decode(data)
        except msgspec.MsgspecError:
            values[name] = data
    return values


def header_struct(headers: Mapping[str, bytes] | None, policy: RetryPolicy | None = None) -> api.Header | None:
    """Give headers as the wire has them; None and empty ones are not sent.

    Args:
        headers: Those that the call has.
        policy: Its retry policy: what is retried is told, in a header of ours, the reason that ends it at once.
    """
    if policy is not None:
        return api.Header(fields={**(headers or {}), NON_RETRYABLE_HEADER: NON_RETRYABLE.encode()})
    return api.Header(fields=dict(headers)) if headers else None


def final_reason(reason: str, error: BaseException, headers: Mapping[str, bytes]) -> str:
    """Give the reason with which a failure is sent: another one, where it must not be retried and the caller said how.

    The error's own reason stays in its details, from which readers take it.
    """
    told = headers.get(NON_RETRYABLE_HEADER) if getattr(error, "non_retryable", False) else None
    return told.decode() if told else reason


def own_reason(reason: str | None, cause: BaseException) -> str:
    """Give the reason that a failure has of its own, whichever it was sent with."""
    return str(getattr(cause, "reason", "") or type(cause).__name__) if reason == NON_RETRYABLE else reason or ""


def _aware(value: object) -> object:
    """Give a naive time its zone: the server refuses times without one."""
    return value.astimezone(dt.UTC) if isinstance(value, dt.datetime) else value
