"""A run as a whole: what its code knows, how it ends, interceptors, logs."""

from __future__ import annotations

import asyncio
import json
import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from cadence import api, workflow
from cadence.api.enums import DecisionType
from cadence.engine import RunOptions
from cadence.exceptions import ActivityFailedError, ApplicationError, ConversionError, NondeterminismError
from cadence.interceptor.interfaces import HandleQuery, HandleSignal, Interceptor, RunWorkflow
from cadence.workflow.commands import ScheduleActivity, StartTimer

MINUTE = timedelta(minutes=1)


async def act(name: str, *arguments: object, **options: Any) -> Any:
    return await workflow.execute_activity(name, *arguments, schedule_to_close_timeout=MINUTE, **options)


def kinds(decisions: list[Any]) -> list[str]:
    return [DecisionType(decision.decision_type).name for decision in decisions]


def result(server: Any, decisions: list[Any]) -> Any:
    data = decisions[-1].complete_workflow_execution_decision_attributes.result
    server.check()
    return server.converter.decode_value(data)


# --- what the code knows ---


@workflow.defn
class Knows:
    @workflow.run
    async def run(self) -> list[Any]:
        before = [workflow.random().random(), str(workflow.uuid4()), workflow.time_ns(), workflow.now().isoformat()]
        await act("a")
        after = [workflow.random().random(), str(workflow.uuid4()), workflow.time_ns(), workflow.now().isoformat()]
        return [*before, *after, workflow.history_length()]


def test_time_and_chance_are_those_of_the_first_time(serve: Any) -> None:
    server = serve(Knows)
    server.task()
    server.evict()
    server.complete("0")
    server.task()
    data = server.history[-1].workflow_execution_completed_event_attributes.result
    server.check()
    values = json.loads(data)
    assert values[2] < values[6]
    assert datetime.fromisoformat(values[3]).tzinfo == UTC
    assert values[8] == 9


@workflow.defn
class Facts:
    @workflow.run
    async def run(self) -> list[Any]:
        info = workflow.info()
        found = [
            info.workflow_id,
            info.run_id,
            info.workflow_type,
            info.domain,
            info.task_list,
            info.attempt,
            info.execution_start_to_close_timeout == timedelta(hours=1),
            info.parent and [info.parent.workflow_id, info.parent.run_id, info.parent.domain],
            info.retry_policy and info.retry_policy.maximum_attempts,
            info.cron_schedule,
            info.continued_run_id,
            dict(workflow.search_attributes()),
            workflow.memo(),
            workflow.last_completion_result(int),
            workflow.in_workflow(),
            workflow.is_replaying(),
        ]
        workflow.upsert_search_attributes(
            {"CustomIntField": 5, "CustomDatetimeField": datetime(2026, 1, 1, tzinfo=UTC)}
        )
        return [*found, workflow.search_attributes()["CustomIntField"], workflow.history_size()]


def test_facts_of_the_start(serve: Any) -> None:
    server = serve(
        Facts,
        parent_workflow_execution=api.WorkflowExecution("p", "pr"),
        retry_policy=api.RetryPolicy(initial_interval_in_seconds=1, maximum_attempts=3),
        cron_schedule="* * * * *",
        continued_execution_run_id="before",
        search_attributes=api.SearchAttributes(indexed_fields={"CustomIntField": b"4"}),
        memo=api.Memo(fields={"note": b'"x"'}),
        last_completion_result=b"41",
        attempt=2,
    )
    decisions = server.task(history_size=1234)
    assert kinds(decisions)[0] == "UpsertWorkflowSearchAttributes"
    data = decisions[-1].complete_workflow_execution_decision_attributes.result
    assert server.converter.decode_value(data) == [
        *["workflow", "run", "Facts", "domain", "tasks", 2, True, ["p", "pr", "domain"], 3, "* * * * *", "before"],
        *[{"CustomIntField": 4}, {"note": "x"}, 41, True, False, 5, 1234],
    ]
    assert server.run.info.workflow_type == "Facts"
    assert server.run.history_length == 3
    assert server.run.steps > 0


def test_facts_of_a_bare_start(serve: Any) -> None:
    server = serve(Facts)
    data = server.task()[-1].complete_workflow_execution_decision_attributes.result
    assert server.converter.decode_value(data)[7:14] == [None, None, None, None, {}, {}, None]
    server.replayed(replay_only=True).close()


@workflow.defn
class Logs:
    @workflow.run
    async def run(self) -> None:
        workflow.logger.info("first")
        await act("a")
        workflow.get_logger("mine").warning("second")


def test_logs_are_quiet_in_replay(serve: Any, caplog: pytest.LogCaptureFixture) -> None:
    server = serve(Logs)
    with caplog.at_level(logging.INFO):
        server.task()
        server.evict()
        server.complete("0")
        server.task()
        server.replayed(replay_only=True).close()
    assert [(one.name, one.getMessage().split(" ")[0]) for one in caplog.records] == [
        ("cadence.workflow", "first"),
        ("mine", "second"),
    ]


# --- ends ---


class OutOfStock(Exception):
    """An error of the user's."""


@workflow.defn
class Raises:
    @workflow.run
    async def run(self, how: str) -> Any:
        match how:
            case "own":
                raise OutOfStock("apples")
            case "application":
                raise ApplicationError("no luck", "details", 7, reason="bad-luck")
            case "from activity":
                await act("a")
            case "result":
                return object()
            case "cancelled":
                raise asyncio.CancelledError
            case "exit":
                raise SystemExit(3)
        return None


@pytest.mark.parametrize("how", ["own", "application", "result"])
def test_failures_of_the_workflow(serve: Any, how: str) -> None:
    server = serve(Raises, how)
    (decision,) = server.task()
    attributes = decision.fail_workflow_execution_decision_attributes
    error = server.converter.decode_failure(attributes.reason, attributes.details)
    words = {"own": "apples", "application": "no luck", "result": "object"}[how]
    assert words in str(error) or "bad-luck" in attributes.reason
    server.check()


def test_an_activitys_failure_that_nobody_catches_fails_the_workflow(serve: Any) -> None:
    server = serve(Raises, "from activity")
    server.task()
    server.fail_with("0", OutOfStock("pears"))
    (decision,) = server.task()
    attributes = decision.fail_workflow_execution_decision_attributes
    error = server.converter.decode_failure(attributes.reason, attributes.details)
    assert "pears" in str(error)
    server.check()


def test_cancelled_without_a_request_is_cancelled(serve: Any) -> None:
    server = serve(Raises, "cancelled")
    assert kinds(server.task()) == ["CancelWorkflowExecution"]


def test_errors_that_fail_the_task_and_not_the_workflow(serve: Any) -> None:
    server = serve(Raises, "own", options=RunOptions(failure_types=(ApplicationError,)))
    with pytest.raises(OutOfStock):
        server.task()
    server = serve(Raises, "application", options=RunOptions(failure_types=(ApplicationError,)))
    assert kinds(server.task()) == ["FailWorkflowExecution"]


def test_leaving_the_program_is_not_ours_to_catch(serve: Any) -> None:
    with pytest.raises(SystemExit):
        serve(Raises, "exit").task()


def test_arguments_that_do_not_fit_fail_the_task(serve: Any) -> None:
    with pytest.raises(ConversionError, match="Raises"):
        serve(Raises, 1, 2, 3).task()


@workflow.defn
class BadObject:
    def __init__(self) -> None:
        raise OutOfStock("nothing to begin with")

    @workflow.run
    async def run(self) -> None:
        """Never called."""


def test_an_object_that_cannot_be_made_fails_the_workflow(serve: Any) -> None:
    server = serve(BadObject)
    assert kinds(server.task()) == ["FailWorkflowExecution"]
    server.check()


@workflow.defn
class GoesOn:
    @workflow.run
    async def run(self, how: str) -> None:
        if how == "bad":
            workflow.continue_as_new(object())
        if how == "changed":
            workflow.continue_as_new(
                "again",
                workflow="Other",
                task_list="elsewhere",
                execution_start_to_close_timeout=timedelta(seconds=7),
                memo={"k": "v"},
            )
        await workflow.sleep(1)
        try:
            workflow.continue_as_new("again")
        except Exception as error:  # must not hold it
            raise AssertionError from error


def test_continue_as_new_keeps_what_is_not_said(serve: Any) -> None:
    server = serve(GoesOn, "same", cron_schedule="@every 1h", cron_overlap_policy=1, memo=api.Memo(fields={"a": b"1"}))
    server.task()
    server.fire("0")
    (decision,) = server.task()
    attributes = decision.continue_as_new_workflow_execution_decision_attributes
    assert (attributes.workflow_type.name, attributes.task_list.name, attributes.input) == (
        "GoesOn",
        "tasks",
        b'"again"\n',
    )
    assert attributes.execution_start_to_close_timeout_seconds == 3600
    assert (attributes.cron_schedule, attributes.memo.fields) == ("@every 1h", {"a": b"1"})
    assert attributes.cron_overlap_policy == 1
    server.check()


def test_continue_as_new_with_changes(serve: Any) -> None:
    server = serve(GoesOn, "changed")
    (decision,) = server.task()
    attributes = decision.continue_as_new_workflow_execution_decision_attributes
    assert (attributes.workflow_type.name, attributes.task_list.name) == ("Other", "elsewhere")
    assert (attributes.execution_start_to_close_timeout_seconds, attributes.task_start_to_close_timeout_seconds) == (
        7,
        10,
    )
    server.check()


def test_continue_as_new_that_cannot_be_encoded_fails(serve: Any) -> None:
    assert kinds(serve(GoesOn, "bad").task()) == ["FailWorkflowExecution"]


@workflow.defn
class EndsWithTasks:
    @workflow.run
    async def run(self) -> str:
        self.task = asyncio.create_task(self.forever())
        await act("a")
        return "done"

    async def forever(self) -> None:
        while True:
            await workflow.sleep(10)


def test_what_still_waits_ends_with_the_run(serve: Any, caplog: pytest.LogCaptureFixture) -> None:
    server = serve(EndsWithTasks)
    server.task()
    server.complete(*server.activities)
    assert result(server, server.task()) == "done"
    assert server.run.decisions_to_send() is not None
    server.run.close()
    assert caplog.text == ""


def test_terminated_from_outside(serve: Any) -> None:
    server = serve(EndsWithTasks)
    server.task()
    server.terminate()
    run = server.replayed(replay_only=True)
    assert run.is_closed
    run.close()


# --- interceptors ---


class Wraps(Interceptor):
    def __init__(self) -> None:
        self.log: list[str] = []

    async def run_workflow(self, call: RunWorkflow, proceed: Any) -> Any:
        self.log.append(f"run {call.definition.name}")
        return await proceed(msgspec.structs.replace(call, arguments=(f"{call.arguments[0]}!",))) + "?"

    async def handle_signal(self, call: HandleSignal, proceed: Any) -> None:
        self.log.append(f"signal {call.name}")
        await proceed(msgspec.structs.replace(call, name="add"))

    def handle_query(self, call: HandleQuery, proceed: Any) -> Any:
        return [call.name, proceed(call)]

    def request(self, command: Any, proceed: Any) -> Any:
        if isinstance(command, ScheduleActivity):
            command = msgspec.structs.replace(command, headers={"trace": b"1"})
        if isinstance(command, StartTimer):
            command = StartTimer(seconds=command.seconds * 2)
        return proceed(command)


@workflow.defn
class Intercepted:
    def __init__(self) -> None:
        self.log: list[str] = []

    @workflow.run
    async def run(self, name: str) -> str:
        await workflow.wait_condition(lambda: self.log)
        await act("a", name)
        await workflow.sleep(3)
        return name

    @workflow.signal
    def add(self) -> None:
        self.log.append("added")

    @workflow.query
    def count(self) -> int:
        return len(self.log)


def test_interceptors_step_into_everything(serve: Any) -> None:
    wraps = Wraps()
    server = serve(Intercepted, "x", options=RunOptions(interceptors=[wraps]))
    server.task()
    server.signal("add")
    (decision,) = server.task()
    attributes = decision.schedule_activity_task_decision_attributes
    assert (attributes.header.fields, attributes.input) == ({"trace": b"1"}, b'"x!"\n')
    assert server.query("count").answer == b'["count",1]\n'
    server.complete("0")
    (decision,) = server.task()
    assert decision.start_timer_decision_attributes.start_to_fire_timeout_seconds == 6
    server.fire("1")
    assert result(server, server.task()) == "x!?"
    assert wraps.log[:2] == ["run Intercepted", "signal add"]


def test_an_interceptor_that_sends_nonsense(serve: Any) -> None:
    class Nonsense(Interceptor):
        def request(self, command: Any, proceed: Any) -> Any:
            return proceed("nonsense")

    server = serve(Logs, options=RunOptions(interceptors=[Nonsense()]))
    (decision,) = server.task()
    assert b"no command of a workflow" in decision.fail_workflow_execution_decision_attributes.details


# --- ends, again ---


def test_failures_have_their_cause(serve: Any) -> None:
    seen: list[BaseException] = []

    @workflow.defn
    class Looks:
        @workflow.run
        async def run(self) -> str:
            try:
                await act("a")
            except ActivityFailedError as error:
                seen.append(error)
            return "seen"

    server = serve(Looks)
    server.task()
    server.fail_with("0", OutOfStock("plums"))
    assert result(server, server.task()) == "seen"
    assert isinstance(seen[0].__cause__, Exception)
    assert "plums" in str(seen[0].__cause__)


def test_the_replayer_compares_results(serve: Any) -> None:
    server = serve(Logs)
    server.task()
    server.complete("0")
    server.task()
    server.history[-1].workflow_execution_completed_event_attributes.result = b'"other"\n'
    with pytest.raises(NondeterminismError, match="other"):
        server.replayed(replay_only=True, compare_result=True)
    server.replayed(replay_only=True).close()


@workflow.defn
class GroupGoesOn:
    @workflow.run
    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(act("a"))
            group.create_task(self.leave())

    async def leave(self) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self.really())

    async def really(self) -> None:
        workflow.continue_as_new()


def test_a_task_group_does_not_hold_continue_as_new(serve: Any) -> None:
    server = serve(GroupGoesOn)
    assert kinds(server.task())[-1] == "ContinueAsNewWorkflowExecution"
    server.check()
