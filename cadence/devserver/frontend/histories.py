"""GetWorkflowExecutionHistory: pages, long polls, and the closing event alone.

The pages of one history are those of one moment: events that come while they are fetched wait for the next long poll.
The token that leads from one page to the next is `devserver.tokens.HistoryToken`; decision tasks hand it out too.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from cadence import api
from cadence.api.enums import HistoryEventFilterType
from cadence.api.errors import BadRequestError, EntityNotExistsError
from cadence.devserver.execution.decision_answers import transient_events
from cadence.devserver.execution.history_pages import PAGE, page_of
from cadence.devserver.frontend import checks
from cadence.devserver.frontend.polls import poll_deadline
from cadence.devserver.tokens import HistoryToken, read_history_token

if TYPE_CHECKING:
    from cadence.devserver.execution.state import Run
    from cadence.devserver.house import CallContext, House

__all__ = ("HANDLERS",)

LONGEST_WAIT = 20.0
"""Seconds after which a long poll without new events ends; the caller comes again."""

WAITING_LIMIT = 20_000
"""Long polls that may wait; others are answered at once with what there is, which bounds what they cost."""


async def get_history(
    house: House, request: api.GetWorkflowExecutionHistoryRequest, context: CallContext
) -> api.GetWorkflowExecutionHistoryResponse:
    """GetWorkflowExecutionHistory."""
    domain = house.domains.require(request.domain)
    checks.check_history(request)
    token = read_history_token(request.next_page_token) if request.next_page_token else None
    run = _find(house, domain.id, request.execution or api.WorkflowExecution(), token)
    waits = bool(request.wait_for_new_event)
    deadline = min(poll_deadline(context), asyncio.get_running_loop().time() + LONGEST_WAIT)
    if request.history_event_filter_type == HistoryEventFilterType.CLOSE_EVENT:
        if waits:
            await _wait(house, run, None, deadline)
        answer = _closing_event(run, waits=waits)
    else:
        token = token or HistoryToken(run_id=run.state.run_id, first_event_id=1, next_event_id=run.state.next_event_id)
        if waits and token.first_event_id >= token.next_event_id:
            await _wait(house, run, token.next_event_id, deadline)
            token.next_event_id = run.state.next_event_id
        answer = _page(run, token, request.maximum_page_size, waits=waits)
    await house.store.committed()
    return answer


def _find(house: House, domain_id: str, execution: api.WorkflowExecution, token: HistoryToken | None) -> Run:
    run_id = execution.run_id
    if token is not None:
        if run_id and run_id != token.run_id:
            msg = "RunID in the request does not match the NextPageToken."
            raise BadRequestError(msg)
        run_id = token.run_id
    try:
        run = house.history.find(domain_id, execution.workflow_id, run_id)
    except EntityNotExistsError:
        if not run_id:
            raise
        msg = "requested workflow history does not exist"
        raise BadRequestError(msg) from None
    if token is not None and not 1 <= token.first_event_id <= token.next_event_id <= run.state.next_event_id:
        msg = "Invalid NextPageToken."
        raise BadRequestError(msg)
    return run


async def _wait(house: House, run: Run, next_event_id: int | None, deadline: float) -> None:
    """Wait until the run is closed, or has an event with this id; at most until the deadline."""
    state = run.state
    loop = asyncio.get_running_loop()
    while state.is_open and not house.is_closing and (next_event_id is None or state.next_event_id <= next_event_id):
        left = deadline - loop.time()
        if left <= 0 or len(house.waiting) >= WAITING_LIMIT:
            return
        waiter: asyncio.Future[None] = loop.create_future()
        run.waiters.add(waiter)
        house.waiting.add(waiter)
        try:
            async with asyncio.timeout(left):
                await waiter
        except TimeoutError:
            return
        finally:
            run.waiters.discard(waiter)
            house.waiting.discard(waiter)


def _closing_event(run: Run, *, waits: bool) -> api.GetWorkflowExecutionHistoryResponse:
    if not run.state.is_open:
        return api.GetWorkflowExecutionHistoryResponse(history=api.History(events=run.events[-1:]), archived=False)
    end = run.state.next_event_id
    token = HistoryToken(run_id=run.state.run_id, first_event_id=end, next_event_id=end).encode() if waits else None
    return api.GetWorkflowExecutionHistoryResponse(
        history=api.History(events=[]), next_page_token=token, archived=False
    )


def _page(run: Run, token: HistoryToken, size: int | None, *, waits: bool) -> api.GetWorkflowExecutionHistoryResponse:
    limit = min(size, PAGE) if size and size > 0 else PAGE
    first, end = token.first_event_id, token.next_event_id
    events = page_of(run, first, end, limit)
    following = first + len(events)
    more: bytes | None = None
    if following < end or (waits and run.state.is_open):
        more = HistoryToken(
            run_id=token.run_id, first_event_id=following, next_event_id=end, with_transient=token.with_transient
        ).encode()
    elif waits and run.state.next_event_id > end:
        # It closed while earlier pages were fetched: the rest is one more page.
        more = HistoryToken(
            run_id=token.run_id, first_event_id=following, next_event_id=run.state.next_event_id
        ).encode()
    if following >= end and token.with_transient:
        transient = transient_events(run)
        if transient and transient[0].event_id == end:
            events = [*events, *transient]
    return api.GetWorkflowExecutionHistoryResponse(
        history=api.History(events=events), next_page_token=more, archived=False
    )


HANDLERS = {"GetWorkflowExecutionHistory": get_history}
