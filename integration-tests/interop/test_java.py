"""Python and Java call each other: activities, children, starters, signals, queries, values of every kind, failures.

Run with CADENCE_TEST_INTEROP=1 where there is a JDK with Maven.
"""

from __future__ import annotations

import asyncio
import base64
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from cadence import Client, DataConverter, Worker, activity, workflow
from cadence.converter import Convention, FailureConverter
from cadence.exceptions import ConversionError, WorkflowCanceledError, WorkflowFailedError
from cadence.testing import Replayer, WorkflowHistory

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

OUT_OF_STOCK = "interop.Values$OutOfStock"

pytestmark = [pytest.mark.peer, pytest.mark.slow]


@pytest.fixture
async def peer(java_peer: Any, scene: Any, ours: Any, meeting: Any) -> AsyncIterator[Any]:
    failures = FailureConverter(
        {
            OUT_OF_STOCK: ours.OutOfStockError,
            "java.io.IOException": OSError,
            "java.lang.ClassCastException": ConversionError,
        }
    )
    converter = DataConverter(convention=Convention.JAVA, failures=failures)
    async with meeting(java_peer, scene, ours, converter) as peer:
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
        big=(1 << 62) + 1,
    )


@pytest.fixture
def ask(scene: Any, ours: Any, peer: Any) -> Any:
    """Let our workflow try something with Java's activities and children; what is told is told by a replay, too."""

    async def asked(what: str, **fields: Any) -> Any:
        result_type = fields.pop("result_type", object)
        question = ours.Ask(what, peer.task_list, language="java", **fields)
        handle = await scene.start("PyCalls", question, result_type=result_type)
        result = await scene.result(handle)
        history = await WorkflowHistory.from_server(scene.client, handle.workflow_id, handle.run_id)
        Replayer([ours.PyCalls], converter=scene.client.converter).replay(history)
        return result

    return asked


@pytest.fixture
def java_asks(scene: Any, ours: Any, peer: Any) -> Any:
    """Let Java's workflow try something with our activities and children."""

    async def asked(what: str, **fields: Any) -> Any:
        return await scene.run("JavaCalls", ours.Ask(what, scene.task_list, **fields), task_list=peer.task_list)

    return asked


async def test_our_workflow_calls_an_activity_with_structs(ask: Any, ours: Any, order: Any) -> None:
    receipt = await ask("order", order=order, result_type=ours.Receipt)
    assert receipt == ours.Receipt(4.0, order, "java")


async def test_our_workflow_calls_a_child_with_structs(ask: Any, ours: Any, order: Any) -> None:
    receipt = await ask("child", order=order, result_type=ours.Receipt)
    assert receipt == ours.Receipt(4.0, order, "java")


async def test_our_workflow_sends_nothing_lists_and_bytes(ask: Any) -> None:
    assert await ask("values") == [None, "text", 3 + (1 << 60), "ff0100", "a 2 [x, y] true", None]


@pytest.mark.parametrize("with_child", [False, True], ids=["activity", "child"])
@pytest.mark.parametrize("kind", ["custom", "plain"])
async def test_our_workflow_gets_failures_with_their_causes(ask: Any, ours: Any, kind: str, with_child: bool) -> None:
    told = await ask("failure", kind=kind, order=ours.Order(id="child" if with_child else ""))
    outer, error, cause, root = told
    assert outer[0] == ("ChildWorkflowFailedError" if with_child else "ActivityFailedError")
    if kind == "custom":
        assert error[:3] == ["OutOfStockError", "", "3 bolt are missing"]
    else:
        assert error[:3] == ["ApplicationError", "java.lang.IllegalArgumentException", "the shelf fell down"]
    assert cause[:3] == ["ApplicationError", "java.lang.IllegalStateException", "the box is wet"]
    assert root[::2] == ["OSError", "it rains"]


async def test_our_workflow_hears_what_does_not_fit(ask: Any) -> None:
    wrong, unknown = await ask("wrong")
    assert wrong[0] == "ApplicationError"
    assert "javaHasNoSuchActivity" in unknown[2]


async def test_our_workflow_sees_timeouts(ask: Any, order: Any) -> None:
    assert await ask("timeout", order=order) == [
        ["ActivityTimedOutError", "START_TO_CLOSE", "slow"],
        ["ChildWorkflowTimedOutError"],
    ]


async def test_our_workflow_cancels_an_activity(ask: Any) -> None:
    assert await ask("cancel") == ["CancelledError"]  # Java sends no details


async def test_our_workflow_retries_and_leaves_off_retrying(ask: Any) -> None:
    done, hopeless, passing = await ask("retries")
    assert done == "page 7 in attempt 1"
    assert (hopeless[0], hopeless[1][0]) == (0, "OSError")
    assert passing[0] == 1, passing
    assert passing[1][:3] == ["ApplicationError", "java.lang.IllegalStateException", "attempt 1"]


async def test_our_workflow_waits_for_an_activity_that_java_completes(
    ask: Any, scene: Any, ours: Any, peer: Any
) -> None:
    question = ours.Ask("later", peer.task_list, language="java")
    handle = await scene.start("PyCalls", question)
    await scene.until(lambda: _pending(handle), "the activity runs")
    await peer.act("complete", handle.workflow_id, "later", "by Java")
    assert await scene.result(handle) == "by Java"


async def test_our_client_completes_an_activity_of_java(scene: Any, ours: Any, peer: Any) -> None:
    handle = await scene.start("PyCalls", ours.Ask("later", peer.task_list, language="java"))
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


async def test_context_travels_from_us_to_java(ask: Any, ours: Any) -> None:
    token = ours.TENANT.set("acme")
    try:
        assert await ask("tenants") == ["acme", "acme"]
    finally:
        ours.TENANT.reset(token)


async def test_our_client_runs_java_workflows(scene: Any, ours: Any, peer: Any, order: Any) -> None:
    handle = await scene.start("JavaWaits", order, task_list=peer.task_list, result_type=list[ours.Line])
    await scene.until(lambda: _ran(scene, handle), "it runs")
    await handle.signal("add", ours.Line("nut", 5, 0.25))
    await scene.until(lambda: _has_three(handle, ours), "the signal arrives")
    assert await handle.query("lines", 4, result_type=list[ours.Line]) == [order.lines[0], ours.Line("nut", 5, 0.25)]
    with pytest.raises(Exception, match="no such thing"):
        await handle.query("broken")
    await handle.signal("stop")
    assert await scene.result(handle) == [*order.lines, ours.Line("nut", 5, 0.25)]


async def test_our_client_starts_a_java_workflow_with_a_signal(scene: Any, ours: Any, peer: Any, order: Any) -> None:
    handle = await scene.client.signal_with_start(
        "JavaWaits",
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


async def test_our_client_cancels_a_java_workflow(scene: Any, peer: Any, order: Any) -> None:
    handle = await scene.start("JavaWaits", order, task_list=peer.task_list)
    await scene.until(lambda: _ran(scene, handle), "it runs")
    await handle.cancel()
    with pytest.raises(WorkflowCanceledError):
        await scene.result(handle)


async def test_our_client_sees_why_a_java_workflow_failed(scene: Any, ours: Any, peer: Any) -> None:
    with pytest.raises(WorkflowFailedError) as caught:
        await scene.run("JavaChildFails", "custom", task_list=peer.task_list)
    assert type(caught.value.__cause__) is ours.OutOfStockError
    assert (caught.value.__cause__.item, caught.value.__cause__.count) == ("bolt", 3)


async def test_our_client_reads_a_memo_of_java(scene: Any, peer: Any) -> None:
    assert (await peer.start("PyMemo", workflow_id=f"{scene.task_list}-memo"))["value"] == {"who": "java"}
    description = await scene.client.get_workflow_handle(f"{scene.task_list}-memo").describe()
    assert description.memo["who"] == "java"


async def test_java_calls_our_activity_with_structs(java_asks: Any, ours: Any, order: Any, peer: Any) -> None:
    finding = await java_asks("price", order=order)
    assert finding["kind"] == "value", finding
    assert _read(finding, ours.Receipt) == ours.Receipt(4.0, order, "python")


async def test_java_calls_our_child_with_structs(java_asks: Any, ours: Any, order: Any) -> None:
    finding = await java_asks("child", order=order)
    assert finding["kind"] == "value", finding
    assert _read(finding, ours.Receipt) == ours.Receipt(4.0, order, "python")


@pytest.mark.parametrize(
    ("what", "value"),
    [
        ("optional", None),
        ("reverse", [-1, 1, 0]),
        ("several", "a 2 ['x', 'y'] None"),
        ("numbers", 3 + (1 << 60)),
        ("child again", ["3", "2", "1"]),
    ],
)
async def test_java_gets_values(java_asks: Any, what: str, value: object) -> None:
    finding = await java_asks(what)
    assert finding["kind"] == "value", finding
    assert finding["value"] == value


@pytest.mark.parametrize("what", ["fail", "child fails"])
async def test_java_gets_our_failures_with_their_causes(java_asks: Any, what: str) -> None:
    finding = await java_asks(what, kind="own")
    assert finding["kind"] == ("ActivityFailureException" if what == "fail" else "ChildWorkflowFailureException")
    assert finding["causes"] == [
        f"{OUT_OF_STOCK}: 3 bolt are missing",
        "java.lang.RuntimeException: WetBoxError: the box is wet",
        "java.io.IOException: it rains",
    ]
    assert finding["value"] == "3 bolt"  # from the fields of the Java class


@pytest.mark.parametrize("what", ["fail", "child fails"])
async def test_java_knows_only_the_name_of_failures_that_are_no_class_of_java(java_asks: Any, what: str) -> None:
    assert (await java_asks(what, kind="other"))["causes"] == ["java.lang.ClassNotFoundException: ValueError"]


async def test_java_hears_what_does_not_fit(java_asks: Any) -> None:
    assert (await java_asks("wrong"))["causes"][0].startswith(
        'java.lang.ClassCastException: argument 1 ("order") of activity price'
    )
    assert (await java_asks("unknown"))["causes"] == ["java.lang.ClassNotFoundException: ActivityNotRegistered"]


async def test_java_sees_our_timeouts(java_asks: Any, order: Any) -> None:
    finding = await java_asks("timeout")
    assert finding["kind"] == "ActivityTimeoutException"
    assert "START_TO_CLOSE" in finding["message"]
    assert (await java_asks("child times out", order=order))["kind"] == "ChildWorkflowTimedOutException"


async def test_java_cancels_our_activity(java_asks: Any) -> None:
    assert (await java_asks("slow"))["kind"] == "CancellationException"


async def test_java_retries_ours(java_asks: Any) -> None:
    assert (await java_asks("progress"))["value"] == "page 7 in attempt 1"
    assert (await java_asks("attempts", kind="java.lang.IllegalStateException"))["causes"] == [
        "java.lang.IllegalStateException: attempt 2"
    ]
    assert (await java_asks("attempts", kind=OUT_OF_STOCK))["causes"] == [f"{OUT_OF_STOCK}: attempt 0"]


async def test_java_talks_with_our_child(java_asks: Any, order: Any) -> None:
    finding = await java_asks("child signalled", order=order)
    assert {line["item"] for line in finding["value"]} == {"bolt", "nüt", "nut"}  # the signal may come before the run
    finding = await java_asks("child cancelled", order=order)
    assert finding["kind"] == "CancellationException"


async def test_our_child_reads_the_memo_of_java(java_asks: Any, order: Any) -> None:
    finding = await java_asks("child memo", order=order)
    assert finding["value"] == {"who": "java"}


async def test_context_travels_from_java_to_us(java_asks: Any, peer: Any, scene: Any, ours: Any) -> None:
    assert (await peer.start("PyTenant", tenant="acme"))["value"] == "acme"
    token = ours.TENANT.set("acme")
    try:
        for what in ("tenant", "child tenant"):
            assert (await java_asks(what))["value"] == "acme"
    finally:
        ours.TENANT.reset(token)


async def test_java_starts_signals_and_queries_ours(peer: Any, scene: Any, ours: Any, order: Any) -> None:
    name = scene.new_id()
    started = asyncio.create_task(peer.start("PyWaits", order, workflow_id=name))
    handle = scene.client.get_workflow_handle(name)
    await scene.until(lambda: _exists(scene, handle), "it runs")
    await peer.act("signal", name, "add", ours.Line("nut", 5, 0.25))
    told = await peer.act("query", name, "lines", "4")
    assert told["kind"] == "value", told
    assert [line["item"] for line in told["value"]] == ["bolt", "nut"]
    told = await peer.act("query", name, "broken")
    assert told["kind"] == "WorkflowQueryException"
    assert "wait_condition" in (await peer.act("query", name, "__stack_trace"))["value"]
    await peer.act("signal", name, "stop")
    assert [line["item"] for line in (await started)["value"]] == ["bolt", "nüt", "nut"]


async def test_java_cancels_our_workflow(peer: Any, scene: Any, order: Any) -> None:
    name = scene.new_id()
    started = asyncio.create_task(peer.start("PyWaits", order, workflow_id=name))
    handle = scene.client.get_workflow_handle(name)
    await scene.until(lambda: _exists(scene, handle), "it runs")
    await peer.act("cancel", name)
    told = await started
    assert told["kind"] == "CancellationException"


async def test_java_sees_why_our_workflow_failed(peer: Any) -> None:
    told = await peer.start("PyChildFails", "own")
    assert told["kind"] == "WorkflowFailureException"
    assert told["causes"][0] == f"{OUT_OF_STOCK}: 3 bolt are missing"
    assert told["value"] == "3 bolt"


async def test_java_completes_our_activity_by_token(peer: Any, scene: Any) -> None:
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
        await peer.act("complete-token", base64.b64encode(token).decode(), "by Java")
        assert await scene.result(handle) == "by Java"


def _read(finding: Any, kind: type) -> Any:
    data = DataConverter().encode_value(finding["value"])
    return DataConverter(convention=Convention.JAVA).decode_value(data, kind)


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
async def test_a_worker_that_writes_otherwise_understands_java(scene: Any, ours: Any, peer: Any, what: str) -> None:
    frontend, other = scene.frontend, f"{scene.task_list}-other"
    converter = DataConverter(convention=Convention.GO)
    async with (
        Client.connect(frontend.address, domain=frontend.domain, converter=converter) as client,
        Worker(client, other, activities=ours.ACTIVITIES),
    ):
        finding = await scene.run("JavaCalls", ours.Ask(what, other), task_list=peer.task_list)
    assert finding["kind"] == "value", finding
    assert finding["value"] == {"optional": None, "several": "a 2 ['x', 'y'] None", "numbers": 3 + (1 << 60)}[what]
