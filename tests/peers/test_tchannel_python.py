"""Our client and server against the Python package `tchannel` 2.1.0, in a process and an environment of its own.

CADENCE_TEST_TCHANNEL_PYTHON names an interpreter that has the package; or CADENCE_TEST_INSTALL_PEERS=1 allows to make
an environment in pytest's cache and to install it there. Else these tests are skipped.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import venv
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cadence.tchannel import CallResponse, Channel, IncomingCall, Listener, errors

pytestmark = [pytest.mark.peer, pytest.mark.timeout(300)]

PROGRAMS = Path(__file__).with_name("programs")
PROGRAM, IDL = PROGRAMS / "tchannel_python.py", PROGRAMS / "peer.thrift"
# The package asks for `futures`, which is Python 2's; and tells its other needs by ranges that still can be met.
NEEDS = (
    "tornado>=4.3,<5", "thriftrw<2", "threadloop>=1,<2", "crcmod>=1,<2", "contextlib2", "six", "future",
    "opentracing>2", "opentracing-instrumentation>3", "setuptools<70",
)  # fmt: skip
SIZES = [0, 1, 60_000, *range(65_380, 65_480), 65_519, 200_000, 1_000_000]


@pytest.fixture(scope="module")
def peer_python(pytestconfig: pytest.Config) -> str:
    """An interpreter that has the package."""
    named = os.environ.get("CADENCE_TEST_TCHANNEL_PYTHON")
    if named:
        return named
    if os.environ.get("CADENCE_TEST_INSTALL_PEERS") != "1":
        pytest.skip("neither CADENCE_TEST_TCHANNEL_PYTHON nor CADENCE_TEST_INSTALL_PEERS=1 is set")
    if sys.version_info >= (3, 12):
        pytest.skip("tornado 4 and thriftrw build on Python 3.11 and nothing newer")
    assert pytestconfig.cache is not None
    home = pytestconfig.cache.mkdir("tchannel-python")
    python = home / "bin" / "python"
    ready = home / "ready"
    if not ready.exists():
        venv.create(home, with_pip=True, clear=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--no-deps", "tchannel==2.1.0"], check=True)
        subprocess.run([*pip, *NEEDS], check=True)
        ready.touch()
    return str(python)


@pytest.fixture
async def port(peer_python: str) -> AsyncIterator[str]:
    """The port of a server made with the package."""
    process = await asyncio.create_subprocess_exec(
        peer_python, str(PROGRAM), "serve", str(IDL), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdin is not None
    line = await asyncio.wait_for(process.stdout.readline(), 60)
    assert line, "the peer did not start"
    yield line.decode().strip()
    process.stdin.close()
    await process.wait()


def binary(value: bytes, field: int) -> bytes:
    """A Thrift struct with that one field."""
    return b"\x0b" + field.to_bytes(2, "big") + len(value).to_bytes(4, "big") + value + b"\0"


@pytest.mark.parametrize("checksum", [0, 1, 3], ids=["none", "crc32", "crc32c"])  # it has no farmhash
async def test_as_our_server(port: str, checksum: int) -> None:
    channel = Channel([f"127.0.0.1:{port}"], service="peer", checksum=checksum)
    sizes = SIZES if checksum < 2 else [0, 1, 65_400, 200_000]
    for size in sizes:
        answer = await channel.call("Peer::echo", {"key": "value"}, binary(b"\1" * size, 1), timeout=30)
        assert answer == CallResponse(True, {"key": "value"}, binary(b"\1" * size, 0))
    bodies = [binary(b"%d" % number * 1000, 1) for number in range(50)]
    answers = await asyncio.gather(*(channel.call("Peer::echo", {}, body, timeout=30) for body in bodies))
    assert [answer.body[7:] for answer in answers] == [body[7:] for body in bodies]
    assert channel.statistics().connects == 1
    await channel.close()


async def test_as_our_server_that_refuses(port: str) -> None:
    channel = Channel([f"127.0.0.1:{port}"], service="peer")
    answer = await channel.call("Peer::echo", {}, binary(b"refuse me", 1), timeout=30)
    assert not answer.ok
    assert "refused: é".encode() in answer.body
    with pytest.raises(errors.UnexpectedError, match="a bug of the peer"):
        await channel.call("Peer::fail", {}, b"\0", timeout=30)
    with pytest.raises(errors.BadRequestFrameError):
        await channel.call("Peer::missing", {}, b"\0", timeout=30)
    with pytest.raises(errors.CallTimeoutError):
        await channel.call("Peer::sleep", {}, b"\0", timeout=0.3)
    assert (await channel.call("Peer::echo", {}, binary(b"fine", 1), timeout=30)).ok
    assert channel.statistics().connects == 1
    await channel.close()


async def test_as_our_client(peer_python: str) -> None:
    callers = set()

    async def handler(call: IncomingCall) -> CallResponse:
        callers.add((call.service, call.caller))
        match call.endpoint:
            case "Peer::echo":
                if b"refuse me" in call.body:
                    return CallResponse(False, {}, b"\x0c\0\1" + binary("refused: é".encode(), 1) + b"\0")
                return CallResponse(True, call.headers, b"\x0b\0\0" + call.body[3:])
            case "Peer::fail":
                raise ValueError("a bug of ours")
            case "Peer::busy":
                raise errors.BusyError("too much to do")
            case "Peer::sleep":
                await asyncio.Event().wait()
        raise errors.BadRequestFrameError("no such procedure")

    listener = await Listener.start(handler)
    process = await asyncio.create_subprocess_exec(
        peer_python, str(PROGRAM), "call", str(IDL), str(listener.address[1]), json.dumps(SIZES), stdout=subprocess.PIPE
    )
    output, _ = await process.communicate()
    await listener.close(0.1)
    seen = json.loads(output)
    assert [size for size in SIZES if not seen[f"size {size}"]] == []
    assert seen["at once"]
    assert seen["refused"] == "refused: é"
    assert seen["fail"] == ["UnexpectedError", "ValueError: a bug of ours"]
    assert seen["missing"] == ["BadRequestError", "no such procedure"]
    assert seen["busy"] == ["BusyError", "too much to do"]
    assert seen["sleep"] == "timeout"
    assert callers == {("peer", "python-peer")}
    assert listener.statistics().protocol_errors == 0
