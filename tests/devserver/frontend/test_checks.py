"""Bad requests are refused as the real frontend refuses them: recorded answers, then the order of checks."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from cadence import api
from cadence.api.errors import BadRequestError
from cadence.devserver.frontend import checks, domain_checks

RUN = "5b1f0c0e-6e0b-4ed0-8d3b-0c1f1c1d7a10"


def start(**changes: Any) -> api.StartWorkflowExecutionRequest:
    fields: dict[str, Any] = {
        "domain": "samples",
        "workflow_id": "order-1",
        "workflow_type": api.WorkflowType(name="order"),
        "task_list": api.TaskList(name="orders"),
        "execution_start_to_close_timeout_seconds": 60,
        "task_start_to_close_timeout_seconds": 10,
        "request_id": str(uuid.uuid4()),
    }
    return api.StartWorkflowExecutionRequest(**{**fields, **changes})


def signal_with_start(**changes: Any) -> api.SignalWithStartWorkflowExecutionRequest:
    fields: dict[str, Any] = {
        "domain": "samples",
        "workflow_id": "order-1",
        "workflow_type": api.WorkflowType(name="order"),
        "task_list": api.TaskList(name="orders"),
        "execution_start_to_close_timeout_seconds": 60,
        "task_start_to_close_timeout_seconds": 10,
        "signal_name": "pay",
    }
    return api.SignalWithStartWorkflowExecutionRequest(**{**fields, **changes})


def retry(**changes: Any) -> api.RetryPolicy:
    fields: dict[str, Any] = {"initial_interval_in_seconds": 1, "backoff_coefficient": 2.0, "maximum_attempts": 3}
    return api.RetryPolicy(**{**fields, **changes})


def attributes(**fields: bytes) -> api.SearchAttributes:
    return api.SearchAttributes(indexed_fields=fields)


LONG = "x" * 1001
BAD_STARTS: list[tuple[dict[str, Any], str]] = [
    ({"workflow_id": None}, "WorkflowId is not set on request."),
    ({"workflow_id": ""}, "WorkflowId is not set on request."),
    ({"workflow_id": LONG}, "WorkflowID length exceeds limit."),
    ({"workflow_id": "é" * 501}, "WorkflowID length exceeds limit."),
    ({"workflow_type": None}, "WorkflowType is not set on request."),
    ({"workflow_type": api.WorkflowType(name="")}, "WorkflowType is not set on request."),
    ({"workflow_type": api.WorkflowType(name=LONG)}, "WorkflowType length exceeds limit."),
    ({"task_list": None}, "TaskList is not set on request."),
    ({"task_list": api.TaskList(name=LONG)}, "TaskList length exceeds limit."),
    (
        {"execution_start_to_close_timeout_seconds": None},
        "A valid ExecutionStartToCloseTimeoutSeconds is not set on request.",
    ),
    (
        {"execution_start_to_close_timeout_seconds": 0},
        "A valid ExecutionStartToCloseTimeoutSeconds is not set on request.",
    ),
    ({"task_start_to_close_timeout_seconds": None}, "A valid TaskStartToCloseTimeoutSeconds is not set on request."),
    ({"request_id": None}, 'requestId "" is not a valid UUID'),
    ({"request_id": "abc"}, 'requestId "abc" is not a valid UUID'),
    (
        {"cron_schedule": "x x"},
        'Invalid CronSchedule, failed to parse: "x x", err: expected exactly 5 fields, found 2: [x x]',
    ),
    (
        {"cron_schedule": "0 0 30 2 *"},
        'Invalid CronSchedule, no next firing time found, maybe impossible date: "0 0 30 2 *"',
    ),
    (
        {"retry_policy": retry(initial_interval_in_seconds=0)},
        "InitialIntervalInSeconds must be greater than 0 on retry policy.",
    ),
    ({"retry_policy": retry(backoff_coefficient=0.5)}, "BackoffCoefficient cannot be less than 1 on retry policy."),
    (
        {"retry_policy": retry(maximum_interval_in_seconds=-1)},
        "MaximumIntervalInSeconds cannot be less than 0 on retry policy.",
    ),
    (
        {"retry_policy": retry(initial_interval_in_seconds=5, maximum_interval_in_seconds=4)},
        "MaximumIntervalInSeconds cannot be less than InitialIntervalInSeconds on retry policy.",
    ),
    ({"retry_policy": retry(maximum_attempts=-1)}, "MaximumAttempts cannot be less than 0 on retry policy."),
    (
        {"retry_policy": retry(expiration_interval_in_seconds=-1)},
        "ExpirationIntervalInSeconds cannot be less than 0 on retry policy.",
    ),
    (
        {"retry_policy": retry(maximum_attempts=0)},
        "MaximumAttempts and ExpirationIntervalInSeconds are both 0. At least one of them must be specified.",
    ),
    ({"delay_start_seconds": -1}, "A valid DelayStartSeconds is not set on request."),
    ({"jitter_start_seconds": -1}, "A valid JitterStartSeconds is not set on request (negative)."),
    (
        {"jitter_start_seconds": 61, "cron_schedule": "* * * * *"},
        "A valid JitterStartSeconds is not set on request (larger than cron duration).",
    ),
    ({"search_attributes": attributes(Nope=b"1")}, "Nope is not a valid search attribute key"),
    (
        {"search_attributes": attributes(CustomIntField=b'"x"')},
        '"x" is not a valid search attribute value for key CustomIntField',
    ),
    (
        {"search_attributes": attributes(CustomDatetimeField=b'"soon"')},
        '"soon" is not a valid search attribute value for key CustomDatetimeField',
    ),
    ({"search_attributes": attributes(StartTime=b"1")}, "StartTime is read-only Cadence reserved attribute"),
    (
        {"search_attributes": attributes(CustomKeywordField=b'"' + b"x" * 2050 + b'"')},
        "size limit exceed for key CustomKeywordField",
    ),
    ({"input": b"x" * (2 * 1024 * 1024 + 1)}, "Blob data size exceeds limit."),
    ({"memo": api.Memo(fields={"a": b"x" * (2 * 1024 * 1024)})}, "Blob data size exceeds limit."),
]


@pytest.mark.parametrize(("changes", "message"), BAD_STARTS)
def test_a_start_that_cannot_work(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(BadRequestError) as caught:
        checks.check_start(start(**changes))
    assert caught.value.message == message


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"execution_start_to_close_timeout_seconds": 2**31 - 1},
        {"cron_schedule": "@every 5m", "jitter_start_seconds": 300},
        {"retry_policy": retry(maximum_attempts=0, expiration_interval_in_seconds=1)},
        {"retry_policy": retry(maximum_interval_in_seconds=1)},
        {"request_id": RUN.upper()},
        {"request_id": RUN.replace("-", "")},
        {"workflow_id": "x" * 1000},
        {
            "search_attributes": attributes(
                CustomIntField=b"[1, 2]",
                CustomKeywordField=b'["a"]',
                CustomDoubleField=b"1",
                CustomBoolField=b"true",
                CustomDatetimeField=b'"2026-01-01T00:00:00Z"',
                CustomStringField=b"null",
            )
        },
    ],
)
def test_a_start_that_can(changes: dict[str, Any]) -> None:
    checks.check_start(start(**changes))


def test_the_first_of_several_faults_is_told() -> None:
    every_fault = start(
        workflow_id=LONG, request_id="abc", workflow_type=None, task_list=None, retry_policy=retry(maximum_attempts=-1)
    )
    expected = [
        ('requestId "abc" is not a valid UUID', {"request_id": RUN}),
        ("WorkflowType is not set on request.", {"workflow_type": api.WorkflowType(name="order")}),
        ("WorkflowID length exceeds limit.", {"workflow_id": "order-1"}),
        ("MaximumAttempts cannot be less than 0 on retry policy.", {"retry_policy": None}),
        ("TaskList is not set on request.", {"task_list": api.TaskList(name="orders")}),
    ]
    for message, repair in expected:
        with pytest.raises(BadRequestError) as caught:
            checks.check_start(every_fault)
        assert caught.value.message == message
        for name, value in repair.items():
            setattr(every_fault, name, value)
    checks.check_start(every_fault)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"workflow_id": ""}, "WorkflowId is not set on request."),
        ({"signal_name": None}, "SignalName is not set on request."),
        ({"signal_name": LONG}, "SignalName length exceeds limit."),
        ({"workflow_type": None}, "WorkflowType is not set on request."),
        ({"task_list": None}, "TaskList is not set on request."),
        ({"request_id": LONG}, "RequestID length exceeds limit."),
        ({"cron_schedule": "@never"}, None),
        ({"signal_input": b"x" * (2 * 1024 * 1024 + 1)}, "Blob data size exceeds limit."),
    ],
)
def test_a_signal_with_start_that_cannot_work(changes: dict[str, Any], message: str | None) -> None:
    with pytest.raises(BadRequestError) as caught:
        checks.check_signal_with_start(signal_with_start(**changes))
    assert message is None or caught.value.message == message


def test_a_signal_with_start_needs_no_request_id() -> None:
    checks.check_signal_with_start(signal_with_start(request_id=None))


@pytest.mark.parametrize(
    ("execution", "message"),
    [
        (None, "Execution is not set on request."),
        (api.WorkflowExecution(), "WorkflowId is not set on request."),
        (api.WorkflowExecution(workflow_id=""), "WorkflowId is not set on request."),
        (api.WorkflowExecution(workflow_id="a", run_id="b"), "Invalid RunId."),
    ],
)
def test_every_call_about_a_run_must_say_which(execution: api.WorkflowExecution | None, message: str) -> None:
    named = {"workflow_execution": execution}
    calls = [
        lambda: checks.check_signal(api.SignalWorkflowExecutionRequest(signal_name="s", **named)),
        lambda: checks.check_cancel(api.RequestCancelWorkflowExecutionRequest(**named)),
        lambda: checks.check_terminate(api.TerminateWorkflowExecutionRequest(**named)),
        lambda: checks.check_reset(api.ResetWorkflowExecutionRequest(**named)),
        lambda: checks.check_describe(api.DescribeWorkflowExecutionRequest(execution=execution)),
        lambda: checks.check_history(api.GetWorkflowExecutionHistoryRequest(execution=execution)),
        lambda: checks.check_query(api.QueryWorkflowRequest(execution=execution)),
        lambda: checks.check_reset_sticky(api.ResetStickyTaskListRequest(execution=execution)),
    ]
    for call in calls:
        with pytest.raises(BadRequestError) as caught:
            call()
        assert caught.value.message == message


def test_signals_and_queries_need_a_name() -> None:
    run = api.WorkflowExecution(workflow_id="a", run_id=RUN)
    with pytest.raises(BadRequestError, match=r"SignalName is not set on request\."):
        checks.check_signal(api.SignalWorkflowExecutionRequest(workflow_execution=run))
    with pytest.raises(BadRequestError, match=r"WorkflowQuery is not set on request\."):
        checks.check_query(api.QueryWorkflowRequest(execution=run))
    with pytest.raises(BadRequestError, match=r"QueryType is not set on request\."):
        checks.check_query(api.QueryWorkflowRequest(execution=run, query=api.WorkflowQuery()))
    checks.check_query(api.QueryWorkflowRequest(execution=run, query=api.WorkflowQuery(query_type="state")))


def test_polls_and_answers() -> None:
    with pytest.raises(BadRequestError, match=r"TaskList is not set on request\."):
        checks.check_poll_for_decision_task(api.PollForDecisionTaskRequest())
    with pytest.raises(BadRequestError, match=r"TaskList is not set on request\."):
        checks.check_poll_for_activity_task(api.PollForActivityTaskRequest(task_list=api.TaskList(name="")))
    with pytest.raises(BadRequestError, match=r"Identity length exceeds limit\."):
        checks.check_identity(api.RespondActivityTaskCompletedRequest(identity=LONG))
    with pytest.raises(BadRequestError, match=r"ActivityID is not set on request\."):
        checks.check_activity_id(api.RespondActivityTaskCompletedByIDRequest(workflow_id="a"))
    checks.check_activity_id(api.RespondActivityTaskCompletedByIDRequest(workflow_id="a", activity_id="1"))


def test_text_that_is_not_unicode_has_a_length() -> None:
    # It reaches the server as bytes.
    with pytest.raises(BadRequestError, match=r"WorkflowID length exceeds limit\."):
        checks.check_start(start(workflow_id=b"\xff" * 1001))


def times(**changes: Any) -> dict[str, Any]:
    filters = {"start_time_filter": api.StartTimeFilter(earliest_time=0, latest_time=1)}
    return {**filters, **changes}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"start_time_filter": None}, "StartTimeFilter is required"),
        ({"start_time_filter": api.StartTimeFilter()}, "EarliestTime in StartTimeFilter is required"),
        (
            {"start_time_filter": api.StartTimeFilter(earliest_time=1)},
            "LatestTime in StartTimeFilter is required",
        ),
        (
            {"start_time_filter": api.StartTimeFilter(earliest_time=2, latest_time=1)},
            "EarliestTime in StartTimeFilter should not be larger than LatestTime",
        ),
    ],
)
def test_lists_that_cannot_work(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(BadRequestError) as caught:
        domain_checks.check_list_open(api.ListOpenWorkflowExecutionsRequest(**times(**changes)))
    assert caught.value.message == message
    with pytest.raises(BadRequestError) as caught:
        domain_checks.check_list_closed(api.ListClosedWorkflowExecutionsRequest(**times(**changes)))
    assert caught.value.message == message


def test_lists_take_one_filter() -> None:
    both = times(type_filter=api.WorkflowTypeFilter(name="a"), execution_filter=api.WorkflowExecutionFilter())
    with pytest.raises(BadRequestError) as caught:
        domain_checks.check_list_open(api.ListOpenWorkflowExecutionsRequest(**both))
    assert caught.value.message == "Only one of ExecutionFilter or TypeFilter is allowed"
    with pytest.raises(BadRequestError) as caught:
        domain_checks.check_list_closed(api.ListClosedWorkflowExecutionsRequest(**both))
    assert caught.value.message == "Only one of ExecutionFilter, TypeFilter or StatusFilter is allowed"


def test_domain_requests_need_a_domain() -> None:
    for call in (
        lambda: domain_checks.check_register_domain(api.RegisterDomainRequest()),
        lambda: domain_checks.check_describe_domain(api.DescribeDomainRequest()),
        lambda: domain_checks.check_domain_name(""),
        lambda: domain_checks.check_failover_domain(api.FailoverDomainRequest()),
    ):
        with pytest.raises(BadRequestError, match=r"Domain not set on request\."):
            call()
    domain_checks.check_register_domain(api.RegisterDomainRequest(name="a"))
    with pytest.raises(BadRequestError, match="RetentionDays is invalid"):
        domain_checks.check_register_domain(
            api.RegisterDomainRequest(name="a", workflow_execution_retention_period_in_days=31)
        )
