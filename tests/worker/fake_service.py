"""A frontend in memory, for tests of the worker: answers its RPCs and notes what it was told."""

from __future__ import annotations

import asyncio
from typing import Any

from cadence import api


class FakeService:
    """Answers from queues that a test fills; `calls` has what came, as (RPC, request), and `timeouts` in seconds."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, Any]] = []
        self.answers: dict[str, list[Any]] = {}
        self.activities: asyncio.Queue[Any] = asyncio.Queue()
        self.sessions: asyncio.Queue[Any] = asyncio.Queue()
        self.in_sessions: asyncio.Queue[Any] = asyncio.Queue()
        self.decisions: asyncio.Queue[Any] = asyncio.Queue()
        self.timeouts: dict[str, list[float | None]] = {}
        self.polls: list[Any] = []
        self.polls_out = 0
        self.closed = False
        self._told = asyncio.Event()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)

        async def call(request: Any, /, *, timeout: float | None = None, retry: Any = None) -> Any:
            self.calls.append((name, request))
            self.timeouts.setdefault(name, []).append(timeout)
            self._told.set()
            await asyncio.sleep(0)
            return self._answer(name)

        call.__name__ = name
        setattr(self, name, call)
        return call

    def _answer(self, name: str) -> Any:
        planned = self.answers.get(name)
        answer = planned.pop(0) if planned else DEFAULTS.get(name)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    async def poll_for_activity_task(self, request: Any, /, *, timeout: float | None = None) -> Any:
        self.polls.append(request)
        name = request.task_list.name
        if name.endswith("__internal_session_creation"):
            return await self._poll(self.sessions)
        return await self._poll(self.in_sessions if "@" in name else self.activities)

    async def poll_for_decision_task(self, request: Any, /, *, timeout: float | None = None) -> Any:
        self.polls.append(request)
        return await self._poll(self.decisions)

    async def _poll(self, queue: asyncio.Queue[Any]) -> Any:
        self.polls_out += 1
        try:
            task = await queue.get()
        finally:
            self.polls_out -= 1
        if isinstance(task, BaseException):
            raise task
        return task

    def twin(self) -> FakeService:
        return self

    async def close(self, *, linger: float = 0.0) -> None:
        self.closed = True

    def told(self, name: str) -> list[Any]:
        """The requests of one RPC so far."""
        return [request for called, request in self.calls if called == name]

    async def wait_told(self, name: str, count: int = 1) -> list[Any]:
        """Wait until an RPC was called so many times."""
        async with asyncio.timeout(10):
            while len(self.told(name)) < count:
                self._told.clear()
                await self._told.wait()
        return self.told(name)


DEFAULTS: dict[str, Any] = {
    "record_activity_task_heartbeat": api.RecordActivityTaskHeartbeatResponse(cancel_requested=False),
    "respond_decision_task_completed": api.RespondDecisionTaskCompletedResponse(),
}
