"""Histories are read whole: pages, raw pages, gaps, and ends that come too early."""

from __future__ import annotations

from typing import Any

import pytest

from cadence import api
from cadence.api import codec
from cadence.worker.history_pages import BrokenHistoryError, HistoryPages


def events(*ids: int) -> list[api.HistoryEvent]:
    return [api.HistoryEvent(event_id=number, timestamp=number) for number in ids]


def pages(service: Any, first: list[api.HistoryEvent], token: bytes | None = None) -> HistoryPages:
    return HistoryPages(service, "tests", api.WorkflowExecution("w", "r"), first, token)


def answers(service: Any, *given: Any) -> None:
    service.answers["get_workflow_execution_history"] = list(given)


def answer(ids: tuple[int, ...], token: bytes | None = None) -> api.GetWorkflowExecutionHistoryResponse:
    return api.GetWorkflowExecutionHistoryResponse(history=api.History(events=events(*ids)), next_page_token=token)


async def ids_of(history: HistoryPages, last: int = 0) -> list[int | None]:
    return [event.event_id for event in await history.read(last)]


async def test_a_first_page_may_be_all(service: Any) -> None:
    first = events(4, 5, 6)
    assert await pages(service, first).read(6) is first
    assert service.calls == []


async def test_what_stands_behind_the_last_event_is_left_out(service: Any) -> None:
    assert await ids_of(pages(service, events(1, 2, 3, 4)), 3) == [1, 2, 3]
    assert await ids_of(pages(service, events(1, 2, 3), b"more"), 3) == [1, 2, 3]
    assert service.calls == []


async def test_pages_are_read_until_the_last_event(service: Any) -> None:
    answers(service, answer((3, 4), b"2"), answer((), b"3"), answer((5,), b"4"))
    assert await ids_of(pages(service, events(1, 2), b"1"), 5) == [1, 2, 3, 4, 5]
    assert [request.next_page_token for _, request in service.calls] == [b"1", b"2", b"3"]


async def test_from_the_start(service: Any) -> None:
    answers(service, answer((1, 2)))
    history = pages(service, events(7))
    assert history.first_event_id == 7
    assert await ids_of(history.from_start()) == [1, 2]


async def test_raw_pages(service: Any) -> None:
    data = b"\x59" + codec.encode(api.History(events=events(1, 2)))
    raw = api.GetWorkflowExecutionHistoryResponse(raw_history=[api.DataBlob(data=data)])
    answers(service, raw)
    assert await ids_of(pages(service, [])) == [1, 2]
    answers(service, api.GetWorkflowExecutionHistoryResponse(raw_history=[api.DataBlob(data=b"{}")]))
    with pytest.raises(BrokenHistoryError, match="encoding that is not known"):
        await pages(service, []).read(0)


@pytest.mark.parametrize(
    ("first", "rest", "last", "message"),
    [
        ((1, 3), None, 3, "gap between events 1 and 3"),
        ((1, 2), (4,), 4, "event 4 comes where 3 is expected"),
        ((1, 2), None, 3, "ends with event 2, before event 3"),
        ((), (), 0, "no history"),
    ],
)
async def test_broken_ones_are_refused(
    service: Any, *, first: tuple[int, ...], rest: tuple[int, ...] | None, last: int, message: str
) -> None:
    if rest is not None:
        answers(service, answer(rest))
    with pytest.raises(BrokenHistoryError, match=message):
        await pages(service, events(*first), b"1" if rest else None).read(last)
