from __future__ import annotations

import asyncio
import contextvars
import logging
import pickle
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cadence import activity
from cadence.activity.definition import activity_type_of, definition_of, definitions_in
from cadence.activity.runtime import activate
from cadence.exceptions import ConfigurationError

NOW = datetime(2026, 1, 1, tzinfo=UTC)
INFO = activity.ActivityInfo(
    activity_id="0",
    activity_type="compose",
    task_token=b"token",
    workflow_id="w",
    run_id="r",
    workflow_type="Greeting",
    domain="samples",
    task_list="greetings",
    scheduled_time=NOW,
    current_attempt_scheduled_time=NOW,
    started_time=NOW,
    deadline=NOW + timedelta(seconds=10),
)


class Attempt:
    """A runtime that keeps what it is told, as a worker's would send it."""

    def __init__(self, left: Sequence[Any] = ()) -> None:
        self.info = INFO
        self.is_cancelled = False
        self.cancel_reason = ""
        self.is_worker_stopping = False
        self.beats: list[tuple[object, ...]] = []
        self.left = left
        self.hints: Sequence[Any] = ()
        self.elsewhere = False
        self.timeouts: list[float | None] = []

    def heartbeat(self, details: tuple[object, ...]) -> None:
        self.beats.append(details)

    def heartbeat_details(self, type_hints: Sequence[Any]) -> Sequence[Any]:
        self.hints = type_hints
        return self.left

    async def wait_for_cancelled(self) -> None:
        self.is_cancelled = True

    def wait_for_cancelled_sync(self, timeout: float | None) -> bool:
        self.timeouts.append(timeout)
        return self.is_cancelled

    def complete_elsewhere(self) -> None:
        self.elsewhere = True

    def logger(self, name: str | None = None) -> logging.LoggerAdapter[logging.Logger]:
        return logging.LoggerAdapter(logging.getLogger(name or "cadence.activity"), {"activity_id": "0"})


@activity.defn
def compose(greeting: str, name: str = "World") -> str:
    """Compose a greeting."""
    return f"{greeting}, {name}!"


@activity.defn(name="measure", start_to_close_timeout=timedelta(seconds=3))
async def measure_length(text: str) -> int:
    return len(text)


class Files:
    def __init__(self, root: str) -> None:
        self.root = root

    @activity.defn
    def read(self, name: str) -> str:
        return f"{self.root}/{name}"

    @activity.defn(name="files.remove")
    async def remove(self, name: str) -> None: ...

    @staticmethod
    @activity.defn
    def suffix(name: str) -> str:
        return name.rpartition(".")[2]

    def not_an_activity(self) -> None: ...


class FarFiles(Files):
    async def read(self, name: str) -> str:  # type: ignore[override]  # coloured differently on purpose
        return f"far:{name}"


class Adder:
    @activity.defn
    def __call__(self, a: int, b: int) -> int:
        return a + b


def test_a_decorated_function_stays_a_function() -> None:
    assert compose("Hello") == "Hello, World!"
    assert (compose.__name__, compose.__doc__) == ("compose", "Compose a greeting.")
    assert asyncio.iscoroutinefunction(measure_length)
    assert pickle.loads(pickle.dumps(compose)) is compose
    assert pickle.loads(pickle.dumps(definition_of(compose).callable)) is compose


def test_a_function_says_what_it_answers_to() -> None:
    definition = definition_of(compose)
    assert (definition.name, definition.is_coroutine, definition.options) == ("compose", False, {})
    definition = definition_of(measure_length)
    assert (definition.name, definition.is_coroutine) == ("measure", True)
    assert definition.options == {"start_to_close_timeout": timedelta(seconds=3)}
    assert definition.signature.result is int
    assert activity_type_of(measure_length) == activity_type_of("measure") == "measure"


def test_a_method_is_bound_to_its_object() -> None:
    files = Files("/tmp")
    assert definition_of(Files.read).name == "read"
    assert definition_of(files.read).callable("a") == "/tmp/a"
    assert [parameter.name for parameter in definition_of(files.read).signature.parameters] == ["name"]
    found = {definition.name: definition for definition in definitions_in(files)}
    assert set(found) == {"read", "files.remove", "suffix"}
    assert found["read"].callable("a") == "/tmp/a"
    assert found["suffix"].callable("a.txt") == "txt"


async def test_an_override_needs_no_decorator() -> None:
    found = {definition.name: definition for definition in definitions_in(FarFiles("/"))}
    assert found["read"].is_coroutine
    assert await found["read"].callable("a") == "far:a"


def test_an_object_can_be_an_activity() -> None:
    definition = definition_of(Adder())
    assert definition.name == "Adder"
    assert definition.callable(1, 2) == 3


def test_a_dynamic_activity() -> None:
    @activity.defn(dynamic=True)
    def anything(*args: Any) -> Any:
        return args

    assert definition_of(anything).dynamic


def _positional_name() -> None:
    activity.defn("compose")  # type: ignore[call-overload]  # the mistake under test


def _class() -> None:
    activity.defn(Files)


def _generator() -> None:
    @activity.defn
    def lines() -> Any:
        yield 1


def _static_below() -> None:
    activity.defn(staticmethod(len))


def _twice() -> None:
    activity.defn(compose)


def _keyword_only() -> None:
    @activity.defn
    def write(*, name: str) -> None: ...


def _keywords() -> None:
    @activity.defn
    def write(**names: str) -> None: ...


def _misspelt() -> None:
    activity.defn(start_to_close=timedelta(seconds=1))(len)  # type: ignore[call-overload]  # the mistake under test


def _misspelt_option() -> None:
    @activity.defn(start_to_close=timedelta(seconds=1))  # type: ignore[call-overload]  # the mistake under test
    def write() -> None: ...


def _dynamic_and_name() -> None:
    @activity.defn(name="x", dynamic=True)
    def write() -> None: ...


def _empty_name() -> None:
    @activity.defn(name="")
    def write() -> None: ...


@pytest.mark.parametrize(
    ("mistake", "words"),
    [
        (_positional_name, "keyword argument; write name='compose'"),
        (_class, "this is for functions and methods; decorate the methods of a class"),
        (_misspelt, "this is for functions and methods"),
        (_generator, "can't be a generator"),
        (_static_below, "wrong way round; write @staticmethod above"),
        (_twice, "it is an activity already"),
        (_keyword_only, "'name' is keyword-only"),
        (_keywords, r"\*\*names can't be filled"),
        (_misspelt_option, r"no option 'start_to_close'; did you mean \w+\?"),
        (_dynamic_and_name, "leave one of the two out"),
        (_empty_name, "a text that isn't empty"),
    ],
)
def test_mistakes_are_told_when_the_function_is_decorated(mistake: Callable[[], None], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        mistake()


@pytest.mark.parametrize(
    ("find", "subject", "words"),
    [
        (definition_of, len, "len is no activity; decorate it"),
        (definition_of, 3, "3 is no activity"),
        (definitions_in, Files, r"Files is a class, and its activities need an object; register Files\(\.\.\.\)"),
        (definitions_in, object(), "object has no activities; decorate its methods"),
    ],
)
def test_what_is_no_activity_is_told(find: Callable[[Any], object], subject: object, words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        find(subject)


def test_activity_code_asks_its_runtime() -> None:
    attempt = Attempt(left=[3])
    with activate(attempt):
        assert activity.in_activity()
        assert activity.info().activity_type == "compose"
        activity.heartbeat(1, "two")
        assert activity.heartbeat_details(int) == 3
        assert attempt.hints == (int,)
        assert not activity.is_cancelled()
        assert not activity.is_worker_stopping()
        assert activity.cancel_reason() == ""
        assert not activity.wait_for_cancelled_sync(timedelta(seconds=2))
        activity.wait_for_cancelled_sync()
        activity.complete_elsewhere()
    assert attempt.beats == [(1, "two")]
    assert attempt.timeouts == [2.0, None]
    assert attempt.elsewhere
    assert not activity.in_activity()


@pytest.mark.parametrize(
    ("left", "hints", "value"),
    [((), (), None), ((), (int,), None), ((3,), (), 3), ((3, "a"), (), (3, "a")), ((3, "a"), (int, str), (3, "a"))],
)
def test_details_of_the_last_attempt(left: Sequence[Any], hints: Sequence[Any], value: object) -> None:
    with activate(Attempt(left)):
        assert activity.heartbeat_details(*hints) == value


async def test_a_coroutine_waits_for_its_cancellation() -> None:
    attempt = Attempt()
    with activate(attempt):
        await activity.wait_for_cancelled()
        assert activity.is_cancelled()


def test_it_works_in_threads_that_have_the_context() -> None:
    attempt = Attempt()
    with activate(attempt), ThreadPoolExecutor(1) as pool:
        pool.submit(contextvars.copy_context().run, activity.heartbeat, "from a thread").result()
        with pytest.raises(ConfigurationError, match=r"threads that an activity starts itself need its context"):
            pool.submit(activity.heartbeat).result()
    assert attempt.beats == [("from a thread",)]


def test_a_result_can_come_from_elsewhere() -> None:
    attempt = Attempt()
    with activate(attempt), pytest.raises(activity.ResultPending):
        activity.raise_complete_async()
    assert attempt.elsewhere
    assert not issubclass(activity.ResultPending, Exception)


def test_logging_works_with_and_without_an_activity(caplog: pytest.LogCaptureFixture) -> None:
    activity.logger.warning("plain")
    with activate(Attempt()):
        activity.logger.warning("one %s", 1)
        activity.get_logger("mine").warning("two")
    assert [(record.name, record.getMessage()) for record in caplog.records] == [
        ("cadence.activity", "plain"),
        ("cadence.activity", "one 1"),
        ("mine", "two"),
    ]
    assert [getattr(record, "activity_id", None) for record in caplog.records] == [None, "0", "0"]


def test_outside_activities_it_says_so() -> None:
    with pytest.raises(ConfigurationError, match="works in activity code alone"):
        activity.heartbeat()


def test_the_room_has_its_names() -> None:
    assert set(activity.__all__) <= set(dir(activity))
    for name in activity.__all__:
        assert getattr(activity, name) is not None
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = activity.no_such_name  # type: ignore[attr-defined]
