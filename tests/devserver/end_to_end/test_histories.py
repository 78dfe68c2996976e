"""Histories over real sockets: pages, long polls, the closing event alone."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

import pytest

from cadence import api
from cadence.api import errors
from cadence.api.enums import (
    DecisionTaskFailedCause,
    EventType,
    HistoryEventFilterType,
)
from cadence.devserver.frontend import histories
from cadence.devserver.tokens import HistoryToken

Peer = Any
DOMAIN = "samples"


async def test_histories_in_pages(peer: Peer) -> None:
    run = await peer.start()
    for _ in range(5):
        await peer.signal(run)
    events, token = [], None
    while True:
        page = await peer.history(run, maximum_page_size=2, next_page_token=token)
        assert len(page.history.events) <= 2
        events += page.history.events
        token = page.next_page_token
        if not token:
            break
    assert [event.event_id for event in events] == list(range(1, 8))
    other = await peer.start("other")
    page = await peer.history(run, maximum_page_size=2)
    with pytest.raises(errors.BadRequestError, match="RunID in the request does not match"):
        await peer.history(other, next_page_token=page.next_page_token)
    with pytest.raises(errors.BadRequestError, match=r"Invalid NextPageToken\."):
        await peer.history(run, next_page_token=b"{")
    with pytest.raises(errors.BadRequestError, match="requested workflow history does not exist"):
        await peer.history(api.WorkflowExecution("w", str(uuid.uuid4())))
    with pytest.raises(errors.EntityNotExistsError):
        await peer.history(api.WorkflowExecution("nobody"))


async def test_the_history_of_a_task_in_pages(peer: Peer) -> None:
    run = await peer.start()
    for _ in range(1_100):
        await peer.signal(run)
    task = await peer.decide()
    assert len(task.history.events) == 1_000
    page = await peer.history(run, next_page_token=task.next_page_token)
    assert not page.next_page_token
    assert [event.event_id for event in page.history.events] == list(range(1_001, 1_104))
    await peer.service.respond_decision_task_failed(
        api.RespondDecisionTaskFailedRequest(task.task_token, DecisionTaskFailedCause.UNHANDLED_DECISION)
    )
    task = await peer.decide()
    page = await peer.history(run, next_page_token=task.next_page_token)
    assert [event.event_id for event in page.history.events][-3:] == [1_104, 1_105, 1_106]
    assert page.history.events[-1].event_type == EventType.DecisionTaskStarted


async def test_a_history_of_large_events_comes_in_more_pages(peer: Peer) -> None:
    run = await peer.start()
    large = b"x" * 2 * 1024 * 1024
    for _ in range(40):
        await peer.service.signal_workflow_execution(
            api.SignalWorkflowExecutionRequest(DOMAIN, run, "large", large, "tester")
        )
    task = await peer.decide()
    sizes, token = [len(task.history.events)], task.next_page_token
    while token:
        page = await peer.history(run, next_page_token=token)
        sizes.append(len(page.history.events))
        token = page.next_page_token
    assert sum(sizes) == 43
    assert max(sizes) <= 3


async def test_a_history_is_followed(tools: Any, peer: Peer) -> None:
    run = await peer.start()
    page = await peer.history(run, wait_for_new_event=True)
    assert len(page.history.events) == 2
    following = asyncio.create_task(peer.history(run, wait_for_new_event=True, next_page_token=page.next_page_token))
    await peer.signal(run)
    page = await following
    assert [event.event_id for event in page.history.events] == [3]
    empty = await peer.history(run, wait_for_new_event=True, next_page_token=page.next_page_token, timeout=1)
    assert not empty.history.events
    assert empty.next_page_token
    await peer.respond(await peer.decide(), tools.complete())
    seen, token = [1, 2, 3], empty.next_page_token
    while token:
        page = await peer.history(run, wait_for_new_event=True, next_page_token=token)
        seen += [event.event_id for event in page.history.events]
        token = page.next_page_token
    assert seen == list(range(1, 7))


async def test_a_result_is_waited_for(tools: Any, peer: Peer) -> None:
    run = await peer.start()
    only = {"wait_for_new_event": True, "history_event_filter_type": HistoryEventFilterType.CLOSE_EVENT}
    early = await peer.history(run, **only, timeout=1)
    assert not early.history.events
    waiting = asyncio.create_task(peer.history(run, **only, next_page_token=early.next_page_token))
    await peer.respond(await peer.decide(), tools.complete(b"ok"))
    page = await waiting
    (event,) = page.history.events
    assert event.workflow_execution_completed_event_attributes.result == b"ok"
    assert not page.next_page_token
    (event,) = (await peer.history(run, **only)).history.events
    assert event.event_type == EventType.WorkflowExecutionCompleted


async def test_a_history_that_ends_while_its_pages_are_read(tools: Any, peer: Peer) -> None:
    run = await peer.start()
    await peer.signal(run)
    page = await peer.history(run, wait_for_new_event=True, maximum_page_size=1)
    await peer.respond(await peer.decide(), tools.complete())
    seen, token = [1], page.next_page_token
    while token:
        page = await peer.history(run, wait_for_new_event=True, maximum_page_size=1, next_page_token=token)
        seen += [event.event_id for event in page.history.events]
        token = page.next_page_token
    assert seen == list(range(1, 7))


async def test_tokens_that_nobody_made(peer: Peer) -> None:
    run = await peer.start()
    for first, following in ((0, 2), (3, 2), (1, 9), (-5, -1)):
        token = HistoryToken(run_id=run.run_id, first_event_id=first, next_event_id=following).encode()
        with pytest.raises(errors.BadRequestError, match=r"Invalid NextPageToken\."):
            await peer.history(run, next_page_token=token)


async def test_long_polls_are_bounded(peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    run = await peer.start()
    page = await peer.history(run, wait_for_new_event=True)
    monkeypatch.setattr(histories, "WAITING_LIMIT", 0)
    page = await peer.history(run, wait_for_new_event=True, next_page_token=page.next_page_token)
    assert not page.history.events
    assert page.next_page_token
