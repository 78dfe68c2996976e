"""The application headers of every call: who calls, what it understands, and its authorization.

Servers grant features by client name and version. Known names are those of the Go and Java clients; an unknown name
gets neither consistent queries nor the error for closed runs, so the default names the Go client, whose protocol this
package speaks. What is done with the headers on the wire is cadence.tchannel's job.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from cadence._version import __version__

__all__ = ("AuthorizationProvider", "ClientHeaders", "authorization_token")

AuthorizationProvider: TypeAlias = str | Callable[[], str] | Callable[[], Awaitable[str]]
"""A token, or a function or coroutine function that gives one; it is asked before each attempt of a call."""

AUTHORIZATION = "cadence-authorization"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientHeaders:
    """What a client says of itself with every call."""

    client_name: str = "uber-go"
    """The implementation that servers look up features by: `uber-go` or `uber-java`; others get fewer features."""

    feature_version: str = "1.7.0"
    """The feature version of that implementation; servers refuse versions above the one they know."""

    library_version: str = __version__
    """This package's version; for people and statistics."""

    caller_type: str = "sdk"
    """Kind of caller, for the server's statistics and quotas."""

    already_completed_error: bool = True
    """Ask for WorkflowExecutionAlreadyCompletedError instead of EntityNotExistsError about closed runs."""

    isolation_group: str | None = None
    """The group of machines that tasks of this client should stay in, where the cluster has such groups."""

    extra: Mapping[str, str] = field(default_factory=dict, repr=False)
    """More headers, sent as they are. A repr doesn't show them, as one of them may be a secret."""

    def as_dict(self) -> dict[str, str]:
        """Give the headers as they go on the wire, authorization aside."""
        flags = {"WorkflowExecutionAlreadyCompletedErrorEnabled": True} if self.already_completed_error else {}
        headers = {
            "cadence-client-name": self.client_name,
            "cadence-client-feature-version": self.feature_version,
            "cadence-client-library-version": self.library_version,
            "cadence-client-feature-flags": json.dumps(flags, separators=(",", ":")),
            "cadence-caller-type": self.caller_type,
        }
        if self.isolation_group is not None:
            headers["cadence-client-isolation-group"] = self.isolation_group
        return {**headers, **self.extra}


async def authorization_token(provider: AuthorizationProvider) -> str:
    """Ask a provider for the token of the next call.

    Raises:
        TypeError: The provider gave something else than text.
    """
    token: object = provider
    if not isinstance(provider, str):
        given = provider()
        token = await given if inspect.isawaitable(given) else given
    if not isinstance(token, str):
        msg = f"the authorization provider gave {type(token).__name__}, not a token as text"
        raise TypeError(msg)
    return token
