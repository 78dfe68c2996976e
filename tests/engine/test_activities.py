"""Activities: how each end reaches the code, and the three ways of cancelling them."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from cadence import workflow
from cadence.api.enums import DecisionType, TimeoutType
from cadence.exceptions import (
    ActivityCanceledError,
    ActivityFailedError,
    ActivityTimedOutError,
    ConfigurationError,
    ConversionError,
    TimeoutKind,
)
from cadence.workflow import CancellationType

MINUTE = timedelta(minutes=1)


def kinds(decisions: list[Any]) -> list[str]:
    return [DecisionType(decision.decision_type).name for decision in decisions]


@workflow.defn
class TwoInARow:
    @workflow.run
    async def run(self, name: str) -> str:
        first = await workflow.execute_activity("first", name, 3, result_type=str, schedule_to_close_timeout=MINUTE)
        return await workflow.execute_activity("second", first, result_type=str, schedule_to_close_timeout=MINUTE)


def test_a_result_goes_on_to_the_next_call(serve: Any) -> None:
    server = serve(TwoInARow, "x")
    (decision,) = server.task()
    attributes = decision.schedule_activity_task_decision_attributes
    assert (attributes.activity_id, attributes.activity_type.name, attributes.input) == ("0", "first", b'"x"\n3\n')
    assert (attributes.task_list.name, attributes.schedule_to_close_timeout_seconds) == ("tasks", 60)
    server.complete("0", "y")
    (decision,) = server.task()
    assert decision.schedule_activity_task_decision_attributes.input == b'"y"\n'
    server.complete("1", "z")
    (decision,) = server.task()
    assert decision.complete_workflow_execution_decision_attributes.result == b'"z"\n'
    server.check()


@workflow.defn
class Catches:
    @workflow.run
    async def run(self) -> list[Any]:
        call = workflow.execute_activity("work", result_type=int, schedule_to_close_timeout=MINUTE)
        try:
            return ["result", await call]
        except ActivityFailedError as error:
            return ["failed", error.reason, str(error.__cause__), error.activity_id, error.activity_type]
        except ActivityTimedOutError as error:
            return ["timed out", error.kind.value, error.details, str(error.__cause__)]
        except ActivityCanceledError as error:
            return ["canceled", error.details]
        except ConversionError as error:
            return ["conversion", str(error)]


def end_of(server: Any) -> Any:
    (decision,) = server.task()
    data = decision.complete_workflow_execution_decision_attributes.result
    server.check()
    return server.converter.decode_value(data)


def test_a_failure_says_what_was_raised(serve: Any) -> None:
    server = serve(Catches)
    server.task()
    server.fail("0", "no-luck", b'"today"\n')
    assert end_of(server)[0:2] == ["failed", "no-luck"]


@pytest.mark.parametrize("kind", list(TimeoutType))
def test_a_timeout_says_which(serve: Any, kind: TimeoutType) -> None:
    server = serve(Catches)
    server.task()
    server.time_out(
        "0", kind, details=b"42\n", last_failure_reason="cadenceInternal:Generic", last_failure_details=b"x"
    )
    assert end_of(server) == ["timed out", TimeoutKind[kind.name].value, 42, "x"]


def test_a_cancellation_from_inside_is_no_cancellation_of_the_code(serve: Any) -> None:
    server = serve(Catches)
    server.task()
    server.canceled("0", b"7\n")
    assert end_of(server) == ["canceled", 7]


def test_all_details_of_a_cancellation_arrive(serve: Any) -> None:
    server = serve(Catches)
    server.task()
    server.canceled("0", b'"stopped"\n7\n')
    assert end_of(server) == ["canceled", ["stopped", 7]]


@workflow.defn
class TellsAttempt:
    @workflow.run
    async def run(self) -> int:
        try:
            await workflow.execute_activity("work", schedule_to_close_timeout=MINUTE)
        except ActivityFailedError as error:
            return error.attempt
        return -1


def test_the_attempt_that_failed_is_known(serve: Any) -> None:
    server = serve(TellsAttempt)
    server.task()
    server.fail("0", attempt=4)
    assert end_of(server) == 4


@workflow.defn
class WaitsForTheCancelled:
    @workflow.run
    async def run(self) -> None:
        await workflow.execute_activity(
            "work",
            schedule_to_close_timeout=MINUTE,
            cancellation_type=CancellationType.WAIT_CANCELLATION_COMPLETED,
        )


def test_details_of_a_cancelled_activity_become_the_runs_own(serve: Any) -> None:
    server = serve(WaitsForTheCancelled)
    server.task()
    server.cancel()
    server.task()
    server.canceled("0", b'"stopped"\n7\n')
    (decision,) = server.task()
    assert decision.cancel_workflow_execution_decision_attributes.details == b'"stopped"\n7\n'
    server.check()


@workflow.defn
class SaysWhy:
    @workflow.run
    async def run(self) -> list[Any]:
        call = workflow.execute_activity(
            "work",
            schedule_to_close_timeout=MINUTE,
            cancellation_type=CancellationType.WAIT_CANCELLATION_COMPLETED,
        )
        task = asyncio.create_task(call)
        await workflow.sleep(1)
        task.cancel("enough of it")
        try:
            await task
        except asyncio.CancelledError as error:
            return list(error.args)
        return []


def test_the_message_of_who_cancelled_comes_through(serve: Any) -> None:
    server = serve(SaysWhy)
    server.task()
    server.fire("0")
    server.task()
    server.canceled("1", b'"stopped"\n')
    assert end_of(server) == ["enough of it"]


@workflow.defn
class LeavesDetails:
    @workflow.run
    async def run(self) -> None:
        try:
            await workflow.sleep(60)
        except asyncio.CancelledError:
            raise asyncio.CancelledError("put back", 2) from None


def test_details_of_a_cancelled_run(serve: Any) -> None:
    server = serve(LeavesDetails)
    server.task()
    server.cancel()
    decision = server.task()[-1]
    assert decision.cancel_workflow_execution_decision_attributes.details == b'"put back"\n2\n'


def test_a_result_of_another_type_is_an_error_where_it_is_awaited(serve: Any) -> None:
    server = serve(Catches)
    server.task()
    server.complete("0", {"no": "number"})
    assert end_of(server)[0] == "conversion"


@workflow.defn
class Cancels:
    @workflow.run
    async def run(self, way: str) -> str:
        handle = workflow.start_activity(
            "work", schedule_to_close_timeout=MINUTE, result_type=str, cancellation_type=CancellationType(way)
        )
        await workflow.sleep(1)
        handle.cancel()
        try:
            return await handle
        except asyncio.CancelledError:
            return "cancelled"
        except ActivityFailedError:
            return "failed"


@pytest.mark.parametrize("way", ["try_cancel", "abandon"])
def test_the_code_goes_on_at_once(serve: Any, way: str) -> None:
    server = serve(Cancels, way)
    server.task()
    server.fire("1")
    decisions = server.task()
    asked = ["RequestCancelActivityTask"] if way == "try_cancel" else []
    assert kinds(decisions) == [*asked, "CompleteWorkflowExecution"]
    assert decisions[-1].complete_workflow_execution_decision_attributes.result == b'"cancelled"\n'
    server.check()


@pytest.mark.parametrize(
    ("end", "result"), [("canceled", b'"cancelled"\n'), ("complete", b'"done"\n'), ("fail", b'"failed"\n')]
)
def test_the_code_waits_for_the_end(serve: Any, end: str, result: bytes) -> None:
    server = serve(Cancels, "wait_cancellation_completed")
    server.task()
    server.fire("1")
    assert kinds(server.task()) == ["RequestCancelActivityTask"]
    getattr(server, end)("0")
    (decision,) = server.task()
    assert decision.complete_workflow_execution_decision_attributes.result == result
    server.check()


@workflow.defn
class CancelsBeforeAnythingIsSent:
    @workflow.run
    async def run(self) -> str:
        handles = [workflow.start_activity(name, schedule_to_close_timeout=MINUTE) for name in ("a", "b", "c")]
        handles[1].cancel()
        timer = asyncio.ensure_future(workflow.sleep(5))
        await asyncio.sleep(0)
        timer.cancel()
        await asyncio.gather(*handles, return_exceptions=True)
        return "done"


def test_what_is_withdrawn_before_it_is_sent_leaves_no_trace(serve: Any) -> None:
    server = serve(CancelsBeforeAnythingIsSent)
    decisions = server.task()
    names = [decision.schedule_activity_task_decision_attributes.activity_id for decision in decisions]
    assert names == ["0", "2"]
    server.complete("2")
    assert server.task() == []
    server.complete("0")
    assert kinds(server.task()) == ["CompleteWorkflowExecution"]
    server.check()


@workflow.defn
class CancelsLater:
    @workflow.run
    async def run(self) -> str:
        handle = workflow.start_activity("work", schedule_to_close_timeout=MINUTE)
        await workflow.sleep(1)
        handle.cancel()
        await workflow.sleep(2)
        return "done"


def test_an_activity_that_ended_while_its_cancellation_was_decided(serve: Any) -> None:
    server = serve(CancelsLater)
    server.task()
    server.fire("1")
    server.begin()
    server.complete("0")  # the server has it, the code does not
    assert kinds(server.finish()) == ["RequestCancelActivityTask", "StartTimer"]
    assert server.task() == []
    server.fire("2")
    assert kinds(server.task()) == ["CompleteWorkflowExecution"]
    server.check()


@workflow.defn
class SameId:
    @workflow.run
    async def run(self) -> str:
        first = workflow.start_activity("work", activity_id="mine", schedule_to_close_timeout=MINUTE)
        try:
            workflow.start_activity("work", activity_id="mine", schedule_to_close_timeout=MINUTE)
        except ConfigurationError as error:
            message = str(error)
        await first
        await workflow.execute_activity("work", activity_id="mine", schedule_to_close_timeout=MINUTE)
        return message


def test_an_id_may_be_used_again_when_it_is_free(serve: Any) -> None:
    server = serve(SameId)
    assert len(server.task()) == 1
    server.complete("mine")
    assert len(server.task()) == 1
    server.complete("mine")
    assert "'mine' is in use" in end_of(server)


@workflow.defn
class Dropped:
    @workflow.run
    async def run(self) -> str:
        handle = workflow.start_activity("work", schedule_to_close_timeout=MINUTE)
        del handle
        return await workflow.execute_activity("other", result_type=str, schedule_to_close_timeout=MINUTE)


def test_the_failure_of_a_dropped_handle_is_no_mistake(serve: Any, caplog: pytest.LogCaptureFixture) -> None:
    server = serve(Dropped)
    server.task()
    server.fail("0")
    assert server.task() == []
    server.complete("1", "fine")
    assert end_of(server) == "fine"
    assert caplog.text == ""


def test_arguments_that_cannot_be_encoded_fail_where_the_call_is_made(serve: Any) -> None:
    @workflow.defn
    class BadArgument:
        @workflow.run
        async def run(self) -> str:
            try:
                await workflow.execute_activity("work", object(), schedule_to_close_timeout=MINUTE)
            except ConversionError:
                return "refused"
            return "taken"

    assert end_of(serve(BadArgument)) == "refused"
