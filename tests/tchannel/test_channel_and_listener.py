"""Client and server over real sockets: calls, limits, deadlines, cancellation, lost and silent peers."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from cadence.exceptions import ConfigurationError
from cadence.tchannel import CallResponse, Channel, IncomingCall, Limits, Listener, errors
from cadence.tchannel.frames import FrameType, pack_frame
from cadence.tchannel.messages import init_headers, pack_init, parse_error

Handler = Callable[[IncomingCall], Awaitable[CallResponse]]


async def echo(call: IncomingCall) -> CallResponse:
    return CallResponse(True, call.headers, call.body)


@contextlib.asynccontextmanager
async def serving(handler: Handler = echo, **options: object) -> AsyncIterator[tuple[Listener, Channel]]:
    listener = await Listener.start(handler, **options)  # type: ignore[arg-type]
    channel = Channel([f"127.0.0.1:{listener.address[1]}"])
    try:
        yield listener, channel
    finally:
        await channel.close()
        await listener.close(0.1)


@pytest.mark.parametrize("checksum", [0, 1, 3])
@pytest.mark.parametrize("size", [0, 1, 65_400, 65_519, 200_000])
async def test_a_body_comes_back_whole(checksum: int, size: int) -> None:
    listener = await Listener.start(echo)
    channel = Channel([f"127.0.0.1:{listener.address[1]}"], checksum=checksum)
    answer = await channel.call("Service::echo", {"key": "value"}, bytes(size), timeout=10)
    assert answer == CallResponse(True, {"key": "value"}, bytes(size))
    await channel.close()
    await listener.close()


async def test_ten_megabytes() -> None:
    async with serving() as (_, channel):
        body = bytes(range(256)) * 40_000
        assert (await channel.call("Service::echo", {}, body, timeout=30)).body == body


async def test_the_handler_sees_who_calls_and_for_how_long() -> None:
    seen: list[IncomingCall] = []

    async def handler(call: IncomingCall) -> CallResponse:
        seen.append(call)
        return CallResponse(False, {}, b"no")

    async with serving(handler) as (_, channel):
        answer = await channel.call("Service::method", {}, b"", timeout=7)
        assert not answer.ok
        assert answer.body == b"no"
    call = seen[0]
    assert (call.endpoint, call.service, call.caller) == ("Service::method", "cadence-frontend", "cadence-client")
    assert 0 < call.deadline - asyncio.get_running_loop().time() <= 7


async def test_answers_find_their_calls_in_any_order() -> None:
    gates = {str(i): asyncio.Event() for i in range(20)}

    async def handler(call: IncomingCall) -> CallResponse:
        await gates[call.body.decode()].wait()
        return CallResponse(True, {}, call.body)

    async with serving(handler) as (_, channel):
        calls = [asyncio.create_task(channel.call("S::m", {}, name.encode(), timeout=10)) for name in gates]
        for name in reversed(gates):
            gates[name].set()
            await asyncio.sleep(0)
        assert [answer.body.decode() for answer in await asyncio.gather(*calls)] == list(gates)


@pytest.mark.parametrize(
    "cls", [errors.BusyError, errors.DeclinedError, errors.BadRequestFrameError, errors.UnhealthyError]
)
async def test_an_error_of_the_handler_arrives_as_its_class(cls: type[errors.TChannelError]) -> None:
    async def handler(call: IncomingCall) -> CallResponse:
        raise cls("not today")

    async with serving(handler) as (_, channel):
        with pytest.raises(cls, match="not today"):
            await channel.call("S::m", {}, b"", timeout=5)


async def test_a_bug_of_the_handler_costs_its_call_alone(caplog: pytest.LogCaptureFixture) -> None:
    async def handler(call: IncomingCall) -> CallResponse:
        if call.body:
            raise KeyError("oops")
        return CallResponse(True, {}, b"")

    async with serving(handler) as (_, channel):
        with pytest.raises(errors.UnexpectedError, match="oops"):
            await channel.call("S::m", {}, b"x", timeout=5)
        assert (await channel.call("S::m", {}, b"", timeout=5)).ok
    assert "the handler of S::m failed" in caplog.text


@pytest.mark.parametrize("how", ["deadline", "cancel", "disconnect"])
async def test_who_gives_up_stops_the_handler(how: str) -> None:
    started, stopped = asyncio.Event(), asyncio.Event()

    async def handler(call: IncomingCall) -> CallResponse:
        started.set()
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()
        raise AssertionError

    async with serving(handler) as (_, channel):
        task = asyncio.create_task(channel.call("S::m", {}, b"", timeout=0.2 if how == "deadline" else 30))
        await started.wait()
        if how == "cancel":
            task.cancel()
        elif how == "disconnect":
            await channel.close()
        expected = {"deadline": errors.CallTimeoutError, "cancel": asyncio.CancelledError}.get(
            how, errors.ConnectionLostError
        )
        with pytest.raises(expected):
            await task
        async with asyncio.timeout(5):
            await stopped.wait()


async def test_a_cancelled_call_leaves_the_connection_good() -> None:
    async with serving() as (_, channel):
        for turns in range(8):
            task = asyncio.create_task(channel.call("S::m", {}, bytes(100_000), timeout=5))
            for _ in range(turns):
                await asyncio.sleep(0)
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
            assert (await channel.call("S::m", {}, b"still here", timeout=5)).body == b"still here"
        assert channel.statistics().connects == 1


async def test_nobody_there_is_said_with_address_and_cure() -> None:
    listener = await Listener.start(echo)
    port = listener.address[1]
    await listener.close()
    channel = Channel([f"127.0.0.1:{port}", f"localhost:{port}"])
    with pytest.raises(errors.ConnectionFailedError, match=rf"127.0.0.1:{port}.*localhost:{port}.*cadence dev"):
        await channel.call("S::m", {}, b"", timeout=5)
    await channel.close()


@pytest.mark.parametrize("address", ["localhost", "localhost:", ":7933", "host:port", "host:70000"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(ConfigurationError, match="host:port"):
        Channel([address])


@pytest.mark.parametrize("checksum", [2, 4])
def test_a_checksum_that_is_not_written_is_refused(checksum: int) -> None:
    with pytest.raises(ConfigurationError, match="can't be written"):
        Channel(["localhost:1"], checksum=checksum)


async def test_the_next_host_takes_over() -> None:
    first, second = await Listener.start(echo), await Listener.start(echo)
    channel = Channel([f"127.0.0.1:{first.address[1]}", f"127.0.0.1:{second.address[1]}"])
    await channel.call("S::m", {}, b"", timeout=5)
    assert (first.accepted, second.accepted) == (1, 0)
    await first.close()
    assert (await channel.call("S::m", {}, b"again", timeout=5)).body == b"again"
    assert second.accepted == 1
    await channel.close()
    await second.close()


async def test_a_host_that_comes_back_is_found_again() -> None:
    listener = await Listener.start(echo)
    port = listener.address[1]
    channel = Channel([f"127.0.0.1:{port}"])
    await channel.call("S::m", {}, b"", timeout=5)
    await listener.close()
    with pytest.raises((errors.ConnectionFailedError, errors.ConnectionLostError)):
        await channel.call("S::m", {}, b"", timeout=5)
    listener = await Listener.start(echo, port=port)
    assert (await channel.call("S::m", {}, b"back", timeout=5)).body == b"back"
    await channel.close()
    await listener.close()


async def test_a_host_that_accepts_and_says_nothing_is_passed_over() -> None:
    gone = asyncio.Event()

    async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            await reader.read()
        writer.close()
        gone.set()

    server = await asyncio.start_server(mute, "127.0.0.1", 0)
    listener = await Listener.start(echo)
    hosts = [f"127.0.0.1:{server.sockets[0].getsockname()[1]}", f"127.0.0.1:{listener.address[1]}"]
    channel = Channel(hosts, connect_timeout=0.1)
    assert (await channel.call("S::m", {}, b"served", timeout=5)).body == b"served"
    assert channel.statistics().failed_connects == 1
    await gone.wait()
    await channel.close()
    await listener.close()
    server.close()
    await server.wait_closed()


async def test_a_silent_peer_is_found_and_its_calls_fail() -> None:
    gone = asyncio.Event()

    async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(16)
        writer.write(pack_frame(FrameType.INIT_RESPONSE, 1, pack_init(init_headers())))
        with contextlib.suppress(ConnectionError):
            while await reader.read(65536):
                pass
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
        gone.set()

    server = await asyncio.start_server(mute, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    channel = Channel([f"127.0.0.1:{port}"], silence=0.1)
    with pytest.raises(errors.ConnectionLostError, match="silent"):
        await channel.call("S::m", {}, b"", timeout=30)
    await channel.close()
    await gone.wait()
    server.close()
    await server.wait_closed()


async def _talk(port: int, data: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(data)
    async with asyncio.timeout(10):
        answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return answer


HELLO = pack_frame(FrameType.INIT_REQUEST, 1, pack_init(init_headers()))


@pytest.mark.parametrize(
    "data",
    [
        pack_frame(FrameType.CALL_REQUEST, 1, bytes(50)),
        b"\0\x05" + bytes(30),
        HELLO + pack_frame(FrameType.CALL_REQUEST_CONTINUE, 9, b"\0\0"),
        HELLO + pack_frame(FrameType.CALL_REQUEST, 9, b"\0"),
        HELLO + HELLO,
        pack_frame(FrameType.INIT_REQUEST, 1, b"\0\x02\0\0"),
    ],
    ids=["call before init", "size below header", "continue without chunk", "cut call", "second init", "no host_port"],
)
async def test_a_breach_ends_that_connection_alone_with_a_fatal_error(data: bytes) -> None:
    async with serving() as (listener, channel):
        await channel.call("S::m", {}, b"", timeout=5)
        answer = await _talk(listener.address[1], data)
        place, last = 0, (0, b"")
        while place < len(answer):
            size = int.from_bytes(answer[place : place + 2], "big")
            last = (answer[place + 2], answer[place + 16 : place + size])
            place += size
        assert last[0] == FrameType.ERROR
        assert parse_error(last[1])[0] == 0xFF
        assert (await channel.call("S::m", {}, b"fine", timeout=5)).body == b"fine"
        assert listener.statistics().protocol_errors == 1


async def test_too_many_connections_are_turned_away() -> None:
    async with serving(limits=Limits(connections=1)) as (listener, channel):
        await channel.call("S::m", {}, b"", timeout=5)
        with contextlib.suppress(ConnectionError):
            assert await _talk(listener.address[1], HELLO) == b""
        assert listener.statistics().refused == 1


async def test_calls_beyond_the_limit_are_told_that_the_server_is_busy() -> None:
    gate = asyncio.Event()

    async def handler(call: IncomingCall) -> CallResponse:
        await gate.wait()
        return CallResponse(True, {}, b"")

    async with serving(handler, limits=Limits(calls_per_connection=10)) as (listener, channel):
        calls = [asyncio.create_task(channel.call("S::m", {}, b"", timeout=30)) for _ in range(15)]
        done, _ = await asyncio.wait(calls, return_when=asyncio.FIRST_COMPLETED)
        with pytest.raises(errors.BusyError, match="10 calls"):
            await done.pop()
        assert listener.statistics().calls_in_work == 10
        gate.set()
        results = await asyncio.gather(*calls, return_exceptions=True)
        assert [type(result) for result in results] == [CallResponse] * 10 + [errors.BusyError] * 5


async def test_a_flood_of_bytes_is_read_as_fast_as_it_is_worked_on() -> None:
    most = 0
    gate, full = asyncio.Event(), asyncio.Event()

    async def handler(call: IncomingCall) -> CallResponse:
        nonlocal most
        most = max(most, listener.statistics().calls_in_work)
        if most >= 10:
            full.set()
        await gate.wait()
        return CallResponse(True, {}, b"")

    async with serving(handler, limits=Limits(bytes_per_connection=600_000)) as (listener, channel):
        calls = [asyncio.create_task(channel.call("S::m", {}, bytes(60_000), timeout=30)) for _ in range(200)]
        await full.wait()
        gate.set()
        await asyncio.gather(*calls)
        # One read may bring a few calls more than the limit, never the whole flood.
        assert most < 30


async def test_closing_answers_what_was_accepted() -> None:
    started = asyncio.Event()
    gate = asyncio.Event()

    async def handler(call: IncomingCall) -> CallResponse:
        started.set()
        await gate.wait()
        return CallResponse(True, {}, b"done")

    listener = await Listener.start(handler)
    channel = Channel([f"127.0.0.1:{listener.address[1]}"])
    call = asyncio.create_task(channel.call("S::m", {}, b"", timeout=10))
    await started.wait()
    closing = asyncio.create_task(listener.close(10))
    await asyncio.sleep(0)
    gate.set()
    assert (await call).body == b"done"
    await closing
    await channel.close()


async def test_new_calls_are_declined_while_the_server_closes() -> None:
    started, gate = asyncio.Event(), asyncio.Event()

    async def handler(call: IncomingCall) -> CallResponse:
        started.set()
        await gate.wait()
        return CallResponse(True, {}, b"done")

    listener = await Listener.start(handler)
    channel = Channel([f"127.0.0.1:{listener.address[1]}"])
    call = asyncio.create_task(channel.call("S::m", {}, b"", timeout=10))
    await started.wait()
    closing = asyncio.create_task(listener.close(10))
    with pytest.raises(errors.DeclinedError, match="shutting down"):
        await channel.call("S::m", {}, b"", timeout=10)
    gate.set()
    assert (await call).body == b"done"
    await closing
    await channel.close()


async def test_a_twin_has_a_connection_of_its_own() -> None:
    async with serving() as (listener, channel):
        twin = channel.twin()
        await channel.call("S::m", {}, b"", timeout=5)
        await twin.call("S::m", {}, b"", timeout=5)
        assert listener.accepted == 2
        await channel.close()
        assert (await twin.call("S::m", {}, b"still", timeout=5)).body == b"still"
        await twin.close()


def test_no_host_at_all_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="no host"):
        Channel([])


async def test_an_answer_that_is_too_long_costs_its_call_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cadence.tchannel.protocol.MAX_MESSAGE_SIZE", 100_000)

    async def handler(call: IncomingCall) -> CallResponse:
        return CallResponse(True, {}, bytes(200_000) if call.body else b"fine")

    async with serving(handler) as (_, channel):
        with pytest.raises(errors.BadRequestFrameError, match="200002 bytes"):
            await channel.call("S::m", {}, b"x", timeout=5)
        assert (await channel.call("S::m", {}, b"", timeout=5)).body == b"fine"
        assert channel.statistics().connects == 1


@pytest.mark.parametrize("timeout", [float("inf"), 1e12])
async def test_a_timeout_longer_than_the_wire_can_say(timeout: float) -> None:
    async with serving() as (_, channel):
        await channel.connect()
        assert (await channel.call("S::m", {}, b"x", timeout=timeout)).body == b"x"


async def test_an_answer_on_its_way_is_taken_while_the_channel_closes() -> None:
    begun, gate = asyncio.Event(), asyncio.Event()

    async def handler(call: IncomingCall) -> CallResponse:
        begun.set()
        try:
            await gate.wait()
        except asyncio.CancelledError:
            if call.body == b"given":  # something that can't be taken back
                return CallResponse(True, {}, call.body)
            raise
        return CallResponse(True, {}, b"")

    async with serving(handler) as (listener, channel):
        given = asyncio.create_task(channel.call("S::m", {}, b"given", timeout=10))
        waiting = asyncio.create_task(channel.call("S::m", {}, b"waiting", timeout=10))
        await begun.wait()
        while listener.statistics().calls_in_work < 2:  # noqa: ASYNC110  # both live on this loop
            await asyncio.sleep(0)
        await channel.close(linger=10)
        assert (await given).body == b"given"
        with pytest.raises((errors.CallCancelledError, errors.ConnectionLostError)):
            await waiting
        with pytest.raises(errors.ConnectionFailedError):
            await channel.call("S::m", {}, b"", timeout=10)


async def test_a_peer_that_does_not_see_the_end_is_waited_for_no_longer_than_said() -> None:
    async def deaf(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(pack_frame(FrameType.INIT_RESPONSE, 1, pack_init(init_headers())))
        await over.wait()
        writer.close()

    over = asyncio.Event()
    server = await asyncio.start_server(deaf, "127.0.0.1", 0)
    channel = Channel([f"127.0.0.1:{server.sockets[0].getsockname()[1]}"])
    call = asyncio.create_task(channel.call("S::m", {}, b"", timeout=10))
    while channel.statistics().connection is None:  # noqa: ASYNC110  # it connects on this loop
        await asyncio.sleep(0.001)
    await channel.close(linger=0.05)
    with pytest.raises(errors.ConnectionLostError):
        await call
    over.set()
    server.close()
    await server.wait_closed()
