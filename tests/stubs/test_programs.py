"""Programs in the manner of 1.x, whole, against the dev server."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
import traceback
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cadence._loop_thread import shared_loop_thread
from cadence.activity import Activity
from cadence.activity_method import ActivityOptions, RetryParameters, activity_method
from cadence.devserver import DevServer, DevServerOptions
from cadence.errors import WorkflowExecutionAlreadyStartedError
from cadence.exceptions import (
    ActivityFailureException,
    ActivityTaskTimeoutException,
    ChildWorkflowFailureException,
    ConfigurationError,
    QueryFailureException,
    WorkflowExecutionCanceledException,
    WorkflowExecutionTerminatedException,
    WorkflowExecutionTimedOutException,
    WorkflowFailureException,
)
from cadence.stubs.worker import Worker
from cadence.workerfactory import WorkerFactory
from cadence.workflow import (
    Workflow,
    WorkflowClient,
    WorkflowOptions,
    query_method,
    signal_method,
    workflow_method,
)

PROGRAM = Path(__file__).with_name("programs_greetings.py")
DOMAIN = "programs"
TASK_LIST = "programs"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A dev server; programs find it in the environment, as under `cadence dev -- command`."""
    server = DevServer(DevServerOptions(domains=(DOMAIN,)))
    loop = shared_loop_thread()
    loop.run(server.start())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CADENCE_ADDRESS", server.address)
        yield server.address
    loop.run(server.close())


class GreetingError(Exception):
    pass


class Activities:
    @activity_method(task_list=TASK_LIST, schedule_to_close_timeout_seconds=10)
    def compose(self, greeting: str, name: str) -> str:
        raise NotImplementedError

    @activity_method(task_list=TASK_LIST, schedule_to_close_timeout_seconds=10)
    def fail(self) -> str:
        raise NotImplementedError

    @activity_method(
        task_list=TASK_LIST,
        schedule_to_close_timeout_seconds=20,
        heartbeat_timeout_seconds=10,
        retry_parameters=RetryParameters(initial_interval_in_seconds=1, backoff_coefficient=1.0, maximum_attempts=3),
    )
    def third_time_lucky(self) -> list:  # type: ignore[type-arg]  # as in 1.x
        raise NotImplementedError

    @activity_method(task_list=TASK_LIST, schedule_to_close_timeout_seconds=20)
    def elsewhere(self, how: str) -> str:
        raise NotImplementedError

    @activity_method(task_list=TASK_LIST, schedule_to_close_timeout_seconds=1)
    def hang(self) -> None:
        raise NotImplementedError


class ActivitiesImpl:
    def __init__(self) -> None:
        self.details: list[Any] = []
        self.tokens: list[bytes] = []
        self.given_away = threading.Semaphore(0)
        self.released = threading.Event()

    def compose(self, greeting, name):  # type: ignore[no-untyped-def]
        assert Activity.get_domain() == DOMAIN
        assert Activity.get_activity_task().activity_type.name == "Activities::compose"
        return f"{greeting} {name}!"

    def fail(self) -> None:
        raise GreetingError("no greeting today")  # where it came from

    def third_time_lucky(self) -> list[Any]:
        self.details.append(Activity.get_heartbeat_details())
        Activity.heartbeat(len(self.details))
        if len(self.details) < 3:
            raise GreetingError("again")
        return self.details

    def elsewhere(self, how: str) -> None:
        Activity.do_not_complete_on_return()
        self.tokens.append(Activity.get_task_token())
        self.given_away.release()

    def hang(self) -> None:
        self.released.wait(30)


class Greeter:
    @workflow_method(task_list=TASK_LIST, execution_start_to_close_timeout_seconds=60)
    async def greet(self, what: str, arguments: dict) -> Any:  # type: ignore[type-arg]  # as in 1.x
        raise NotImplementedError

    @signal_method
    async def say(self, word: str) -> None:
        raise NotImplementedError

    @query_method
    async def heard(self) -> list:  # type: ignore[type-arg]  # as in 1.x
        raise NotImplementedError

    @query_method()
    async def broken(self) -> str:
        raise NotImplementedError


class GreeterImpl(Greeter):
    def __init__(self) -> None:
        self.activities = Workflow.new_activity_stub(Activities)
        self.words: list[str] = []

    async def greet(self, what, arguments):  # type: ignore[no-untyped-def]
        return await getattr(self, what)(arguments or {})

    async def say(self, word: str) -> None:
        self.words.append(word)

    async def heard(self) -> list[str]:
        return self.words

    async def broken(self) -> str:
        raise GreetingError("no answer")

    async def hello(self, arguments: Any) -> Any:
        return await self.activities.compose("Hello", arguments["name"])  # type: ignore[misc]

    async def parallel(self, _: Any) -> Any:
        return await asyncio.gather(*[self.activities.compose("Hello", str(i)) for i in range(5)])  # type: ignore[call-overload]

    async def failing(self, _: Any) -> Any:
        try:
            await self.activities.fail()  # type: ignore[misc]
        except ActivityFailureException as error:
            if not isinstance(error.get_cause(), GreetingError):
                return repr(error.get_cause())
            raise

    async def raising(self, _: Any) -> Any:
        raise GreetingError("the workflow itself")  # where it came from

    async def retried(self, _: Any) -> Any:
        return await self.activities.third_time_lucky()  # type: ignore[misc]

    async def elsewhere(self, arguments: Any) -> Any:
        return await self.activities.elsewhere(arguments["how"])  # type: ignore[misc]

    async def timed_out(self, _: Any) -> Any:
        try:
            await self.activities.hang()  # type: ignore[misc]
        except ActivityFailureException as error:
            return isinstance(error.get_cause(), ActivityTaskTimeoutException)

    async def listening(self, arguments: Any) -> Any:
        limit = arguments.get("limit", 0)
        return [await Workflow.await_till(lambda: "done" in self.words, limit), self.words]

    async def own_means(self, _: Any) -> Any:
        first = Workflow.current_time_millis()
        await Workflow.sleep(1)
        Workflow.get_logger("greeter").info("awake")
        return {
            "slept": Workflow.current_time_millis() - first,
            "id": Workflow.get_workflow_id(),
            "named": Workflow.get_workflow_id() in Workflow.get_execution_id(),
            "uuid": str(Workflow.random_uuid()),
            "random": Workflow.new_random().random(),
            "version": Workflow.get_version("change", -1, 3),
            "effect": Workflow.side_effect(lambda: 7),
            "now": Workflow.now().year,
        }

    async def untyped(self, _: Any) -> Any:
        stub = Workflow.new_untyped_activity_stub(
            ActivityOptions(schedule_to_close_timeout_seconds=10, activity_id="mine")
        )
        return await stub.execute("Activities::compose", "Hello", "you")

    async def child(self, arguments: Any) -> Any:
        stub = Workflow.new_child_workflow_stub(Greeter)
        try:
            return await stub.greet(arguments["what"], {"name": "child"})
        except ChildWorkflowFailureException as error:
            return type(error.__cause__).__name__

    async def again(self, arguments: Any) -> Any:
        left = arguments["left"]
        if left:
            Workflow.continue_as_new("again", {"left": left - 1})
        return "at last"

    async def scoped(self, _: Any) -> Any:
        scope = Workflow.new_cancellation_scope(lambda: Workflow.sleep(3600))
        running = scope.run()
        scope.cancel()
        try:
            await running
        except asyncio.CancelledError:
            return "cancelled"

    async def waiting(self, _: Any) -> Any:
        await Workflow.sleep(3600)


@pytest.fixture(scope="module")
def implementation() -> ActivitiesImpl:
    return ActivitiesImpl()


@pytest.fixture(scope="module")
def worker(address: str, implementation: ActivitiesImpl) -> Iterator[Worker]:
    factory = WorkerFactory("localhost", 7933, DOMAIN)
    worker = factory.new_worker(TASK_LIST)
    worker.register_activities_implementation(implementation, "Activities")
    worker.register_workflow_implementation_type(GreeterImpl)
    factory.start()
    yield worker
    implementation.released.set()
    worker.stop()


@pytest.fixture(scope="module")
def client(worker: Worker) -> Iterator[WorkflowClient]:
    client = WorkflowClient.new_client(domain=DOMAIN)
    yield client
    client.close()


def greet(client: WorkflowClient, how: str, /, **arguments: Any) -> Any:
    return client.new_workflow_stub(Greeter).greet(how, arguments)


def test_an_activity(client: WorkflowClient) -> None:
    assert greet(client, "hello", name="Python") == "Hello Python!"


def test_activities_in_parallel(client: WorkflowClient) -> None:
    assert greet(client, "parallel") == [f"Hello {i}!" for i in range(5)]


def test_exceptions_cross_the_wire(client: WorkflowClient) -> None:
    with pytest.raises(WorkflowFailureException) as caught:
        greet(client, "failing")
    failure = caught.value.__cause__
    assert isinstance(failure, ActivityFailureException)
    assert isinstance(failure.__cause__, GreetingError)
    assert failure.__cause__.args == ("no greeting today",)
    told = "".join(traceback.format_exception(caught.value))
    assert "where it came from" in told or "in fail" in told


def test_an_exception_of_the_workflow(client: WorkflowClient) -> None:
    with pytest.raises(WorkflowFailureException) as caught:
        greet(client, "raising")
    assert isinstance(caught.value.__cause__, GreetingError)
    assert caught.value.execution.workflow_id
    assert "raising" in "".join(traceback.format_exception(caught.value))


def test_retries_go_on_from_the_last_heartbeat(client: WorkflowClient, implementation: ActivitiesImpl) -> None:
    assert greet(client, "retried") == [None, 1, 2]


@pytest.mark.parametrize("how", ["complete", "fail"])
def test_completion_from_elsewhere(client: WorkflowClient, implementation: ActivitiesImpl, how: str) -> None:
    context = WorkflowClient.start(client.new_workflow_stub(Greeter).greet, "elsewhere", {"how": how})
    assert implementation.given_away.acquire(timeout=20)
    completion = client.new_activity_completion_client()
    token = implementation.tokens.pop()
    completion.heartbeat(token, "half way")
    if how == "complete":
        completion.complete(token, "from elsewhere")
        assert client.wait_for_close(context) == "from elsewhere"
    else:
        completion.complete_exceptionally(token, GreetingError("from elsewhere"))
        with pytest.raises(WorkflowFailureException) as caught:
            client.wait_for_close(context)
        assert isinstance(caught.value.__cause__, ActivityFailureException)
        assert isinstance(caught.value.__cause__.__cause__, GreetingError)


def test_a_timeout_is_an_activity_failure(client: WorkflowClient) -> None:
    assert greet(client, "timed_out") is True


def test_signals_and_queries(client: WorkflowClient) -> None:
    stub = client.new_workflow_stub(Greeter)
    context = WorkflowClient.start(stub.greet, "listening", {})
    stub.say("one")  # type: ignore[unused-coroutine]  # blocks outside workflows
    other = client.new_workflow_stub_from_workflow_id(Greeter, workflow_id=context.workflow_execution.workflow_id)
    other.say("two")  # type: ignore[unused-coroutine]  # see above
    assert other.heard() == ["one", "two"]  # type: ignore[comparison-overlap]  # see above
    with pytest.raises(QueryFailureException) as caught:
        stub.broken()  # type: ignore[unused-coroutine]  # see above
    assert isinstance(caught.value.__cause__, GreetingError)
    with pytest.raises(ConfigurationError, match="can't be started through a stub that was made from a workflow's id"):
        other.greet("hello", {})  # type: ignore[unused-coroutine]  # see above
    stub.say("done")  # type: ignore[unused-coroutine]  # see above
    assert client.wait_for_close(context) == [True, ["one", "two", "done"]]
    assert client.wait_for_close_with_workflow_id(context.workflow_execution.workflow_id)[0] is True


def test_waiting_has_a_limit(client: WorkflowClient) -> None:
    assert greet(client, "listening", limit=1) == [False, []]


def test_what_workflow_code_can_ask(client: WorkflowClient) -> None:
    stub = client.new_workflow_stub(Greeter, WorkflowOptions(workflow_id=f"asked-{uuid.uuid4()}"))
    told = stub.greet("own_means", {})
    assert told["id"].startswith("asked-")  # type: ignore[index]  # blocks outside workflows
    assert told["slept"] >= 900  # type: ignore[index]  # see above
    assert told["named"] is True  # type: ignore[index]  # see above
    assert told["version"] == 3  # type: ignore[index]  # see above
    assert told["effect"] == 7  # type: ignore[index]  # see above
    uuid.UUID(told["uuid"])  # type: ignore[index]  # see above


def test_an_untyped_activity(client: WorkflowClient) -> None:
    assert greet(client, "untyped") == "Hello you!"


def test_children(client: WorkflowClient) -> None:
    assert greet(client, "child", what="hello") == "Hello child!"
    assert greet(client, "child", what="raising") == "GreetingError"


def test_continue_as_new(client: WorkflowClient) -> None:
    assert greet(client, "again", left=2) == "at last"


def test_a_scope(client: WorkflowClient) -> None:
    assert greet(client, "scoped") == "cancelled"


def test_ends_that_are_no_failures(client: WorkflowClient) -> None:
    stub = client.new_untyped_workflow_stub(
        "Greeter::greet", WorkflowOptions(task_list=TASK_LIST, execution_start_to_close_timeout_seconds=60)
    )
    context = stub.start("waiting", {})
    stub.cancel()
    with pytest.raises(WorkflowExecutionCanceledException):
        client.wait_for_close(context)
    context = WorkflowClient.start(client.new_workflow_stub(Greeter).greet, "waiting", {})
    client.terminate(context.workflow_execution.workflow_id, reason="enough")
    with pytest.raises(WorkflowExecutionTerminatedException, match="enough") as caught:
        client.wait_for_close(context)
    assert caught.value.reason == "enough"
    short = client.new_workflow_stub(Greeter, WorkflowOptions(execution_start_to_close_timeout_seconds=1))
    with pytest.raises(WorkflowExecutionTimedOutException):
        short.greet("waiting", {})  # type: ignore[unused-coroutine]  # blocks outside workflows


def test_java_spelling_is_answered(client: WorkflowClient) -> None:
    class Javas:
        @workflow_method(name="Greeter::greet", task_list=TASK_LIST)
        def greet(self, what: str, arguments: Any) -> Any: ...

    assert client.new_workflow_stub(Javas).greet("hello", {"name": "Java"}) == "Hello Java!"


def test_an_id_is_taken_once(client: WorkflowClient) -> None:
    options = WorkflowOptions(workflow_id=f"once-{uuid.uuid4()}")
    first = client.new_workflow_stub(Greeter, options)
    WorkflowClient.start(first.greet, "waiting", {})
    with pytest.raises(WorkflowExecutionAlreadyStartedError):
        WorkflowClient.start(client.new_workflow_stub(Greeter, options).greet, "waiting", {})


async def test_a_factory_is_a_context_manager_too(address: str) -> None:
    factory = WorkerFactory("localhost", 7933, DOMAIN)
    worker = factory.new_worker("of-its-own")
    worker.register_workflow_implementation_type(GreeterImpl)
    client = WorkflowClient.new_client(domain=DOMAIN)
    stub = client.new_workflow_stub(Greeter, WorkflowOptions(task_list="of-its-own"))
    async with factory:
        assert await asyncio.to_thread(stub.greet, "again", {"left": 0}) == "at last"
    assert worker.is_stop_requested()
    await asyncio.to_thread(client.close)


def run(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(PROGRAM), *arguments], capture_output=True, text=True, check=False, timeout=60, **options
    )


def test_a_program_runs_unchanged(address: str) -> None:
    done = run()
    assert (done.returncode, done.stdout) == (0, "Hello Python!\n"), done.stderr


def test_a_worker_program_works_on_after_its_last_line(address: str) -> None:
    with subprocess.Popen(
        [sys.executable, str(PROGRAM), "worker-only"], stdout=subprocess.PIPE, text=True, env=os.environ.copy()
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "working\n"
        done = run("client-only")
        assert done.stdout == "Hello Python!\n", done.stderr
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) is not None
