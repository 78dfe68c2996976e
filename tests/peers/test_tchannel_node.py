"""Our client and server against the npm package `tchannel`, in a process of its own.

CADENCE_TEST_TCHANNEL_NODE names a node_modules folder that has the package; or CADENCE_TEST_INSTALL_PEERS=1 allows to
install it in pytest's cache. Else, or without `node`, these tests are skipped.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cadence.tchannel import CallResponse, Channel, IncomingCall, Listener, errors

pytestmark = [pytest.mark.peer, pytest.mark.timeout(300)]

PROGRAMS = Path(__file__).with_name("programs")
PROGRAM, IDL = PROGRAMS / "tchannel_node.js", PROGRAMS / "peer.thrift"
# The package names `metrics` among its needs, for its own benchmarks alone: an empty one will do.
PACKAGE = {
    "private": True,
    "dependencies": {"tchannel": "4.0.1", "metrics": "file:./metrics"},
    "overrides": {"metrics": "file:./metrics"},
}
SIZES = [0, 1, 60_000, *range(65_300, 65_520, 7), 65_519, 200_000, 1_000_000]


@pytest.fixture(scope="module")
def environment(pytestconfig: pytest.Config) -> dict[str, str]:
    """An environment in which node finds the package."""
    if shutil.which("node") is None:
        pytest.skip("there is no node")
    named = os.environ.get("CADENCE_TEST_TCHANNEL_NODE")
    if named:
        return {**os.environ, "NODE_PATH": named}
    if os.environ.get("CADENCE_TEST_INSTALL_PEERS") != "1":
        pytest.skip("neither CADENCE_TEST_TCHANNEL_NODE nor CADENCE_TEST_INSTALL_PEERS=1 is set")
    assert pytestconfig.cache is not None
    home = pytestconfig.cache.mkdir("tchannel-node")
    ready = home / "ready"
    if not ready.exists():
        (home / "metrics").mkdir(exist_ok=True)
        (home / "metrics" / "package.json").write_text('{"name": "metrics", "version": "0.1.21"}', encoding="utf-8")
        (home / "package.json").write_text(json.dumps(PACKAGE), encoding="utf-8")
        npm = shutil.which("npm")
        if npm is None:
            pytest.skip("there is no npm")
        subprocess.run([npm, "install", "--no-audit", "--no-fund", "--silent"], cwd=home, check=True)
        ready.touch()
    return {**os.environ, "NODE_PATH": str(home / "node_modules")}


@pytest.fixture
async def port(environment: dict[str, str]) -> AsyncIterator[str]:
    """The port of a server made with the package."""
    process = await asyncio.create_subprocess_exec(
        "node", str(PROGRAM), "serve", str(IDL), stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
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


@pytest.mark.parametrize("checksum", [0, 1, 3], ids=["none", "crc32", "crc32c"])
async def test_as_our_server(port: str, checksum: int) -> None:
    channel = Channel([f"127.0.0.1:{port}"], service="peer", checksum=checksum)
    for size in SIZES if checksum < 2 else [0, 1, 65_400, 200_000]:
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
    with pytest.raises(errors.UnexpectedError):
        await channel.call("Peer::fail", {}, b"\0", timeout=30)
    with pytest.raises(errors.BadRequestFrameError):
        await channel.call("Peer::missing", {}, b"\0", timeout=30)
    with pytest.raises(errors.CallTimeoutError):
        await channel.call("Peer::sleep", {}, b"\0", timeout=0.3)
    assert (await channel.call("Peer::echo", {}, binary(b"fine", 1), timeout=30)).ok
    assert channel.statistics().connects == 1
    await channel.close()


async def test_it_answers_our_pings(port: str) -> None:
    channel = Channel([f"127.0.0.1:{port}"], service="peer", silence=0.3)
    with pytest.raises(errors.CallTimeoutError):
        await channel.call("Peer::sleep", {}, b"\0", timeout=2)
    assert channel.statistics().connects == 1
    await channel.close()


async def test_as_our_client(environment: dict[str, str]) -> None:
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
        "node", str(PROGRAM), "call", str(IDL), str(listener.address[1]), json.dumps(SIZES),
        stdout=subprocess.PIPE, env=environment,
    )  # fmt: skip
    output, _ = await process.communicate()
    await listener.close(0.1)
    seen = json.loads(output)
    sizes = {name: same for name, same in seen.items() if name.startswith("size")}
    assert len(sizes) == 4 * len(set(SIZES))
    assert [name for name, same in sizes.items() if not same] == []
    assert seen["at once"]
    assert seen["refused"] == "refused: é"
    assert seen["fail"] == ["UnexpectedError", "ValueError: a bug of ours"]
    assert seen["missing"] == ["BadRequest", "no such procedure"]
    assert seen["busy"] == ["Busy", "too much to do"]
    assert seen["sleep"] in {"tchannel.request.timeout", "tchannel.timeout"}
    assert callers == {("peer", "node-peer")}
    assert listener.statistics().protocol_errors == 0
