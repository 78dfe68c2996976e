"""One typed coroutine per RPC of the frontend, with deadlines, retries and headers; nothing about workflows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cadence._lazy import lazy_names, names_by_module

if TYPE_CHECKING:
    from cadence.service.authorization import FileToken, JwtToken, StaticToken
    from cadence.service.headers import AuthorizationProvider, ClientHeaders
    from cadence.service.invoker import CallChannel, UnknownAnswerError
    from cadence.service.retry import INHERIT, RetryOptions
    from cadence.service.workflow_service import WorkflowService

__all__ = (
    "INHERIT",
    "AuthorizationProvider",
    "CallChannel",
    "ClientHeaders",
    "FileToken",
    "JwtToken",
    "RetryOptions",
    "StaticToken",
    "UnknownAnswerError",
    "WorkflowService",
)

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy_names(
        __name__,
        names_by_module(
            __name__,
            {
                "authorization": "FileToken JwtToken StaticToken",
                "headers": "AuthorizationProvider ClientHeaders",
                "invoker": "CallChannel UnknownAnswerError",
                "retry": "INHERIT RetryOptions",
                "workflow_service": "WorkflowService",
            },
        ),
    )
