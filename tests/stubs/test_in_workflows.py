"""The 1.x face inside workflow code, as commands that it asks for."""

from __future__ import annotations

import asyncio
import dataclasses
import random
from datetime import datetime, timedelta
from typing import Any

import pytest

from cadence import workflow
from cadence.activity_method import ActivityOptions, RetryParameters, activity_method
from cadence.cadence_types import WorkflowIdReusePolicy
from cadence.exceptions import ConfigurationError
from cadence.workflow import Workflow, WorkflowOptions, WorkflowStub, signal_method, workflow_method
from cadence.workflow.commands import ParentClosePolicy, RetryPolicy, StartTimer

TASK_LIST = "greetings"


@dataclasses.dataclass
class Person:
    name: str


class GreetingActivities:
    @activity_method(task_list=TASK_LIST, schedule_to_close_timeout_seconds=2)
    def compose_greeting(self, greeting: str, name: str = "World") -> str:
        raise NotImplementedError

    @activity_method(
        name="custom",
        task_list=TASK_LIST,
        schedule_to_start_timeout_seconds=1,
        start_to_close_timeout_seconds=2,
        heartbeat_timeout_seconds=3,
        retry_parameters=RetryParameters(maximum_attempts=5, non_retriable_error_reasons=["Fatal"]),
    )
    def find(self, person: Person) -> list[Person]:
        raise NotImplementedError


class GreetingWorkflow:
    @workflow_method(task_list=TASK_LIST, execution_start_to_close_timeout_seconds=10)
    async def get_greeting(self, name: str) -> str:
        raise NotImplementedError

    @signal_method
    async def wave(self, how: str) -> None:
        raise NotImplementedError


async def test_a_stub_calls_with_the_options_of_the_decorator(runtime: Any) -> None:
    stub = Workflow.new_activity_stub(GreetingActivities)
    runtime.answers = ["Hello, World!", []]
    assert isinstance(stub, GreetingActivities)
    assert await stub.compose_greeting("Hello") == "Hello, World!"  # type: ignore[misc]  # awaited inside workflows
    assert await stub.find(Person("a")) == []  # type: ignore[misc]  # awaited inside workflows
    first, second = runtime.commands
    assert (first.activity_type, first.arguments, first.task_list) == (
        "GreetingActivities::compose_greeting",
        ("Hello",),
        TASK_LIST,
    )
    assert first.schedule_to_close_timeout == timedelta(seconds=2)
    assert first.result_type is object
    assert (second.activity_type, second.result_type) == ("custom", list[Person])
    assert second.retry_policy == RetryPolicy(maximum_attempts=5, non_retriable_error_reasons=("Fatal",))
    assert second.heartbeat_timeout == timedelta(seconds=3)


async def test_options_of_the_stub_stand_over_the_decorator(runtime: Any) -> None:
    stub = Workflow.new_activity_stub(
        GreetingActivities,
        retry_parameters=RetryParameters(
            initial_interval_in_seconds=2,
            backoff_coefficient=3,
            maximum_interval_in_seconds=9,
            expiration_interval_in_seconds=60,
        ),
        activity_options=ActivityOptions(
            task_list="other", schedule_to_close_timeout_seconds=7, activity_id="mine", heartbeat_timeout_seconds=0
        ),
    )
    runtime.answers = [None]
    await stub.find(person=Person("a"))  # type: ignore[misc]  # awaited inside workflows
    [command] = runtime.commands
    assert (command.task_list, command.activity_id) == ("other", "mine")
    assert command.schedule_to_close_timeout == timedelta(seconds=7)
    assert command.heartbeat_timeout == timedelta(seconds=3)
    assert command.retry_policy == RetryPolicy(
        initial_interval=timedelta(seconds=2),
        backoff_coefficient=3,
        maximum_interval=timedelta(seconds=9),
        expiration_interval=timedelta(seconds=60),
    )


async def test_activities_run_in_parallel(runtime: Any) -> None:
    stub = Workflow.new_activity_stub(GreetingActivities)
    runtime.answers = ["a", "b"]
    calls = [stub.compose_greeting("x"), stub.compose_greeting("y")]
    assert await asyncio.gather(*calls) == ["a", "b"]  # type: ignore[call-overload]  # coroutines inside workflows


def test_outside_it_is_the_method_as_written() -> None:
    class Polite(GreetingActivities):
        @activity_method
        def compose_greeting(self, greeting: str, name: str = "World") -> str:
            return f"{greeting}, {name}!"

    assert Polite().compose_greeting("Hello") == "Hello, World!"
    with pytest.raises(NotImplementedError):
        Polite().find(Person("a"))


async def test_an_untyped_stub(runtime: Any) -> None:
    stub = Workflow.new_untyped_activity_stub(ActivityOptions(schedule_to_close_timeout_seconds=2))
    runtime.answers = [1, 2]
    assert await stub.execute("Some::thing", 1, result_type=int) == 1
    assert await stub.execute_async("Some::thing") == 2
    assert [command.arguments for command in runtime.commands] == [(1,), ()]


async def test_a_local_stub(runtime: Any) -> None:
    runtime.answers = ["a", "b", "c"]
    stub = Workflow.new_local_activity_stub(GreetingActivities)
    assert await stub.compose_greeting("x") == "a"  # type: ignore[misc]  # awaited inside workflows
    assert await stub.find(Person("a")) == "b"  # type: ignore[misc, comparison-overlap]  # awaited inside workflows
    stub = Workflow.new_local_activity_stub(
        GreetingActivities, activity_options=ActivityOptions(schedule_to_close_timeout_seconds=9, task_list="ignored")
    )
    await stub.compose_greeting("x")  # type: ignore[misc]  # awaited inside workflows
    assert [command.schedule_to_close_timeout.seconds for command in runtime.commands] == [2, 2, 9]
    assert runtime.commands[1].retry_policy.maximum_attempts == 5


async def test_a_child_stub_starts_and_signals(runtime: Any) -> None:
    runtime.answers = ["done", None]
    stub = Workflow.new_child_workflow_stub(
        GreetingWorkflow,
        WorkflowOptions(
            workflow_id="mine",
            workflow_id_reuse_policy=WorkflowIdReusePolicy.AllowDuplicate,
            retry_parameters=RetryParameters(maximum_attempts=2),
        ),
    )
    assert isinstance(stub, WorkflowStub)
    assert await stub.get_greeting("World") == "done"
    await stub.wave("softly")
    start, signal = runtime.commands
    assert (start.workflow_type, start.arguments) == ("GreetingWorkflow::get_greeting", ("World",))
    assert (start.workflow_id, start.task_list) == ("mine", TASK_LIST)
    assert start.workflow_id_reuse_policy is workflow.WorkflowIdReusePolicy.ALLOW_DUPLICATE
    assert start.execution_start_to_close_timeout == timedelta(seconds=10)
    assert (signal.signal_name, signal.workflow_id) == ("GreetingWorkflow::wave", "child-id")
    with pytest.raises(ConfigurationError, match="has started it before; make a stub for each child"):
        await stub.get_greeting("again")


async def test_a_child_stub_takes_the_options_of_the_async_face(runtime: Any) -> None:
    runtime.answers = [None]
    options = workflow.ChildWorkflowOptions(parent_close_policy=ParentClosePolicy.ABANDON)
    await Workflow.new_child_workflow_stub(GreetingWorkflow, options).get_greeting("World")
    assert runtime.commands[0].parent_close_policy is ParentClosePolicy.ABANDON


async def test_a_signal_before_the_child_is_told(runtime: Any) -> None:
    stub = Workflow.new_child_workflow_stub(GreetingWorkflow)
    with pytest.raises(ConfigurationError, match="has no child to go to yet"):
        stub.wave("softly")


async def test_an_untyped_child(runtime: Any) -> None:
    stub = Workflow.new_untyped_child_workflow_stub("Far::away", WorkflowOptions(task_list="x"))
    signalled = asyncio.create_task(stub.signal("go", 1))
    await asyncio.sleep(0)
    runtime.answers = [7, None, None]
    assert await stub.execute(1, result_type=int) == 7
    await signalled
    await stub.cancel()
    assert await stub.get_execution() == ("child-id", "child-run")
    assert [type(command).__name__ for command in runtime.commands] == [
        "StartChildWorkflow",
        "SignalExternalWorkflow",
        "CancelExternalWorkflow",
    ]


async def test_a_child_that_does_not_start_tells_those_who_wait(runtime: Any) -> None:
    stub = Workflow.new_untyped_child_workflow_stub("Far::away")
    signalled = asyncio.create_task(stub.signal("go"))
    started = asyncio.create_task(stub.start())
    await asyncio.sleep(0)
    runtime.futures[0].set_exception(ValueError("taken"))
    with pytest.raises(ValueError, match="taken"):
        await started
    with pytest.raises(ValueError, match="taken"):
        await signalled


async def test_other_workflows(runtime: Any) -> None:
    runtime.answers = [None, None, None]
    stub = Workflow.new_external_workflow_stub(GreetingWorkflow, "there", "run")
    await stub.wave("softly")
    untyped = Workflow.new_untyped_external_workflow_stub("there")
    await untyped.signal("go", 1)
    await untyped.cancel()
    assert [command.workflow_id for command in runtime.commands] == ["there"] * 3
    with pytest.raises(ConfigurationError, match=r"use Workflow\.new_child_workflow_stub to start one"):
        stub.get_greeting("x")


async def test_the_next_run(runtime: Any) -> None:
    with pytest.raises(workflow.ContinueAsNewError) as caught:
        await Workflow.new_continue_as_new_stub(GreetingWorkflow).get_greeting("again")
    command = caught.value.command
    assert (command.workflow_type, command.arguments) == ("GreetingWorkflow::get_greeting", ("again",))
    with pytest.raises(workflow.ContinueAsNewError):
        Workflow.continue_as_new("again")


async def test_time_and_chance(runtime: Any) -> None:
    runtime.nanoseconds = 1_767_225_600_123_456_789
    assert Workflow.current_time_millis() == 1_767_225_600_123
    assert Workflow.now() == datetime.fromtimestamp(1_767_225_600.123)  # noqa: DTZ006  # naive, as in 1.x
    assert Workflow.random_uuid().version == 4
    generator = Workflow.new_random()
    assert isinstance(generator, random.Random)
    assert generator.random() != Workflow.new_random().random()
    assert Workflow.get_workflow_id() == "w"
    assert Workflow.get_run_id() == "r"
    assert Workflow.get_execution_id() == "WorkflowExecution(workflow_id='w', run_id='r')"
    assert Workflow.get_workflow_info() is runtime.info
    assert Workflow.get_version("change", 1, 2) == 2
    assert not Workflow.is_replaying()
    assert Workflow.get_last_completion_result() is None


async def test_waiting(runtime: Any) -> None:
    assert await Workflow.await_till(lambda: True)
    assert not await Workflow.await_till(lambda: False, timeout_seconds=5)
    assert runtime.conditions == [None, 5.0]
    runtime.answers = [None]
    await Workflow.sleep(3)
    timer = Workflow.new_timer(60)
    await asyncio.sleep(0)
    timer.cancel()
    with pytest.raises(asyncio.CancelledError):
        await timer
    assert runtime.commands == [StartTimer(seconds=3), StartTimer(seconds=60)]


async def test_effects(runtime: Any) -> None:
    assert Workflow.side_effect(lambda: 1, int) == (1, int)  # type: ignore[comparison-overlap]  # the recorder tells both
    assert Workflow.mutable_side_effect("id", lambda: 1, int)[:3] == ("id", 1, int)  # type: ignore[index]  # see above
    Workflow.upsert_search_attributes({"CustomIntField": 1})
    assert runtime.commands[0].attributes == {"CustomIntField": 1}


async def test_a_scope_is_cancelled_alone(runtime: Any) -> None:
    scope = Workflow.new_cancellation_scope(lambda: Workflow.sleep(60))
    running = scope.run()
    await asyncio.sleep(0)
    assert not scope.is_cancel_requested()
    scope.cancel("enough")
    with pytest.raises(asyncio.CancelledError):
        await running
    assert runtime.futures[0].cancelled()
    early = Workflow.new_cancellation_scope(lambda: Workflow.sleep(60))
    early.cancel()
    with pytest.raises(asyncio.CancelledError):
        await early.run()


async def test_a_detached_scope_goes_on(runtime: Any) -> None:
    done = asyncio.Event()

    async def clean_up() -> None:
        await asyncio.sleep(0)
        done.set()

    async def code() -> None:
        await Workflow.new_detached_cancellation_scope(clean_up).run()

    task = asyncio.create_task(code())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await done.wait()


async def test_mistakes_are_told(runtime: Any) -> None:
    class Nothing:
        pass

    with pytest.raises(ConfigurationError, match="Nothing is no workflow interface"):
        Workflow.new_child_workflow_stub(Nothing)
