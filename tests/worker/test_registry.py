"""Names find definitions, and a name that isn't there says which are."""

from __future__ import annotations

import abc

import pytest

from cadence import activity, workflow
from cadence.activity.definition import ActivityDefinition
from cadence.exceptions import ConfigurationError
from cadence.worker.registry import Registry, read_activities, read_workflows


@activity.defn
def compose_greeting(name: str) -> str:
    return name


@activity.defn(dynamic=True)
def anything() -> None:
    """Take every name."""


class Greetings:
    @activity.defn
    def greet(self, name: str) -> str:
        return name

    @activity.defn(name="Greetings::bye")
    def bye(self) -> None:
        """Say goodbye."""


@workflow.defn
class Hello:
    @workflow.run
    async def run(self) -> None:
        """Do nothing."""


def names(given: list[object]) -> list[str]:
    return [definition.name for definition in read_activities(given)]


def test_functions_methods_and_objects_are_activities() -> None:
    greetings = Greetings()
    assert names([compose_greeting]) == ["compose_greeting"]
    assert names([greetings]) == ["greet", "Greetings::bye"]
    assert names([greetings.greet]) == ["greet"]


def test_a_method_without_its_object_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"give an object, Greetings\(...\)"):
        read_activities([Greetings.greet])


@pytest.mark.parametrize("given", ["compose_greeting", b"x", 3])
def test_a_list_is_wanted(given: object) -> None:
    with pytest.raises(ConfigurationError, match="give a list"):
        read_activities(given)  # type: ignore[arg-type]


def test_an_abstract_workflow_is_refused() -> None:
    @workflow.defn
    class Declared(abc.ABC):
        @workflow.run
        @abc.abstractmethod
        async def run(self) -> None: ...

    with pytest.raises(ConfigurationError, match="abstract"):
        read_workflows([Declared])


def test_aliases_and_packages_in_front_are_found() -> None:
    [definition] = read_activities([compose_greeting])
    aliased = ActivityDefinition(
        name="Greetings::compose_greeting",
        function=definition.function,
        callable=definition.callable,
        is_coroutine=False,
        options={},
        aliases=("Greetings::composeGreeting",),
    )
    registry = Registry("activity", [definition, aliased])
    assert registry.find("Greetings::composeGreeting") is aliased
    assert registry.find("main.compose_greeting") is definition
    assert registry.find("compose") is None
    assert registry.names == ["compose_greeting", "Greetings::compose_greeting"]


def test_an_own_name_stands_over_an_alias() -> None:
    [definition] = read_activities([compose_greeting])
    other = ActivityDefinition(
        name="other", function=len, callable=len, is_coroutine=False, options={}, aliases=("compose_greeting",)
    )
    assert Registry("activity", [other, definition]).find("compose_greeting") is definition


def test_the_dynamic_one_takes_every_other_name() -> None:
    registry = Registry("activity", read_activities([compose_greeting, anything]))
    found = registry.find("what.ever")
    assert found is not None
    assert found.name == "anything"
    with pytest.raises(ConfigurationError, match="two dynamic activities"):
        Registry("activity", read_activities([anything, anything]))


def test_the_same_name_twice_is_refused() -> None:
    with pytest.raises(ConfigurationError, match='two workflows have the name "Hello"'):
        Registry("workflow", read_workflows([Hello, Hello]))


def test_an_unknown_name_is_told_with_the_nearest_and_all() -> None:
    registry = Registry("activity", read_activities([compose_greeting, Greetings()]))
    text = registry.unknown("composeGreeting", "greetings")
    assert text == (
        'no activity "composeGreeting" on the worker of task list "greetings"; did you mean "compose_greeting"? '
        "it has: compose_greeting, greet, Greetings::bye"
    )
    assert Registry("workflow", []).unknown("X", "q").endswith("it has: none")
    assert not Registry("workflow", [])
