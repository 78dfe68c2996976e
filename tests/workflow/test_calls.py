from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from cadence import activity, workflow
from cadence.exceptions import ConfigurationError, ExternalWorkflowError
from cadence.workflow.commands import (
    CancelExternalWorkflow,
    ContinueAsNew,
    RunLocalActivity,
    ScheduleActivity,
    SignalExternalWorkflow,
    StartChildWorkflow,
    StartTimer,
    UpsertSearchAttributes,
)

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


@activity.defn
def compose(greeting: str, name: str = "World") -> str:
    return f"{greeting}, {name}!"


@activity.defn(name="measure", start_to_close_timeout=SECOND, schedule_to_start_timeout=MINUTE, task_list="tools")
async def measure_length(text: str) -> int:
    return len(text)


@dataclasses.dataclass
class Greeter:
    greeting: str

    @activity.defn(schedule_to_close_timeout=SECOND)
    def greet(self, name: str) -> str:
        return f"{self.greeting}, {name}!"


@workflow.defn(name="greeting", task_list="greetings", execution_start_to_close_timeout=MINUTE)
class Greeting:
    @workflow.run
    async def run(self, name: str) -> str:
        return name

    @workflow.signal
    def poke(self, how: str) -> None: ...


async def test_a_call_becomes_a_command(runtime: Any) -> None:
    runtime.answers = ["Hello, World!"]
    result = await workflow.execute_activity(compose, "Hello", schedule_to_close_timeout=SECOND)
    assert result == "Hello, World!"
    assert runtime.commands == [
        ScheduleActivity(
            activity_type="compose", arguments=("Hello",), result_type=str, schedule_to_close_timeout=SECOND
        )
    ]


async def test_options_of_the_call_stand_over_those_of_the_decorator(runtime: Any) -> None:
    handle = workflow.start_activity(measure_length, "abc", start_to_close_timeout=MINUTE)
    [command] = runtime.commands
    assert (command.activity_type, command.task_list, command.result_type) == ("measure", "tools", int)
    assert (command.start_to_close_timeout, command.schedule_to_start_timeout) == (MINUTE, MINUTE)
    assert handle is runtime.futures[0]
    assert handle.cancel()


async def test_a_name_needs_no_function(runtime: Any) -> None:
    runtime.answers = [[1], None]
    assert await workflow.execute_activity("far", 1, result_type=list[int], schedule_to_close_timeout=SECOND) == [1]
    assert await workflow.execute_activity("far", 2, schedule_to_close_timeout=SECOND) is None
    assert [command.result_type for command in runtime.commands] == [list[int], object]


async def test_an_activity_is_called_like_a_function(runtime: Any) -> None:
    runtime.answers = [3, 3, "Hi, you!", "Hi, you!"]
    assert await measure_length("abc") == 3
    assert await measure_length(text="abc") == 3
    assert await Greeter("Hi").greet("you") == "Hi, you!"  # type: ignore[misc]  # a str to type checkers, as it is outside
    assert await Greeter.greet(name="you") == "Hi, you!"  # type: ignore[misc]  # see above
    assert [command.arguments for command in runtime.commands] == [("abc",), ("abc",), ("you",), ("you",)]
    assert runtime.commands[0].start_to_close_timeout == SECOND


async def test_direct_calls_are_gathered(runtime: Any) -> None:
    runtime.answers = [1, 2]
    assert await asyncio.gather(measure_length("a"), measure_length("bb")) == [1, 2]


def test_outside_workflows_it_is_the_function() -> None:
    assert compose("Hello") == "Hello, World!"
    assert asyncio.run(measure_length("abc")) == 3
    assert Greeter("Hi").greet("you") == "Hi, you!"


async def test_start_to_close_alone_waits_for_a_worker_as_long_as_the_workflow_may_run(runtime: Any) -> None:
    workflow.start_activity(compose, "Hello", start_to_close_timeout=SECOND)
    assert runtime.commands[0].schedule_to_start_timeout == timedelta(minutes=5)
    runtime.info = msgspec.structs.replace(runtime.info, execution_start_to_close_timeout=None)
    with pytest.raises(ConfigurationError, match="a timeout is missing"):
        workflow.start_activity(compose, "Hello", start_to_close_timeout=SECOND)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, r"activity compose: a timeout is missing; give schedule_to_close_timeout"),
        ({"schedule_to_close_timeout": 10}, r"is a timedelta, not 10; write timedelta\(seconds=10\)"),
        ({"schedule_to_close_timeout": "10"}, r"is a timedelta, not '10'"),
        ({"schedule_to_close_timeout": -SECOND}, r"schedule_to_close_timeout is -1 s; it must be positive"),
        ({"schedule_to_close_timeout": SECOND, "heartbeat_timeout": timedelta()}, r"heartbeat_timeout is 0 s"),
        ({"schedule_to_close": SECOND}, r"no option 'schedule_to_close'; did you mean schedule_to_close_timeout\?"),
        ({"colour": "red"}, r"no option 'colour'; known are: activity_id, "),
        (
            {"schedule_to_close_timeout": SECOND, "retry_policy": workflow.RetryPolicy()},
            r"nothing limits the retry policy; set maximum_attempts or expiration_interval",
        ),
        ({"schedule_to_close_timeout": SECOND, "retry_policy": 3}, r"retry_policy is a RetryPolicy, not 3"),
    ],
)
async def test_wrong_options_are_told_at_the_call(runtime: Any, options: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        await workflow.execute_activity(compose, "Hello", **options)
    assert not runtime.commands


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"initial_interval": timedelta(milliseconds=5)}, "initial_interval is below one second"),
        ({"maximum_interval": SECOND, "initial_interval": MINUTE}, "shorter than its initial_interval"),
        ({"backoff_coefficient": 0.5}, "backoff_coefficient is 0.5; it must be at least 1"),
        ({"maximum_attempts": -1}, "maximum_attempts is -1; 0 is no limit"),
        ({"expiration_interval": timedelta()}, "expiration_interval is 0 s"),
    ],
)
async def test_a_retry_policy_is_checked(runtime: Any, fields: dict[str, Any], words: str) -> None:
    policy = workflow.RetryPolicy(**{"maximum_attempts": 3, **fields})
    with pytest.raises(ConfigurationError, match=words):
        workflow.start_activity(compose, "Hello", schedule_to_close_timeout=SECOND, retry_policy=policy)


async def test_what_is_no_activity_is_told(runtime: Any) -> None:
    def plain() -> None: ...

    with pytest.raises(ConfigurationError, match=r"plain is no activity; decorate it with @activity\.defn"):
        await workflow.execute_activity(plain, schedule_to_close_timeout=SECOND)


async def test_local_activities(runtime: Any) -> None:
    runtime.answers = ["Hello", 3]
    policy = workflow.RetryPolicy(maximum_attempts=2)
    assert await workflow.execute_local_activity(
        compose, "Hello", schedule_to_close_timeout=SECOND, retry_policy=policy
    )
    assert await workflow.start_local_activity(measure_length, "abc") == 3
    assert runtime.commands == [
        RunLocalActivity(
            activity_type="compose",
            arguments=("Hello",),
            result_type=str,
            schedule_to_close_timeout=SECOND,
            retry_policy=policy,
        ),
        RunLocalActivity(
            activity_type="measure", arguments=("abc",), result_type=int, schedule_to_close_timeout=SECOND
        ),
    ]
    with pytest.raises(ConfigurationError, match="local activity compose: a timeout is missing"):
        workflow.start_local_activity(compose, "Hello")
    with pytest.raises(ConfigurationError, match="no option 'heartbeat_timeout'"):
        workflow.start_local_activity(compose, "Hello", heartbeat_timeout=SECOND)  # type: ignore[call-overload]


async def test_a_child_is_started_and_waited_for(runtime: Any) -> None:
    runtime.answers = ["done", "done", None, None]
    assert await workflow.execute_child_workflow(Greeting.run, "World") == "done"
    handle = await workflow.start_child_workflow(Greeting.run, "World", workflow_id="mine", task_list="other")
    assert (handle.workflow_id, handle.run_id, handle.done) == ("child-id", "child-run", True)
    assert await handle == await handle.result() == "done"
    await handle.signal(Greeting.poke, "softly")
    await handle.cancel()
    first, second, signal, cancel = runtime.commands
    assert first == StartChildWorkflow(
        workflow_type="greeting",
        arguments=("World",),
        result_type=str,
        task_list="greetings",
        execution_start_to_close_timeout=MINUTE,
    )
    assert (second.workflow_id, second.task_list) == ("mine", "other")
    assert signal == SignalExternalWorkflow(
        workflow_id="child-id", signal_name="poke", arguments=("softly",), child_workflow_only=True
    )
    assert cancel == CancelExternalWorkflow(workflow_id="child-id", child_workflow_only=True)


async def test_a_child_by_name(runtime: Any) -> None:
    runtime.answers = [7]
    assert await workflow.execute_child_workflow("far", 1, result_type=int, workflow_id="x") == 7
    assert runtime.commands[0].result_type is int


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"cron_schedule": "daily"}, "'daily' is no cron schedule; five fields"),
        ({"execution_start_to_close_timeout": -SECOND}, "execution_start_to_close_timeout is -1 s"),
        (
            {"parent_close_policy": "terminate"},
            r"is one of ParentClosePolicy, not 'terminate'; write ParentClosePolicy\.",
        ),
        ({"cron_overlap_policy": 1}, r"is one of CronOverlapPolicy, not 1; write CronOverlapPolicy\."),
        ({"workflowid": "x"}, r"did you mean workflow_id\?"),
    ],
)
async def test_a_childs_options_are_checked(runtime: Any, options: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        await workflow.execute_child_workflow(Greeting.run, "World", **options)


async def test_other_workflows_are_signalled_and_cancelled(runtime: Any) -> None:
    other = workflow.get_external_workflow_handle("there", run_id="r1", domain="elsewhere")
    runtime.answers = [None, ExternalWorkflowError("closed", workflow_id="there")]
    await other.signal("go", 1, 2)
    with pytest.raises(ExternalWorkflowError):
        await other.cancel()
    assert runtime.commands == [
        SignalExternalWorkflow(
            workflow_id="there", signal_name="go", arguments=(1, 2), run_id="r1", domain="elsewhere"
        ),
        CancelExternalWorkflow(workflow_id="there", run_id="r1", domain="elsewhere"),
    ]
    with pytest.raises(ConfigurationError, match="empty workflow id"):
        workflow.get_external_workflow_handle("")


async def test_continue_as_new_carries_its_command(runtime: Any) -> None:
    with pytest.raises(workflow.ContinueAsNewError) as caught:
        workflow.continue_as_new("again", workflow=Greeting, task_list="next")
    assert caught.value.command == ContinueAsNew(arguments=("again",), workflow_type="greeting", task_list="next")
    with pytest.raises(workflow.ContinueAsNewError) as caught:
        workflow.continue_as_new()
    assert caught.value.command == ContinueAsNew()
    with pytest.raises(ConfigurationError, match="no option 'workflow_id'"):
        workflow.continue_as_new(workflow_id="x")  # type: ignore[call-arg]


async def test_when_to_continue_as_new(runtime: Any) -> None:
    assert not workflow.should_continue_as_new()
    runtime.history_length = 10_000
    assert workflow.should_continue_as_new()
    assert not workflow.should_continue_as_new(length=20_000)
    assert workflow.should_continue_as_new(length=20_000, size=300)


async def test_the_last_result_of_a_cron(runtime: Any) -> None:
    assert workflow.last_completion_result() is None
    runtime.last_completion_result = b"3"
    assert workflow.last_completion_result() == 3
    assert workflow.last_completion_result(float) == 3.0


async def test_time_and_chance_are_the_runs_own(runtime: Any) -> None:
    assert workflow.in_workflow()
    assert workflow.info().workflow_id == "w"
    assert workflow.now() == datetime(2026, 1, 1, 0, 0, 0, 123456, tzinfo=UTC)
    assert workflow.time_ns() == runtime.nanoseconds
    assert workflow.time() == pytest.approx(runtime.nanoseconds / 1e9)
    assert workflow.random() is workflow.random()
    assert workflow.uuid4().version == 4
    assert (workflow.history_length(), workflow.history_size()) == (3, 300)
    assert not workflow.is_replaying()
    assert not workflow.cancel_requested()


async def test_sleeping_is_a_timer(runtime: Any) -> None:
    runtime.answers = [None, None]
    await workflow.sleep(MINUTE)
    await workflow.sleep(1.5)
    assert runtime.commands == [StartTimer(seconds=60.0), StartTimer(seconds=1.5)]
    with pytest.raises(ConfigurationError, match="a timedelta or seconds, not '3'"):
        await workflow.sleep("3")  # type: ignore[arg-type]


async def test_waiting_for_a_condition(runtime: Any) -> None:
    assert await workflow.wait_condition(lambda: True)
    assert not await workflow.wait_condition(lambda: False, timeout=MINUTE)
    assert runtime.conditions == [None, 60.0]


async def test_versions(runtime: Any) -> None:
    assert workflow.get_version("twice") == 1
    assert workflow.get_version("thrice", 1, 3) == 3
    assert workflow.DEFAULT_VERSION == -1
    with pytest.raises(ConfigurationError, match="no change id with a range"):
        workflow.get_version("x", 3, 2)


async def test_side_effects_know_their_type(runtime: Any) -> None:
    def key() -> int:
        return 4

    assert workflow.side_effect(key) == (4, int)  # type: ignore[comparison-overlap]  # the recorder tells the type as well
    assert workflow.side_effect(lambda: "x") == ("x", object)  # type: ignore[comparison-overlap]  # see above
    assert workflow.side_effect(key, result_type=float) == (4, float)  # type: ignore[comparison-overlap]  # see above
    assert workflow.mutable_side_effect("id", key) == ("id", 4, int, True)  # type: ignore[comparison-overlap]  # see above


async def test_memo_and_search_attributes(runtime: Any) -> None:
    assert workflow.memo() == {"note": "hello", "count": 3}
    assert workflow.memo({"count": float}) == {"note": "hello", "count": 3.0}
    assert workflow.search_attributes() == {"CustomKeywordField": "x"}
    workflow.upsert_search_attributes({"CustomIntField": 3})
    assert runtime.commands == [UpsertSearchAttributes(attributes={"CustomIntField": 3})]
    with pytest.raises(ConfigurationError, match="no attribute"):
        workflow.upsert_search_attributes({})


async def test_handlers_are_set_while_it_runs(runtime: Any) -> None:
    workflow.set_signal_handler("go", print)
    workflow.set_query_handler(None, len)
    workflow.set_signal_handler("go", None)
    assert runtime.handlers == {"go": None}
    assert runtime.queries == {None: len}


async def test_the_logger_is_the_runs_own(runtime: Any, caplog: pytest.LogCaptureFixture) -> None:
    workflow.logger.warning("one %s", 1)
    workflow.get_logger("mine").warning("two")
    assert [(record.name, record.getMessage()) for record in caplog.records] == [
        ("cadence.workflow", "one 1"),
        ("mine", "two"),
    ]


@pytest.mark.parametrize("call", [workflow.info, workflow.now, lambda: workflow.get_external_workflow_handle("x")])
def test_outside_workflows_it_says_so(call: Callable[[], object]) -> None:
    assert not workflow.in_workflow()
    with pytest.raises(ConfigurationError, match="works in workflow code alone"):
        call()


def test_the_room_has_its_names() -> None:
    assert set(workflow.__all__) <= set(dir(workflow))
    for name in workflow.__all__:
        assert getattr(workflow, name) is not None
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = workflow.no_such_name  # type: ignore[attr-defined]
