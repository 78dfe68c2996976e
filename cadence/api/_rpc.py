"""What there is to know of one RPC: its names, its request, response and declared errors.

The table of all of them is generated (service.py). The `_args` and `_result` structs that wrap a call on the wire are
made here when they are first asked for.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from cadence.api._struct import FieldRow, Struct, resolve

if TYPE_CHECKING:
    from cadence.api._declared import DeclaredError

__all__ = ("Rpc",)


class Rpc:
    """One RPC of the contract.

    Attributes:
        name: The IDL's name, for example `PollForDecisionTask`.
        endpoint: What a TChannel call names, for example `WorkflowService::PollForDecisionTask`.
        request_field: Name of the one field of the `_args` struct, or None for an RPC without request.
    """

    def __init__(
        self,
        name: str,
        request: str | None,
        response: str | None,
        errors: str = "",
        *,
        service: str = "WorkflowService",
    ) -> None:
        """Describe an RPC.

        Args:
            name: The IDL's name.
            request: Field and type of the request, for example `poll_request PollForDecisionTaskRequest`.
            response: Type of the response; None for void.
            errors: Number, field and type of each declared error, separated by commas.
            service: The IDL's service.
        """
        self.name = name
        self.endpoint = f"{service}::{name}"
        self.request_field: str | None = request.split()[0] if request else None
        self._request = request.split()[1] if request else None
        self._response = response
        self._errors = tuple(
            (int(number), field, kind) for number, field, kind in (row.split() for row in errors.split(",") if row)
        )

    def __repr__(self) -> str:
        return f"<Rpc {self.endpoint}>"

    @cached_property
    def request_type(self) -> type[Struct] | None:
        """The request's class, or None for an RPC without request."""
        return resolve(self._request) if self._request else None

    @cached_property
    def response_type(self) -> type[Struct] | None:
        """The response's class, or None for void."""
        return resolve(self._response) if self._response else None

    @cached_property
    def errors(self) -> tuple[tuple[str, type[DeclaredError]], ...]:
        """The declared errors: the field in the `_result` struct, and the class."""
        return tuple((field, resolve(kind)) for _, field, kind in self._errors)

    @cached_property
    def args_type(self) -> type[Struct]:
        """The struct that holds the request on the wire."""
        if self.request_field is None or self._request is None:
            return _wrapper(f"{self.name}_args", ())
        return _wrapper(f"{self.name}_args", ((1, self.request_field, self._request),))

    @cached_property
    def result_type(self) -> type[Struct]:
        """The struct that holds the response (`success`) or one of the errors on the wire."""
        rows: list[FieldRow] = list(self._errors)
        if self._response:
            rows.insert(0, (0, "success", self._response))
        return _wrapper(f"{self.name}_result", tuple(rows))


def _wrapper(name: str, rows: tuple[FieldRow, ...]) -> type[Struct]:
    slots = tuple(row[1] for row in rows)

    def __init__(self: Struct, *values: Any, **named: Any) -> None:
        for slot in slots:
            setattr(self, slot, None)
        for slot, value in zip(slots, values, strict=False):
            setattr(self, slot, value)
        for slot, value in named.items():
            setattr(self, slot, value)

    body = {"__slots__": slots, "_fields": rows, "__init__": __init__, "__module__": __name__}
    return type(name, (Struct,), body)
