"""Answers that can't be carried out: they fail their decision task and change nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from cadence import api
from cadence.api.enums import DecisionTaskFailedCause as Cause
from cadence.api.enums import DomainStatus
from cadence.api.errors import BadRequestError, InternalServiceError
from cadence.devserver.domains import BadBinary

LONG = "x" * 1001
TYPE = api.WorkflowType(name="small")
BAD = [
    (
        "ScheduleActivityTask",
        {"activity_id": ""},
        Cause.BAD_SCHEDULE_ACTIVITY_ATTRIBUTES,
        "ActivityId is not set on decision.",
    ),
    (
        "ScheduleActivityTask",
        {"activity_type": None},
        Cause.BAD_SCHEDULE_ACTIVITY_ATTRIBUTES,
        "ActivityType is not set on decision.",
    ),
    (
        "ScheduleActivityTask",
        {"activity_id": LONG},
        Cause.BAD_SCHEDULE_ACTIVITY_ATTRIBUTES,
        "ActivityID exceeds length limit.",
    ),
    (
        "ScheduleActivityTask",
        {"heartbeat_timeout_seconds": -1},
        Cause.BAD_SCHEDULE_ACTIVITY_ATTRIBUTES,
        "A valid timeout may not be negative.",
    ),
    (
        "ScheduleActivityTask",
        {"schedule_to_close_timeout_seconds": 0, "start_to_close_timeout_seconds": 0},
        Cause.BAD_SCHEDULE_ACTIVITY_ATTRIBUTES,
        "A valid ScheduleToCloseTimeout is not set on decision.",
    ),
    (
        "ScheduleActivityTask",
        {"task_list": api.TaskList(name="/__cadence_sys/x")},
        Cause.BAD_SCHEDULE_ACTIVITY_ATTRIBUTES,
        "task list name cannot start with reserved prefix /__cadence_sys/",
    ),
    (
        "ScheduleActivityTask",
        {"retry_policy": api.RetryPolicy()},
        Cause.BAD_SCHEDULE_ACTIVITY_ATTRIBUTES,
        "InitialIntervalInSeconds must be greater than 0 on retry policy.",
    ),
    (
        "RequestCancelActivityTask",
        {},
        Cause.BAD_REQUEST_CANCEL_ACTIVITY_ATTRIBUTES,
        "ActivityId is not set on decision.",
    ),
    (
        "StartTimer",
        {"start_to_fire_timeout_seconds": 5},
        Cause.BAD_START_TIMER_ATTRIBUTES,
        "TimerId is not set on decision.",
    ),
    ("StartTimer", {"timer_id": "t"}, Cause.BAD_START_TIMER_ATTRIBUTES, "Invalid StartToFireTimeoutSeconds: 0"),
    ("CancelTimer", {}, Cause.BAD_CANCEL_TIMER_ATTRIBUTES, "TimerId is not set on decision."),
    ("RecordMarker", {}, Cause.BAD_RECORD_MARKER_ATTRIBUTES, "MarkerName is not set on decision."),
    ("RecordMarker", {"marker_name": LONG}, Cause.BAD_RECORD_MARKER_ATTRIBUTES, "MarkerName exceeds length limit."),
    ("FailWorkflowExecution", {}, Cause.BAD_FAIL_WORKFLOW_EXECUTION_ATTRIBUTES, "Reason is not set on decision."),
    (
        "StartChildWorkflowExecution",
        {"workflow_type": TYPE},
        Cause.BAD_START_CHILD_EXECUTION_ATTRIBUTES,
        "Required field WorkflowID is not set on decision.",
    ),
    (
        "StartChildWorkflowExecution",
        {"workflow_id": "c"},
        Cause.BAD_START_CHILD_EXECUTION_ATTRIBUTES,
        "Required field WorkflowType is not set on decision.",
    ),
    (
        "SignalExternalWorkflowExecution",
        {"signal_name": "s"},
        Cause.BAD_SIGNAL_WORKFLOW_EXECUTION_ATTRIBUTES,
        "Execution is nil on decision.",
    ),
    (
        "SignalExternalWorkflowExecution",
        {"execution": api.WorkflowExecution(workflow_id="o", run_id="nope"), "signal_name": "s"},
        Cause.BAD_SIGNAL_WORKFLOW_EXECUTION_ATTRIBUTES,
        "Invalid RunId set on decision.",
    ),
    (
        "RequestCancelExternalWorkflowExecution",
        {},
        Cause.BAD_REQUEST_CANCEL_EXTERNAL_WORKFLOW_EXECUTION_ATTRIBUTES,
        "WorkflowId is not set on decision.",
    ),
    (
        "ContinueAsNewWorkflowExecution",
        {"backoff_start_interval_in_seconds": -1},
        Cause.BAD_CONTINUE_AS_NEW_ATTRIBUTES,
        "BackoffStartInterval is less than 0.",
    ),
    ("UpsertWorkflowSearchAttributes", {}, Cause.BAD_SEARCH_ATTRIBUTES, "SearchAttributes is not set on decision."),
    (
        "UpsertWorkflowSearchAttributes",
        {"search_attributes": api.SearchAttributes(indexed_fields={"Nope": b'"x"'})},
        Cause.BAD_SEARCH_ATTRIBUTES,
        "Nope is not a valid search attribute key",
    ),
]


@pytest.mark.parametrize("bad_one", BAD, ids=lambda each: f"{each[0]}: {each[3]}")
def test_one_bad_decision_undoes_all(ground: Any, tools: Any, bad_one: tuple[str, dict[str, Any], Cause, str]) -> None:
    kind, fields, cause, message = bad_one
    run = ground.start()
    bad = tools.activity(**fields) if kind == "ScheduleActivityTask" else tools.decision(kind, **fields)
    good = [tools.activity("good"), tools.decision("StartTimer", timer_id="good", start_to_fire_timeout_seconds=9)]
    ground.decide(*good, bad)
    assert tools.types(run)[3:] == ["DecisionTaskFailed"]
    failed = run.event(4).decision_task_failed_event_attributes
    assert (failed.cause, failed.details, failed.identity) == (cause, message.encode(), "worker")
    assert not run.state.activities
    assert not run.state.timers
    assert ground.poll_activity() is None
    task = ground.poll()
    assert task.attempt == 1
    ground.answer(task, *good)
    assert tools.types(run)[-2:] == ["ActivityTaskScheduled", "TimerStarted"]


def test_an_activity_id_twice_is_refused(ground: Any, tools: Any) -> None:
    run = ground.start()
    ground.decide(tools.activity("a"), tools.activity("a"))
    failed = run.event(4).decision_task_failed_event_attributes
    assert (failed.cause, failed.details) == (Cause.SCHEDULE_ACTIVITY_DUPLICATE_ID, b"")
    ground.decide(tools.activity("a"), force_create_new_decision_task=True)
    ground.decide(tools.decision("RequestCancelActivityTask", activity_id="a"), tools.activity("a"))
    assert tools.types(run)[-4:] == [
        "ActivityTaskCancelRequested",
        "ActivityTaskScheduled",
        "ActivityTaskCanceled",
        "DecisionTaskScheduled",
    ]


def test_a_decision_without_attributes(ground: Any, tools: Any) -> None:
    run = ground.start()
    ground.decide(api.Decision(decision_type=3))
    failed = run.event(4).decision_task_failed_event_attributes
    assert failed.cause == Cause.BAD_SCHEDULE_ACTIVITY_ATTRIBUTES
    assert failed.details == b"ScheduleActivityTaskDecisionAttributes is not set on decision."


def test_an_unknown_type_is_the_callers_mistake(ground: Any, tools: Any) -> None:
    run = ground.start()
    with pytest.raises(BadRequestError, match="Unknown decision type: 77"):
        ground.decide(api.Decision(decision_type=77))
    assert tools.types(run)[-1] == "DecisionTaskStarted"


def test_an_unknown_domain_is_told(ground: Any, tools: Any) -> None:
    run = ground.start()
    with pytest.raises(InternalServiceError, match="Unable to schedule activity across domain nope"):
        ground.decide(tools.activity(domain="nope"))
    assert tools.types(run)[-1] == "DecisionTaskStarted"


def test_only_the_first_ending_counts(ground: Any, tools: Any) -> None:
    run = ground.start()
    task = ground.poll()
    ending = tools.decision("CompleteWorkflowExecution", result=b"1")
    with pytest.raises(InternalServiceError):
        ground.answer(task, ending, tools.activity())
    ground.answer(task, ending, tools.decision("FailWorkflowExecution", reason="r"))
    assert tools.types(run)[3:] == ["DecisionTaskCompleted", "WorkflowExecutionCompleted"]


def test_what_is_too_large_ends_the_run(ground: Any, tools: Any) -> None:
    run = ground.start()
    big = b"x" * (2 * 1024 * 1024 + 1)
    ground.decide(
        tools.activity("a"), tools.decision("RecordMarker", marker_name="m", details=big), tools.activity("b")
    )
    assert tools.types(run)[4:] == ["ActivityTaskScheduled", "WorkflowExecutionFailed"]
    failed = run.events[-1].workflow_execution_failed_event_attributes
    assert failed.reason == "DECISION_BLOB_SIZE_EXCEEDS_LIMIT"
    assert failed.details == b"RecordMarkerDecisionAttributes.Details exceeds size limit."


def test_a_bad_build_can_not_answer(ground: Any, tools: Any) -> None:
    from dataclasses import replace

    bad = BadBinary(reason="r", operator="o", created_nanos=1)
    ground.domains.update("samples", lambda old: replace(old, bad_binaries={"sum": bad}))
    assert ground.domains.find("samples").status == DomainStatus.REGISTERED
    run = ground.start()
    ground.decide(tools.decision("CompleteWorkflowExecution"), binary_checksum="sum")
    failed = run.event(4).decision_task_failed_event_attributes
    assert failed.cause == Cause.BAD_BINARY
    assert failed.details == b"binary sum is already marked as bad deployment"


def test_search_attributes_are_shown_in_lists(ground: Any, tools: Any) -> None:
    run = ground.start(search_attributes=api.SearchAttributes(indexed_fields={"CustomIntField": b"1"}))
    fields = {"CustomKeywordField": b'"blue"', "CustomIntField": b"2"}
    ground.decide(
        tools.decision("UpsertWorkflowSearchAttributes", search_attributes=api.SearchAttributes(indexed_fields=fields))
    )
    assert tools.types(run)[-1] == "UpsertWorkflowSearchAttributes"
    (row,) = ground.store.read("SELECT search_attributes FROM visibility")
    assert row[0] == '{"CustomIntField": 2, "CustomKeywordField": "blue"}'


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ((60, 20, 30, 5), (60, 20, 30, 5)),
        ((60, 0, 0, 0), (60, 60, 60, 0)),
        ((0, 20, 30, 0), (50, 20, 30, 0)),
        ((9999, 9999, 9999, 9999), (3600, 3600, 3600, 3600)),
    ],
)
def test_timeouts_follow_from_each_other(ground: Any, tools: Any, given: Any, kept: Any) -> None:
    names = ("schedule_to_close", "schedule_to_start", "start_to_close", "heartbeat")
    run = ground.start()
    ground.decide(
        tools.activity(**{f"{name}_timeout_seconds": seconds for name, seconds in zip(names, given, strict=True)})
    )
    scheduled = run.event(5).activity_task_scheduled_event_attributes
    assert tuple(getattr(scheduled, f"{name}_timeout_seconds") for name in names) == kept


def test_thousand_bad_answers_end_the_run(ground: Any, tools: Any) -> None:
    run = ground.start()
    for _ in range(1001):
        ground.decide(tools.decision("StartTimer"))
    assert tools.types(run)[3:] == ["DecisionTaskFailed", "WorkflowExecutionTerminated"]
    ended = run.events[-1].workflow_execution_terminated_event_attributes
    assert ended.reason == "DECISION_ATTEMPTS_EXCEEDS_LIMIT"
    assert ended.details.endswith(b"BAD_START_TIMER_ATTRIBUTES - TimerId is not set on decision.")
