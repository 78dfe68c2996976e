"""asyncio in workflow code: its primitives work, in one order, and what would reach outside is refused by name."""

from __future__ import annotations

import asyncio
import contextvars
import logging
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest

from cadence import workflow
from cadence.engine.loop import _REFUSED, WorkflowLoop
from cadence.exceptions import ActivityFailedError, ConfigurationError, NotReplayableError

MINUTE = timedelta(minutes=1)


async def act(name: str) -> Any:
    return await workflow.execute_activity(name, schedule_to_close_timeout=MINUTE)


def result(server: Any, decisions: list[Any]) -> Any:
    attributes = decisions[-1].complete_workflow_execution_decision_attributes
    assert attributes is not None, decisions
    server.check()
    return server.converter.decode_value(attributes.result)


@workflow.defn
class Gathers:
    @workflow.run
    async def run(self) -> list[Any]:
        return list(await asyncio.gather(act("a"), act("b"), act("c"), return_exceptions=False))


def test_gather_keeps_its_order_whatever_comes_first(serve: Any) -> None:
    server = serve(Gathers)
    assert len(server.task()) == 3
    for activity_id in ("2", "0", "1"):
        server.complete(activity_id, f"r{activity_id}")
        decisions = server.task()
    assert result(server, decisions) == ["r0", "r1", "r2"]


@workflow.defn
class Waits:
    @workflow.run
    async def run(self, how: str) -> list[Any]:
        tasks = [asyncio.create_task(act(name), name=name) for name in ("a", "b", "c")]
        done, pending = await asyncio.wait(tasks, return_when=how)
        for task in pending:
            task.cancel()
        return [[task.get_name() for task in done], [task.get_name() for task in pending]]


def test_wait_for_the_first(serve: Any) -> None:
    server = serve(Waits, asyncio.FIRST_COMPLETED)
    server.task()
    server.complete("1")
    assert result(server, server.task()) == [["b"], ["a", "c"]]


def test_wait_for_all_gives_sets_in_the_order_of_their_making(serve: Any) -> None:
    server = serve(Waits, asyncio.ALL_COMPLETED)
    server.task()
    for activity_id in ("2", "1", "0"):
        server.complete(activity_id)
    assert result(server, server.task()) == [["a", "b", "c"], []]


@workflow.defn
class TimesOut:
    @workflow.run
    async def run(self, how: str) -> str:
        try:
            if how == "wait_for":
                return str(await asyncio.wait_for(act("slow"), 30))
            async with asyncio.timeout(30):
                return str(await act("slow"))
        except TimeoutError:
            return f"late at {asyncio.get_running_loop().time():.0f}"


@pytest.mark.parametrize("how", ["wait_for", "timeout"])
def test_timeouts_are_timers_of_the_server(serve: Any, how: str) -> None:
    server = serve(TimesOut, how)
    decisions = server.task()
    timers = [found for one in decisions if (found := one.start_timer_decision_attributes) is not None]
    assert [timer.start_to_fire_timeout_seconds for timer in timers] == [30]
    server.fire(timers[0].timer_id)
    assert result(server, server.task()) == "late at 30"


@pytest.mark.parametrize("how", ["wait_for", "timeout"])
def test_what_is_in_time_cancels_its_timer(serve: Any, how: str) -> None:
    server = serve(TimesOut, how)
    server.task()
    server.complete(*[key for key in server.activities], "soon")  # noqa: C416  # one key
    decisions = server.task()
    assert decisions[0].cancel_timer_decision_attributes is not None
    assert result(server, decisions) == "soon"


@workflow.defn
class Groups:
    @workflow.run
    async def run(self) -> str:
        message = "all"
        try:
            async with asyncio.TaskGroup() as group:
                for name in ("a", "b", "c", "d"):
                    group.create_task(act(name))
        except* ActivityFailedError as found:
            message = f"{len(found.exceptions)} failed"
        return message


def test_a_task_group_cancels_the_rest_in_one_order(serve: Any) -> None:
    server = serve(Groups)
    assert len(server.task()) == 4
    server.fail("2")
    decisions = server.task()
    cancelled = [one.request_cancel_activity_task_decision_attributes.activity_id for one in decisions[:-1]]
    assert cancelled == ["0", "1", "3"]
    assert result(server, decisions) == "1 failed"


@workflow.defn
class Primitives:
    @workflow.run
    async def run(self) -> list[str]:
        log: list[str] = []
        queue: asyncio.Queue[str] = asyncio.Queue(maxsize=1)
        event, lock, semaphore = asyncio.Event(), asyncio.Lock(), asyncio.Semaphore(1)
        condition = asyncio.Condition()

        async def produce() -> None:
            for name in ("x", "y"):
                await queue.put(name)
                log.append(f"put {name}")
            event.set()

        async def guard(name: str) -> None:
            async with lock, semaphore:
                await act(name)
                log.append(name)
            async with condition:
                condition.notify_all()

        async def until_both() -> None:
            async with condition:
                await condition.wait_for(lambda: {"first", "second"} <= set(log))

        tasks = [asyncio.create_task(one) for one in (produce(), guard("first"), guard("second"), until_both())]
        log += [f"got {await queue.get()}", f"got {await queue.get()}"]
        await event.wait()
        await asyncio.gather(*tasks)
        await asyncio.sleep(0)
        await asyncio.sleep(2.5)
        log.append(f"{workflow.now() - workflow.info().start_time >= timedelta(seconds=3)}")
        return log


def test_queue_event_lock_semaphore_condition_sleep(serve: Any) -> None:
    server = serve(Primitives)
    server.task()
    server.complete("0")
    server.task()
    server.complete("1")
    (decision,) = server.task()
    assert decision.start_timer_decision_attributes.start_to_fire_timeout_seconds == 3
    server.fire("2")
    expected = ["put x", "got x", "put y", "got y", "first", "second", "True"]
    log = result(server, server.task())
    assert sorted(log) == sorted(expected)


@workflow.defn
class Shields:
    @workflow.run
    async def run(self) -> str:
        inner = asyncio.create_task(act("keep"))
        outer = asyncio.shield(inner)
        await asyncio.sleep(1)
        outer.cancel()
        try:
            await outer
        except asyncio.CancelledError:
            return f"inner: {await inner}"
        return "not cancelled"


def test_shield_keeps_what_is_behind_it(serve: Any) -> None:
    server = serve(Shields)
    server.task()
    (timer,) = server.timers
    server.fire(timer)
    assert server.task() == []
    server.complete(*server.activities)
    assert result(server, server.task()) == "inner: done"


@workflow.defn
class Contexts:
    @workflow.run
    async def run(self) -> list[Any]:
        variable: contextvars.ContextVar[str] = contextvars.ContextVar("variable", default="none")
        seen = []

        async def child(value: str) -> None:
            variable.set(value)
            await act(value)
            seen.append(variable.get())

        await asyncio.gather(child("a"), child("b"))
        return [*seen, variable.get(), asyncio.current_task().get_name()]  # type: ignore[union-attr]


def test_context_variables_belong_to_their_task(serve: Any) -> None:
    server = serve(Contexts)
    server.task()
    server.complete("1")
    server.complete("0")
    assert result(server, server.task()) == ["b", "a", "none", "workflow Contexts"]


@workflow.defn
class Generators:
    @workflow.run
    async def run(self) -> list[int]:
        async def numbers() -> Any:
            for number in range(3):
                await act("next")
                yield number

        found = []
        async for number in numbers():
            found.append(number)
            if number == 1:
                break
        return found


def test_async_generators_work_and_may_be_left(serve: Any) -> None:
    server = serve(Generators)
    server.task()
    server.complete("0")
    server.task()
    server.complete("1")
    assert result(server, server.task()) == [0, 1]


@workflow.defn
class CallsBack:
    @workflow.run
    async def run(self) -> list[str]:
        loop = asyncio.get_running_loop()
        log: list[str] = []
        loop.call_soon(log.append, "soon")
        later = loop.call_later(10, log.append, "later")
        called_off = loop.call_at(loop.time() + 5, log.append, "never")
        called_off.cancel()
        log.append(f"{later.when() - loop.time():.1f} {called_off.cancelled()} {later.cancelled()}")
        loop.call_later(0, log.append, "now")
        handle = loop.call_soon(log.append, "never")
        handle.cancel()
        log.append(str(handle.cancelled()))
        await workflow.wait_condition(lambda: "later" in log)
        return log


def test_callbacks_of_the_loop(serve: Any) -> None:
    server = serve(CallsBack)
    assert len(server.task()) == 1
    server.fire("0")
    assert result(server, server.task()) == ["10.0 True False", "True", "soon", "now", "later"]


@pytest.mark.parametrize("method", sorted(_REFUSED))
def test_refusals_name_the_call_and_what_to_do(method: str) -> None:
    loop: Any = WorkflowLoop.__new__(WorkflowLoop)
    with pytest.raises(NotReplayableError) as caught:
        getattr(loop, method)()
    assert f"({method})" in str(caught.value)
    assert caught.value.hint


def test_nothing_of_asyncio_is_left_open() -> None:
    inherited = {
        name
        for name in dir(asyncio.AbstractEventLoop)
        if not name.startswith("_") and getattr(WorkflowLoop, name) is getattr(asyncio.AbstractEventLoop, name)
    }
    assert inherited == set()


@workflow.defn
class ReachesOutside:
    @workflow.run
    async def run(self, what: str) -> str:
        calls: dict[str, Any] = {
            "to_thread": lambda: asyncio.to_thread(print),
            "subprocess": lambda: asyncio.create_subprocess_exec(sys.executable, stdout=subprocess.PIPE),
            "connection": lambda: asyncio.open_connection("127.0.0.1", 1),
            "run_in_executor": self.executor,
        }
        try:
            await calls[what]()
        except NotReplayableError as error:
            return str(error)
        return "let through"

    async def executor(self) -> None:
        await asyncio.get_running_loop().run_in_executor(None, print)


@pytest.mark.parametrize("what", ["to_thread", "subprocess", "connection", "run_in_executor"])
def test_the_usual_ways_out_are_refused(serve: Any, what: str) -> None:
    server = serve(ReachesOutside, what)
    assert "execute_activity" in result(server, server.task())


@workflow.defn
class Factory:
    @workflow.run
    async def run(self) -> list[Any]:
        loop = asyncio.get_running_loop()
        made: list[str] = []

        def factory(loop: Any, coroutine: Any, **_more: Any) -> Any:
            made.append("task")
            return asyncio.Task(coroutine, loop=loop)

        loop.set_task_factory(factory)
        await asyncio.create_task(asyncio.sleep(0))
        found = loop.get_task_factory() is factory
        loop.set_task_factory(None)
        try:
            coroutine = asyncio.sleep(0)
            made += [loop.create_task(coroutine, eager_start=True)]  # type: ignore[call-arg, list-item]
        except ConfigurationError:
            coroutine.close()
            made.append("no eager tasks")
        loop.set_debug(True)
        return [*made, found, loop.is_running(), loop.is_closed(), loop.get_debug(), "WorkflowLoop" in repr(loop)]


def test_the_rest_of_the_face_of_a_loop(serve: Any) -> None:
    server = serve(Factory)
    assert result(server, server.task()) == ["task", "no eager tasks", True, True, False, False, True]


@workflow.defn
class Careless:
    @workflow.run
    async def run(self) -> str:
        async def fails() -> None:
            raise ValueError("nobody looks")

        asyncio.get_running_loop().call_soon(self.breaks)
        task = asyncio.create_task(fails())
        await act("a")
        del task
        return "fine"

    def breaks(self) -> None:
        raise KeyError("in a callback")


def test_errors_that_nobody_looked_at_are_logged_once(serve: Any, caplog: pytest.LogCaptureFixture) -> None:
    server = serve(Careless)
    with caplog.at_level(logging.ERROR):
        server.task()
        server.complete("0")
        decisions = server.task()
    assert "nobody looks" in caplog.text
    assert "in a callback" in caplog.text
    assert result(server, decisions) == "fine"
    caplog.clear()
    server.replayed(replay_only=True).close()
    assert caplog.records == []


def test_the_loop_of_the_thread_is_put_back(serve: Any) -> None:
    async def main() -> None:
        outside = asyncio.get_running_loop()
        server = serve(Gathers)
        server.task()
        assert asyncio.get_running_loop() is outside

    asyncio.run(main())


@workflow.defn
class Completes:
    @workflow.run
    async def run(self, how: str) -> list[Any]:
        calls = [act(name) for name in "abcde"]
        given: list[Any] = [asyncio.create_task(call) for call in calls] if how == "tasks" else calls
        try:
            return [await one for one in asyncio.as_completed(given, timeout=90)]
        finally:
            for call in calls:
                call.close()


def test_as_completed_of_tasks_gives_them_as_they_end(serve: Any) -> None:
    server = serve(Completes, "tasks")
    decisions = server.task()
    for activity_id in "52413":  # the limit is timer 0
        server.complete(activity_id, activity_id)
        decisions = server.task()
    assert result(server, decisions) == list("52413")


def test_as_completed_of_coroutines_is_refused(serve: Any) -> None:
    server = serve(Completes, "coroutines")
    with pytest.raises(NotReplayableError, match=r"as_completed.*create_task"):
        server.task()


def test_tasks_of_different_runs_have_different_hashes(little: Any) -> None:
    hashes = set()
    for number in range(200):
        server = little.Server(Gathers)
        server.history[0].workflow_execution_started_event_attributes.original_execution_run_id = f"run {number}"
        server.task()
        hashes |= {hash(task) & 0xFFFFFFFF for task in server.run.loop.tasks}
        server.run.close()
    assert len(hashes) == 200 * 4
