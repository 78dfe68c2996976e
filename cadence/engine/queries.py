"""Queries: answered from the state in which the code waits, changing nothing."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from cadence import api
from cadence.api.enums import QueryResultType
from cadence.converter.conventions import Convention
from cadence.converter.signatures import signature_of
from cadence.engine.errors import StopRun
from cadence.engine.signals import Handler, handler_of
from cadence.engine.stacks import stack_text
from cadence.exceptions import ConfigurationError
from cadence.interceptor.chain import compose
from cadence.interceptor.interfaces import HandleQuery

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cadence.converter import DataConverter
    from cadence.engine.ledger import Ledger
    from cadence.engine.runtime import RunRuntime
    from cadence.interceptor import Interceptor
    from cadence.workflow.definition import WorkflowDefinition

__all__ = ("Queries",)

STACK_TRACE = "__stack_trace"
QUERY_TYPES = "__query_types"
OPEN_SESSIONS = "__open_sessions"
REPLAY_ONLY = "__replay_only"
_LIMIT = 2_000_000
"""Bytes that an answer may have, as in Go."""


class Queries:
    """The queries of one run."""

    def __init__(self, runtime: RunRuntime, ledger: Ledger, interceptors: Sequence[Interceptor]) -> None:
        """Begin with the built-in ones.

        Args:
            runtime: The run's face.
            ledger: Locked while a handler runs.
            interceptors: What steps in before handlers.
        """
        self._runtime = runtime
        self._ledger = ledger
        self._handlers: dict[str | None, Handler] = {}
        self._intercepted = compose(interceptors, "handle_query", self._handle)

    def open(self, definition: WorkflowDefinition, instance: object) -> None:
        """The run's object is there."""
        for name, query in definition.queries.items():
            function = functools.partial(query.function, instance)
            self._handlers[name] = handler_of(function, query.signature, takes_name=name is None)

    def set_handler(self, name: str | None, function: Callable[..., Any] | None) -> None:
        """Set, replace or remove a handler."""
        if function is None:
            self._handlers.pop(name, None)
        else:
            self._handlers[name] = handler_of(function, signature_of(function), takes_name=name is None)

    def answer(self, query_type: str, arguments: bytes | None) -> api.WorkflowQueryResult:
        """Answer one query; whatever its handler raises becomes the answer."""
        ledger = self._ledger
        ledger.reader = "a query's handler"
        state = ledger.loop.state()
        try:
            data = ledger.loop.call(self._answer, query_type, arguments)
        except (Exception, StopRun) as error:  # noqa: BLE001  # it is told to whoever asked
            text = _failure_text(error, self._runtime.converter)
            return api.WorkflowQueryResult(result_type=QueryResultType.FAILED, error_message=text)
        finally:
            ledger.reader = ""
            ledger.loop.restore(state)
        return api.WorkflowQueryResult(result_type=QueryResultType.ANSWERED, answer=data)

    def _answer(self, query_type: str, data: bytes | None) -> bytes | None:
        if query_type == STACK_TRACE:
            return msgspec.json.encode(stack_text(self._ledger.loop))
        if query_type == QUERY_TYPES:
            return msgspec.json.encode(self._known())
        if query_type == OPEN_SESSIONS:
            sessions = self._runtime.open_sessions.items()
            return msgspec.json.encode([{"SessionID": name, "HostName": host} for name, host in sessions])
        if query_type == REPLAY_ONLY:
            return None
        handler = self._handler(query_type)
        converter = self._runtime.converter
        arguments = tuple(converter.decode_arguments(data, handler.signature, place=f'query "{query_type}"'))
        call = HandleQuery(info=self._runtime.info, name=query_type, arguments=arguments)
        answer = converter.encode_value(self._intercepted(call), place=f'answer of query "{query_type}"')
        if answer is not None and len(answer) > _LIMIT:
            msg = f"query result size ({len(answer)}) exceeds limit ({_LIMIT})"
            raise ConfigurationError(msg)
        return answer

    def _handle(self, call: HandleQuery) -> Any:
        handler = self._handler(call.name)
        arguments = (call.name, *call.arguments) if handler.takes_name else call.arguments
        return handler.function(*arguments)

    def _handler(self, query_type: str) -> Handler:
        handler = self._handlers.get(query_type) or self._handlers.get(None)
        if handler is None:
            msg = f"unknown queryType {query_type}. KnownQueryTypes=[{' '.join(self._known())}]"
            raise ConfigurationError(msg)
        return handler

    def _known(self) -> list[str]:
        names = sorted(name for name in self._handlers if name is not None)
        return [*names, OPEN_SESSIONS, QUERY_TYPES, STACK_TRACE]


def _failure_text(error: BaseException, converter: DataConverter) -> str:
    """Return what a failed query answers: for people, or for a program of 1.x, which reads the exception's form."""
    if isinstance(error, ConfigurationError):
        return str(error)
    if converter.convention is Convention.PYTHON_1 and isinstance(error, Exception):
        _, details = converter.failures.encode(error, converter.convention)
        if details is not None:
            return details.decode()
    return f"{type(error).__name__}: {error}"
