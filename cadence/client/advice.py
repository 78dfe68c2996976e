"""Says what to do about answers that a client's user could have avoided: a hint behind the server's own words.

Servers name tables and fields; they know neither how a call is spelled here nor what comes next. Unknown domains and
requests that are too large are explained for all callers in cadence.service.invoker.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from cadence.errors import (
    BadRequestError,
    EntityNotExistsError,
    WorkflowExecutionAlreadyCompletedError,
    WorkflowExecutionAlreadyStartedError,
)
from cadence.exceptions import ConfigurationError, ServiceError, TransportError

__all__ = ("about_list", "about_query", "about_schedule", "about_start", "about_workflow", "require_domain")

_CRON = 'write five fields, for example "0 8 * * *" for every day at 8:00 UTC, "@daily" or "@every 1h30m"'
_ATTRIBUTES = "client.search_attributes() tells which names and types the cluster knows"


def require_domain(domain: str, what: str) -> str:
    """Give the domain.

    Args:
        domain: The client's domain, or an empty text.
        what: What needs one, in the plural.

    Raises:
        ConfigurationError: There is none.
    """
    if not domain:
        msg = f"the client has no domain, so it can't deal with {what}"
        raise ConfigurationError(msg, hint='connect with one: Client.connect(..., domain="samples")')
    return domain


@contextlib.contextmanager
def about_workflow(domain: str, workflow_id: str, run_id: str = "", first_run_id: str = "") -> Iterator[None]:
    """Explain errors of calls about one workflow: the current run, a certain one, or whichever a start led to."""
    try:
        yield
    except ServiceError as error:
        run = f" with run {run_id}" if run_id else ""
        which = f'workflow "{workflow_id}"{run} in domain "{domain}"'
        if isinstance(error, EntityNotExistsError):
            why = "another start may have taken its id" if first_run_id else f"there is no {which}"
            _hint(error, f"{why}, or it closed longer ago than the domain's retention")
        elif isinstance(error, WorkflowExecutionAlreadyCompletedError):
            _hint(error, f"{which} is closed: describe() tells how, and signal_with_start starts one where none runs")
        elif isinstance(error, BadRequestError) and "RunId" in error.message:
            _hint(error, f"run {run_id} is no UUID: leave run_id out for the current run")
        raise


@contextlib.contextmanager
def about_start(workflow_id: str) -> Iterator[None]:
    """Explain errors of starts."""
    try:
        yield
    except WorkflowExecutionAlreadyStartedError as error:
        if "running" in error.message:
            _hint(
                error,
                f'get_workflow_handle("{workflow_id}") reaches it; WorkflowIdReusePolicy.TERMINATE_IF_RUNNING starts in'
                " its place",
            )
        else:
            _hint(error, "give another workflow_id, or workflow_id_reuse_policy=WorkflowIdReusePolicy.ALLOW_DUPLICATE")
        raise
    except BadRequestError as error:
        _explain_request(error)
        raise


@contextlib.contextmanager
def about_schedule() -> Iterator[None]:
    """Explain errors of making and changing schedules."""
    try:
        yield
    except BadRequestError as error:
        _explain_request(error)
        raise


@contextlib.contextmanager
def about_query(domain: str, workflow_id: str, name: str) -> Iterator[None]:
    """Explain errors of queries, those of them that are about the workflow as well."""
    try:
        with about_workflow(domain, workflow_id):
            yield
    except TransportError as error:
        if isinstance(error, TimeoutError):
            _hint(
                error,
                f'nobody answered query {name} of workflow "{workflow_id}": a worker of its task list must run, also'
                " where it is closed; timeout=... waits longer",
            )
        raise


@contextlib.contextmanager
def about_list() -> Iterator[None]:
    """Explain errors of list queries."""
    try:
        yield
    except BadRequestError as error:
        if "search attribute" in error.message.lower():
            _hint(error, _ATTRIBUTES)
        elif "query" in error.message.lower():
            _hint(error, "a query is like WorkflowType = 'order' AND CloseTime = missing, with text in quotes")
        raise


def _explain_request(error: BadRequestError) -> None:
    message = error.message.lower()
    if "cron" in message:
        _hint(error, _CRON)
    elif "search attribute" in message:
        _hint(error, _ATTRIBUTES)


def _hint(error: ServiceError | TransportError, hint: str) -> None:
    error.hint = error.hint or hint
