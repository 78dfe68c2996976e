"""The Python side of the calls between languages: what peers call here, and a workflow that calls what they have.

The peers have the same under their own names: `goPrice`, `javaPrice`, `GoWaits`, `JavaWaits`.
Loaded by the `ours` fixture.
"""

from __future__ import annotations

import asyncio
import contextvars
import dataclasses
from datetime import datetime, timedelta
from typing import Any

from cadence import activity, workflow
from cadence.exceptions import ActivityError, ApplicationError, CadenceError
from cadence.workflow import CancellationType, RetryPolicy

TENANT: contextvars.ContextVar[str] = contextvars.ContextVar("tenant")
SECOND = timedelta(seconds=1)
CALL = {"schedule_to_start_timeout": 20 * SECOND, "start_to_close_timeout": 20 * SECOND}


@dataclasses.dataclass
class Line:
    """One position of an order."""

    item: str
    count: int
    price: float = 0.0


@dataclasses.dataclass
class Order:
    """A field of every kind that all languages know."""

    id: str
    lines: list[Line] | None = None
    note: str | None = None
    gift: Line | None = None
    tags: dict[str, str] | None = None
    seal: bytes | None = None
    patient: timedelta = timedelta(0)
    placed: datetime | None = None
    big: int = 0


@dataclasses.dataclass
class Receipt:
    """What an order costs, and who says so."""

    total: float
    order: Order
    by: str


@dataclasses.dataclass
class Ask:
    """Tells a calling workflow what to try, and where the other side polls."""

    what: str
    taskList: str  # as Go and Java write it
    kind: str = ""
    order: Order = dataclasses.field(default_factory=lambda: Order(id=""))
    language: str = ""


class OutOfStockError(Exception):
    """Known to the other side as `OutOfStock`, or by a Java class's name."""

    def __init__(self, item: str, count: int) -> None:
        super().__init__(item, count)
        self.item, self.count = item, count

    def __str__(self) -> str:
        return f"{self.count} {self.item} are missing"


class WetBoxError(Exception):
    """A cause."""


def priced(order: Order) -> Receipt:
    """Price an order as every side does."""
    return Receipt(sum(line.price * line.count for line in order.lines or []), order, "python")


def failure(kind: str) -> Exception:
    """Make the failure that is asked for."""
    if kind == "details":
        error: Exception = ApplicationError("no bolts", "bolt", 3, reason="OutOfStock")
    elif kind == "bare":
        error = ApplicationError("no bolts", reason="OutOfStock")
    elif kind == "own":
        error = OutOfStockError("bolt", 3)
    else:
        error = ValueError("the shelf fell down")
    error.__cause__ = WetBoxError("the box is wet")
    error.__cause__.__cause__ = OSError("it rains")
    return error


@activity.defn
async def price(order: Order) -> Receipt:
    return priced(order)


@activity.defn
async def optional(text: str | None) -> str | None:
    return text


@activity.defn
async def reverse(data: bytes) -> bytes:
    return data[::-1]


@activity.defn
async def several(name: str, count: int, words: list[str], order: Order | None) -> str:
    return f"{name} {count} {words} {order}"


@activity.defn
async def numbers(values: list[int]) -> int:
    return sum(values)


@activity.defn
async def fail(kind: str) -> None:
    raise failure(kind)


@activity.defn
async def attempts(reason: str) -> None:
    attempt = activity.info().attempt
    raise ApplicationError(f"attempt {attempt}", attempt, reason=reason)


@activity.defn
async def progress() -> str:
    details = activity.heartbeat_details(str, int)
    if details is None:
        activity.heartbeat("page", 7)
        await asyncio.sleep(0.2)
        raise ApplicationError("try again", reason="again")
    return f"{details[0]} {details[1]} in attempt {activity.info().attempt}"


@activity.defn
async def slow() -> None:
    try:
        while True:
            activity.heartbeat("slow")
            await asyncio.sleep(0.05)
    except asyncio.CancelledError:
        raise asyncio.CancelledError("stopped", 7) from None


@activity.defn
async def polled() -> str:
    return activity.info().task_list


@activity.defn
async def tenant() -> str:
    return TENANT.get("nobody")


@workflow.defn
class PyChild:
    @workflow.run
    async def run(self, order: Order) -> Receipt:
        return priced(order)


@workflow.defn
class PyChildFails:
    @workflow.run
    async def run(self, kind: str) -> None:
        raise failure(kind)


@workflow.defn
class PyAgain:
    @workflow.run
    async def run(self, left: int, done: list[str] | None) -> list[str]:
        if left > 0:
            workflow.continue_as_new(left - 1, [*(done or []), str(left)])
        return done or []


@workflow.defn
class PyMemo:
    @workflow.run
    async def run(self) -> dict[str, Any]:
        return workflow.memo()


@workflow.defn
class PyTenant:
    @workflow.run
    async def run(self) -> str:
        return TENANT.get("nobody")


@workflow.defn
class PyWaits:
    """Collects lines until one says stop, or until it is cancelled."""

    def __init__(self) -> None:
        self.kept: list[Line] = []
        self.stopped = False

    @workflow.run
    async def run(self, order: Order) -> list[Line]:
        self.kept += order.lines or []
        try:
            await workflow.wait_condition(lambda: self.stopped)
        except asyncio.CancelledError:
            raise asyncio.CancelledError("put back", len(self.kept)) from None
        return self.kept

    @workflow.signal
    def add(self, line: Line) -> None:
        self.kept.append(line)

    @workflow.signal
    def stop(self) -> None:
        self.stopped = True

    @workflow.query
    def lines(self, at_least: int) -> list[Line]:
        return [line for line in self.kept if line.count >= at_least]

    @workflow.query
    def broken(self) -> str:
        msg = "no such thing"
        raise LookupError(msg)


@workflow.defn
class PyCalls:
    """Calls what a peer has, and tells what it got."""

    @workflow.run
    async def run(self, ask: Ask) -> Any:
        return await getattr(self, "_" + ask.what)(ask, ask.language, {"task_list": ask.taskList})

    async def _order(self, ask: Ask, language: str, where: Any) -> Receipt:
        return await workflow.execute_activity(f"{language}Price", ask.order, result_type=Receipt, **CALL, **where)

    async def _values(self, ask: Ask, language: str, where: Any) -> list[Any]:
        call = workflow.execute_activity
        return [
            await call(f"{language}Optional", None, result_type=str | None, **CALL, **where),
            await call(f"{language}Optional", "text", result_type=str | None, **CALL, **where),
            await call(f"{language}Sum", [1, 2, 1 << 60], result_type=int, **CALL, **where),
            (await call(f"{language}Reverse", b"\x00\x01\xff", result_type=bytes, **CALL, **where)).hex(),
            await call(f"{language}Several", "a", 2, ["x", "y"], None, **CALL, **where),
            await call(f"{language}Nothing", **CALL, **where),
        ]

    async def _failure(self, ask: Ask, language: str, where: Any) -> list[Any]:
        with_child = ask.order.id == "child"
        name = f"{language.title()}ChildFails" if with_child else f"{language}Fail"
        try:
            if with_child:
                await workflow.execute_child_workflow(name, ask.kind, **where)
            else:
                await workflow.execute_activity(name, ask.kind, **CALL, **where)
        except CadenceError as error:
            return chain(error)
        return []

    async def _wrong(self, ask: Ask, language: str, where: Any) -> list[Any]:
        seen = []
        unknown = [f"{language}HasNoSuchActivity"] if language == "java" else []  # Go's worker gives no answer to that
        for name in (f"{language}Price", *unknown):
            try:
                await workflow.execute_activity(name, 42, **CALL, **where)
            except ActivityError as error:
                seen.append(chain(error)[-1])
        return seen

    async def _timeout(self, ask: Ask, language: str, where: Any) -> list[Any]:
        seen = []
        for timeouts in ({"start_to_close_timeout": SECOND, "heartbeat_timeout": 5 * SECOND},):
            try:
                await workflow.execute_activity(f"{language}Slow", **{**CALL, **timeouts}, **where)
            except CadenceError as error:
                seen.append([type(error).__name__, error.kind.name, error.details])  # type: ignore[attr-defined]
        try:
            await workflow.execute_child_workflow(
                f"{language.title()}Waits", ask.order, execution_start_to_close_timeout=SECOND, **where
            )
        except CadenceError as error:
            seen.append([type(error).__name__])
        return seen

    async def _cancel(self, ask: Ask, language: str, where: Any) -> list[Any]:
        handle = workflow.start_activity(
            f"{language}Slow",
            **CALL,
            heartbeat_timeout=5 * SECOND,
            cancellation_type=CancellationType.WAIT_CANCELLATION_COMPLETED,
            **where,
        )
        await workflow.sleep(1)
        handle.cancel()
        try:
            await handle
        except asyncio.CancelledError as error:
            return [type(error).__name__, *error.args]
        return []

    async def _retries(self, ask: Ask, language: str, where: Any) -> list[Any]:
        policy = RetryPolicy(
            initial_interval=SECOND,
            backoff_coefficient=1.0,
            maximum_attempts=2,
            non_retriable_error_reasons=("OutOfStock", "interop.Values$OutOfStock"),
        )
        seen: list[Any] = [
            await workflow.execute_activity(
                f"{language}Progress", **CALL, heartbeat_timeout=5 * SECOND, retry_policy=policy, **where
            )
        ]
        for reason in ("OutOfStock", "passing"):
            try:
                await workflow.execute_activity(f"{language}Attempts", reason, **CALL, retry_policy=policy, **where)
            except ActivityError as error:
                seen.append([error.attempt, chain(error)[-1]])
        return seen

    async def _later(self, ask: Ask, language: str, where: Any) -> str:
        return await workflow.execute_activity(
            f"{language}Later", activity_id="later", result_type=str, **CALL, **where
        )

    async def _session(self, ask: Ask, language: str, where: Any) -> list[Any]:
        async with workflow.session(
            creation_timeout=20 * SECOND, heartbeat_timeout=5 * SECOND, task_list=ask.taskList
        ) as session:
            lists = [await session.execute_activity(f"{language}Polled", result_type=str, **CALL) for _ in range(2)]
            return [session.host_name, session.task_list, *lists]

    async def _tenants(self, ask: Ask, language: str, where: Any) -> list[str]:
        return [
            await workflow.execute_activity(f"{language}Tenant", **CALL, **where),
            await workflow.execute_child_workflow(f"{language.title()}ChildTenant", **where),
        ]

    async def _child(self, ask: Ask, language: str, where: Any) -> Receipt:
        name = f"{language.title()}Child"
        return await workflow.execute_child_workflow(name, ask.order, result_type=Receipt, **where)

    async def _again(self, ask: Ask, language: str, where: Any) -> list[str]:
        return await workflow.execute_child_workflow(f"{language.title()}Again", 3, [], **where)

    async def _talk(self, ask: Ask, language: str, where: Any) -> list[Any]:
        child = await workflow.start_child_workflow(
            f"{language.title()}Waits",
            ask.order,
            result_type=list[Line],
            cancellation_type=CancellationType.WAIT_CANCELLATION_COMPLETED,
            **where,
        )
        await child.signal("add", Line("nut", 5, 0.25))
        if ask.kind == "cancel":
            await child.cancel()
        else:
            await workflow.get_external_workflow_handle(child.workflow_id).signal("stop")
        try:
            return [type(line).__name__ + f" {line.item} {line.count}" for line in await child]
        except CadenceError as error:
            return [type(error).__name__, getattr(error, "details", None)]


def chain(error: BaseException | None) -> list[Any]:
    """Tell an error and its causes: class, reason, text, details."""
    told = []
    while error is not None:
        told.append(
            [
                type(error).__name__,
                getattr(error, "reason", ""),
                str(error),
                list(getattr(error, "details", None) or ()),
            ]
        )
        error = error.__cause__
    return told


WORKFLOWS = [PyChild, PyChildFails, PyAgain, PyMemo, PyTenant, PyWaits, PyCalls]
ACTIVITIES = [price, optional, reverse, several, numbers, fail, attempts, progress, slow, tenant, polled]
