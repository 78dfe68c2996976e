"""Python and Go call each other: activities, children, starters, signals, queries, values of every kind, failures.

Run with CADENCE_TEST_INTEROP=1 where there is a Go toolchain.
"""

from __future__ import annotations

import asyncio
import base64
import socket
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from cadence import Client, DataConverter, Worker, activity, workflow
from cadence.converter import Convention, FailureConverter
from cadence.exceptions import WorkflowCanceledError, WorkflowFailedError
from cadence.testing import Replayer, WorkflowHistory

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

pytestmark = [pytest.mark.peer, pytest.mark.slow]


@pytest.fixture
async def peer(go_peer: Any, scene: Any, ours: Any, meeting: Any) -> AsyncIterator[Any]:
    failures = FailureConverter({"OutOfStock": ours.OutOfStockError, "WetBox": ours.WetBoxError})
    converter = DataConverter(convention=Convention.GO, failures=failures)
    async with meeting(go_peer, scene, ours, converter) as peer:
        yield peer


@pytest.fixture
def order(ours: Any) -> Any:
    return ours.Order(
        id="o-1",
        lines=[ours.Line("bolt", 4, 0.25), ours.Line("nüt", 2, 1.5)],
        note=None,
        gift=ours.Line("ribbon", 1, 0.0),
        tags={"to": "Zoë"},
        seal=b"\x00\xff\x80",
        patient=timedelta(minutes=1, microseconds=5),
        placed=datetime(2024, 2, 29, 12, 30, 15, 250000, tzinfo=UTC),
        big=(1 << 62) + 1,
    )


@pytest.fixture
def ask(scene: Any, ours: Any, peer: Any) -> Any:
    """Let our workflow try something with Go's activities and children; what is told is told by a replay, too."""

    async def asked(what: str, **fields: Any) -> Any:
        result_type = fields.pop("result_type", object)
        question = ours.Ask(what, peer.task_list, language="go", **fields)
        handle = await scene.start("PyCalls", question, result_type=result_type)
        result = await scene.result(handle)
        history = await WorkflowHistory.from_server(scene.client, handle.workflow_id, handle.run_id)
        Replayer([ours.PyCalls], converter=scene.client.converter).replay(history)
        return result

    return asked


@pytest.fixture
def go_asks(scene: Any, ours: Any, peer: Any) -> Any:
    """Let Go's workflow try something with our activities and children."""

    async def asked(what: str, **fields: Any) -> Any:
        return await scene.run("GoCalls", ours.Ask(what, scene.task_list, **fields), task_list=peer.task_list)

    return asked


async def test_our_workflow_calls_an_activity_with_structs(ask: Any, ours: Any, order: Any) -> None:
    receipt = await ask("order", order=order, result_type=ours.Receipt)
    assert receipt == ours.Receipt(4.0, order, "go")


async def test_our_workflow_calls_a_child_with_structs(ask: Any, ours: Any, order: Any) -> None:
    receipt = await ask("child", order=order, result_type=ours.Receipt)
    assert receipt == ours.Receipt(4.0, order, "go")


async def test_our_workflow_sends_nothing_lists_and_bytes(ask: Any) -> None:
    assert await ask("values") == [None, "text", 3 + (1 << 60), "ff0100", "a 2 [x y] true", None]


@pytest.mark.parametrize("with_child", [False, True], ids=["activity", "child"])
@pytest.mark.parametrize("kind", ["custom", "bare", "struct", "plain", "panic"])
async def test_our_workflow_gets_failures(ask: Any, ours: Any, kind: str, with_child: bool) -> None:
    if with_child and kind == "panic":
        pytest.skip("a panic of workflow code fails Go's decision task, not the workflow")
    outer, (name, reason, text, _) = await ask("failure", kind=kind, order=ours.Order(id="child" if with_child else ""))
    assert outer[0] == ("ChildWorkflowFailedError" if with_child else "ActivityFailedError")
    if kind in ("plain", "panic"):
        assert name == "ApplicationError"
        assert reason == ("cadenceInternal:Generic" if kind == "plain" else "cadenceInternal:Panic")
        assert text.startswith("while packing: the box is wet" if kind == "plain" else "the shelf fell down")
    else:
        assert name == "OutOfStockError"
        line = {"item": "bolt", "count": 3, "price": 0.5}
        known = {"custom": "3 bolt", "bare": "None None", "struct": f"None {line}"}[kind]
        assert text == f"{known} are missing"


async def test_our_workflow_hears_what_does_not_fit(ask: Any) -> None:
    (wrong,) = await ask("wrong")
    assert "unable to decode" in wrong[2]


async def test_our_workflow_sees_timeouts(ask: Any, order: Any) -> None:
    assert await ask("timeout", order=order) == [
        ["ActivityTimedOutError", "START_TO_CLOSE", "slow"],
        ["ChildWorkflowTimedOutError"],
    ]


async def test_our_workflow_cancels_an_activity(ask: Any) -> None:
    assert await ask("cancel") == ["CancelledError", ["stopped", 7]]


async def test_our_workflow_retries_and_leaves_off_retrying(ask: Any) -> None:
    done, hopeless, passing = await ask("retries")
    assert done == "page 7 in attempt 1"
    assert (hopeless[0], hopeless[1][0]) == (0, "OutOfStockError")
    assert passing[0] == 1, passing
    assert passing[1][1:] == ["passing", "passing: 1", [1]]


async def test_our_workflow_waits_for_an_activity_that_go_completes(scene: Any, ours: Any, peer: Any) -> None:
    question = ours.Ask("later", peer.task_list, language="go")
    handle = await scene.start("PyCalls", question)
    await scene.until(lambda: _pending(handle), "the activity runs")
    await peer.act("complete", handle.workflow_id, "later", "by Go")
    assert await scene.result(handle) == "by Go"


async def test_our_client_completes_an_activity_of_go(scene: Any, ours: Any, peer: Any) -> None:
    handle = await scene.start("PyCalls", ours.Ask("later", peer.task_list, language="go"))
    await scene.until(lambda: _pending(handle), "the activity runs")
    await scene.client.activity_completion(workflow_id=handle.workflow_id, activity_id="later").complete("by us")
    assert await scene.result(handle) == "by us"


async def test_our_workflow_follows_a_child_that_continues_as_new(ask: Any) -> None:
    assert await ask("again") == ["3", "2", "1"]


@pytest.mark.parametrize("kind", ["stop", "cancel"])
async def test_our_workflow_talks_with_a_child(ask: Any, order: Any, kind: str) -> None:
    told = await ask("talk", kind=kind, order=order)
    if kind == "stop":
        assert told == ["Line bolt 4", "Line nüt 2", "Line nut 5"]
    else:
        assert told[0] == "ChildWorkflowCanceledError"


async def test_context_travels_from_us_to_go(ask: Any, ours: Any) -> None:
    token = ours.TENANT.set("acme")
    try:
        assert await ask("tenants") == ["acme", "acme"]
    finally:
        ours.TENANT.reset(token)


async def test_our_client_runs_go_workflows(scene: Any, ours: Any, peer: Any, order: Any) -> None:
    handle = await scene.start("GoWaits", order, task_list=peer.task_list, result_type=list[ours.Line])
    await scene.until(lambda: _ran(scene, handle), "it runs")
    await handle.signal("add", ours.Line("nut", 5, 0.25))
    await scene.until(lambda: _has_three(handle, ours), "the signal arrives")
    assert await handle.query("lines", 4, result_type=list[ours.Line]) == [order.lines[0], ours.Line("nut", 5, 0.25)]
    with pytest.raises(Exception, match="no such thing"):
        await handle.query("broken")
    await handle.signal("stop")
    assert await scene.result(handle) == [*order.lines, ours.Line("nut", 5, 0.25)]


async def test_our_client_starts_a_go_workflow_with_a_signal(scene: Any, ours: Any, peer: Any, order: Any) -> None:
    handle = await scene.client.signal_with_start(
        "GoWaits",
        order,
        signal="add",
        signal_arguments=[ours.Line("nut", 5, 0.25)],
        workflow_id=scene.new_id(),
        task_list=peer.task_list,
        execution_start_to_close_timeout=timedelta(minutes=1),
        result_type=list[ours.Line],
    )
    await handle.signal("stop")
    assert {line.item for line in await scene.result(handle)} == {"bolt", "nüt", "nut"}


async def test_our_client_cancels_a_go_workflow(scene: Any, peer: Any, order: Any) -> None:
    handle = await scene.start("GoWaits", order, task_list=peer.task_list)
    await scene.until(lambda: _ran(scene, handle), "it runs")
    await handle.cancel()
    with pytest.raises(WorkflowCanceledError) as caught:
        await scene.result(handle)
    assert list(caught.value.details or ()) == ["put back", 2]


async def test_our_client_sees_why_a_go_workflow_failed(scene: Any, ours: Any, peer: Any) -> None:
    with pytest.raises(WorkflowFailedError) as caught:
        await scene.run("GoChildFails", "custom", task_list=peer.task_list)
    assert type(caught.value.__cause__) is ours.OutOfStockError
    assert caught.value.__cause__.args == ("bolt", 3)


async def test_our_client_reads_a_memo_of_go(scene: Any, peer: Any) -> None:
    assert (await peer.start("PyMemo", workflow_id=f"{scene.task_list}-memo"))["value"] == {
        "who": "go",
        "lines": [{"item": "nut", "count": 1, "price": 0}],
    }
    description = await scene.client.get_workflow_handle(f"{scene.task_list}-memo").describe()
    assert description.memo["who"] == "go"


async def test_go_calls_our_activity_with_structs(go_asks: Any, ours: Any, order: Any, peer: Any) -> None:
    finding = await go_asks("price", order=order)
    assert finding["kind"] == "value", finding
    assert DataConverter().decode_value(_line(finding["value"]), ours.Receipt) == ours.Receipt(4.0, order, "python")


async def test_go_calls_our_child_with_structs(go_asks: Any, ours: Any, order: Any) -> None:
    finding = await go_asks("child", order=order)
    assert finding["kind"] == "value", finding
    assert DataConverter().decode_value(_line(finding["value"]), ours.Receipt) == ours.Receipt(4.0, order, "python")


@pytest.mark.parametrize(
    ("what", "value"),
    [
        ("optional", None),
        ("reverse", base64.b64encode(b"\xff\x01\x00").decode()),
        ("several", "a 2 ['x', 'y'] None"),
        ("numbers", 3 + (1 << 60)),
        ("child again", ["3", "2", "1"]),
    ],
)
async def test_go_gets_values(go_asks: Any, what: str, value: object) -> None:
    finding = await go_asks(what)
    assert (finding["kind"], finding["message"]) == ("value", "")
    assert finding["value"] == value


@pytest.mark.parametrize("what", ["fail", "child fails"])
@pytest.mark.parametrize("kind", ["details", "bare", "own", "other"])
async def test_go_gets_our_failures_with_their_causes(go_asks: Any, what: str, kind: str) -> None:
    finding = await go_asks(what, kind=kind)
    assert finding["kind"] == "custom"
    assert finding["reason"] == ("ValueError" if kind == "other" else "OutOfStock")
    if kind == "details":
        assert finding["details"][:2] == ["bolt", 3]
    text = {"own": "3 bolt are missing", "other": "the shelf fell down"}.get(kind, "no bolts")
    assert [cause.partition(": ")[2] for cause in finding["causes"]] == [text, "the box is wet", "it rains"]


async def test_go_hears_what_does_not_fit(go_asks: Any) -> None:
    finding = await go_asks("wrong")
    assert (finding["kind"], finding["reason"]) == ("custom", "ConversionError")
    assert 'argument 1 ("order") of activity price' in finding["causes"][0]
    finding = await go_asks("unknown")
    assert (finding["kind"], finding["reason"]) == ("custom", "ActivityNotRegistered")


async def test_go_sees_our_timeouts(go_asks: Any, order: Any) -> None:
    finding = await go_asks("timeout")
    assert (finding["kind"], finding["reason"], finding["details"]) == ("timeout", "START_TO_CLOSE", ["slow"])
    finding = await go_asks("child times out", order=order)
    assert (finding["kind"], finding["reason"]) == ("timeout", "START_TO_CLOSE")


async def test_go_cancels_our_activity(go_asks: Any) -> None:
    finding = await go_asks("slow")
    assert (finding["kind"], finding["details"]) == ("canceled", ["stopped", 7])


async def test_go_retries_ours(go_asks: Any) -> None:
    assert (await go_asks("progress"))["value"] == "page 7 in attempt 1"
    assert (await go_asks("attempts", kind="OutOfStock"))["details"][0] == 0
    assert (await go_asks("attempts", kind="passing"))["details"][0] == 2


async def test_go_talks_with_our_child(go_asks: Any, order: Any) -> None:
    finding = await go_asks("child signalled", order=order)
    assert {line["item"] for line in finding["value"]} == {"bolt", "nüt", "nut"}  # the signal may come before the run
    finding = await go_asks("child cancelled", order=order)
    assert finding["kind"] == "canceled"


async def test_our_child_reads_the_memo_of_go(go_asks: Any, order: Any) -> None:
    finding = await go_asks("child memo", order=order)
    assert finding["value"]["who"] == "go"
    assert finding["value"]["order"]["lines"][1]["item"] == "nüt"


async def test_context_travels_from_go_to_us(go_asks: Any, peer: Any, scene: Any, ours: Any) -> None:
    assert (await peer.start("PyTenant", tenant="acme"))["value"] == "acme"
    token = ours.TENANT.set("acme")
    try:
        for what in ("tenant", "child tenant"):
            assert (await go_asks(what))["value"] == "acme"
    finally:
        ours.TENANT.reset(token)


async def test_go_starts_signals_and_queries_ours(peer: Any, scene: Any, ours: Any, order: Any) -> None:
    name = scene.new_id()
    started = asyncio.create_task(peer.start("PyWaits", order, workflow_id=name))
    handle = scene.client.get_workflow_handle(name)
    await scene.until(lambda: _exists(scene, handle), "it runs")
    await peer.act("signal", name, "add", ours.Line("nut", 5, 0.25))
    told = await peer.act("query", name, "lines", "4")
    assert [line["item"] for line in told["value"]] == ["bolt", "nut"]
    told = await peer.act("query", name, "broken")
    assert "no such thing" in told["message"]
    assert "wait_condition" in (await peer.act("query", name, "__stack_trace"))["value"]
    await peer.act("signal", name, "stop")
    assert [line["item"] for line in (await started)["value"]] == ["bolt", "nüt", "nut"]


async def test_go_cancels_our_workflow(peer: Any, scene: Any, order: Any) -> None:
    name = scene.new_id()
    started = asyncio.create_task(peer.start("PyWaits", order, workflow_id=name))
    handle = scene.client.get_workflow_handle(name)
    await scene.until(lambda: _exists(scene, handle), "it runs")
    await peer.act("cancel", name)
    told = await started
    assert (told["kind"], told["details"]) == ("canceled", ["put back", 2])


async def test_go_sees_why_our_workflow_failed(peer: Any) -> None:
    told = await peer.start("PyChildFails", "details")
    assert (told["kind"], told["reason"], told["details"][:2]) == ("custom", "OutOfStock", ["bolt", 3])


async def test_go_completes_our_activity_by_token(peer: Any, scene: Any) -> None:
    begun: asyncio.Queue[bytes] = asyncio.Queue()

    @activity.defn
    async def left_open() -> str:
        begun.put_nowait(activity.info().task_token)
        activity.raise_complete_async()

    @workflow.defn
    class Leaves:
        @workflow.run
        async def run(self) -> str:
            return await workflow.execute_activity(left_open, schedule_to_close_timeout=timedelta(seconds=30))

    other = f"{scene.task_list}-other"
    async with Worker(scene.client, other, workflows=[Leaves], activities=[left_open]):
        handle = await scene.start(Leaves.run, task_list=other)
        token = await begun.get()
        await peer.act("complete-token", base64.b64encode(token).decode(), "by Go")
        assert await scene.result(handle) == "by Go"


async def test_a_worker_of_go_holds_our_session(ask: Any) -> None:
    host, task_list, *polled = await ask("session", result_type=list[str])
    assert host == socket.gethostname()
    assert task_list.endswith(f"@{host}")
    assert polled == [task_list, task_list]


async def test_our_worker_holds_a_session_of_go(go_asks: Any) -> None:
    finding = await go_asks("session")
    assert finding["kind"] == "value", finding
    host, *polled = finding["value"]
    assert host == socket.gethostname()
    assert len(set(polled)) == 1
    assert polled[0].endswith(f"@{host}")


def _line(value: object) -> bytes:
    return DataConverter().encode_value(value) or b""


async def _pending(handle: Any) -> bool:
    description = await handle.describe()
    return any(pending.started_time is not None for pending in description.pending_activities)


async def _ran(scene: Any, handle: Any) -> bool:
    return "DecisionTaskCompleted" in await scene.kinds(handle)


async def _exists(scene: Any, handle: Any) -> bool:
    from cadence.errors import EntityNotExistsError

    try:
        return await _ran(scene, handle)
    except EntityNotExistsError:
        return False


async def _has_three(handle: Any, ours: Any) -> bool:
    return len(await handle.query("lines", 0, result_type=list[ours.Line])) == 3


@pytest.mark.parametrize("what", ["optional", "several", "numbers"])
async def test_a_worker_that_writes_otherwise_understands_go(scene: Any, ours: Any, peer: Any, what: str) -> None:
    frontend, other = scene.frontend, f"{scene.task_list}-other"
    converter = DataConverter(convention=Convention.JAVA)
    async with (
        Client.connect(frontend.address, domain=frontend.domain, converter=converter) as client,
        Worker(client, other, activities=ours.ACTIVITIES),
    ):
        finding = await scene.run("GoCalls", ours.Ask(what, other), task_list=peer.task_list)
    assert finding["kind"] == "value", finding
    assert finding["value"] == {"optional": None, "several": "a 2 ['x', 'y'] None", "numbers": 3 + (1 << 60)}[what]
