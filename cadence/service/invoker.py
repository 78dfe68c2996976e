"""One call: deadline, headers, bytes, the channel, the answer or its error; and the loop around failed attempts.

The way of a call that succeeds at once is kept short: for 32 calls in flight, a whole RPC may cost 50 microseconds of
CPU, the channel included. It knows RPCs as rows of a table (cadence.api.service); their meaning is above.
"""

from __future__ import annotations

import asyncio
import logging
import random
import re
from typing import TYPE_CHECKING, Any, Protocol

from cadence.api.calls import read_response, request_body
from cadence.api.codec import CodecError
from cadence.exceptions import CadenceError, ServiceError, TransportError
from cadence.service.headers import AUTHORIZATION, AuthorizationProvider, ClientHeaders, authorization_token
from cadence.service.retry import (
    INHERIT,
    SHORTEST_ATTEMPT,
    RetryOptions,
    attempt_timeout,
    is_busy,
    is_retryable,
    is_unreachable,
    next_delay,
    retries_by_default,
    time_for,
)
from cadence.tchannel.errors import CallTimeoutError, ConnectionFailedError, ConnectTimeoutError
from cadence.tchannel.messages import pack_application_headers

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping

    from cadence.api._rpc import Rpc

__all__ = ("CallChannel", "Invoker", "UnknownAnswerError")

_log = logging.getLogger("cadence.service")
_UNKNOWN_DOMAIN = re.compile(
    r"\bdomain\b.*\b(does not exist|not found|not exists?)\b", re.IGNORECASE | re.DOTALL
).search
_TOO_LARGE = re.compile(r"\bsize exceeds limit|\bexceeds size limit|bytes, and \d+ are allowed", re.IGNORECASE).search
_SIZED = frozenset({"BadRequestError", "LimitExceededError", "BadRequestFrameError"})
_ERROR_NAME = "$rpc$-application-error-name"


class CallAnswer(Protocol):
    """What a channel gives for a call."""

    @property
    def ok(self) -> bool:
        """False for an error that the application declares."""

    @property
    def headers(self) -> Mapping[str, str]:
        """Application headers."""

    @property
    def body(self) -> bytes:
        """The `_result` struct."""


class CallChannel(Protocol):
    """What a service needs of a channel; `cadence.tchannel.Channel` is one."""

    def call(
        self, endpoint: str, headers: Mapping[str, str], body: bytes, *, timeout: float
    ) -> Coroutine[Any, Any, CallAnswer]:
        """Send a call and wait for its answer."""

    async def close(self, linger: float = 0.0) -> None:
        """Close all connections, after at most `linger` seconds for answers that are on their way."""


class UnknownAnswerError(ServiceError):
    """The server answered, but with neither a response nor an error that this release knows.

    Raised for errors that a newer server declares. Whether a retry is safe is not known, so none is made.

    Attributes:
        name: The error's name, where the server says it, or an empty string.
    """

    def __init__(self, rpc: str = "", *, name: str = "") -> None:
        super().__init__(f"{rpc} was answered with {name or 'neither a response nor a known error'}")
        self.name = name


class Invoker:
    """Makes calls over one channel."""

    __slots__ = ("_authorization", "_call", "_headers", "_prepared", "_retry", "is_closed")

    def __init__(
        self,
        channel: CallChannel,
        *,
        headers: ClientHeaders | None = None,
        retry: RetryOptions | None = INHERIT,
        authorization: AuthorizationProvider | None = None,
    ) -> None:
        """Prepare for calls.

        Args:
            channel: Where calls go.
            headers: What the client says of itself.
            retry: Options for calls without options of their own; None: no retries.
            authorization: A token or who gives one.
        """
        self._headers = (headers or ClientHeaders()).as_dict()
        self._call: Any = channel.call
        self._prepared: Any = self._headers
        # Our own channel takes headers packed once for all calls: packing them takes 2 of a call's 50 microseconds.
        packed = getattr(channel, "call_packed", None)
        if packed is not None and authorization is None:
            self._call, self._prepared = packed, pack_application_headers(self._headers)
        self.is_closed = False
        self._retry = retry
        self._authorization = authorization

    async def invoke(self, rpc: Rpc, request: Any, timeout: float | None, retry: RetryOptions | None) -> Any:
        """Make a call.

        Cancelling it cancels the attempt that is under way and makes no other.

        Args:
            rpc: What to call.
            request: Its request; None where it has none.
            timeout: Seconds for the whole call with its retries; None: ten seconds for an attempt (150 for a poll, 25
                for a history), and retries as long as the options say.
            retry: Options; INHERIT: the service's own; None: no retries.

        Returns:
            The response; None for void.

        Raises:
            ServiceError: The server answered no; the declared errors are in `cadence.errors`.
            TransportError: No answer arrived in time.
            CodecError: The request holds a value that its field can't carry, or the answer can't be read.
        """
        body = request_body(rpc, request)
        if retry is INHERIT:
            retry = self._retry if retries_by_default(rpc.name) else None
        if _log.isEnabledFor(logging.DEBUG):
            _log.debug("%s", _described(rpc, request))
        started = asyncio.get_running_loop().time()
        first = attempt_timeout(rpc.name, timeout, retried=retry is not None)
        try:
            return await self._attempt(rpc, body, first)
        except (ServiceError, TransportError) as error:
            failure = error
        if retry is not None:
            return await self._try_again(rpc, request, body, failure, options=retry, started=started, timeout=timeout)
        raise _explained(failure, request, len(body))

    async def _attempt(self, rpc: Rpc, body: bytes, timeout: float) -> Any:
        headers = self._prepared
        if self._authorization is not None:
            headers = {**self._headers, AUTHORIZATION: await authorization_token(self._authorization)}
        answer = await self._call(rpc.endpoint, headers, body, timeout=timeout)
        try:
            response = read_response(rpc, answer.body)
        except CodecError as error:
            msg = f"{_who(answer)}the answer to {rpc.name} can't be read: {error}"
            raise CodecError(msg) from error
        if response is None and (rpc.response_type is not None or not answer.ok):
            raise UnknownAnswerError(_who(answer) + rpc.name, name=answer.headers.get(_ERROR_NAME, ""))
        return response

    async def _try_again(
        self,
        rpc: Rpc,
        request: Any,
        body: bytes,
        failure: CadenceError,
        *,
        options: RetryOptions,
        started: float,
        timeout: float | None,
    ) -> Any:
        """Repeat a call that failed once, until it succeeds, fails for good or has no time left."""
        clock: Callable[[], float] = asyncio.get_running_loop().time
        attempt = 0
        unreachable = True
        while True:
            unreachable = unreachable and is_unreachable(failure)
            total = time_for(options, timeout, unreachable=unreachable)
            remaining = started + total - clock()
            delay = next_delay(options, attempt, total, remaining, random.random())
            if delay is not None and is_busy(failure):
                delay += options.busy_pause
            if self.is_closed or delay is None or delay >= remaining or not is_retryable(rpc.name, failure):
                raise _explained(failure, request, len(body))
            if _log.isEnabledFor(logging.DEBUG):
                _log.debug("%s again in %.3f s after: %s", _described(rpc, request), delay, failure)
            await asyncio.sleep(delay)
            attempt += 1
            remaining = started + total - clock()
            if remaining <= 0:
                raise _explained(failure, request, len(body))
            seconds = attempt_timeout(rpc.name, remaining, retried=True)
            try:
                return await self._attempt(rpc, body, seconds)
            except (ServiceError, TransportError) as error:
                if not _says_less(error, failure, seconds):
                    failure = error


def _says_less(error: CadenceError, before: CadenceError, seconds: float) -> bool:
    """Whether an attempt's error says less than that of the attempt before.

    Why there was no connection says more than that there is none yet, and anything more than that an attempt got no
    answer in what little time the call had left for it.
    """
    if isinstance(error, ConnectTimeoutError) and isinstance(before, ConnectionFailedError):
        return True
    return isinstance(error, CallTimeoutError) and seconds < SHORTEST_ATTEMPT


def _who(answer: CallAnswer) -> str:
    """Name who answered, in front of words about the answer."""
    peer = getattr(answer, "peer", "")
    return f"{peer}: " if peer else ""


def _explained(error: CadenceError, request: Any, size: int) -> CadenceError:
    """Say what to do about an error, where it is known."""
    if error.hint:
        return error
    if type(error).__name__ == "EntityNotExistsError" and _UNKNOWN_DOMAIN(error.message):
        domain = getattr(request, "domain", None) or getattr(request, "name", None)
        if domain:
            error.hint = f"register it: cadence domain register {domain}"
    elif type(error).__name__ in _SIZED and _TOO_LARGE(error.message):
        error.hint = (
            f"the request has {size:,} bytes, and the server takes 2 MiB for each value by default: "
            "keep large data elsewhere and pass a reference to it"
        )
    return error


def _described(rpc: Rpc, request: Any) -> str:
    """Name a call and what it is about, for logs: never its payloads."""
    execution = getattr(request, "workflow_execution", None) or getattr(request, "execution", None) or request
    parts = [rpc.name]
    for label, holder, field in (
        ("domain", request, "domain"),
        ("workflow id", execution, "workflow_id"),
        ("run id", execution, "run_id"),
    ):
        value = getattr(holder, field, None)
        if value:
            parts.append(f"{label} {value!r:.75}")
    return ", ".join(parts)
