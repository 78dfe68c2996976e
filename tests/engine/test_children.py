"""Children and other workflows: started, ended, signalled, cancelled, at every moment."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from cadence import workflow
from cadence.api.enums import DecisionType, TimeoutType
from cadence.exceptions import (
    ChildWorkflowAlreadyStartedError,
    ChildWorkflowCanceledError,
    ChildWorkflowFailedError,
    ChildWorkflowTerminatedError,
    ChildWorkflowTimedOutError,
    ConversionError,
    ExternalWorkflowError,
)
from cadence.workflow import (
    CancellationType,
    CronOverlapPolicy,
    ParentClosePolicy,
    RetryPolicy,
    WorkflowIdReusePolicy,
)


def kinds(decisions: list[Any]) -> list[str]:
    return [DecisionType(decision.decision_type).name for decision in decisions]


def result(server: Any, decisions: list[Any]) -> Any:
    data = decisions[-1].complete_workflow_execution_decision_attributes.result
    server.check()
    return server.converter.decode_value(data)


@workflow.defn
class Parent:
    @workflow.run
    async def run(self, child_id: str | None, way: str = "try_cancel") -> list[Any]:
        try:
            handle = await workflow.start_child_workflow(
                "Child",
                "x",
                result_type=int,
                workflow_id=child_id,
                memo={"k": 1},
                search_attributes={"CustomKeywordField": "v"},
                retry_policy=RetryPolicy(maximum_attempts=3),
                cron_schedule="0 8 * * *",
                cron_overlap_policy=CronOverlapPolicy.BUFFER_ONE,
                execution_start_to_close_timeout=timedelta(minutes=5),
                parent_close_policy=ParentClosePolicy.ABANDON,
                workflow_id_reuse_policy=WorkflowIdReusePolicy.REJECT_DUPLICATE,
                cancellation_type=CancellationType(way),
            )
            return [handle.workflow_id, handle.run_id, handle.done, await handle.result()]
        except ChildWorkflowFailedError as error:
            return ["failed", error.reason, str(error.__cause__), error.workflow_type]
        except ChildWorkflowTimedOutError as error:
            return ["timed out", error.kind.value]
        except ChildWorkflowCanceledError as error:
            return ["canceled", error.details]
        except ChildWorkflowTerminatedError as error:
            return ["terminated", error.run_id]
        except ChildWorkflowAlreadyStartedError as error:
            return ["already", error.workflow_id]
        except ConversionError as error:
            return ["conversion", str(error)]
        except asyncio.CancelledError:
            return ["cancelled"]


def started(serve: Any, *arguments: object) -> Any:
    server = serve(Parent, *(arguments or ("child",)))
    server.task()
    server.child_started("child")
    server.task()
    return server


def test_start_and_result(serve: Any) -> None:
    server = serve(Parent, None)
    (decision,) = server.task()
    attributes = decision.start_child_workflow_execution_decision_attributes
    assert (attributes.workflow_id, attributes.workflow_type.name, attributes.input) == ("run_0", "Child", b'"x"\n')
    assert (attributes.domain, attributes.task_list.name) == ("domain", "tasks")
    assert server.converter.decode_value(attributes.memo.fields["k"]) == 1
    assert attributes.search_attributes.indexed_fields == {"CustomKeywordField": b'"v"'}
    assert attributes.execution_start_to_close_timeout_seconds == 300
    assert attributes.retry_policy.maximum_attempts == 3
    assert (attributes.cron_schedule, attributes.cron_overlap_policy) == ("0 8 * * *", 1)
    assert (attributes.parent_close_policy, attributes.workflow_id_reuse_policy) == (0, 2)
    server.child_started("run_0")
    server.task()
    server.child_ends("run_0", result=b"42\n")
    assert result(server, server.task()) == ["run_0", "run of run_0", False, 42]


@pytest.mark.parametrize(
    ("how", "more", "expected"),
    [
        ("Failed", {"reason": "no-luck", "details": b'"x"\n'}, ["failed", "no-luck"]),
        ("TimedOut", {"timeout_type": TimeoutType.START_TO_CLOSE}, ["timed out", "start to close"]),
        ("Canceled", {"details": b"7\n"}, ["canceled", 7]),
        ("Canceled", {}, ["canceled"]),
        ("Terminated", {}, ["terminated", "run of child"]),
        ("Completed", {"result": b'"no number"\n'}, ["conversion"]),
    ],
)
def test_every_end(serve: Any, how: str, more: dict[str, Any], expected: list[Any]) -> None:
    server = started(serve)
    server.child_ends("child", how, **more)
    found = result(server, server.task())
    if how == "TimedOut":
        assert found[0] == "timed out"
        return
    assert found[: len(expected)] == expected


def test_an_id_in_use(serve: Any) -> None:
    server = serve(Parent, "child")
    server.task()
    server.child_not_started("child")
    assert result(server, server.task()) == ["already", "child"]


def test_ended_before_the_code_saw_it_start(serve: Any) -> None:
    server = serve(Parent, "child")
    server.task()
    server.child_started("child")
    server.child_ends("child", result=b"1\n")
    assert result(server, server.task())[3] == 1


@pytest.mark.parametrize("way", ["try_cancel", "abandon", "wait_cancellation_completed"])
def test_cancelled_while_it_runs(serve: Any, way: str) -> None:
    server = started(serve, "child", way)
    server.cancel()
    decisions = server.task()
    asks = ["RequestCancelExternalWorkflowExecution"]
    if way == "wait_cancellation_completed":
        assert kinds(decisions) == asks
        server.delivered(kind="cancel")
        assert server.task() == []
        server.child_ends("child", "Canceled")
        decisions = server.task()
        assert kinds(decisions) == ["CompleteWorkflowExecution"]
    else:
        assert kinds(decisions) == (asks if way == "try_cancel" else []) + ["CompleteWorkflowExecution"]
    assert result(server, decisions) == ["cancelled"]


@workflow.defn
class CancelsTheStart:
    @workflow.run
    async def run(self, when: str) -> str:
        task = asyncio.create_task(workflow.execute_child_workflow("Child", workflow_id="child"))
        await asyncio.sleep(0)
        if when != "at once":
            await workflow.wait_condition(lambda: self.stop)
        task.cancel()
        await asyncio.wait([task])
        await workflow.sleep(60)
        return f"{task.cancelled()}"

    def __init__(self) -> None:
        self.stop = False

    @workflow.signal
    def halt(self) -> None:
        self.stop = True


def test_cancelled_before_it_was_sent_leaves_no_trace(serve: Any) -> None:
    server = serve(CancelsTheStart, "at once")
    assert kinds(server.task()) == ["StartTimer"]
    server.fire(*server.timers)
    assert result(server, server.task()) == "True"


@pytest.mark.parametrize("starts", [True, False])
def test_cancelled_before_it_has_started_waits_for_its_start(serve: Any, starts: bool) -> None:
    server = serve(CancelsTheStart, "later")
    assert kinds(server.task()) == ["StartChildWorkflowExecution"]
    server.signal("halt")
    assert kinds(server.task()) == ["StartTimer"]
    if starts:
        server.child_started("child")
        (decision,) = server.task()
        attributes = decision.request_cancel_external_workflow_execution_decision_attributes
        assert (attributes.workflow_id, attributes.child_workflow_only) == ("child", True)
        server.delivered(kind="cancel")
        server.task()
        server.child_ends("child", "Canceled")
    else:
        server.child_not_started("child")
    server.task()
    server.fire(*server.timers)
    assert result(server, server.task()) == "True"


@workflow.defn
class Messages:
    @workflow.run
    async def run(self, what: str) -> list[str]:
        other = workflow.get_external_workflow_handle("other", run_id="r", domain="elsewhere")
        log = []
        call = other.cancel() if what == "cancel" else other.signal("ping", 1, "two")
        try:
            await call
            log.append("delivered")
        except ExternalWorkflowError as error:
            log.append(str(error))
        except asyncio.CancelledError:
            log.append("cancelled")
        return log


@pytest.mark.parametrize("what", ["signal", "cancel"])
def test_delivered(serve: Any, what: str) -> None:
    server = serve(Messages, what)
    (decision,) = server.task()
    if what == "signal":
        attributes = decision.signal_external_workflow_execution_decision_attributes
        assert (attributes.signal_name, attributes.input, attributes.control) == ("ping", b'1\n"two"\n', b"0")
        assert (attributes.execution.workflow_id, attributes.execution.run_id) == ("other", "r")
    else:
        attributes = decision.request_cancel_external_workflow_execution_decision_attributes
        assert (attributes.workflow_id, attributes.run_id) == ("other", "r")
    assert attributes.domain == "elsewhere"
    assert not attributes.child_workflow_only
    server.delivered(kind=what)
    assert result(server, server.task()) == ["delivered"]


@pytest.mark.parametrize("what", ["signal", "cancel"])
@pytest.mark.parametrize(("cause", "words"), [(0, "unknown external workflow execution"), (77, "cause 77")])
def test_not_delivered(serve: Any, what: str, cause: int, words: str) -> None:
    server = serve(Messages, what)
    server.task()
    server.delivered(kind=what, cause=cause)
    assert words in result(server, server.task())[0]


@pytest.mark.parametrize("what", ["signal", "cancel"])
def test_the_wait_for_delivery_is_cancelled(serve: Any, what: str) -> None:
    server = serve(Messages, what)
    server.task()
    server.cancel()
    assert result(server, server.task()) == ["cancelled"]


@workflow.defn
class TakesBack:
    @workflow.run
    async def run(self) -> str:
        other = workflow.get_external_workflow_handle("other")
        task = asyncio.create_task(other.signal("ping"))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.sleep(0)
        await workflow.sleep(1)
        return "done"


def test_a_signal_taken_back_before_it_was_sent(serve: Any) -> None:
    server = serve(TakesBack)
    assert kinds(server.task()) == ["StartTimer"]
    server.fire("1")
    assert result(server, server.task()) == "done"


@workflow.defn
class SignalsItsChild:
    @workflow.run
    async def run(self) -> str:
        handle: Any = await workflow.start_child_workflow("Child", workflow_id="child")
        await handle.signal("go")
        await handle.cancel()
        try:
            return str(await handle)
        except ChildWorkflowCanceledError:
            return "it was cancelled"


def test_a_child_is_signalled_by_id_alone_and_its_own_cancellation_is_an_error(serve: Any) -> None:
    server = serve(SignalsItsChild)
    server.task()
    server.child_started("child")
    (decision,) = server.task()
    attributes = decision.signal_external_workflow_execution_decision_attributes
    assert attributes.child_workflow_only
    assert not attributes.execution.run_id
    server.delivered()
    server.task()
    server.delivered(kind="cancel")
    assert server.task() == []
    server.child_ends("child", "Canceled")
    assert result(server, server.task()) == "it was cancelled"


@workflow.defn
class LeavesItsChild:
    @workflow.run
    async def run(self) -> str:
        await workflow.start_child_workflow("Child", workflow_id="child")
        await workflow.sleep(1)
        return "done"


@pytest.mark.parametrize("how", ["Failed", "Completed", "Canceled"])
def test_the_end_of_a_dropped_child_is_no_mistake(serve: Any, how: str, caplog: pytest.LogCaptureFixture) -> None:
    server = serve(LeavesItsChild)
    server.task()
    server.child_started("child")
    server.task()
    server.child_ends("child", how)
    assert server.task() == []
    server.fire(*server.timers)
    assert result(server, server.task()) == "done"
    assert caplog.text == ""
