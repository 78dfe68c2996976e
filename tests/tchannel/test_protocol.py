"""One side of a connection, without sockets: its table of states, and what a real frontend was seen to do."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from cadence.tchannel import messages
from cadence.tchannel.checksums import checksum
from cadence.tchannel.errors import BadRequestFrameError, FatalProtocolError
from cadence.tchannel.frames import CONNECTION_ID, FrameBuffer, FrameType, pack_frame
from cadence.tchannel.protocol import (
    MAX_ANSWERS_QUEUED,
    MAX_ASSEMBLIES,
    MAX_MESSAGE_SIZE,
    TRANSITIONS,
    CallReceived,
    CancelReceived,
    ErrorReceived,
    PongReceived,
    Protocol,
    ResponseReceived,
    Side,
    State,
    Trigger,
)

HEAD = messages.pack_call_head("service", {"as": "thrift", "cn": "me"})
RESPONSE_HEAD = messages.pack_response_head({"as": "thrift"})
INIT = messages.pack_init(messages.init_headers())
TTL = (1000).to_bytes(4, "big")


def opened(side: Side = Side.SERVER, limit: int = MAX_MESSAGE_SIZE) -> Protocol:
    """A protocol whose connection is open, with nothing left to read or write."""
    protocol = Protocol(side, max_message_size=limit)
    if side is Side.CLIENT:
        protocol.send_init()
        protocol.receive_data(pack_frame(FrameType.INIT_RESPONSE, 1, INIT))
    else:
        protocol.receive_data(pack_frame(FrameType.INIT_REQUEST, 1, INIT))
    assert protocol.state is State.OPEN
    protocol.events_received()
    protocol.data_to_send()
    return protocol


def call_frame(
    call_id: int, kind: int, chunks: list[bytes], *, flags: int = 0, ttl: bytes = TTL, seed: int = 0
) -> bytes:
    return pack_frame(FrameType.CALL_REQUEST, call_id, bytes((flags,)) + ttl + HEAD + args(kind, chunks, seed))


def next_frame(call_id: int, kind: int, chunks: list[bytes], *, flags: int = 0, seed: int = 0) -> bytes:
    return pack_frame(FrameType.CALL_REQUEST_CONTINUE, call_id, bytes((flags,)) + args(kind, chunks, seed))


def args(kind: int, chunks: list[bytes], seed: int = 0) -> bytes:
    total = checksum(kind, b"".join(chunks), seed).to_bytes(4, "big") if kind else b""
    return bytes((kind,)) + total + b"".join(len(chunk).to_bytes(2, "big") + chunk for chunk in chunks)


def sent(protocol: Protocol) -> list[tuple[int, int, bytes]]:
    return FrameBuffer().feed(protocol.data_to_send())


def the_error(protocol: Protocol) -> tuple[int, int, str]:
    """Id, code and words of the one error frame that the protocol has sent."""
    [(kind, frame_id, payload)] = sent(protocol)
    assert kind == FrameType.ERROR
    return (frame_id, *messages.parse_error(payload))


# --- the table ---


@pytest.mark.parametrize(("state", "trigger"), list(itertools.product(State, Trigger)), ids=lambda value: value.name)
def test_the_table_says_what_moves(state: State, trigger: Trigger) -> None:
    protocol = Protocol(Side.CLIENT)
    protocol.state = state
    target = TRANSITIONS[state].get(trigger)
    if target is None:
        with pytest.raises(FatalProtocolError, match=state.value):
            protocol.advance(trigger)
        assert protocol.state is state
    else:
        protocol.advance(trigger)
        assert protocol.state is target


def test_every_state_has_a_row_and_can_be_reached() -> None:
    assert set(TRANSITIONS) == set(State)
    assert {target for row in TRANSITIONS.values() for target in row.values()} | {State.NEW} == set(State)
    assert set(TRANSITIONS[State.CLOSED].values()) == {State.CLOSED}


class TwoSides(RuleBasedStateMachine):
    """A client and a server under any order of calls, answers, pings, cancels and deliveries in pieces."""

    def __init__(self) -> None:
        super().__init__()
        self.client, self.server = Protocol(Side.CLIENT), Protocol(Side.SERVER)
        self.client.send_init()
        self.to_server = self.to_client = b""
        self.calls: dict[int, bytes] = {}
        self.in_work: dict[int, tuple[bytes, int]] = {}
        self.next_id = 1
        self.pings = 0

    @rule(size=st.sampled_from([0, 1, 100, 65_440, 65_519, 140_000]), kind=st.sampled_from([0, 1]))
    def call(self, size: int, kind: int) -> None:
        if self.client.state is not State.OPEN:
            with pytest.raises(FatalProtocolError, match="no message can be sent"):
                self.client.send_call(self.next_id, 1000, HEAD, (b"e", b"", b""))
            return
        body = self.next_id.to_bytes(4, "big") + bytes(size)
        self.client.send_call(self.next_id, 1000, HEAD, (b"endpoint", b"\0\0", body), kind)
        self.calls[self.next_id] = body
        self.next_id += 1

    @rule()
    def ping(self) -> None:
        if self.client.state is State.OPEN:
            self.client.send_ping(self.next_id)
            self.pings += 1
            self.next_id += 1

    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        if self.calls:
            self.client.send_cancel(data.draw(st.sampled_from(sorted(self.calls))), "no more")

    @rule(data=st.data())
    def answer(self, data: st.DataObject) -> None:
        if self.in_work:
            call_id = data.draw(st.sampled_from(sorted(self.in_work)))
            body, kind = self.in_work.pop(call_id)
            if data.draw(st.booleans()):
                self.server.send_response(call_id, 0, RESPONSE_HEAD, (b"", b"\0\0", body), kind)
            else:
                self.server.send_error(call_id, 0x03, "busy")
                self.calls[call_id] = b""

    @rule(part=st.integers(1, 100_000))
    def deliver_to_server(self, part: int) -> None:
        self.to_server += self.client.data_to_send()
        self.server.receive_data(self.to_server[:part])
        self.to_server = self.to_server[part:]
        for event in self.server.events_received():
            if isinstance(event, CallReceived):
                assert event.arg3 == self.calls[event.id]
                self.in_work[event.id] = (event.arg3, event.checksum)

    @rule(part=st.integers(1, 100_000))
    def deliver_to_client(self, part: int) -> None:
        self.to_client += self.server.data_to_send()
        self.client.receive_data(self.to_client[:part])
        self.to_client = self.to_client[part:]
        for event in self.client.events_received():
            if isinstance(event, ResponseReceived):
                assert event.arg3 == self.calls.pop(event.id)
            elif isinstance(event, ErrorReceived):
                assert (event.code, self.calls.pop(event.id)) == (0x03, b"")
            elif isinstance(event, PongReceived):
                self.pings -= 1
                assert self.pings >= 0

    @invariant()
    def nobody_breaks_the_protocol(self) -> None:
        assert self.client.error is None
        assert self.server.error is None


TestTwoSides = TwoSides.TestCase
TestTwoSides.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)


# --- seen on a real frontend ---


@pytest.mark.parametrize("kind", [0, 1, 2, 3])
def test_seen_all_checksums_are_served(kind: int) -> None:
    server = opened()
    server.receive_data(call_frame(5, kind, [b"e", b"", b"body"]))
    [call] = server.events_received()
    assert isinstance(call, CallReceived)
    assert (call.checksum, call.arg3, call.service, call.headers["cn"]) == (kind, b"body", "service", "me")


def test_seen_a_sum_not_seeded_with_the_previous_frames() -> None:
    server = opened()
    server.receive_data(call_frame(5, 1, [b"e", b"", b"bo"], flags=1) + next_frame(5, 1, [b"dy"], seed=0))
    assert the_error(server) == (5, 0x05, "different checksums between peer and local")
    assert server.state is State.OPEN
    assert server.events_received() == []


def test_seen_a_wrong_sum_in_one_frame_is_not_answered() -> None:
    server = opened()
    server.receive_data(call_frame(5, 1, [b"e", b"", b"body"], seed=7))
    assert server.events_received() == []
    assert server.data_to_send() == b""
    assert server.state is State.OPEN


def test_a_wrong_sum_in_an_answer_fails_the_call() -> None:
    client = opened(Side.CLIENT)
    front = b"\1\0" + RESPONSE_HEAD
    first = args(1, [b"", b"\0\0", b"bo"])
    client.receive_data(pack_frame(FrameType.CALL_RESPONSE, 5, front + first))
    client.receive_data(pack_frame(FrameType.CALL_RESPONSE_CONTINUE, 5, b"\0" + args(1, [b"dy"], seed=99)))
    [event] = client.events_received()
    assert isinstance(event, ErrorReceived)
    assert (event.id, event.code) == (5, 0x05)


@pytest.mark.parametrize(
    ("first", "second"),
    [([b"e", b"h", b""], [b"body"]), ([b"e", b"h", b"body"], [b""]), ([b"e", b"h"], [b"", b"body"])],
    ids=["empty chunk of arg3", "empty last frame", "arg2 ends with its frame"],
)
def test_seen_args_at_the_border_of_frames(first: list[bytes], second: list[bytes]) -> None:
    # The last of the three is what Go refuses; the protocol allows it, and we read it.
    server = opened()
    server.receive_data(call_frame(5, 0, first, flags=1) + next_frame(5, 0, second))
    [call] = server.events_received()
    assert isinstance(call, CallReceived)
    assert (call.arg1, call.arg2, call.arg3) == (b"e", b"h", b"body")


@pytest.mark.parametrize("known", [True, False])
def test_seen_a_continue_frame_without_a_chunk_is_a_breach(known: bool) -> None:
    server = opened()
    if known:
        server.receive_data(call_frame(5, 0, [b"e", b"", b""], flags=1))
    server.receive_data(pack_frame(FrameType.CALL_REQUEST_CONTINUE, 5, b"\0\0"))
    assert the_error(server) == (5, 0xFF, "a call frame without a chunk")
    assert server.close_expected


def test_seen_a_call_before_init() -> None:
    server = Protocol(Side.SERVER)
    server.receive_data(call_frame(5, 0, [b"e", b"", b""]))
    assert the_error(server)[1] == 0xFF
    assert server.close_expected
    assert server.events_received() == []


def test_seen_a_client_of_version_three_is_answered_with_two() -> None:
    server = Protocol(Side.SERVER)
    server.receive_data(pack_frame(FrameType.INIT_REQUEST, 9, messages.pack_init(messages.init_headers(), 3)))
    [(kind, frame_id, payload)] = sent(server)
    assert (kind, frame_id, messages.parse_init(payload)[0]) == (FrameType.INIT_RESPONSE, 9, 2)
    assert server.state is State.OPEN


def test_a_server_of_another_version_is_refused() -> None:
    client = Protocol(Side.CLIENT)
    client.send_init()
    client.data_to_send()
    client.receive_data(pack_frame(FrameType.INIT_RESPONSE, 1, messages.pack_init(messages.init_headers(), 3)))
    assert the_error(client)[1] == 0xFF
    assert "version 3" in str(client.error)


def test_a_server_that_refuses_the_connection_says_why() -> None:
    client = Protocol(Side.CLIENT)
    client.send_init()
    client.receive_data(pack_frame(FrameType.ERROR, CONNECTION_ID, messages.pack_error(0x03, "come back later")))
    assert client.close_expected
    assert "come back later" in str(client.error)


def test_seen_a_ttl_of_zero_has_passed() -> None:
    server = opened()
    server.receive_data(call_frame(5, 0, [b"e", b"", b""], ttl=bytes(4)))
    assert the_error(server)[:2] == (5, 0x01)
    assert server.events_received() == []


def test_seen_two_calls_with_one_id() -> None:
    server = opened()
    server.receive_data(call_frame(5, 0, [b"e", b"", b"1"]) + call_frame(5, 0, [b"e", b"", b"2"]))
    assert [event.arg3 for event in server.events_received() if isinstance(event, CallReceived)] == [b"1", b"2"]


def test_seen_cancels_of_unknown_ids_and_unknown_types_are_ignored() -> None:
    server = opened()
    server.receive_data(pack_frame(FrameType.CANCEL, 77, messages.pack_cancel("why")) + pack_frame(0x42, 5, b"???"))
    server.receive_data(pack_frame(FrameType.CLAIM, 77, bytes(29)))
    assert server.events_received() == [CancelReceived(77, "why")]
    assert server.data_to_send() == b""
    assert server.state is State.OPEN


# --- bounds ---


def test_one_message_has_a_limit() -> None:
    server = opened(limit=1000)
    server.receive_data(call_frame(5, 0, [b"e", b"", bytes(600)], flags=1) + next_frame(5, 0, [bytes(600)], flags=1))
    assert the_error(server)[:2] == (5, 0xFF)


def test_unfinished_messages_have_a_limit_together() -> None:
    server = opened(limit=1000)
    for call_id in range(1, 4):
        server.receive_data(call_frame(call_id, 0, [b"e", b"", bytes(900)], flags=1))
    assert the_error(server) == (3, 0xFF, "unfinished messages of more than 2000 bytes together")


def test_unfinished_messages_are_counted() -> None:
    server = opened()
    for call_id in range(MAX_ASSEMBLIES + 1):
        server.receive_data(call_frame(call_id, 0, [b"e", b"", b""], flags=1))
    assert the_error(server)[1] == 0xFF


def _cancel(server: Protocol) -> None:
    server.receive_data(pack_frame(FrameType.CANCEL, 5, messages.pack_cancel("")))


def _finish(server: Protocol) -> None:
    server.receive_data(next_frame(5, 0, [b"end"]))


def _spoil(server: Protocol) -> None:
    server.receive_data(call_frame(5, 1, [b"e", b"", b"x"], flags=1) + next_frame(5, 1, [b"y"], seed=1))


@pytest.mark.parametrize("end", [_cancel, _finish, _spoil])
def test_what_an_unfinished_message_took_is_given_back(end: Callable[[Protocol], None]) -> None:
    server = opened(limit=1000)
    for _ in range(20):
        server.receive_data(call_frame(5, 0, [b"e", b"", bytes(900)], flags=1))
        end(server)
    assert server.state is State.OPEN


def test_a_new_message_takes_the_place_of_an_unfinished_one_of_its_id() -> None:
    server = opened(limit=1000)
    for _ in range(20):
        server.receive_data(call_frame(5, 0, [b"e", b"", bytes(900)], flags=1))
    server.receive_data(next_frame(5, 0, [b"end"]))
    [call] = server.events_received()
    assert isinstance(call, CallReceived)
    assert len(call.arg3) == 903


@pytest.mark.parametrize("side", Side)
def test_pings_are_answered_while_answers_are_read(side: Side) -> None:
    protocol = opened(side)
    for call_id in range(MAX_ANSWERS_QUEUED * 2):
        protocol.receive_data(pack_frame(FrameType.PING_REQUEST, call_id, b""))
    pongs = sent(protocol)
    assert len(pongs) == MAX_ANSWERS_QUEUED
    assert {kind for kind, _, _ in pongs} == {FrameType.PING_RESPONSE}
    protocol.receive_data(pack_frame(FrameType.PING_REQUEST, 1, b""))
    assert len(sent(protocol)) == 1


@pytest.mark.parametrize("args", [(b"e" * 20_000, b"", b""), (b"e", b"", bytes(MAX_MESSAGE_SIZE))], ids=["arg1", "all"])
def test_what_no_peer_would_take_is_not_sent(args: tuple[bytes, bytes, bytes]) -> None:
    client = opened(Side.CLIENT)
    with pytest.raises(BadRequestFrameError, match="allowed"):
        client.send_call(1, 1000, HEAD, args)
    assert client.data_to_send() == b""
    assert client.state is State.OPEN


# --- the end ---


def test_frames_before_a_breach_are_heard() -> None:
    server = opened()
    server.receive_data(call_frame(5, 0, [b"e", b"", b""]) + b"\0\1" + bytes(30))
    assert [type(event) for event in server.events_received()] == [CallReceived]
    assert the_error(server)[:2] == (CONNECTION_ID, 0xFF)


def test_nothing_is_heard_behind_the_end() -> None:
    client = opened(Side.CLIENT)
    over = pack_frame(FrameType.ERROR, CONNECTION_ID, messages.pack_error(0xFF, "over"))
    client.receive_data(over + pack_frame(FrameType.PING_REQUEST, 1, b""))
    client.receive_data(pack_frame(FrameType.PING_REQUEST, 2, b""))
    assert [type(event) for event in client.events_received()] == [ErrorReceived]
    assert client.data_to_send() == b""
    assert client.close_expected
    client.receive_eof()
    client.send_ping(1)
    client.send_cancel(1, "")
    client.send_error(1, 5, "")
    client.fail(FatalProtocolError("twice"))
    assert client.data_to_send() == b""


def test_a_draining_connection_still_answers() -> None:
    server = opened()
    server.advance(Trigger.DRAIN)
    server.send_response(1, 0, RESPONSE_HEAD, (b"", b"\0\0", b"body"), 0)
    assert len(sent(server)) == 1
