"""Carries out what a client asks of workflows: the far end of the interceptors, where values become requests.

Each request has one id for all its attempts, made here, so that a call whose answer was lost does nothing twice. What
users see stands in client.py and handle.py; the structs' smaller parts are made in
cadence.converter.wire_options.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, assert_never

import msgspec

from cadence import api
from cadence.api.enums import WorkflowExecutionCloseStatus
from cadence.client.advice import about_query, about_start, about_workflow, require_domain
from cadence.client.descriptions import member_name
from cadence.converter import wire_options as wire
from cadence.errors import BadRequestError, QueryFailedError, WorkflowExecutionAlreadyStartedError
from cadence.exceptions import QueryRejectedError
from cadence.interceptor.interfaces import (
    CancelWorkflow,
    ClientCall,
    QueryWorkflow,
    SignalWorkflow,
    StartWorkflow,
    TerminateWorkflow,
)

if TYPE_CHECKING:
    from cadence.client.options import ClusterAttribute
    from cadence.client.ports import ClientService
    from cadence.converter import DataConverter

__all__ = ("Calls",)


class Calls:
    """Sends the five kinds of calls."""

    def __init__(self, service: ClientService, domain: str, converter: DataConverter, identity: str) -> None:
        self._service = service
        self._domain = domain
        self._converter = converter
        self._identity = identity

    async def send(self, call: ClientCall) -> Any:
        """Carry out a call.

        Returns:
            The run id for a start, the result for a query, None for the rest.

        Raises:
            ConfigurationError: The client has no domain.
        """
        require_domain(self._domain, "workflows")
        match call:
            case StartWorkflow():
                return await self._start(call)
            case QueryWorkflow():
                with about_query(self._domain, call.workflow_id, call.name):
                    return await self._query(call)
            case _:
                first = "" if isinstance(call, SignalWorkflow) else call.first_execution_run_id
                with about_workflow(self._domain, call.workflow_id, call.run_id, first):
                    return await self._tell(call)

    async def _tell(self, call: SignalWorkflow | CancelWorkflow | TerminateWorkflow) -> None:
        match call:
            case SignalWorkflow():
                await self._signal(call)
            case CancelWorkflow():
                await self._cancel(call)
            case TerminateWorkflow():
                await self._terminate(call)
            case _:
                assert_never(call)

    async def _start(self, call: StartWorkflow) -> str:
        fields = self._start_fields(call)
        request: Any
        if call.signal_name is None:
            request, send = api.StartWorkflowExecutionRequest(**fields), self._service.start_workflow_execution
        else:
            request = api.SignalWithStartWorkflowExecutionRequest(
                **fields,
                signal_name=call.signal_name,
                signal_input=self._converter.encode_arguments(call.signal_arguments),
            )
            send = self._service.signal_with_start_workflow_execution
        with about_start(call.workflow_id):
            if call.extra.get("enqueue"):
                return await self._enqueue(request)
            try:
                response = await send(request)
            except WorkflowExecutionAlreadyStartedError as error:
                # An attempt whose answer was lost had started it.
                if call.signal_name is None and error.start_request_id == fields["request_id"] and error.run_id:
                    return error.run_id
                raise
            return response.run_id or ""

    async def _enqueue(self, request: Any) -> str:
        """Put a start into the domain's queue; the run gets its id when it comes out of it."""
        try:
            if isinstance(request, api.StartWorkflowExecutionRequest):
                await self._service.start_workflow_execution_async(
                    api.StartWorkflowExecutionAsyncRequest(request=request)
                )
            else:
                await self._service.signal_with_start_workflow_execution_async(
                    api.SignalWithStartWorkflowExecutionAsyncRequest(request=request)
                )
        except BadRequestError as error:
            if "async workflow is not enabled" in error.message:
                error.hint = "start without enqueue=True, or let an administrator give the domain a queue"
            raise
        return ""

    def _start_fields(self, call: StartWorkflow) -> dict[str, Any]:
        """Give the fields that both requests of a start have."""
        first, overlap = call.extra.get("first_run_at"), call.extra.get("cron_overlap_policy")
        return {
            "domain": self._domain,
            "workflow_id": call.workflow_id,
            "workflow_type": api.WorkflowType(name=call.workflow_type),
            "task_list": api.TaskList(name=call.task_list),
            "input": self._converter.encode_arguments(call.arguments),
            "execution_start_to_close_timeout_seconds": wire.whole_seconds(call.execution_start_to_close_timeout),
            "task_start_to_close_timeout_seconds": wire.whole_seconds(call.task_start_to_close_timeout),
            "identity": self._identity,
            "request_id": str(uuid.uuid4()),
            "workflow_id_reuse_policy": call.workflow_id_reuse_policy.value,
            "retry_policy": wire.retry_policy_struct(call.retry_policy),
            "cron_schedule": call.cron_schedule,
            "memo": wire.memo_struct(call.memo, self._converter),
            "search_attributes": wire.search_attributes_struct(call.search_attributes),
            "header": wire.header_struct(call.headers, call.retry_policy),
            "delay_start_seconds": wire.whole_seconds(call.delay_start),
            "jitter_start_seconds": wire.whole_seconds(call.jitter_start),
            "first_run_at_timestamp": None if first is None else wire.nanoseconds(first),
            "cron_overlap_policy": None if overlap is None else overlap.value,
            "active_cluster_selection_policy": _selection(call.extra.get("cluster_attribute")),
        }

    async def _signal(self, call: SignalWorkflow) -> None:
        await self._service.signal_workflow_execution(
            api.SignalWorkflowExecutionRequest(
                domain=self._domain,
                workflow_execution=_execution(call.workflow_id, call.run_id),
                signal_name=call.name,
                input=self._converter.encode_arguments(call.arguments),
                identity=self._identity,
                request_id=str(uuid.uuid4()),
            )
        )

    async def _query(self, call: QueryWorkflow) -> Any:
        try:
            response = await self._service.query_workflow(
                api.QueryWorkflowRequest(
                    domain=self._domain,
                    execution=_execution(call.workflow_id, call.run_id),
                    query=api.WorkflowQuery(
                        query_type=call.name, query_args=self._converter.encode_arguments(call.arguments)
                    ),
                    query_reject_condition=call.extra.get("reject_condition"),
                    query_consistency_level=call.extra.get("consistency"),
                ),
                timeout=call.extra.get("timeout"),
            )
        except QueryFailedError as error:
            _explain(error, self._converter)
            raise
        rejected = response.query_rejected
        if rejected is not None:
            raise QueryRejectedError(close_status=member_name(WorkflowExecutionCloseStatus, rejected.close_status))
        place = f"result of query {call.name}"
        return self._converter.decode_value(response.query_result, call.result_type, place=place)

    async def _cancel(self, call: CancelWorkflow) -> None:
        await self._service.request_cancel_workflow_execution(
            api.RequestCancelWorkflowExecutionRequest(
                domain=self._domain,
                workflow_execution=_execution(call.workflow_id, call.run_id),
                identity=self._identity,
                request_id=str(uuid.uuid4()),
                cause=call.cause or None,
                first_execution_run_id=call.first_execution_run_id or None,
            )
        )

    async def _terminate(self, call: TerminateWorkflow) -> None:
        await self._service.terminate_workflow_execution(
            api.TerminateWorkflowExecutionRequest(
                domain=self._domain,
                workflow_execution=_execution(call.workflow_id, call.run_id),
                reason=call.reason or None,
                details=self._converter.encode_arguments(call.details),
                identity=self._identity,
                first_execution_run_id=call.first_execution_run_id or None,
            )
        )


def _selection(attribute: ClusterAttribute | None) -> api.ActiveClusterSelectionPolicy | None:
    if attribute is None:
        return None
    return api.ActiveClusterSelectionPolicy(
        cluster_attribute=api.ClusterAttribute(scope=attribute.scope, name=attribute.name)
    )


def _execution(workflow_id: str, run_id: str) -> api.WorkflowExecution:
    return api.WorkflowExecution(workflow_id=workflow_id, run_id=run_id or None)


def _explain(error: QueryFailedError, converter: DataConverter) -> None:
    """Give a query's error what its handler raised as `__cause__`, where the worker tells it.

    The wire has room for a text alone. Workers in the convention of 1.x fill it with the whole form of the exception.
    """
    try:
        form = msgspec.json.decode(error.message) if error.message.startswith("{") else None
    except msgspec.MsgspecError:
        return
    if isinstance(form, dict) and isinstance(form.get("class"), str):
        cause = converter.failures.decode("", error.message.encode())
        error.message = f"{type(cause).__name__}: {cause}"
        error.__cause__ = cause
