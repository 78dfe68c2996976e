"""From a call's bytes to the handler of its RPC, and from what that returns or raises to the answer's bytes.

The one place that knows both TChannel and the handlers: it decodes the `_args` struct, calls `handler(house, request,
context)`, and encodes the `_result` struct. An error that the RPC declares travels inside that struct; what the caller
got wrong on the wire ends in a bad-request frame, a fault of ours in an unexpected-error frame, with a traceback in our
log. The handlers are the `HANDLERS` tables of the modules beside this one; what none of them serves says so.
"""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

from cadence.api.codec import CodecError, decode, encode
from cadence.api.errors import (
    BadRequestError,
    ClientVersionNotSupportedError,
    EntityNotExistsError,
    InternalServiceError,
    WorkflowExecutionAlreadyCompletedError,
)
from cadence.api.service import RPCS
from cadence.devserver.frontend.versions import check_client, knows_completed
from cadence.devserver.house import CallContext
from cadence.exceptions import ServiceError
from cadence.tchannel import CallResponse
from cadence.tchannel.errors import BadRequestFrameError, TChannelError, UnexpectedError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from cadence.api._struct import Struct
    from cadence.api.service import Rpc
    from cadence.devserver.house import House
    from cadence.tchannel import IncomingCall

    Handler = Callable[[House, Any, CallContext], Awaitable[object]]

__all__ = ("Dispatcher", "handlers")

_log = logging.getLogger("cadence.devserver")

_OK_HEADERS: dict[str, str] = {"$rpc$-service": "cadence-frontend"}
_FLAGS_HEADER = "cadence-client-feature-flags"
_COMPLETED_FLAG = "WorkflowExecutionAlreadyCompletedErrorEnabled"

_CODES = {
    "BadRequestError": "3",
    "QueryFailedError": "3",
    "EntityNotExistsError": "5",
    "WorkflowExecutionAlreadyCompletedError": "5",
    "DomainAlreadyExistsError": "6",
    "WorkflowExecutionAlreadyStartedError": "6",
    "CancellationAlreadyRequestedError": "6",
    "AccessDeniedError": "7",
    "LimitExceededError": "8",
    "ServiceBusyError": "8",
    "ClientVersionNotSupportedError": "9",
    "DomainNotActiveError": "9",
    "InternalServiceError": "13",
}
"""The class of each error as RPC libraries count them, for peers that look at the headers alone."""
_UNKNOWN_CODE = "2"


def handlers() -> dict[str, Handler]:
    """Collect the handler of every RPC, those that nobody serves included."""
    from cadence.devserver.frontend import (
        cluster,
        descriptions,
        domains,
        histories,
        polls,
        resets,
        responses,
        schedules,
        visibility,
        workflows,
    )

    found: dict[str, Handler] = {}
    for module in (
        workflows,
        descriptions,
        histories,
        polls,
        resets,
        responses,
        schedules,
        domains,
        visibility,
        cluster,
    ):
        for name, handler in module.HANDLERS.items():
            assert name in RPCS, name
            assert name not in found, name
            found[name] = handler
    for name in RPCS.keys() - found.keys():
        found[name] = _unserved(name)
    return found


class Dispatcher:
    """The handler that a TChannel listener calls for each incoming call."""

    def __init__(self, house: House, table: Mapping[str, Handler] | None = None) -> None:
        """Serve the RPCs of a house.

        Args:
            house: What the handlers work on.
            table: Handler by RPC; default: those of the frontend's modules.
        """
        self._house = house
        table = handlers() if table is None else table
        self._routes = {RPCS[name].endpoint: _Route(RPCS[name], handler) for name, handler in table.items()}

    async def __call__(self, call: IncomingCall) -> CallResponse:
        """Answer one call.

        Raises:
            BadRequestFrameError: An unknown procedure, or a body that isn't its arguments.
            UnexpectedError: A fault of ours.
        """
        route = self._routes.get(call.endpoint)
        if route is None:
            msg = f"unrecognized procedure {call.endpoint!r} for service {call.service!r}"
            raise BadRequestFrameError(msg)
        try:
            request = route.read(call.body)
        except CodecError as error:
            msg = f"error decoding arguments of {call.endpoint}: {error}"
            raise BadRequestFrameError(msg) from error
        context = CallContext(call.deadline, call.caller, call.headers, call.peer)
        try:
            if route.checks_version:
                check_client(call.headers)
            if request is None and route.needs_request:
                raise BadRequestError("Request is nil.")  # answered like any other refusal
            return CallResponse(True, _OK_HEADERS, route.success(await route.handler(self._house, request, context)))
        except ServiceError as error:
            return route.failure(error, call.headers)
        except TChannelError:
            raise
        except Exception as error:  # noqa: BLE001  # logged and reported to the caller
            # A fault of ours must neither end the connection nor go unseen.
            _log.exception("%s failed", call.endpoint)
            return route.failure(InternalServiceError(f"{type(error).__name__}: {error}"), call.headers)


class _Route:
    """What is known of one RPC before any call comes."""

    __slots__ = (
        "_answers",
        "_args",
        "_error_fields",
        "_field",
        "_result",
        "checks_version",
        "handler",
        "needs_request",
    )

    def __init__(self, rpc: Rpc, handler: Handler) -> None:
        self.handler = handler
        self._args = rpc.args_type
        self._field = rpc.request_field
        self._result = rpc.result_type
        self.needs_request = rpc.request_field is not None
        self._answers = rpc.response_type is not None
        self._error_fields = {kind: field for field, kind in rpc.errors}
        self.checks_version = ClientVersionNotSupportedError in self._error_fields

    def read(self, body: bytes) -> Struct | None:
        """Decode the request; None where there is none, or the RPC has none.

        Raises:
            CodecError: The bytes are not its arguments.
        """
        args = decode(self._args, body)
        request: Struct | None = getattr(args, self._field) if self._field else None
        return request

    def success(self, response: object) -> bytes:
        """Encode the `_result` struct of a call that went well."""
        result = self._result()
        if self._answers:
            result.success = response  # type: ignore[attr-defined]  # the struct is made from the IDL at run time
        return encode(result)

    def failure(self, error: ServiceError, headers: dict[str, str]) -> CallResponse:
        """Encode the `_result` struct of a call that a handler refused.

        Raises:
            UnexpectedError: The RPC declares no such error.
        """
        if isinstance(error, WorkflowExecutionAlreadyCompletedError) and not _knows_completed(headers):
            # As the real frontend: clients that don't name the feature get the older error.
            error = EntityNotExistsError("Workflow execution already completed.", active_clusters=[])
        if isinstance(error, EntityNotExistsError):
            # Clusters have no names here; the real frontend says so with empty ones.
            error.current_cluster = error.current_cluster or ""
            error.active_cluster = error.active_cluster or ""
        field = self._error_fields.get(type(error))  # type: ignore[arg-type]  # an undeclared class has no field
        name = type(error).__name__
        if field is None:
            # As the real frontend: what the contract has no place for becomes a frame of its own.
            if isinstance(error, InternalServiceError):
                raise UnexpectedError(f"cadence internal error, msg: {error.message}")
            raise UnexpectedError(_undeclared(error))
        result = self._result()
        setattr(result, field, error)
        return CallResponse(
            False,
            {
                "$rpc$-service": "cadence-frontend",
                "$rpc$-application-error-code": _CODES.get(name, _UNKNOWN_CODE),
                "$rpc$-application-error-name": name,
                "$rpc$-application-error-details": f"{name}{{Message: {error.message}}}",
            },
            encode(result),
        )


def _undeclared(error: ServiceError) -> str:
    """The real frontend's words for an error that an RPC has no field for."""
    if isinstance(error, InternalServiceError):
        return f"cadence internal error, msg: {error.message}"
    clusters = ", CurrentCluster: , ActiveCluster: , ActiveClusters: []"
    return f"{type(error).__name__}{{Message: {error.message}{clusters * isinstance(error, EntityNotExistsError)}}}"


def _knows_completed(headers: dict[str, str]) -> bool:
    flags = headers.get(_FLAGS_HEADER)
    if not flags or not knows_completed(headers):
        return False
    try:
        decoded = json.loads(flags)
    except ValueError:
        return False  # as the real frontend: flags that can't be read are no flags
    return isinstance(decoded, dict) and decoded.get(_COMPLETED_FLAG) is True


def _unserved(name: str) -> Handler:
    async def refuse(house: House, request: Any, context: CallContext) -> None:
        domain = getattr(request, "domain", None)
        if domain is not None:
            house.domains.require(domain)
        msg = f"{name} is not supported by the dev server."
        raise BadRequestError(msg)

    return refuse
