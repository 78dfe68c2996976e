"""Random workflow programs against the little server: what was decided live is decided again by every replay.

A program is a tree of steps, run by one workflow; the world answers in an order that Hypothesis draws, with losses of
the cache, signals and news in the middle of decisions. `Server.check` replays from the first event up to each decision.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cadence import workflow
from cadence.engine import LocalActivity
from cadence.exceptions import ActivityError, ChildWorkflowError, ExternalWorkflowError
from cadence.workflow import CancellationType, RetryPolicy

MINUTE = timedelta(minutes=1)
WAYS = list(CancellationType)

# --- programs ---

WAY = st.sampled_from([one.value for one in WAYS])
LEAVES = st.one_of(
    st.tuples(st.just("activity"), WAY),
    st.tuples(st.just("timer"), st.integers(0, 5)),
    st.tuples(st.just("child"), WAY),
    st.tuples(st.just("signal")),
    st.tuples(st.just("cancel")),
    st.tuples(st.just("version"), st.integers(0, 3)),
    st.tuples(st.just("side effect")),
    st.tuples(st.just("mutable"), st.integers(0, 2)),
    st.tuples(st.just("local"), WAY),
    st.tuples(st.just("upsert")),
    st.tuples(st.just("random")),
    st.tuples(st.just("wait"), st.integers(0, 3), st.none() | st.integers(1, 5)),
    st.tuples(st.just("drop")),
    st.tuples(st.just("lock")),
    st.tuples(st.just("produce")),
    st.tuples(st.just("consume")),
    st.tuples(st.just("fail")),
    st.tuples(st.just("leave")),
)


def nodes(inner: Any) -> Any:
    several = st.lists(inner, min_size=1, max_size=3)
    return st.one_of(
        st.tuples(st.just("sequence"), several),
        st.tuples(st.just("gather"), several),
        st.tuples(st.just("group"), several),
        st.tuples(st.just("first"), several),
        st.tuples(st.just("timeout"), st.integers(1, 4), inner),
        st.tuples(st.just("shield"), inner),
        st.tuples(st.just("finally"), inner, inner),
        st.tuples(st.just("cancelled later"), inner, inner),
        st.tuples(st.just("wait for"), st.integers(1, 4), inner),
        st.tuples(st.just("background"), inner),
        st.tuples(st.just("whatever"), several),
    )


PROGRAMS = st.recursive(LEAVES, nodes, max_leaves=8)


@workflow.defn
class Interprets:
    """Runs a program."""

    def __init__(self) -> None:
        self.signals: list[Any] = []
        self.log: list[str] = []
        self.lock = asyncio.Lock()
        self.queue: asyncio.Queue[int] = asyncio.Queue(maxsize=1)

    @workflow.run
    async def run(self, program: list[Any]) -> list[Any]:
        with contextlib.suppress(ActivityError, ChildWorkflowError, ExternalWorkflowError, TimeoutError):
            await self.do(program)
        return [*self.log, len(self.signals), workflow.time_ns()]

    @workflow.signal
    async def note(self, value: int) -> None:
        self.signals.append(value)
        if value % 3 == 0:
            with contextlib.suppress(ActivityError):
                await workflow.execute_activity("of signal", schedule_to_close_timeout=MINUTE)
            self.signals.append(value)

    @workflow.query
    def state(self) -> int:
        asyncio.ensure_future(self.never())  # noqa: RUF006  # to see that nothing comes of it
        return len(self.log)

    async def never(self) -> None:
        self.log.append("never")

    async def do(self, step: Any) -> None:
        kind, *arguments = step
        try:
            await getattr(self, "do_" + kind.replace(" ", "_"))(*arguments)
        except (ActivityError, ChildWorkflowError, ExternalWorkflowError) as error:
            self.log.append(type(error).__name__)
            if len(self.log) % 2:
                raise
        self.log.append(kind)

    async def do_activity(self, way: str) -> None:
        await workflow.execute_activity(
            "work", schedule_to_close_timeout=MINUTE, cancellation_type=CancellationType(way)
        )

    async def do_timer(self, seconds: int) -> None:
        await asyncio.sleep(seconds)

    async def do_child(self, way: str) -> None:
        await workflow.execute_child_workflow("child", cancellation_type=CancellationType(way))

    async def do_signal(self) -> None:
        await workflow.get_external_workflow_handle("other").signal("hello")

    async def do_cancel(self) -> None:
        await workflow.get_external_workflow_handle("other").cancel()

    async def do_version(self, number: int) -> None:
        self.log.append(str(workflow.get_version(f"change {number}", workflow.DEFAULT_VERSION, number)))

    async def do_side_effect(self) -> None:
        self.log.append(str(workflow.side_effect(workflow.time_ns)))

    async def do_mutable(self, number: int) -> None:
        self.log.append(str(workflow.mutable_side_effect(f"m{number % 2}", lambda: len(self.signals) + number)))

    async def do_local(self, way: str) -> None:
        await workflow.execute_local_activity(
            "local",
            schedule_to_close_timeout=MINUTE,
            retry_policy=RetryPolicy(maximum_attempts=3),
            cancellation_type=CancellationType(way),
        )

    async def do_upsert(self) -> None:
        workflow.upsert_search_attributes({"CustomIntField": len(self.log)})

    async def do_random(self) -> None:
        self.log.append(f"{workflow.uuid4()} {workflow.random().random()} {workflow.now()}")

    async def do_wait(self, count: int, limit: int | None) -> None:
        limit = 3 if limit is None and count > 2 else limit
        self.log.append(str(await workflow.wait_condition(lambda: len(self.signals) >= count, timeout=limit)))

    async def do_drop(self) -> None:
        workflow.start_activity("dropped", schedule_to_close_timeout=MINUTE)

    async def do_lock(self) -> None:
        async with self.lock:
            await workflow.execute_activity("locked", schedule_to_close_timeout=MINUTE)

    async def do_produce(self) -> None:
        async with asyncio.timeout(3):
            await self.queue.put(len(self.log))

    async def do_consume(self) -> None:
        async with asyncio.timeout(4):
            self.log.append(str(await self.queue.get()))

    async def do_fail(self) -> None:
        raise ExternalWorkflowError("on purpose")

    async def do_leave(self) -> None:
        if len(self.log) > 6:
            workflow.continue_as_new(["random"])

    async def do_wait_for(self, seconds: int, step: Any) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.do(step), seconds)

    async def do_background(self, step: Any) -> None:
        asyncio.ensure_future(self.do(step))  # noqa: RUF006  # as careless users do

    async def do_whatever(self, steps: list[Any]) -> None:
        found = await asyncio.gather(*(self.do(step) for step in steps), return_exceptions=True)
        self.log.append(" ".join(type(one).__name__ for one in found))

    async def do_sequence(self, steps: list[Any]) -> None:
        for step in steps:
            await self.do(step)

    async def do_gather(self, steps: list[Any]) -> None:
        await asyncio.gather(*(self.do(step) for step in steps))

    async def do_group(self, steps: list[Any]) -> None:
        with contextlib.suppress(ExceptionGroup):
            async with asyncio.TaskGroup() as group:
                for step in steps:
                    group.create_task(self.do(step))

    async def do_first(self, steps: list[Any]) -> None:
        tasks = [asyncio.create_task(self.do(step)) for step in steps]
        done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        self.log.append(" ".join(str(tasks.index(task)) for task in done))
        for task in pending:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def do_timeout(self, seconds: int, step: Any) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.do(step)

    async def do_shield(self, step: Any) -> None:
        await asyncio.shield(self.do(step))

    async def do_finally(self, step: Any, clean_up: Any) -> None:
        try:
            await self.do(step)
        finally:
            await self.do(clean_up)

    async def do_cancelled_later(self, step: Any, meanwhile: Any) -> None:
        task = asyncio.create_task(self.do(step))
        try:
            await self.do(meanwhile)
        finally:
            task.cancel()
            await asyncio.wait([task])
        if not task.cancelled():
            self.log.append(str(task.exception()))


# --- the world ---


class World:
    """Answers a server's run as drawn."""

    def __init__(self, server: Any, draw: Any) -> None:
        self.server = server
        self.draw = draw
        server.local = self.local

    def choose(self, options: list[Any]) -> Any:
        return self.draw(st.sampled_from(options))

    def local(self, activity: LocalActivity) -> dict[str, Any] | None:
        how = self.choose(["well", "well", "badly", "later", "slowly"])
        if how == "well":
            return {"result": json.dumps(activity.attempt).encode()}
        if how == "badly":
            return {"failure": ("cadenceInternal:Generic", b"bad"), "attempt": activity.attempt}
        if how == "later" and activity.attempt < 3:
            return {"failure": ("mine", b'"x"'), "attempt": activity.attempt, "backoff": timedelta(seconds=2)}
        return None if self.draw(st.booleans()) else {"result": b'"slow"'}

    def end_slow_ones(self) -> None:
        """Let local activities end that took longer than a decision."""
        run = self.server.run
        if run.runtime is None or run.is_closed:
            return
        new = run.runtime.local_activities._to_start
        for activity_id in [one for one in run.runtime.local_activities.open if one not in new]:
            if run.pending_local_activities and self.draw(st.booleans()):
                self.server.end_local(activity_id, result=b'"at last"')

    def news(self) -> None:
        """Let one thing happen."""
        server = self.server
        options: list[tuple[str, Any]] = [("signal", None)]
        options += [("activity", one) for one in server.activities] * 3
        options += [("timer", one) for one in server.timers] * 2
        options += [("child", one) for one in server.children] * 2
        options += [("external", index) for index in range(len(server.externals))] * 2
        kind, what = self.choose(options)
        if kind == "signal":
            server.signal("note", self.draw(st.integers(0, 5)))
        elif kind == "activity":
            getattr(server, self.choose(["complete", "complete", "fail", "time_out", "canceled"]))(what)
        elif kind == "timer":
            server.fire(what)
        elif kind == "child":
            self.child(what)
        else:
            event = server.history[server.externals[what] - 1]
            is_signal = event.signal_external_workflow_execution_initiated_event_attributes is not None
            server.delivered(what, kind="signal" if is_signal else "cancel", cause=self.choose([None, None, 0]))

    def child(self, workflow_id: str) -> None:
        server = self.server
        initiated = server.children[workflow_id]
        everything = [*server.history, *server._buffer]
        has_started = any(
            (found := event.child_workflow_execution_started_event_attributes) is not None
            and found.initiated_event_id == initiated
            for event in everything
        )
        if has_started:
            server.child_ends(workflow_id, self.choose(["Completed", "Failed", "Canceled", "TimedOut", "Terminated"]))
        elif self.draw(st.integers(0, 4)) == 0:
            server.child_not_started(workflow_id)
        else:
            server.child_started(workflow_id)

    def live(self) -> None:
        """Run to the end, or as long as it takes to see enough."""
        server = self.server
        asked_to_stop = False
        for turn in range(40):
            if server.is_closed:
                break
            if not server.has_task:
                self.news()
                continue
            if self.draw(st.integers(0, 9)) == 0:
                server.evict()
            if self.draw(st.integers(0, 19)) == 0:
                server.lose_task()
                server.evict()
            if not asked_to_stop and turn > 3 and self.draw(st.integers(0, 11)) == 0:
                asked_to_stop = True
                server.cancel()
            if self.draw(st.integers(0, 9)) == 0:  # a query's task, with news
                server.run.receive_task(server.history[server.run.last_event_id :])
                server.query("state")
            server.begin()
            self.end_slow_ones()
            for _ in range(self.draw(st.integers(0, 2))):
                self.news()
            server.query("state")
            server.finish()


@given(st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_live_and_replayed_decisions_are_the_same(little: Any, data: st.DataObject) -> None:
    program = data.draw(PROGRAMS)
    server = little.Server(Interprets, program)
    try:
        World(server, data.draw).live()
        server.check()
    finally:
        server.run.close()


@pytest.mark.parametrize("length", [1, 40])
def test_a_long_one(little: Any, length: int) -> None:
    server = little.Server(Interprets, ["gather", [["activity", "try_cancel"]] * length])
    server.task()
    for activity_id in reversed(list(server.activities)):
        server.complete(activity_id)
        server.task()
    assert server.is_closed
    server.check()
