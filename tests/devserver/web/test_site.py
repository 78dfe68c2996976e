"""What the page is told and can do, over real sockets."""

from __future__ import annotations

import asyncio
import json
import socket
from typing import Any

import aiohttp
import pytest

from cadence.devserver import DevServer, DevServerOptions
from cadence.exceptions import ConfigurationError

HOSTILE = "<script>alert('x')</script>\"&/../%2e #?"


async def test_a_run_is_listed_found_and_paged(page: Any, peer: Any) -> None:
    for number in range(60):
        await peer.start(f"w-{number}")
    first = await page.read("runs", domain="shop")
    assert (len(first["runs"]), first["runs"][0]["workflow"]) == (50, "w-59")
    second = await page.read("runs", domain="shop", token=first["next"])
    assert [row["workflow"] for row in second["runs"]] == [f"w-{number}" for number in range(9, -1, -1)]
    assert second["next"] is None
    found = await page.read("runs", domain="shop", query="WorkflowID = 'w-7' AND CloseTime = missing")
    assert [(row["workflow"], row["status"], row["length"]) for row in found["runs"]] == [("w-7", "running", 2)]


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("runs?domain=shop&query=nonsense", 400, "nonsense"),
        ("runs?domain=shop&token=%21%21", 400, "Token"),
        ("runs?domain=nowhere", 404, "nowhere"),
        ("live/runs?domain=nowhere", 404, "nowhere"),
        ("live/runs?domain=shop&query=nonsense", 400, "nonsense"),
        ("run?domain=shop&workflow=none", 404, ""),
        ("run?domain=shop&workflow=none&run=x", 404, "none"),
        ("events?domain=shop&workflow=w&first=-1", 400, "-1"),
        ("events?domain=shop&workflow=w&first=9999999999999999999", 400, "999"),
        ("event?domain=shop&workflow=w&id=77", 404, "77"),
    ],
)
async def test_refusals_have_words(page: Any, peer: Any, path: str, status: int, words: str) -> None:
    await peer.start("w")
    async with page.session.get(f"http://{page.address}/api/{path}") as response:
        assert response.status == status
        assert words in (await response.json())["message"]
    assert (await page.read("domains"))["domains"] == ["shop"]


async def test_hostile_names_and_payloads_are_plain_data(page: Any, peer: Any) -> None:
    run = await peer.start(HOSTILE, input=b'{"a":"</script>"}')
    await peer.signal(run, HOSTILE, b"\xff\x00<b>")
    shown = await page.read("run", domain="shop", workflow=HOSTILE)
    assert shown["workflow"] == HOSTILE
    events = (await page.read("events", **run))["events"]
    signaled = dict(events[2]["fields"])
    assert signaled["signalName"] == HOSTILE
    assert (signaled["input"]["form"], signaled["input"]["text"]) == ("hex", "ff00 3c62 3e")
    async with page.session.get(f"http://{page.address}/api/run", params=run) as response:
        assert response.content_type == "application/json"


async def test_a_run_shows_what_it_waits_for_and_how_it_went(page: Any, peer: Any) -> None:
    run = await peer.start("w", input=b"[1]\n")
    await peer.decide(peer.activity("a"), peer.timer("t"))
    shown = await page.read("run", **run)
    assert dict(shown["activities"][0])["state"] == "SCHEDULED"
    assert shown["timers"][0]["id"] == "t"
    assert shown["resetTo"] == 4
    events = (await page.read("events", **run))["events"]
    assert [event["span"]["stage"] for event in events[1:4]] == ["open", "start", "close"]
    assert events[4]["summary"] == "charge a"
    await peer.signal(run, "s", b"1")
    await peer.decide(peer.complete(b'"done"'))
    shown = await page.read("run", **run)
    assert (shown["status"], shown["isOpen"], shown["activities"]) == ("completed", False, [])
    assert dict(shown["last"]["fields"])["result"]["text"] == '"done"'


async def test_long_histories_come_in_pages_and_long_payloads_cut(page: Any, peer: Any) -> None:
    run = await peer.start("w", input=b'"' + b"x" * 20_000 + b'"')
    for number in range(1_100):
        await peer.signal(run, f"s-{number}", b"[]")
    first = await page.read("events", **run)
    assert (len(first["events"]), first["total"]) == (1_000, 1_102)
    second = await page.read("events", **run, first="1001")
    assert [event["id"] for event in second["events"]] == list(range(1_001, 1_103))
    assert dict(first["events"][0]["fields"])["input"]["cut"] is True
    whole = dict((await page.read("event", **run, id="1"))["fields"])["input"]
    assert (whole["cut"], whole["size"]) == (False, 20_002)


async def test_actions(page: Any, peer: Any) -> None:
    run = await peer.start("w")
    assert await page.post("signal", {**run, "name": "s", "input": '{"a": 1}\n2'}) == (200, {})
    signaled = (await page.read("events", **run))["events"][-1]
    assert dict(signaled["fields"])["input"]["text"] == '{\n  "a": 1\n}\n2'
    assert dict(signaled["fields"])["identity"] == "dev-server-page"
    await peer.decide(peer.timer("t"))
    asking = asyncio.create_task(page.post("query", {**run, "name": "__stack_trace", "input": ""}))
    await peer.answer(await peer.poll(), b'"at line 3"')
    status, answer = await asking
    assert (status, answer["answer"]["text"]) == (200, '"at line 3"')
    assert await page.post("cancel", {**run, "reason": "enough"}) == (200, {})
    point = (await page.read("run", **run))["resetTo"]
    status, answer = await page.post("reset", {**run, "event": point, "reason": "again"})
    assert status == 200
    again = {**run, "run": answer["run"]}
    old = await page.read("run", **run)
    assert (old["status"], old["isCurrent"]) == ("terminated", False)
    assert await page.post("terminate", {**again, "reason": "over"}) == (200, {})
    assert (await page.read("run", **again))["status"] == "terminated"
    status, answer = await page.post("signal", {**again, "name": "s"})
    assert (status, answer["error"]) == (409, "WorkflowExecutionAlreadyCompletedError")


@pytest.mark.parametrize(
    ("action", "body"),
    [
        ("signal", []),
        ("signal", {"name": 1}),
        ("signal", {"name": ""}),
        ("signal", {"name": "\ud800"}),
        ("reset", {"event": "x"}),
        ("reset", {"event": True}),
        ("reset", {"event": 1}),
        ("query", {"name": ""}),
    ],
)
async def test_bad_actions_are_refused(page: Any, peer: Any, action: str, body: Any) -> None:
    run = await peer.start("w")
    status, answer = await page.post(action, {**run, **body} if isinstance(body, dict) else body)
    assert (status, bool(answer["message"])) == (400, True)


async def heard(response: aiohttp.ClientResponse) -> tuple[str, dict[str, Any]]:
    """Read the next message of a stream."""
    async with asyncio.timeout(10):
        name = (await response.content.readline()).decode().removeprefix("event: ").strip()
        data = json.loads((await response.content.readline()).decode().removeprefix("data: "))
        assert await response.content.readline() == b"\n"
    return name, data


async def test_changes_are_sent_as_they_come(page: Any, peer: Any) -> None:
    address = f"http://{page.address}/api/live"
    async with page.session.get(f"{address}/runs", params={"domain": "shop"}) as rows:
        assert rows.content_type == "text/event-stream"
        assert (await heard(rows))[1]["runs"] == []
        run = await peer.start("w")
        assert [row["workflow"] for row in (await heard(rows))[1]["runs"]] == ["w"]
        async with page.session.get(f"{address}/run", params=run) as one:
            assert (await heard(one))[1]["length"] == 2
            await peer.signal(run, "s", b"1")
            assert (await heard(one))[1]["length"] == 3
            await page.post("terminate", {**run, "reason": "over"})
            assert (await heard(one))[1]["status"] == "terminated"


async def test_streams_are_bounded_and_end_with_the_server(server: DevServer, page: Any) -> None:
    address = f"http://{page.address}/api/live/runs?domain=shop"
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        streams = [await session.get(address) for _ in range(64)]
        for stream in streams:
            await heard(stream)
        async with session.get(address) as refused:
            assert refused.status == 503
        async with asyncio.timeout(5):
            await server.close()


async def test_a_taken_port_is_said_or_passed_by() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ConfigurationError, match=str(port)):
            await DevServer(DevServerOptions(web_port=port)).start()
        async with DevServer(DevServerOptions(web_port=port, web_port_or_next=True)) as server:
            assert server.web_address.rpartition(":")[2] != str(port)


async def test_without_a_page_aiohttp_is_not_loaded() -> None:
    import sys

    code = (
        "import asyncio, sys\nfrom cadence.devserver import DevServer\n"
        "async def main():\n async with DevServer() as s:\n  assert s.web_address == ''\n"
        "asyncio.run(main())\nassert 'aiohttp' not in sys.modules"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code)
    assert await process.wait() == 0
