from __future__ import annotations

import abc
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from cadence import workflow
from cadence.exceptions import ConfigurationError
from cadence.workflow.definition import (
    definition_of,
    query_definition_of,
    query_name_of,
    signal_name_of,
    workflow_type_of,
)


@workflow.defn(name="greet", task_list="greetings", execution_start_to_close_timeout=timedelta(minutes=1))
class Greeting:
    def __init__(self) -> None:
        self.greeting = "Hello"

    @workflow.run
    async def run(self, name: str, times: int = 1) -> str:
        return f"{self.greeting}, {name}!" * times

    @workflow.signal
    def greet_with(self, greeting: str) -> None:
        self.greeting = greeting

    @workflow.signal(name="stop-it")
    async def stop(self) -> None:
        self.greeting = ""

    @workflow.signal(dynamic=True)
    def anything(self, name: str, *args: Any) -> None:
        self.greeting = name

    @workflow.query
    def current(self) -> str:
        return self.greeting


def test_a_class_says_what_it_answers_to() -> None:
    definition = definition_of(Greeting)
    assert (definition.name, definition.cls, definition.run) == ("greet", Greeting, Greeting.run)
    assert set(definition.signals) == {"greet_with", "stop-it", None}
    assert definition.signals["stop-it"].function is Greeting.stop
    assert set(definition.queries) == {"current"}
    assert definition.options == {"task_list": "greetings", "execution_start_to_close_timeout": timedelta(minutes=1)}
    assert definition.cron_schedule is None
    assert not definition.dynamic
    assert not definition.is_abstract
    assert definition.instantiate(("World",)).greeting == "Hello"


def test_names_are_found_from_methods() -> None:
    assert workflow_type_of(Greeting) == workflow_type_of(Greeting.run) == workflow_type_of("greet") == "greet"
    assert definition_of(definition_of(Greeting)) is definition_of(Greeting.run)
    assert signal_name_of(Greeting.greet_with) == "greet_with"
    assert signal_name_of(Greeting.stop) == "stop-it"
    assert query_name_of(Greeting.current) == "current"
    assert query_name_of("other") == "other"
    assert query_definition_of(Greeting.current).signature.result is str


def test_signatures_leave_self_out() -> None:
    definition = definition_of(Greeting)
    assert [parameter.name for parameter in definition.signature.parameters] == ["name", "times"]
    assert definition.signature.result is str
    assert [parameter.hint for parameter in definition.signals["greet_with"].signature.parameters] == [str]


def test_init_may_take_the_arguments_of_run() -> None:
    @workflow.defn
    class Early:
        def __init__(self, name: str) -> None:
            self.name = name

        @workflow.run
        async def run(self, name: str) -> str:
            return name

    assert definition_of(Early).instantiate(("World",)).name == "World"


def test_init_with_defaults_of_its_own_gets_nothing() -> None:
    @workflow.defn
    class Plain:
        def __init__(self, limit: int = 3) -> None:
            self.limit = limit

        @workflow.run
        async def run(self, name: str) -> str:
            return name

    assert definition_of(Plain).instantiate(("World",)).limit == 3


def test_a_subclass_is_a_workflow_of_its_own_once_decorated() -> None:
    @workflow.defn(name="loud", cron_schedule="0 8 * * *")
    class Loud(Greeting):
        def greet_with(self, greeting: str) -> None:
            self.greeting = greeting.upper()

    assert workflow_type_of(Loud.run) == "loud"
    assert workflow_type_of(Greeting.run) == "greet"
    definition = definition_of(Loud)
    assert definition.options["task_list"] == "greetings"
    assert definition.cron_schedule == "0 8 * * *"
    assert definition.signals["greet_with"].function is Loud.greet_with
    assert signal_name_of(Loud.greet_with) == "greet_with"

    class Undecorated(Greeting):
        pass

    with pytest.raises(ConfigurationError, match=r"Undecorated is no workflow; decorate it with @workflow\.defn"):
        definition_of(Undecorated)


def test_an_interface_can_be_declared_apart() -> None:
    @workflow.defn(name="shape")
    class Shape(abc.ABC):
        @workflow.run
        @abc.abstractmethod
        async def run(self) -> int: ...

    @workflow.defn(name="shape")
    class Square(Shape):
        async def run(self) -> int:
            return 4

    assert definition_of(Shape).is_abstract
    assert not definition_of(Square).is_abstract
    assert definition_of(Square.run).cls is Square


def test_a_dynamic_workflow_runs_for_any_name() -> None:
    @workflow.defn(dynamic=True)
    class Anything:
        @workflow.run
        async def run(self, *args: Any) -> Any:
            return args

    assert definition_of(Anything).dynamic


def test_an_override_can_take_a_handler_away() -> None:
    @workflow.defn
    class Deaf(Greeting):
        greet_with = None  # type: ignore[assignment]  # what a subclass may do in Python

    assert "greet_with" not in definition_of(Deaf).signals


def _without_run() -> None:
    @workflow.defn
    class Empty:
        pass


def _with_two_runs() -> None:
    @workflow.defn
    class Two:
        @workflow.run
        async def first(self) -> None: ...
        @workflow.run
        async def second(self) -> None: ...


def _with_plain_run() -> None:
    @workflow.run
    def run(self: Any) -> None: ...  # type: ignore[type-var]  # the mistake under test


def _with_keyword_only() -> None:
    @workflow.run
    async def run(self: Any, *, name: str) -> None: ...


def _with_keywords() -> None:
    @workflow.run
    async def run(self: Any, **names: str) -> None: ...


def _without_self() -> None:
    @workflow.run
    async def run() -> None: ...


def _with_static_run() -> None:
    class Static:
        @workflow.run  # type: ignore[type-var]  # the mistake under test
        @staticmethod
        async def run() -> None: ...


def _with_waiting_query() -> None:
    @workflow.query
    async def state(self: Any) -> int:
        return 1


def _with_generator_signal() -> None:
    @workflow.signal
    def ticks(self: Any) -> Any:
        yield 1


def _with_two_signals_of_one_name() -> None:
    @workflow.defn
    class Twice:
        @workflow.run
        async def run(self) -> None: ...
        @workflow.signal(name="go")
        def one(self) -> None: ...
        @workflow.signal(name="go")
        def two(self) -> None: ...


def _with_reserved_name() -> None:
    @workflow.query(name="__stack_trace")
    def stack(self: Any) -> str:
        return ""


def _with_positional_name() -> None:
    @workflow.signal("go")  # type: ignore[type-var]  # the mistake under test
    def go(self: Any) -> None: ...


def _with_empty_name() -> None:
    workflow.defn(name="")(Greeting)


def _with_dynamic_and_name() -> None:
    @workflow.signal(name="go", dynamic=True)
    def go(self: Any, name: str) -> None: ...


def _with_dynamic_without_name() -> None:
    @workflow.signal(dynamic=True)
    def go(self: Any) -> None: ...


def _with_dynamic_type_and_name() -> None:
    workflow.defn(name="x", dynamic=True)(Greeting)


def _with_other_init() -> None:
    @workflow.defn
    class Other:
        def __init__(self, database: str) -> None: ...
        @workflow.run
        async def run(self, name: str) -> None: ...


def _with_misspelt_option() -> None:
    workflow.defn(tasklist="x")(Greeting)  # type: ignore[call-overload]  # the mistake under test


def _with_a_function() -> None:
    workflow.defn(lambda: None)  # type: ignore[type-var]  # the mistake under test


@pytest.mark.parametrize(
    ("mistake", "words"),
    [
        (_without_run, r"Empty has no run method; mark one `async def` method with @workflow\.run"),
        (_with_two_runs, r"Two has 2 run methods: first, second; mark only one"),
        (_with_plain_run, r"must be a coroutine function; write `async def`"),
        (_with_keyword_only, r"'name' is keyword-only.*make it positional or give it a default"),
        (_with_keywords, r"\*\*names can't be filled"),
        (_without_self, r"has no `self`"),
        (_with_static_run, r"static and class methods"),
        (_with_waiting_query, r"a query handler can't wait; write a plain `def`"),
        (_with_generator_signal, r"can't be a generator"),
        (_with_two_signals_of_one_name, r"two signals of the name 'go', one of them two"),
        (_with_reserved_name, r"'__stack_trace' is not free"),
        (_with_positional_name, r"keyword argument; write name='go'"),
        (_with_empty_name, r"a text that isn't empty, not ''"),
        (_with_dynamic_and_name, r"leave one of the two out"),
        (_with_dynamic_type_and_name, r"leave one of the two out"),
        (_with_dynamic_without_name, r"called with the name first"),
        (_with_other_init, r"__init__ takes database, but the run method takes name"),
        (_with_misspelt_option, r"no option 'tasklist'; did you mean task_list\?"),
        (_with_a_function, r"is for classes.*@activity\.defn"),
    ],
)
def test_mistakes_are_told_when_the_class_is_made(mistake: Callable[[], None], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        mistake()


@pytest.mark.parametrize(
    ("find", "subject", "words"),
    [
        (definition_of, lambda: None, "is no workflow; name a class"),
        (signal_name_of, Greeting.current, "is no signal handler"),
        (signal_name_of, Greeting.anything, "doesn't say which one"),
        (query_name_of, Greeting.greet_with, "is no query handler"),
        (query_definition_of, Greeting.greet_with, "is no query handler"),
    ],
)
def test_what_is_no_workflow_is_told(find: Callable[[Any], object], subject: object, words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        find(subject)


def test_a_run_method_without_its_class_is_told() -> None:
    class Half:
        @workflow.run
        async def run(self) -> None: ...

    with pytest.raises(ConfigurationError, match="its class is no workflow; decorate the class"):
        definition_of(Half.run)
