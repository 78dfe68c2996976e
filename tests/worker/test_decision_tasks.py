"""A decision task is answered, whatever happens: by decisions, by its failure with the reason, or not at all."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from typing import Any

import pytest
from histories import RunHistory
from hypothesis import given
from hypothesis import strategies as st

from cadence import activity, api, errors, workflow
from cadence.api.enums import DecisionTaskFailedCause, DecisionType, EventType, QueryResultType, TaskListKind
from cadence.devserver.execution.decision_tasks import start_to_close_timeout
from cadence.testing import wait_until
from cadence.worker.decision_tasks import answer_timeout

COMPLETED = "respond_decision_task_completed"
FAILED = "respond_decision_task_failed"


@workflow.defn
class Greeting:
    @workflow.run
    async def run(self, name: str) -> str:
        return f"Hello {name}"


@workflow.defn
class Counting:
    def __init__(self) -> None:
        self.count = 0

    @workflow.run
    async def run(self) -> int:
        await workflow.wait_condition(lambda: self.count >= 2)
        return self.count

    @workflow.signal
    def add(self) -> None:
        self.count += 1

    @workflow.query
    def get(self) -> int:
        return self.count

    @workflow.query
    def hang(self) -> int:
        while True:
            pass


@workflow.defn
class Sleeping:
    @workflow.run
    async def run(self) -> None:
        await asyncio.sleep(60)


@workflow.defn
class Hanging:
    @workflow.run
    async def run(self) -> None:
        while True:
            pass


@workflow.defn
class Leaving:
    @workflow.run
    async def run(self) -> None:
        raise SystemExit(3)


@activity.defn
async def double(value: int) -> int:
    return 2 * value


def new(workflow_type: str, data: bytes | None = None, **options: Any) -> RunHistory:
    history = RunHistory(workflow_type, data, **options)
    history.decision()
    return history


def counting() -> RunHistory:
    return new("Counting")


async def answered(service: Any, name: str = COMPLETED, count: int = 1) -> Any:
    return (await service.wait_told(name, count))[count - 1]


async def test_a_new_run_decides_and_closes(machine: Any, service: Any) -> None:
    async with machine([Greeting], binary_checksum="build 7") as assembly:
        service.decisions.put_nowait(new("Greeting", b'"you"').task())
        request = await answered(service)
        assert [decision.decision_type for decision in request.decisions] == [DecisionType.CompleteWorkflowExecution]
        assert request.decisions[0].complete_workflow_execution_decision_attributes.result == b'"Hello you"\n'
        assert request.identity == assembly.identity
        assert request.binary_checksum == "build 7"
        assert request.sticky_attributes is None
        assert not request.return_new_decision_task
        assert not request.force_create_new_decision_task
        assert assembly.statistics(is_running=True).sticky.runs == 0


async def test_a_run_goes_on_with_new_events_alone(machine: Any, service: Any) -> None:
    history = counting()
    async with machine([Counting]) as assembly:
        service.decisions.put_nowait(history.task())
        request = await answered(service)
        assert request.decisions == []
        assert request.return_new_decision_task
        sticky = request.sticky_attributes
        assert sticky.schedule_to_start_timeout_seconds == 5
        polled = [poll.task_list for poll in service.polls if poll.task_list.kind == TaskListKind.STICKY]
        assert {task_list.name for task_list in polled} == {sticky.worker_task_list.name}
        history.completed()
        history.signal("add")
        history.signal("add")
        history.decision()
        service.decisions.put_nowait(history.task(first=4))
        request = await answered(service, count=2)
        assert request.decisions[0].complete_workflow_execution_decision_attributes.result == b"2\n"
        await assembly.workflow_side.tasks.wait_idle()
        statistics = assembly.statistics(is_running=True)
        assert (statistics.sticky.hits, statistics.sticky.misses) == (1, 0)
        assert statistics.decision_tasks.done == 2
    assert service.told("get_workflow_execution_history") == []


async def test_the_task_in_the_answer_is_worked_on_at_once(machine: Any, service: Any) -> None:
    history = counting()
    first = history.task()
    history.completed()
    history.signal("add")
    history.signal("add")
    history.decision()
    service.answers[COMPLETED] = [api.RespondDecisionTaskCompletedResponse(decision_task=history.task(4, token=b"2"))]
    async with machine([Counting]):
        service.decisions.put_nowait(first)
        request = await answered(service, count=2)
        assert request.task_token == b"2"
        assert request.decisions[0].complete_workflow_execution_decision_attributes.result == b"2\n"


@pytest.mark.parametrize("first", [1, 4])
async def test_a_run_that_is_not_kept_is_built_from_the_whole_history(machine: Any, service: Any, first: int) -> None:
    history = counting()
    history.completed()
    history.signal("add")
    history.signal("add")
    history.decision()
    half = len(history.events) // 2
    whole = api.History(events=history.events)
    service.answers["get_workflow_execution_history"] = [
        api.GetWorkflowExecutionHistoryResponse(history=api.History(events=whole.events[:half]), next_page_token=b"2"),
        api.GetWorkflowExecutionHistoryResponse(history=api.History(events=[]), next_page_token=b"3"),
        api.GetWorkflowExecutionHistoryResponse(history=api.History(events=whole.events[half:])),
    ]
    async with machine([Counting]):
        service.decisions.put_nowait(history.task(first))
        request = await answered(service)
        assert request.decisions[0].complete_workflow_execution_decision_attributes.result == b"2\n"
    tokens = [page.next_page_token for page in service.told("get_workflow_execution_history")]
    assert tokens == ([] if first == 1 else [None, b"2", b"3"])


async def test_further_pages_of_a_task_are_read(machine: Any, service: Any) -> None:
    history = counting()
    task = history.task(next_page_token=b"2")
    rest = task.history.events[1:]
    task.history.events = task.history.events[:1]
    service.answers["get_workflow_execution_history"] = [
        api.GetWorkflowExecutionHistoryResponse(history=api.History(events=rest))
    ]
    async with machine([Counting]):
        service.decisions.put_nowait(task)
        assert (await answered(service)).decisions == []


async def test_a_kept_run_takes_what_is_new_in_a_whole_history(machine: Any, service: Any) -> None:
    history = counting()
    async with machine([Counting]) as assembly:
        service.decisions.put_nowait(history.task())
        await answered(service)
        kept = next(iter(assembly.workflow_side.cache._runs.values()))
        run = kept.run
        history.completed()
        history.signal("add")
        history.decision()
        service.decisions.put_nowait(history.task())
        await answered(service, count=2)
        assert next(iter(assembly.workflow_side.cache._runs.values())).run is run


async def test_a_kept_run_whose_decision_failed_is_built_anew(machine: Any, service: Any) -> None:
    history = counting()
    async with machine([Counting]) as assembly:
        service.decisions.put_nowait(history.task())
        await answered(service)
        run = next(iter(assembly.workflow_side.cache._runs.values())).run
        history.failed()
        history.signal("add")
        history.signal("add")
        history.decision()
        history.completed_id = 3  # as if it had been completed, which the events deny
        service.decisions.put_nowait(history.task())
        request = await answered(service, count=2)
        assert request.decisions[0].complete_workflow_execution_decision_attributes.result == b"2\n"
        assert run._is_stopping


async def test_without_stickiness_nothing_is_kept(machine: Any, service: Any) -> None:
    async with machine([Counting], sticky=False) as assembly:
        service.decisions.put_nowait(counting().task())
        request = await answered(service)
        assert request.sticky_attributes is None
        assert not request.return_new_decision_task
        assert assembly.statistics(is_running=True).sticky is None
        assert list(assembly.pollers) == ["decision"]


async def test_queries_of_a_task_are_answered_with_it(machine: Any, service: Any) -> None:
    queries = {"a": api.WorkflowQuery(query_type="get"), "b": api.WorkflowQuery(query_type="nothing")}
    async with machine([Counting]):
        service.decisions.put_nowait(counting().task(queries=queries))
        results = (await answered(service)).query_results
        assert (results["a"].result_type, results["a"].answer) == (QueryResultType.ANSWERED, b"0\n")
        assert results["b"].result_type == QueryResultType.FAILED
        assert "get" in results["b"].error_message


async def test_an_unknown_workflow_type_is_told_once(
    machine: Any, service: Any, caplog: pytest.LogCaptureFixture
) -> None:
    history = new("Greting")
    async with machine([Greeting]):
        service.decisions.put_nowait(history.task())
        request = await answered(service, FAILED)
        assert request.cause == DecisionTaskFailedCause.WORKFLOW_WORKER_UNHANDLED_FAILURE
        assert b'did you mean "Greeting"?' in request.details
        history.attempt = 1
        service.decisions.put_nowait(history.task())
        service.decisions.put_nowait(new("Greeting", b'"you"').task())
        await answered(service)
    assert len(service.told(FAILED)) == 1
    assert [record.levelname for record in caplog.records if "Greting" in record.getMessage()] == ["ERROR"]


async def test_arguments_that_do_not_fit_fail_the_task(machine: Any, service: Any) -> None:
    async with machine([Greeting]):
        service.decisions.put_nowait(new("Greeting", b"[1").task())
        request = await answered(service, FAILED)
        assert b"name" in request.details


async def test_a_broken_history_fails_the_task(machine: Any, service: Any) -> None:
    history = counting()
    task = history.task()
    del task.history.events[1]
    short = counting().task()
    short.started_event_id = 9
    async with machine([Counting]):
        service.decisions.put_nowait(task)
        assert b"gap" in (await answered(service, FAILED)).details
        service.decisions.put_nowait(short)
        assert b"ends with event 3" in (await answered(service, FAILED, 2)).details


async def test_a_page_that_can_not_be_had_fails_the_task_and_spares_the_run(machine: Any, service: Any) -> None:
    history = counting()
    async with machine([Counting]) as assembly:
        service.decisions.put_nowait(history.task())
        await answered(service)
        history.completed()
        history.decision()
        task = history.task(4, next_page_token=b"2")
        del task.history.events[2:]
        service.answers["get_workflow_execution_history"] = [errors.InternalServiceError("no page")]
        service.decisions.put_nowait(task)
        assert b"no page" in (await answered(service, FAILED)).details
        await assembly.workflow_side.tasks.wait_idle()
        assert assembly.statistics(is_running=True).sticky.runs == 1


def mismatch() -> RunHistory:
    """A history in which the code was another's: it slept where ours waits for signals."""
    history = new("Counting")
    history.completed()
    history.add(
        EventType.TimerStarted,
        timer_started_event_attributes=api.TimerStartedEventAttributes(timer_id="0", start_to_fire_timeout_seconds=9),
    )
    history.signal("add")
    history.decision()
    return history


async def test_nondeterminism_blocks_the_task(machine: Any, service: Any, caplog: pytest.LogCaptureFixture) -> None:
    async with machine([Counting]):
        service.decisions.put_nowait(mismatch().task())
        request = await answered(service, FAILED)
        assert b"timer" in request.details.lower()
    assert "timer" in caplog.text.lower()
    assert service.told(COMPLETED) == []


async def test_nondeterminism_fails_the_workflow_on_request(machine: Any, service: Any) -> None:
    async with machine([Counting], nondeterminism="fail"):
        service.decisions.put_nowait(mismatch().task())
        request = await answered(service)
        failure = request.decisions[0].fail_workflow_execution_decision_attributes
        assert failure.reason == "NonDeterministicWorkflowPolicyFailWorkflow"
        assert b"timer" in failure.details.lower()
    assert service.told(FAILED) == []


async def test_code_that_does_not_yield_fails_the_task_and_the_worker_goes_on(machine: Any, service: Any) -> None:
    async with machine([Hanging, Greeting], deadlock_timeout=timedelta(seconds=0.1)):
        service.decisions.put_nowait(new("Hanging").task())
        service.decisions.put_nowait(new("Greeting", b'"you"').task())
        request = await answered(service, FAILED)
        assert b"does not yield" in request.details
        assert b"in run" in request.details
        await answered(service)


async def test_code_that_wants_to_end_the_program_fails_the_task(machine: Any, service: Any) -> None:
    async with machine([Leaving]):
        service.decisions.put_nowait(new("Leaving").task())
        assert b"SystemExit" in (await answered(service, FAILED)).details


class Broken:
    """A run with a bug of our own."""

    def __init__(self, *_: Any, **__: Any) -> None:
        self.steps = 0

    def receive_task(self, *_: Any, **__: Any) -> None:
        raise ZeroDivisionError("ours")

    def interrupt(self) -> None: ...

    def close(self) -> None:
        raise RuntimeError("nor does it close")


async def test_a_bug_of_our_own_fails_the_task(machine: Any, service: Any, caplog: pytest.LogCaptureFixture) -> None:
    async with machine([Greeting], make_run=Broken) as assembly:
        service.decisions.put_nowait(new("Greeting").task())
        assert (await answered(service, FAILED)).details == b"ZeroDivisionError: ours"
        assert assembly.statistics(is_running=True).decision_tasks.failed == 1
    assert "Traceback" in caplog.text
    # The run is dropped in the workflow thread, which nobody waits for.
    await wait_until(lambda: "nor does it close" in caplog.text)


async def test_a_failure_that_can_not_be_told_ends_nothing(machine: Any, service: Any) -> None:
    service.answers[FAILED] = [errors.EntityNotExistsError("gone")]
    async with machine([Greeting]):
        service.decisions.put_nowait(new("Nothing").task())
        await answered(service, FAILED)
        service.decisions.put_nowait(new("Greeting", b'"you"').task())
        await answered(service)


@pytest.mark.parametrize(
    ("error", "told"), [(errors.EntityNotExistsError("gone"), 0), (errors.BadRequestError("decisions too large"), 1)]
)
async def test_a_completion_that_is_refused_drops_the_run(
    machine: Any, service: Any, caplog: pytest.LogCaptureFixture, error: Exception, told: int
) -> None:
    caplog.set_level(logging.DEBUG, "cadence.worker")
    service.answers[COMPLETED] = [error]
    async with machine([Counting]) as assembly:
        service.decisions.put_nowait(counting().task())
        await answered(service)
        service.decisions.put_nowait(counting().task())
        await answered(service, count=2)
        await assembly.workflow_side.tasks.wait_idle()
        assert assembly.workflow_side.tasks.statistics().done == 2
        assert assembly.statistics(is_running=True).sticky.runs == 1
    assert len(service.told(FAILED)) == told
    if told:
        assert b"decisions too large" in service.told(FAILED)[0].details


@pytest.mark.parametrize(
    ("attempt", "seconds"), [(0, 2), (1, 2), (2, 48), (3, 96), (4, 192), (5, 240), (6, 240), (2**40, 240)]
)
async def test_an_answer_is_tried_as_long_as_the_server_waits_for_it(
    machine: Any, service: Any, attempt: int, seconds: float
) -> None:
    history = new("Counting", timeout=2)
    history.attempt = attempt
    async with machine([Counting]):
        service.decisions.put_nowait(history.task())
        await answered(service)
    [given] = service.timeouts[COMPLETED]
    assert given == pytest.approx(seconds, abs=1)


@given(attempt=st.integers(0, 50), timeout=st.integers(1, 600))
def test_no_answer_is_tried_longer_than_the_server_waits(attempt: int, timeout: int) -> None:
    assert answer_timeout(attempt, timeout) <= start_to_close_timeout(timeout, attempt)


async def test_two_tasks_of_a_run_are_worked_on_one_after_the_other(machine: Any, service: Any) -> None:
    history = counting()
    async with machine([Counting]) as assembly:
        service.decisions.put_nowait(history.task())
        await answered(service)
        history.completed()
        history.signal("add")
        history.decision()
        side = assembly.workflow_side
        kept = side.cache.peek("run")
        await kept.lock.acquire()
        service.decisions.put_nowait(history.task(4))
        while not kept.lock._waiters:  # noqa: ASYNC110  # everything happens on this very loop
            await asyncio.sleep(0)
        # Whoever held it dropped it: the second task is for a run that has gone, and reads all anew.
        side.runs.drop(kept)
        service.answers["get_workflow_execution_history"] = [history.answer()]
        kept.lock.release()
        await answered(service, count=2)
        assert len(service.told("get_workflow_execution_history")) == 1


async def test_runs_pushed_out_are_closed_and_their_lists_reset(machine: Any, service: Any) -> None:
    async with machine([Counting], sticky_runs=1) as assembly:
        for run_id in ("a", "b"):
            service.decisions.put_nowait(new("Counting", run_id=run_id).task())
            await answered(service, count=1 if run_id == "a" else 2)
        (reset,) = await service.wait_told("reset_sticky_task_list")
        assert reset.execution.run_id == "a"
        assert assembly.statistics(is_running=True).sticky.evictions == 1


@activity.defn
async def forever(event: str) -> None:
    await asyncio.Event().wait()


@workflow.defn
class Local:
    @workflow.run
    async def run(self, name: str) -> Any:
        return await workflow.execute_local_activity(name, 21, schedule_to_close_timeout=timedelta(seconds=30))


async def test_a_local_activity_runs_within_the_task(machine: Any, service: Any) -> None:
    async with machine([Local], [double]) as assembly:
        service.decisions.put_nowait(new("Local", b'"double"').task())
        request = await answered(service)
        kinds = [decision.decision_type for decision in request.decisions]
        assert kinds == [DecisionType.RecordMarker, DecisionType.CompleteWorkflowExecution]
        assert request.decisions[1].complete_workflow_execution_decision_attributes.result == b"42\n"
        assert assembly.statistics(is_running=True).local_activities.done == 1


async def test_a_task_with_a_long_local_activity_beats(machine: Any, service: Any) -> None:
    gate = asyncio.Event()

    @activity.defn
    async def gated(value: int) -> int:
        await gate.wait()
        return value

    history = new("Local", b'"gated"', timeout=1)
    async with machine([Local], [gated]):
        service.decisions.put_nowait(history.task())
        beat = await answered(service)
        assert beat.force_create_new_decision_task
        assert beat.return_new_decision_task
        assert beat.decisions == []
        # The next task comes by a poll; what came of the activity waits for it.
        gate.set()
        history.completed()
        history.decision()
        service.decisions.put_nowait(history.task(4, token=b"2"))
        request = await answered(service, count=2)
        assert request.decisions[1].complete_workflow_execution_decision_attributes.result == b"21\n"


@pytest.mark.parametrize("sticky", [True, False])
async def test_a_beat_goes_on_with_the_task_in_its_answer(machine: Any, service: Any, sticky: bool) -> None:
    gate = asyncio.Event()
    runs: list[int] = []

    @activity.defn
    async def gated(value: int) -> int:
        runs.append(value)
        await gate.wait()
        return value

    history = new("Local", b'"gated"', timeout=1)
    first = history.task()
    history.completed()
    history.decision()
    following = history.task(4 if sticky else 1, token=b"2")
    service.answers[COMPLETED] = [api.RespondDecisionTaskCompletedResponse(decision_task=following)]
    async with machine([Local], [gated], sticky=sticky):
        service.decisions.put_nowait(first)
        await answered(service)
        gate.set()
        request = await answered(service, count=2)
        assert request.task_token == b"2"
        assert request.decisions[1].complete_workflow_execution_decision_attributes.result == b"21\n"
    assert runs == [21]
