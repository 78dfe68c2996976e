"""Answers that are none, over sockets: each is one clear error that names server and call, and is that call's alone."""

from __future__ import annotations

from typing import Any

import pytest

from cadence import api
from cadence.api.codec import CodecError
from cadence.exceptions import CadenceError
from cadence.service import UnknownAnswerError
from cadence.tchannel import CallResponse

REQUEST = api.DescribeDomainRequest(name="d")
GOOD = api.DescribeDomainResponse(is_global_domain=True)
SUCCESS = b"\x0c\x00\x00"
BODIES: dict[str, tuple[bytes, type[CadenceError], str]] = {
    "no bytes": (b"", CodecError, "is empty"),
    "noise": (b"\xff" * 40, CodecError, "40 bytes"),
    "text": (b"<html><body>502 Bad Gateway</body></html>", CodecError, "bytes"),
    "cut off": (SUCCESS + b"\x0c\x00\x01\x0b\x00\x01\x00\x00\x00\x05ab", CodecError, "12 bytes"),
    "cut off behind a header": (SUCCESS + b"\x0c\x00\x01\x0b", CodecError, "4 bytes"),
    "no stop": (SUCCESS + b"\x02\x00\x05\x01", CodecError, "4 bytes"),
    "a text of two gigabytes": (SUCCESS + b"\x0c\x00\x01\x0b\x00\x01\x7f\xff\xff\xffab\0\0\0", CodecError, "bytes"),
    "a text of less than nothing": (SUCCESS + b"\x0c\x00\x01\x0b\x00\x01\xff\xff\xff\xffab\0\0\0", CodecError, "bytes"),
    "a list of two thousand millions": (SUCCESS + b"\x0f\x00\x01\x0c\x7f\xff\xff\xff\0\0", CodecError, "bytes"),
    "structs without end": (SUCCESS + b"\x0c\x00\x63" * 100_000, CodecError, "300000 bytes"),
    "an unknown error": (b"\x0c\x00\x63\x0b\x00\x01\x00\x00\x00\x02ab\x00\x00", UnknownAnswerError, "DescribeDomain"),
    "a text for the answer": (b"\x0b\x00\x00\x00\x00\x00\x02ab\x00", UnknownAnswerError, "DescribeDomain"),
    "nothing": (b"\x00", UnknownAnswerError, "neither a response"),
}


@pytest.mark.parametrize("lie", BODIES)
@pytest.mark.parametrize("ok", [True, False], ids=["as an answer", "as an error"])
async def test_a_body_that_is_none(frontend: Any, lie: str, ok: bool) -> None:
    server, service = frontend
    body, kind, words = BODIES[lie]

    async def respond(endpoint: str, request: Any) -> Any:
        return CallResponse(ok, {}, body) if len(server.calls) == 1 else GOOD

    server.respond = respond
    with pytest.raises(kind, match=words) as caught:
        await service.describe_domain(REQUEST, timeout=20)
    assert "127.0.0.1:" in str(caught.value)
    assert "DescribeDomain" in str(caught.value)
    assert len(str(caught.value)) < 500
    assert len(server.calls) == 1  # trying again would bring the same
    assert await service.describe_domain(REQUEST, timeout=20) == GOOD
    assert len({call.peer for call in server.calls}) == 1  # by the same connection


@pytest.mark.parametrize(
    "body",
    [
        SUCCESS + b"\x08\x00\x01\x00\x00\x00\x07\x00\x00",
        SUCCESS + b"\x0b\x00\x63\x00\x00\x00\x02ab\x00\x00",
        SUCCESS + b"\x00\x00",
    ],
    ids=["a field of another type", "an unknown field", "no field"],
)
async def test_fields_of_a_newer_server_are_passed_over(frontend: Any, body: bytes) -> None:
    server, service = frontend

    async def respond(endpoint: str, request: Any) -> Any:
        return CallResponse(True, {}, body)

    server.respond = respond
    assert await service.describe_domain(REQUEST, timeout=20) == api.DescribeDomainResponse()


async def test_the_name_of_an_unknown_error_is_told(frontend: Any) -> None:
    server, service = frontend
    body = BODIES["an unknown error"][0]

    async def respond(endpoint: str, request: Any) -> Any:
        return CallResponse(False, {"$rpc$-application-error-name": "QuotaExhaustedError"}, body)

    server.respond = respond
    with pytest.raises(UnknownAnswerError, match="DescribeDomain was answered with QuotaExhaustedError") as caught:
        await service.describe_domain(REQUEST, timeout=20)
    assert caught.value.name == "QuotaExhaustedError"


async def test_an_answer_to_another_call(frontend: Any) -> None:
    server, service = frontend
    other = api.ListDomainsResponse(domains=[GOOD], next_page_token=b"more")

    async def respond(endpoint: str, request: Any) -> Any:
        from cadence.api.calls import response_body

        return CallResponse(True, {}, response_body(None, other))  # type: ignore[arg-type]

    server.respond = respond
    assert await service.describe_domain(REQUEST, timeout=20) == api.DescribeDomainResponse()
