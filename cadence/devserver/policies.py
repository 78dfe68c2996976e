"""What policies in requests and in decisions must satisfy alike: retries, calendars, search attributes.

Pure functions in the real server's order and words; each raises BadRequestError or returns None. Requests come here by
`frontend.checks`, decisions by `execution.decisions`, which makes of the error the reason of a failed decision task.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NoReturn

from cadence.api.errors import BadRequestError
from cadence.devserver.schedules import cron
from cadence.devserver.visibility import attributes

if TYPE_CHECKING:
    from cadence import api

__all__ = ("check_cron", "check_retry_policy", "check_search_attributes")

ATTRIBUTES_LIMIT = 100
"""Search attributes in one request."""
ATTRIBUTE_VALUE_LIMIT = 2 * 1024
"""Bytes of one value."""
ATTRIBUTES_SIZE_LIMIT = 40 * 1024
"""Bytes of all names and values together."""

_SOME_DAY = datetime(2001, 1, 1, tzinfo=UTC)
"""From here on a schedule must fire within five years, or it never does."""


def check_retry_policy(policy: api.RetryPolicy | None) -> None:
    """A retry policy of a workflow, activity, child or schedule; None is no retry."""
    if policy is None:
        return
    initial = policy.initial_interval_in_seconds or 0
    longest = policy.maximum_interval_in_seconds or 0
    attempts = policy.maximum_attempts or 0
    expiration = policy.expiration_interval_in_seconds or 0
    if initial <= 0:
        _refuse("InitialIntervalInSeconds must be greater than 0 on retry policy.")
    if (policy.backoff_coefficient or 0) < 1:
        _refuse("BackoffCoefficient cannot be less than 1 on retry policy.")
    if longest < 0:
        _refuse("MaximumIntervalInSeconds cannot be less than 0 on retry policy.")
    if 0 < longest < initial:
        _refuse("MaximumIntervalInSeconds cannot be less than InitialIntervalInSeconds on retry policy.")
    if attempts < 0:
        _refuse("MaximumAttempts cannot be less than 0 on retry policy.")
    if expiration < 0:
        _refuse("ExpirationIntervalInSeconds cannot be less than 0 on retry policy.")
    if attempts == 0 and expiration == 0:
        _refuse("MaximumAttempts and ExpirationIntervalInSeconds are both 0. At least one of them must be specified.")


def check_cron(schedule: str | bytes) -> None:
    """A cron schedule that can be read and fires some day."""
    if isinstance(schedule, bytes):  # what isn't UTF-8 comes as bytes
        schedule = schedule.decode(errors="replace")
    try:
        parsed = cron.parse(schedule)
    except cron.CronError as error:
        _refuse(f"Invalid CronSchedule, failed to parse: {json.dumps(schedule, ensure_ascii=False)}, err: {error}")
    try:
        parsed.next_after(_SOME_DAY)
    except cron.CronError:
        _refuse(
            "Invalid CronSchedule, no next firing time found, maybe impossible date: "
            f"{json.dumps(schedule, ensure_ascii=False)}"
        )


def check_search_attributes(given: api.SearchAttributes | None) -> None:
    """Search attributes with known names, values of their types, within the limits."""
    fields = given.indexed_fields if given else None
    if not fields:
        return
    if len(fields) > ATTRIBUTES_LIMIT:
        _refuse(f"number of keys {len(fields)} exceed limit")
    total = 0
    for name, value in fields.items():
        if name not in attributes.ALL:
            _refuse(f"{name} is not a valid search attribute key")
        if not attributes.fits(name, value):
            shown = value.decode("utf-8", "replace")
            _refuse(f"{shown} is not a valid search attribute value for key {name}")
        if name in attributes.SYSTEM:
            _refuse(f"{name} is read-only Cadence reserved attribute")
        if len(value) > ATTRIBUTE_VALUE_LIMIT:
            _refuse(f"size limit exceed for key {name}")
        total += len(name) + len(value)
    if total > ATTRIBUTES_SIZE_LIMIT:
        _refuse(f"total size {total} exceed limit")


def _refuse(message: str) -> NoReturn:
    raise BadRequestError(message)
