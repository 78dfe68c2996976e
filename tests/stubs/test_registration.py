from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import Any

import pytest

from cadence.activity import Activity, ActivityContext
from cadence.activity_method import activity_method
from cadence.exceptions import (
    ActivityCancelledException,
    ActivityFailureException,
    ActivityTaskTimeoutException,
    ConfigurationError,
    TimeoutKind,
    WorkflowFailureException,
)
from cadence.stubs.addresses import resolve
from cadence.stubs.names import camel_to_snake, snake_to_camel, spellings
from cadence.stubs.registration import activity_definitions, workflow_definitions
from cadence.workerfactory import WorkerFactory
from cadence.workflow import cron_schedule, query_method, signal_method, workflow_method
from cadence.workflowservice import WorkflowService


@dataclasses.dataclass
class Person:
    name: str


class GreetingActivities:
    @activity_method(task_list="x")
    def compose_greeting(self, greeting: str, person: Person) -> Person:
        raise NotImplementedError

    @activity_method(task_list="x", name="custom")
    def other(self) -> None:
        raise NotImplementedError


class Apart:
    def compose_greeting(self, greeting: str, name: str) -> str:
        return f"{greeting} {name}!"

    async def waitLong(self) -> int:  # Java's spelling, as programs have it
        return 3

    def _own(self) -> None: ...


class Derived(GreetingActivities):
    def compose_greeting(self, greeting, person):  # type: ignore[no-untyped-def]  # as in 1.x
        return person

    def other(self) -> None: ...


class Greeting:
    @query_method
    async def get_state(self) -> dict[str, int]:
        raise NotImplementedError

    @signal_method
    async def wave(self, how: Person) -> None:
        raise NotImplementedError

    @signal_method(name="stop")
    async def stop(self) -> None:
        raise NotImplementedError

    @cron_schedule("0 8 * * *")
    @workflow_method(task_list="x", execution_start_to_close_timeout_seconds=10, workflow_id="mine")
    async def get_greeting(self, person: Person) -> Person:
        raise NotImplementedError

    @workflow_method(name="again")
    @cron_schedule("0 9 * * *")
    async def greet_again(self) -> str:
        raise NotImplementedError


class GreetingImpl(Greeting):
    def __init__(self) -> None:
        self.waves: list[Any] = []

    async def get_greeting(self, person):  # type: ignore[no-untyped-def]  # as in 1.x
        return person

    def greet_again(self) -> str:  # type: ignore[override]  # a plain one works as well
        return "again"

    async def get_state(self):  # type: ignore[no-untyped-def]  # as in 1.x
        return {"waves": len(self.waves)}

    def wave(self, how):  # type: ignore[no-untyped-def]  # as in 1.x
        self.waves.append(how)


@pytest.mark.parametrize(
    ("snake", "camel"),
    [("compose_greeting", "composeGreeting"), ("get", "get"), ("a_b_c", "aBC"), ("wait_2_days", "wait2Days")],
)
def test_both_spellings(snake: str, camel: str) -> None:
    assert snake_to_camel(snake) == camel
    assert set(spellings("I", snake)) == {f"I::{snake}", f"I::{camel}"}


def test_java_names_become_pythons() -> None:
    assert camel_to_snake("composeGreeting") == "compose_greeting"
    assert camel_to_snake("readHTTPBody") == "read_http_body"
    assert camel_to_snake("compose_greeting") == "compose_greeting"


async def test_an_object_answers_to_both_spellings_of_its_methods() -> None:
    first, second = activity_definitions(Apart(), "GreetingActivities")
    assert (first.name, first.aliases) == (
        "GreetingActivities::compose_greeting",
        ("GreetingActivities::composeGreeting",),
    )
    assert first.callable("Hello", "you") == "Hello you!"
    assert not first.is_coroutine
    assert second.is_coroutine
    assert {second.name, *second.aliases} == {"GreetingActivities::wait_long", "GreetingActivities::waitLong"}
    assert await second.callable() == 3
    assert activity_definitions(Apart())[0].name == "Apart::compose_greeting"


def test_types_come_from_the_interface() -> None:
    first, second = activity_definitions(Derived(), "GreetingActivities")
    assert [parameter.hint for parameter in first.signature.parameters] == [object, Person]
    assert first.signature.result is Person
    assert second.name == "custom"
    assert "GreetingActivities::other" in second.aliases


def test_what_has_no_activities_is_told() -> None:
    with pytest.raises(ConfigurationError, match=r"Apart is a class.*register Apart\(\)"):
        activity_definitions(Apart)
    with pytest.raises(ConfigurationError, match="object has no activities"):
        activity_definitions(object())


async def test_an_implementation_answers_for_its_interface() -> None:
    first, second = workflow_definitions(GreetingImpl)
    assert first.name == "Greeting::get_greeting"
    assert first.aliases == ("Greeting::getGreeting",)
    assert (second.name, second.aliases) == ("again", ())
    assert first.options["task_list"] == "x"
    assert first.options["execution_start_to_close_timeout"] == timedelta(seconds=10)
    assert first.cron_schedule == "0 8 * * *"
    assert second.cron_schedule == "0 9 * * *"
    assert second.options["execution_start_to_close_timeout"] == timedelta(hours=2)
    instance = first.instantiate()
    assert await first.run(instance, Person("a")) == Person("a")
    assert await second.run(instance) == "again"
    assert [parameter.hint for parameter in first.signature.parameters] == [Person]
    assert first.signature.result is Person


def test_handlers_answer_for_the_interface() -> None:
    definition = workflow_definitions(GreetingImpl)[0]
    assert set(definition.signals) == {"Greeting::wave", "stop"}
    instance = definition.instantiate()
    definition.signals["Greeting::wave"].function(instance, "hand")
    assert [p.hint for p in definition.signals["Greeting::wave"].signature.parameters] == [Person]
    assert set(definition.queries) == {"Greeting::get_state", "Greeting::getState"}
    assert definition.queries["Greeting::getState"].function(instance) == {"waves": 1}


def test_a_query_that_waits_is_told() -> None:
    import asyncio

    class Slow:
        @workflow_method
        async def run(self) -> None: ...

        @query_method
        async def state(self) -> None:
            await asyncio.sleep(0)

    [definition] = workflow_definitions(Slow)
    with pytest.raises(ConfigurationError, match=r"state waits, and a query can't"):
        definition.queries["Slow::state"].function(Slow())


def test_what_is_no_workflow_is_told() -> None:
    with pytest.raises(ConfigurationError, match="Apart has no workflow method"):
        workflow_definitions(Apart)

    class Twice:
        @workflow_method
        async def run(self) -> None: ...

        @signal_method(name="go")
        async def one(self) -> None: ...

        @signal_method(name="go")
        async def two(self) -> None: ...

    with pytest.raises(ConfigurationError, match="two and one both answer to 'go'"):
        workflow_definitions(Twice)


def test_a_worker_keeps_what_is_registered() -> None:
    factory = WorkerFactory("localhost", 7933, "samples")
    worker = factory.new_worker("x")
    worker.register_activities_implementation(Apart(), "GreetingActivities")
    worker.register_workflow_implementation_type(GreetingImpl)
    assert "GreetingActivities::composeGreeting" in worker.activities
    assert set(worker.workflow_methods) == {"Greeting::get_greeting", "Greeting::getGreeting", "again"}
    assert factory.workers == [worker]
    assert worker.is_stop_requested()
    worker.set_timeout(3)
    assert worker.get_timeout() == 3


def test_a_worker_without_anything_registered_starts_nothing() -> None:
    factory = WorkerFactory("localhost", 1, "samples")
    worker = factory.new_worker("x")
    factory.start()
    factory.stop()
    worker.stop()


def test_errors_have_their_old_names() -> None:
    error = ActivityTaskTimeoutException("late", activity_type="a", activity_id="1")
    error.kind = TimeoutKind.HEARTBEAT
    assert isinstance(error, ActivityFailureException)
    assert isinstance(error.get_cause(), ActivityTaskTimeoutException)
    assert error.timeout_type == 3
    failed = ActivityFailureException("no", activity_type="a", activity_id="1")
    assert failed.get_cause() is failed.cause is None
    failed.set_cause()
    closed = WorkflowFailureException("no", workflow_id="w", run_id="r")
    assert (closed.execution.workflow_id, closed.execution.run_id) == ("w", "r")


def test_outside_activities_it_says_so() -> None:
    for call in (Activity.get_task_token, Activity.heartbeat, ActivityContext.get, Activity.do_not_complete_on_return):
        with pytest.raises(ConfigurationError, match="works in activity code alone"):
            call()
    assert issubclass(ActivityCancelledException, Exception)
    assert WorkflowService.get_identity()


@pytest.mark.parametrize(
    ("given", "environment", "there"),
    [
        (("localhost", 7933), "", ("localhost", 7933)),
        ((None, None), "127.0.0.1:4711", ("127.0.0.1", 4711)),
        (("localhost", 7933), "127.0.0.1:4711,other:1", ("127.0.0.1", 4711)),
        (("elsewhere", 7933), "127.0.0.1:4711", ("elsewhere", 7933)),
        (("localhost", 7934), "127.0.0.1:4711", ("localhost", 7934)),
        (("localhost", 7933), "nonsense", ("localhost", 7933)),
    ],
)
def test_the_default_address_gives_way(
    monkeypatch: pytest.MonkeyPatch, given: Any, environment: str, there: tuple[str, int]
) -> None:
    monkeypatch.setenv("CADENCE_ADDRESS", environment)
    assert resolve(*given) == there


def test_annotations_that_mean_nothing_are_no_mistake() -> None:
    class Loose:
        def compose(self, name: NoSuchName, times: int = 2) -> NoSuchName:  # type: ignore[name-defined]  # noqa: F821
            return name

    [definition] = activity_definitions(Loose())
    assert [(p.name, p.hint, p.required) for p in definition.signature.parameters] == [
        ("name", object, True),
        ("times", object, False),
    ]
