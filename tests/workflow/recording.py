"""A runtime that writes down what workflow code asks for and answers as a test says, on an ordinary event loop.

Loaded by the conftest of each folder whose tests run as workflow code.
"""

from __future__ import annotations

import asyncio
import logging
import random
import uuid
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from cadence.workflow.commands import Command, StartChildWorkflow
from cadence.workflow.runtime import ChildStarted, WorkflowInfo

INFO = WorkflowInfo(
    workflow_id="w",
    run_id="r",
    workflow_type="Greeting",
    domain="samples",
    task_list="greetings",
    start_time=datetime(2026, 1, 1, tzinfo=UTC),
    execution_start_to_close_timeout=timedelta(minutes=5),
)


class RecordingRuntime:
    """Keeps each command; its future stays open until the test completes it, or gets `answers` in order."""

    def __init__(self) -> None:
        self.info = INFO
        self.is_replaying = False
        self.cancel_requested = False
        self.history_length = 3
        self.history_size = 300
        self.memo: Mapping[str, bytes] = {"note": b'"hello"', "count": b"3"}
        self.search_attributes: Mapping[str, object] = {"CustomKeywordField": "x"}
        self.last_completion_result: bytes | None = None
        self.commands: list[Command] = []
        self.futures: list[asyncio.Future[Any]] = []
        self.answers: list[object] = []
        self.nanoseconds = 1_767_225_600_123_456_789
        self.handlers: dict[str | None, Callable[..., Any] | None] = {}
        self.queries: dict[str | None, Callable[..., Any] | None] = {}
        self.versions: dict[str, int] = {}
        self.conditions: list[float | None] = []
        self.open_sessions: dict[str, str] = {}
        self._random = random.Random(1)

    def request(self, command: Command) -> asyncio.Future[Any]:
        self.commands.append(command)
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self.futures.append(future)
        if self.answers:
            answer = self.answers.pop(0)
            if isinstance(command, StartChildWorkflow):
                result: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
                result.set_result(answer)
                future.set_result(ChildStarted("child-id", "child-run", result))
            elif isinstance(answer, BaseException):
                future.set_exception(answer)
            else:
                future.set_result(answer)
        return future

    def time_ns(self) -> int:
        return self.nanoseconds

    def random(self) -> random.Random:
        return self._random

    def uuid4(self) -> uuid.UUID:
        return uuid.UUID(int=self._random.getrandbits(128), version=4)

    def get_version(self, change_id: str, minimum: int, maximum: int) -> int:
        return self.versions.setdefault(change_id, maximum)

    def side_effect(self, function: Callable[[], object], result_type: Any) -> Any:
        return (function(), result_type)

    def mutable_side_effect(
        self, effect_id: str, function: Callable[[], object], result_type: Any, equal: Callable[[Any, Any], bool]
    ) -> Any:
        return (effect_id, function(), result_type, equal(1, 1))

    def wait_condition(self, predicate: Callable[[], object], timeout: float | None) -> Awaitable[bool]:
        self.conditions.append(timeout)
        future: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        future.set_result(bool(predicate()))
        return future

    def set_signal_handler(self, name: str | None, handler: Callable[..., Any] | None) -> None:
        self.handlers[name] = handler

    def set_query_handler(self, name: str | None, handler: Callable[..., Any] | None) -> None:
        self.queries[name] = handler

    def decode(self, data: bytes | None, type_hint: Any) -> Any:
        return msgspec.json.decode(data or b"null", type=Any if type_hint is object else type_hint)

    def logger(self, name: str | None = None) -> logging.LoggerAdapter[logging.Logger]:
        return logging.LoggerAdapter(logging.getLogger(name or "cadence.workflow"), {"workflow_id": "w"})
