"""Bodies of calls: the `_args` and `_result` structs around requests, responses and declared errors, for both sides.

Equal to encoding and decoding `Rpc.args_type` and `Rpc.result_type`, minus a struct of our own in the middle: with one
field, the wrapper is three bytes before the inner struct and a stop byte after it. What is inside is codec.py's job;
what becomes of an error is the caller's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cadence.api.codec import CodecError, decode, encode

if TYPE_CHECKING:
    from cadence.api._declared import DeclaredError
    from cadence.api._rpc import Rpc
    from cadence.api._struct import Struct

__all__ = ("error_body", "read_request", "read_response", "request_body", "response_body")

_STOP = b"\x00"
# A struct field (type 12) with number 1 in the `_args` struct and 0 in the `_result` struct.
_REQUEST = b"\x0c\x00\x01"
_SUCCESS = b"\x0c\x00\x00"


def request_body(rpc: Rpc, request: Any) -> bytes:
    """Serialize a call.

    Args:
        rpc: The RPC.
        request: Its request; ignored where the RPC has none.

    Raises:
        CodecError: A field holds a value that it can't carry.
    """
    if rpc.request_field is None:
        return _STOP
    return b"%b%b\x00" % (_REQUEST, encode(request))


def read_request(rpc: Rpc, body: bytes) -> Any:
    """Read a call.

    Returns:
        The request, None where the RPC has none; an empty request where the caller sent none.

    Raises:
        CodecError: The body is not such a call.
    """
    kind = rpc.request_type
    if kind is None:
        return None
    if body[:3] == _REQUEST:
        return decode(kind, body[3:])
    request = getattr(decode(rpc.args_type, body), rpc.request_field or "")
    return kind() if request is None else request


def response_body(rpc: Rpc, response: Struct | None) -> bytes:
    """Serialize an answer.

    Args:
        rpc: The RPC.
        response: Its response; None for void.

    Raises:
        CodecError: A field holds a value that it can't carry.
    """
    if response is None:
        return _STOP
    return b"%b%b\x00" % (_SUCCESS, encode(response))


def error_body(rpc: Rpc, error: DeclaredError) -> bytes | None:
    """Serialize an answer that is an error.

    Returns:
        The body, or None where the RPC does not declare such an error.

    Raises:
        CodecError: A field holds a value that it can't carry.
    """
    for field, kind in rpc.errors:
        if type(error) is kind:
            return encode(rpc.result_type(**{field: error}))
    return None


def read_response(rpc: Rpc, body: bytes) -> Any:
    """Read an answer.

    Returns:
        The response, or None for void and for an answer that holds neither a response nor a known error.

    Raises:
        DeclaredError: The answer is one of the errors that the RPC declares.
        CodecError: The body is not such an answer.
    """
    if body[:3] == _SUCCESS and rpc.response_type is not None:
        return decode(rpc.response_type, body[3:])
    if body == _STOP:
        return None
    if not body:
        msg = f"the answer to {rpc.name} is empty"
        raise CodecError(msg)
    result = decode(rpc.result_type, body)
    for field, _ in rpc.errors:
        error = getattr(result, field)
        if error is not None:
            raise error
    return getattr(result, "success", None)
