"""Bodies of calls equal the wrapper structs of the IDL, on both sides."""

from __future__ import annotations

from typing import Any

import pytest

from cadence import api, errors
from cadence.api.calls import error_body, read_request, read_response, request_body, response_body
from cadence.api.codec import CodecError, decode, encode
from cadence.api.service import RPCS


@pytest.mark.parametrize("rpc", RPCS.values(), ids=lambda rpc: rpc.name)
def test_bodies_are_those_of_the_wrappers(rpc: Any) -> None:
    request = rpc.request_type() if rpc.request_type else None
    args = rpc.args_type() if request is None else rpc.args_type(request)
    assert request_body(rpc, request) == encode(args)
    assert read_request(rpc, encode(args)) == request
    response = rpc.response_type() if rpc.response_type else None
    result = rpc.result_type() if response is None else rpc.result_type(response)
    assert response_body(rpc, response) == encode(result)
    assert read_response(rpc, encode(result)) == response
    for field, cls in rpc.errors:
        body = error_body(rpc, cls())
        assert body == encode(rpc.result_type(**{field: cls()}))
        with pytest.raises(cls):
            read_response(rpc, body)


def test_an_error_that_is_not_declared_has_no_body() -> None:
    assert error_body(RPCS["PollForDecisionTask"], errors.QueryFailedError("x")) is None


def test_a_request_may_come_in_another_shape() -> None:
    rpc = RPCS["DescribeDomain"]
    # No request at all, and one behind a field of a newer caller.
    assert read_request(rpc, b"\0") == api.DescribeDomainRequest()
    request = api.DescribeDomainRequest(name="d")
    newer = b"\x02\x00\x07\x01" + encode(rpc.args_type(request))
    assert read_request(rpc, newer) == request
    assert read_response(rpc, b"\x02\x00\x07\x01" + encode(rpc.result_type(api.DescribeDomainResponse()))) is not None
    with pytest.raises(CodecError):
        read_request(rpc, b"")
    with pytest.raises(CodecError, match="empty"):
        read_response(rpc, b"")
    assert decode(rpc.args_type, newer).describe_request == request  # type: ignore[attr-defined]
