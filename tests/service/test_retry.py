"""The rules of trying again, as the Go client has them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadence import errors
from cadence.api.service import RPCS
from cadence.exceptions import CadenceError, ServiceError
from cadence.service.invoker import UnknownAnswerError
from cadence.service.retry import (
    RetryOptions,
    attempt_timeout,
    is_busy,
    is_retryable,
    is_unreachable,
    next_delay,
    retries_by_default,
    time_for,
)
from cadence.tchannel import errors as tchannel

OPTIONS = RetryOptions()


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (errors.InternalServiceError("x"), True),
        (errors.ServiceBusyError("x"), True),
        (errors.StickyWorkerUnavailableError("x"), True),
        (errors.BadRequestError("x"), False),
        (errors.EntityNotExistsError("x"), False),
        (errors.DomainAlreadyExistsError("x"), False),
        (errors.WorkflowExecutionAlreadyStartedError("x"), False),
        (errors.WorkflowExecutionAlreadyCompletedError("x"), False),
        (errors.LimitExceededError("x"), False),
        (errors.AccessDeniedError("x"), False),
        (UnknownAnswerError("x"), False),
        (ServiceError("x"), True),
        (tchannel.ConnectionFailedError("x"), True),
        (tchannel.UnknownHostError("x"), False),
        (tchannel.ConnectionLostError("x"), True),
        (tchannel.CallTimeoutError("x"), True),
        (tchannel.BusyError("x"), True),
        (tchannel.BadRequestFrameError("x"), False),
        (tchannel.CallCancelledError("x"), False),
        (CadenceError("x"), False),
        (ValueError("x"), False),
    ],
    ids=lambda value: type(value).__name__,
)
def test_which_errors_are_tried_again(error: Exception, expected: bool) -> None:
    assert is_retryable("StartWorkflowExecution", error) is expected


def test_history_is_read_again_from_a_cluster_that_lags_behind() -> None:
    behind = errors.EntityNotExistsError("x", current_cluster="a", active_cluster="b")
    assert is_retryable("GetWorkflowExecutionHistory", behind)
    assert not is_retryable("DescribeWorkflowExecution", behind)
    assert not is_retryable("GetWorkflowExecutionHistory", errors.EntityNotExistsError("x", "a", "a"))
    assert not is_retryable("GetWorkflowExecutionHistory", errors.EntityNotExistsError("x"))


def test_only_polls_are_not_tried_again_by_default() -> None:
    assert [name for name in RPCS if not retries_by_default(name)] == ["PollForDecisionTask", "PollForActivityTask"]


def test_busy() -> None:
    assert is_busy(errors.ServiceBusyError("x"))
    assert is_busy(tchannel.BusyError("x"))
    assert not is_busy(tchannel.UnhealthyError("x"))
    assert not is_busy(errors.InternalServiceError("x"))


@pytest.mark.parametrize(
    ("rpc", "remaining", "retried", "expected"),
    [
        ("StartWorkflowExecution", None, True, 10.0),
        ("StartWorkflowExecution", None, False, 10.0),
        ("StartWorkflowExecution", 30.0, False, 30.0),
        ("StartWorkflowExecution", 30.0, True, 5.0),
        ("StartWorkflowExecution", 6.0, True, 3.0),
        ("StartWorkflowExecution", 1.5, True, 1.0),
        ("StartWorkflowExecution", 0.5, True, 0.5),
        ("QueryWorkflow", 60.0, True, 20.0),
        ("QueryWorkflow", 10.0, True, 5.0),
        ("PollForDecisionTask", None, False, 150.0),
        ("PollForDecisionTask", 70.0, False, 70.0),
        ("PollForActivityTask", 300.0, True, 150.0),
        ("GetWorkflowExecutionHistory", None, True, 25.0),
        ("GetWorkflowExecutionHistory", 10.0, True, 10.0),
        ("GetWorkflowExecutionHistory", 600.0, True, 25.0),
        ("GetWorkflowExecutionHistory", 600.0, False, 600.0),
    ],
)
def test_time_of_an_attempt(rpc: str, remaining: float | None, retried: bool, expected: float) -> None:
    assert attempt_timeout(rpc, remaining, retried=retried) == expected


def test_time_of_a_call() -> None:
    assert time_for(OPTIONS, None, unreachable=False) == 60
    assert time_for(OPTIONS, 5, unreachable=False) == 5
    assert time_for(OPTIONS, None, unreachable=True) == 10
    assert time_for(OPTIONS, 5, unreachable=True) == 5


def test_only_a_failure_to_connect_speaks_against_the_address() -> None:
    assert is_unreachable(tchannel.ConnectionFailedError())
    assert is_unreachable(tchannel.ConnectTimeoutError())
    assert not is_unreachable(tchannel.CallTimeoutError())
    assert not is_unreachable(tchannel.ConnectionLostError())
    assert not is_unreachable(errors.InternalServiceError())


def test_pauses_grow_up_to_a_tenth_of_the_time() -> None:
    pauses = [next_delay(OPTIONS, attempt, 60, 60, 1.0) for attempt in range(60)]
    assert pauses[0] == pytest.approx(0.02)
    assert pauses[1] == pytest.approx(0.024)
    assert pauses[-1] == pytest.approx(6)
    assert next_delay(OPTIONS, 10_000, 60, 60, 0.0) == pytest.approx(6 * 0.8)
    assert next_delay(RetryOptions(maximum_interval=1), 100, 60, 60, 1.0) == pytest.approx(1)


def test_no_pause_where_no_time_is_left() -> None:
    assert next_delay(OPTIONS, 0, 60, 0.019, 1.0) is None
    assert next_delay(OPTIONS, 0, 60, -1, 1.0) is None
    assert next_delay(OPTIONS, 0, 0.1, 0.1, 1.0) is None


@given(st.integers(0, 10**6), st.floats(0.2, 1e6), st.floats(0, 1e6), st.floats(0, 1))
def test_a_pause_is_within_its_bounds(attempt: int, total: float, remaining: float, chance: float) -> None:
    delay = next_delay(OPTIONS, attempt, total, remaining, chance)
    if delay is not None:
        assert 0.016 <= delay <= min(total / 10, remaining) * (1 + 1e-9)
