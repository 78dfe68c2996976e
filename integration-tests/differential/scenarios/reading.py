"""Histories by page and by long poll, and lists of runs."""

from __future__ import annotations

import asyncio
import time
import uuid
from typing import TYPE_CHECKING, Any

from differential.decisions import complete, continue_as_new, marker, timer

from cadence import api
from cadence.api.enums import HistoryEventFilterType

if TYPE_CHECKING:
    from differential.stage import Stage

CLOSE = HistoryEventFilterType.CLOSE_EVENT
RPC = "GetWorkflowExecutionHistory"


async def _long(s: Stage) -> Any:
    run = await s.start()
    with s.unseen():
        for number in range(4):
            await s.turn(marker(f"{number}"))
            await s.signal(run, f"{number}")
    return run


async def pages(s: Stage) -> None:
    """How much a page holds is the server's own: events or transactions. All pages together are the history."""
    run = await _long(s)
    token, ids = None, []
    with s.unseen():
        while token is not None or not ids:
            page = await s.call(RPC, execution=run, maximum_page_size=3, next_page_token=token)
            ids += [event.event_id for event in page.history.events]
            token = page.next_page_token
    s.keep("ids", ids)


async def page_sizes(s: Stage) -> None:
    run = await _long(s)
    for size in (0, -1, 1000, 100_000):
        await s.call(RPC, execution=run, maximum_page_size=size)


async def bad_tokens(s: Stage) -> None:
    run = await s.start()
    for token in (b"zzz", b"{}", b"[]", b"\x00"):
        await s.call(RPC, execution=run, next_page_token=token)


async def token_of_another_run(s: Stage) -> None:
    one, two = await s.start("a"), await s.start("b")
    with s.unseen():
        page = await s.call(RPC, execution=one, maximum_page_size=1, wait_for_new_event=True)
    s.keep("has token", bool(page.next_page_token))
    await s.call(RPC, execution=two, next_page_token=page.next_page_token)
    await s.terminate(one)
    await s.terminate(two)


async def errors(s: Stage) -> None:
    await s.call(RPC)
    await s.call(RPC, execution=api.WorkflowExecution())
    await s.call(RPC, execution=api.WorkflowExecution(s.id("nobody")))
    await s.call(RPC, execution=api.WorkflowExecution(s.id("nobody"), "abc"))
    await s.call(RPC, execution=api.WorkflowExecution(s.id("nobody"), str(uuid.uuid4())))
    await s.call(RPC, execution=api.WorkflowExecution(s.id("nobody")), domain="nope")
    await s.call(RPC, execution=api.WorkflowExecution(s.id("nobody")), domain=None)


async def close_event_of_an_open_run(s: Stage) -> None:
    run = await s.start()
    await s.call(RPC, execution=run, history_event_filter_type=CLOSE)


async def close_event_of_a_closed_run(s: Stage) -> None:
    run = await s.start()
    await s.turn(complete())
    await s.call(RPC, execution=run, history_event_filter_type=CLOSE)
    await s.call(RPC, execution=run, history_event_filter_type=CLOSE, wait_for_new_event=True)


async def close_event_is_waited_for(s: Stage) -> None:
    run, task = await s.begin()
    waiting = asyncio.create_task(
        s.ask(RPC, execution=run, history_event_filter_type=CLOSE, wait_for_new_event=True, timeout=60)
    )
    await s.pause(0.3)
    await s.respond(task, complete())
    s.keep("answer", await waiting)


async def close_event_of_a_continued_run(s: Stage) -> None:
    run = await s.start()
    await s.turn(continue_as_new(s.list))
    await s.until_known("w", run)
    await s.call(RPC, execution=run, history_event_filter_type=CLOSE, wait_for_new_event=True)
    await s.turn(complete())


async def new_events_are_waited_for(s: Stage) -> None:
    run = await s.start()
    page = await s.call(RPC, execution=run, wait_for_new_event=True)
    waiting = asyncio.create_task(
        s.ask(RPC, execution=run, wait_for_new_event=True, next_page_token=page.next_page_token)
    )
    await s.pause(0.3)
    await s.signal(run)
    page = await waiting
    s.keep("answer", page)
    await s.terminate(run)
    page = await s.call(RPC, execution=run, wait_for_new_event=True, next_page_token=page.next_page_token)
    if page.next_page_token:
        await s.call(RPC, execution=run, wait_for_new_event=True, next_page_token=page.next_page_token)


async def nothing_new(s: Stage) -> None:
    """The long poll of a run that does nothing ends empty, with a token to go on."""
    run = await s.start()
    with s.unseen():
        page = await s.call(RPC, execution=run, wait_for_new_event=True)
    page = await s.call(RPC, execution=run, wait_for_new_event=True, next_page_token=page.next_page_token, timeout=40)
    s.keep("has token", bool(getattr(page, "next_page_token", None)))


async def waiting_buffered_events_are_unseen(s: Stage) -> None:
    run, task = await s.begin()
    await s.signal(run)
    await s.call(RPC, execution=run)
    await s.respond(task, timer(100))


async def transient_task_is_unseen(s: Stage) -> None:
    run, task = await s.begin()
    await s.fail_decision(task)
    await s.poll()
    await s.call(RPC, execution=run)


async def without_archive(s: Stage) -> None:
    run = await s.start()
    await s.call(RPC, execution=run, skip_archival=True)


def _window(before: int = 3600) -> api.StartTimeFilter:
    now = time.time_ns()
    return api.StartTimeFilter(now - before * 10**9, now + 10**11)


async def _listed(s: Stage, rpc: str, count: int, **more: Any) -> Any:
    """List by workflow id until as many are there, then keep the answer."""

    async def there() -> Any:
        answer = await s.ask(rpc, start_time_filter=_window(), maximum_page_size=10, **more)
        return answer if len(answer.executions or ()) >= count else None

    answer = await s.until(there, f"{count} in {rpc}")
    s.keep(rpc, answer)
    return answer


async def open_runs(s: Stage) -> None:
    await s.start(memo=api.Memo({"note": b'"x"'}))
    by_id = api.WorkflowExecutionFilter(workflow_id=s.id())
    await _listed(s, "ListOpenWorkflowExecutions", 1, execution_filter=by_id)


async def closed_runs(s: Stage) -> None:
    by_id = api.WorkflowExecutionFilter(workflow_id=s.id())
    await s.start()
    await s.turn(complete())
    await s.start(workflow_id_reuse_policy=1)
    await s.turn(complete())
    await _listed(s, "ListClosedWorkflowExecutions", 2, execution_filter=by_id)
    await s.call(
        "ListOpenWorkflowExecutions", start_time_filter=_window(), maximum_page_size=10, execution_filter=by_id
    )


async def runs_of_a_type(s: Stage) -> None:
    kind = f"{s.prefix}-type"
    for name in "abc":
        await s.start(name, workflow_type=api.WorkflowType(kind))
        await s.pause(0.05)
    await _listed(s, "ListOpenWorkflowExecutions", 3, type_filter=api.WorkflowTypeFilter(kind))
    with s.unseen():
        for run in s.runs:
            await s.terminate(run)
    await _listed(s, "ListClosedWorkflowExecutions", 3, type_filter=api.WorkflowTypeFilter(kind))


async def runs_page_by_page(s: Stage) -> None:
    kind = api.WorkflowType(f"{s.prefix}-type")
    for name in "abc":
        await s.start(name, workflow_type=kind)
        await s.pause(0.05)
    fields = {"start_time_filter": _window(), "type_filter": api.WorkflowTypeFilter(kind.name)}
    with s.unseen():
        await _listed(s, "ListOpenWorkflowExecutions", 3, type_filter=fields["type_filter"])
    first = await s.call("ListOpenWorkflowExecutions", maximum_page_size=2, **fields)
    await s.call("ListOpenWorkflowExecutions", maximum_page_size=2, next_page_token=first.next_page_token, **fields)


async def list_errors(s: Stage) -> None:
    for rpc in ("ListOpenWorkflowExecutions", "ListClosedWorkflowExecutions"):
        by_id, by_type = api.WorkflowExecutionFilter("x"), api.WorkflowTypeFilter("y")
        await s.call(rpc)
        await s.call(rpc, start_time_filter=_window(), execution_filter=by_id, type_filter=by_type)
        await s.call(rpc, start_time_filter=api.StartTimeFilter(10, 5))
        await s.call(rpc, start_time_filter=api.StartTimeFilter(None, 5))
        await s.call(rpc, start_time_filter=api.StartTimeFilter(5, None))
        await s.call(rpc, start_time_filter=_window(), domain="nope")
        await s.call(rpc, start_time_filter=_window(), domain=None)
        await s.call(rpc, start_time_filter=_window(), maximum_page_size=100_000, execution_filter=by_id)
        await s.call(rpc, start_time_filter=_window(0), maximum_page_size=-1, execution_filter=by_id)
        await s.call(rpc, start_time_filter=_window(), next_page_token=b"zzz", execution_filter=by_id)
    await s.call(
        "ListClosedWorkflowExecutions",
        start_time_filter=_window(),
        execution_filter=api.WorkflowExecutionFilter("x"),
        status_filter=1,
    )


async def closed_by_status(s: Stage) -> None:
    await s.call("ListClosedWorkflowExecutions", start_time_filter=api.StartTimeFilter(0, 5), status_filter=2)


async def queries(s: Stage) -> None:
    for rpc in ("ListWorkflowExecutions", "ScanWorkflowExecutions", "CountWorkflowExecutions"):
        await s.call(rpc, query=f'WorkflowID = "{s.id()}"')
        await s.call(rpc, query="WorkflowID = ")
        await s.call(rpc, query="Foo = 1")
        await s.call(rpc, query="CloseTime = missing", domain="nope")
        await s.call(rpc, domain="")
    await s.call("ListArchivedWorkflowExecutions", query="")
    await s.call("ListArchivedWorkflowExecutions", query="", domain="nope")
