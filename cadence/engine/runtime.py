"""`RunRuntime`: what workflow code can ask for, carried out on one run. Implements `cadence.workflow.runtime.Runtime`.

The face (`cadence.workflow`) finds it on the run's loop. It turns commands into machines by a table, and leaves
versions, side effects, signals, queries and local activities to the modules of those names.
"""

from __future__ import annotations

import asyncio
import logging
import random
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from cadence.converter.wire_options import search_attributes_struct
from cadence.engine.local_activities import LocalActivities
from cadence.engine.loop import WorkflowFuture
from cadence.engine.machines.activity import schedule_activity
from cadence.engine.machines.child import start_child
from cadence.engine.machines.external import cancel_external, signal_external
from cadence.engine.machines.marker import Upsert
from cadence.engine.machines.timer import start_timer
from cadence.engine.queries import Queries
from cadence.engine.side_effects import SideEffects
from cadence.engine.signals import Signals
from cadence.engine.stacks import Place, caller
from cadence.engine.versions import Versions
from cadence.exceptions import ConfigurationError
from cadence.interceptor.chain import compose
from cadence.logs import ReplayAwareLogger
from cadence.workflow import commands

if TYPE_CHECKING:
    from cadence.converter import DataConverter
    from cadence.engine.ledger import Ledger
    from cadence.interceptor import Interceptor
    from cadence.workflow.runtime import WorkflowInfo

__all__ = ("RunRuntime",)


class RunRuntime:
    """One run, as its code sees it."""

    def __init__(
        self,
        ledger: Ledger,
        info: WorkflowInfo,
        interceptors: Sequence[Interceptor],
        on_handler_error: Callable[[BaseException], None],
    ) -> None:
        self.ledger = ledger
        self.info = info
        self.converter: DataConverter = ledger.converter
        self.cancel_requested = False
        self.history_length = 0
        self.history_size = 0
        self.memo: Mapping[str, bytes] = {}
        self.attributes: dict[str, object] = {}
        self.last_completion_result: bytes | None = None
        self.conditions: list[tuple[Callable[[], object], asyncio.Future[bool]]] = []
        """Who waits for what to become true, in the order of asking."""
        self.open_sessions: dict[str, str] = {}
        """Host names by session id; kept by the sessions."""
        self.versions = Versions(ledger)
        self.side_effects = SideEffects(ledger)
        self.local_activities = LocalActivities(ledger)
        self.signals = Signals(self, ledger.loop, interceptors, on_handler_error)
        self.queries = Queries(self, ledger, interceptors)
        self.request: Callable[[commands.Command], asyncio.Future[Any]] = compose(interceptors, "request", self._take)
        """Ask for something; see `Runtime.request`."""
        self._random: random.Random | None = None
        self._loggers: dict[str | None, ReplayAwareLogger] = {}

    @property
    def is_replaying(self) -> bool:
        """True while the code runs over history that was made before."""
        return self.ledger.is_replaying

    @property
    def search_attributes(self) -> Mapping[str, object]:
        """Current ones."""
        return dict(self.attributes)

    def time_ns(self) -> int:
        """Workflow time, nanoseconds since the epoch."""
        return self.ledger.time_ns

    def random(self) -> random.Random:
        """One generator per run; a reset run keeps the numbers of the run that it repeats."""
        self._refuse_readers()
        if self._random is None:
            self._random = random.Random(self.info.original_run_id)
        return self._random

    def uuid4(self) -> uuid.UUID:
        """A UUID from that generator."""
        return uuid.UUID(int=self.random().getrandbits(128), version=4)

    def get_version(self, change_id: str, minimum: int, maximum: int) -> int:
        """Return the version to follow."""
        return self.versions.get(change_id, minimum, maximum, caller())

    def side_effect(self, function: Callable[[], object], result_type: Any) -> Any:
        """Run once, keep the result."""
        return self.side_effects.once(function, result_type, caller())

    def mutable_side_effect(
        self, effect_id: str, function: Callable[[], object], result_type: Any, equal: Callable[[Any, Any], bool]
    ) -> Any:
        """Run each time, keep what changed."""
        return self.side_effects.changing(effect_id, function, result_type, equal, caller())

    def wait_condition(self, predicate: Callable[[], object], timeout: float | None) -> Awaitable[bool]:
        """Wait until `predicate()` is true."""
        return self._wait(predicate, timeout)

    async def _wait(self, predicate: Callable[[], object], timeout: float | None) -> bool:
        if predicate():
            return True
        if timeout is not None and timeout <= 0:
            return False
        self.ledger.check_open()
        waiter: asyncio.Future[bool] = WorkflowFuture(self.ledger.loop)
        entry = (predicate, waiter)
        self.conditions.append(entry)
        timer: asyncio.Future[Any] | None = None
        if timeout is not None:
            timer = self.request(commands.StartTimer(seconds=timeout))
            timer.add_done_callback(lambda _timer: None if waiter.done() else waiter.set_result(False))
        try:
            return await waiter
        finally:
            if entry in self.conditions:
                self.conditions.remove(entry)
            if timer is not None:
                timer.cancel()

    def look_at_conditions(self) -> bool:
        """Complete the waits whose condition has become true; True if there was any."""
        changed = False
        for entry in tuple(self.conditions):
            predicate, waiter = entry
            if waiter.done():
                self.conditions.remove(entry)
                continue
            try:
                is_true = self.ledger.loop.call(predicate)
            except Exception as error:  # noqa: BLE001  # raised where the code waits
                self.conditions.remove(entry)
                waiter.set_exception(error)
                changed = True
                continue
            if is_true:
                self.conditions.remove(entry)
                waiter.set_result(True)
                changed = True
        return changed

    def set_signal_handler(
        self, name: str | None, handler: Callable[..., Any] | None, *, is_internal: bool = False
    ) -> None:
        """Set, replace or remove the handler of a signal."""
        self._refuse_readers()
        self.signals.set_handler(name, handler, is_internal=is_internal)

    def set_query_handler(self, name: str | None, handler: Callable[..., Any] | None) -> None:
        """Set, replace or remove the handler of a query."""
        self._refuse_readers()
        self.queries.set_handler(name, handler)

    def decode(self, data: bytes | None, type_hint: Any) -> Any:
        """Decode a payload."""
        return self.converter.decode_value(data, type_hint)

    def logger(self, name: str | None = None) -> logging.LoggerAdapter[logging.Logger]:
        """Return a logger that is quiet in replay."""
        found = self._loggers.get(name)
        if found is None:
            context = {
                "workflow_id": self.info.workflow_id,
                "run_id": self.info.run_id,
                "workflow_type": self.info.workflow_type,
            }
            target = logging.getLogger(name or "cadence.workflow")
            found = self._loggers[name] = ReplayAwareLogger(target, context, self._is_replaying)
        return found

    def _is_replaying(self) -> bool:
        return self.ledger.is_replaying

    def _refuse_readers(self) -> None:
        if self.ledger.reader:
            self.ledger.check_open()

    def _take(self, command: commands.Command) -> asyncio.Future[Any]:
        """The end of the interceptors: the command becomes a machine."""
        ledger = self.ledger
        if ledger.is_over:
            return WorkflowFuture(ledger.loop)  # for clean-up that is closed where it waits
        if ledger.reader:
            ledger.check_open()
        taker = _TAKERS.get(type(command))
        if taker is None:
            msg = f"{command!r} is no command of a workflow"
            raise ConfigurationError(msg, hint="an interceptor returned or sent something else")
        return taker(self, command, caller())


def _activity(runtime: RunRuntime, command: Any, place: Place | None) -> asyncio.Future[Any]:
    return schedule_activity(runtime.ledger, command, place).future


def _timer(runtime: RunRuntime, command: Any, place: Place | None) -> asyncio.Future[Any]:
    return start_timer(runtime.ledger, command.seconds, place).future


def _child(runtime: RunRuntime, command: Any, place: Place | None) -> asyncio.Future[Any]:
    return start_child(runtime.ledger, command, place).future


def _signal(runtime: RunRuntime, command: Any, place: Place | None) -> asyncio.Future[Any]:
    return signal_external(runtime.ledger, command, place).future


def _cancel(runtime: RunRuntime, command: Any, place: Place | None) -> asyncio.Future[Any]:
    return cancel_external(runtime.ledger, command, place).future


def _local_activity(runtime: RunRuntime, command: Any, place: Place | None) -> asyncio.Future[Any]:
    return runtime.local_activities.start(command, place)


def _upsert(runtime: RunRuntime, command: Any, place: Place | None) -> asyncio.Future[Any]:
    wire = search_attributes_struct(command.attributes)
    runtime.ledger.next_id()  # Go counts it, too
    runtime.ledger.ask(Upsert(wire, place))
    fields = (wire.indexed_fields if wire is not None else None) or {}
    runtime.attributes.update({name: msgspec.json.decode(data) for name, data in fields.items()})
    future: WorkflowFuture[None] = WorkflowFuture(runtime.ledger.loop)
    future.set_result(None)
    return future


_TAKERS: dict[type, Callable[[RunRuntime, Any, Place | None], asyncio.Future[Any]]] = {
    commands.ScheduleActivity: _activity,
    commands.RunLocalActivity: _local_activity,
    commands.StartTimer: _timer,
    commands.StartChildWorkflow: _child,
    commands.SignalExternalWorkflow: _signal,
    commands.CancelExternalWorkflow: _cancel,
    commands.UpsertSearchAttributes: _upsert,
}
