"""The server as a whole, over the wire: it starts, answers every RPC, lists what runs, and is there again."""

from __future__ import annotations

import asyncio
import socket
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from cadence import api
from cadence.api import errors
from cadence.api.codec import decode, encode
from cadence.api.enums import DomainStatus, IndexedValueType, TaskListType, WorkflowExecutionCloseStatus
from cadence.api.service import RPCS
from cadence.devserver import DevServer, DevServerOptions
from cadence.exceptions import ConfigurationError
from cadence.tchannel import CallResponse, Channel
from cadence.tchannel.errors import UnexpectedError


class Caller:
    """Calls RPCs and gives responses or raises what the server answered, without the SDK's own service."""

    def __init__(self, address: str) -> None:
        self.channel = Channel([address], caller="tester")

    async def raw(self, name: str, request: object | None = None, timeout: float = 5) -> CallResponse:
        rpc = RPCS[name]
        args = rpc.args_type(request) if request is not None else rpc.args_type()
        return await self.channel.call(rpc.endpoint, {}, encode(args), timeout=timeout)

    async def __call__(self, name: str, request: object | None = None, timeout: float = 5) -> Any:
        rpc = RPCS[name]
        answer = await self.raw(name, request, timeout)
        result: Any = decode(rpc.result_type, answer.body)
        if answer.ok:
            return getattr(result, "success", None)
        for field, _ in rpc.errors:
            error = getattr(result, field)
            if error is not None:
                raise error
        pytest.fail(f"{name} failed without an error")


@pytest.fixture
async def server() -> AsyncIterator[DevServer]:
    async with DevServer(DevServerOptions(domains=("samples",), auto_domain=False)) as server:
        yield server


@pytest.fixture
async def call(server: DevServer) -> AsyncIterator[Caller]:
    caller = Caller(server.address)
    yield caller
    await caller.channel.close()


def start(name: str, kind: str = "order", **more: Any) -> api.StartWorkflowExecutionRequest:
    return api.StartWorkflowExecutionRequest(
        domain="samples",
        workflow_id=name,
        workflow_type=api.WorkflowType(name=kind),
        task_list=api.TaskList(name="orders"),
        execution_start_to_close_timeout_seconds=60,
        task_start_to_close_timeout_seconds=10,
        request_id=str(uuid.uuid4()),
        **more,
    )


ALWAYS = api.StartTimeFilter(earliest_time=0, latest_time=2**62)


async def test_it_starts_and_stops() -> None:
    server = DevServer()
    with pytest.raises(RuntimeError, match="not running"):
        _ = server.address
    await server.start()
    with pytest.raises(RuntimeError, match="runs already"):
        await server.start()
    caller = Caller(server.address)
    assert (await caller("health")).ok
    await server.close()
    await server.close()
    await caller.channel.close()
    host, _, port = server.last_address.rpartition(":")
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection(host, int(port))


async def test_it_takes_the_port_that_it_is_given() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match="address already in use"):
            await DevServer(DevServerOptions(port=port)).start()
    async with DevServer(DevServerOptions(port=port)) as server:
        assert server.address == f"127.0.0.1:{port}"


@pytest.mark.parametrize(
    "options",
    [
        {"port": -1},
        {"port": 70_000},
        {"retention_days": 0},
        {"shutdown_grace": -1},
        {"domains": ("",)},
        {"database": "/"},
    ],
)
def test_options_that_cannot_work(options: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError):
        DevServerOptions(**options)


@pytest.mark.parametrize("name", sorted(RPCS))
async def test_every_rpc_answers(call: Caller, name: str) -> None:
    rpc = RPCS[name]
    request = rpc.request_type() if rpc.request_type else None
    if request is not None and hasattr(request, "domain"):
        request.domain = "samples"
    if name.endswith("Async"):
        request.request = api.StartWorkflowExecutionRequest(domain="samples")  # type: ignore[union-attr]
    try:
        await call(name, request)
    except (errors.BadRequestError, errors.EntityNotExistsError) as error:
        told = error.message
    except UnexpectedError as error:
        # Where the contract has no place for the error, or a task token can't be read, as the real server does.
        told = str(error) if "Message: " in str(error) or "JSON" in str(error) else ""
    else:
        return
    assert told


@pytest.mark.parametrize("name", sorted(RPCS))
async def test_every_rpc_asks_for_its_request(call: Caller, name: str) -> None:
    if RPCS[name].request_type is None:
        return
    with pytest.raises((errors.BadRequestError, UnexpectedError), match="Request is nil"):
        await call(name)


async def test_domains(call: Caller) -> None:
    await call(
        "RegisterDomain",
        api.RegisterDomainRequest(
            name="shop", description="sells", owner_email="a@b", workflow_execution_retention_period_in_days=7
        ),
    )
    with pytest.raises(errors.DomainAlreadyExistsError, match=r"Domain already exists\."):
        await call("RegisterDomain", api.RegisterDomainRequest(name="shop"))
    shop = await call("DescribeDomain", api.DescribeDomainRequest(name="shop"))
    assert shop.domain_info.description == "sells"
    assert shop.configuration.workflow_execution_retention_period_in_days == 7
    assert shop.replication_configuration.active_cluster_name == "cluster0"
    same = await call("DescribeDomain", api.DescribeDomainRequest(uuid=shop.domain_info.uuid))
    assert same == shop
    changed = await call(
        "UpdateDomain",
        api.UpdateDomainRequest(
            name="shop",
            updated_info=api.UpdateDomainInfo(description="sells more", data={"a": "b"}),
            configuration=api.DomainConfiguration(
                workflow_execution_retention_period_in_days=1,
                bad_binaries=api.BadBinaries(binaries={"sum": api.BadBinaryInfo(reason="bad")}),
            ),
        ),
    )
    assert changed.domain_info.description == "sells more"
    assert changed.domain_info.owner_email == "a@b"
    assert changed.domain_info.data == {"a": "b"}
    assert changed.configuration.bad_binaries.binaries["sum"].reason == "bad"
    await call("UpdateDomain", api.UpdateDomainRequest(name="shop", delete_bad_binary="sum"))
    with pytest.raises(errors.BadRequestError, match="Bad binary checksum sum doesn't exists"):
        await call("UpdateDomain", api.UpdateDomainRequest(name="shop", delete_bad_binary="sum"))
    with pytest.raises(errors.BadRequestError, match="not in a deprecated state"):
        await call("DeleteDomain", api.DeleteDomainRequest(name="shop"))
    await call("DeprecateDomain", api.DeprecateDomainRequest(name="shop"))
    shop = await call("DescribeDomain", api.DescribeDomainRequest(name="shop"))
    assert shop.domain_info.status == DomainStatus.DEPRECATED
    await call("DeleteDomain", api.DeleteDomainRequest(name="shop"))
    with pytest.raises(errors.EntityNotExistsError, match=r"Domain shop does not exist\."):
        await call("DescribeDomain", api.DescribeDomainRequest(name="shop"))
    same_cluster = api.FailoverDomainRequest(domain_name="samples", domain_active_cluster_name="cluster0")
    assert (await call("FailoverDomain", same_cluster)).domain_info.name == "samples"
    with pytest.raises(errors.BadRequestError, match="Invalid cluster name: mars"):
        await call(
            "FailoverDomain", api.FailoverDomainRequest(domain_name="samples", domain_active_cluster_name="mars")
        )


async def test_domains_are_listed_in_pages(call: Caller) -> None:
    for index in range(5):
        await call("RegisterDomain", api.RegisterDomainRequest(name=f"d{index}"))
    names, token = [], None
    while True:
        answer = await call("ListDomains", api.ListDomainsRequest(page_size=2, next_page_token=token))
        assert len(answer.domains) <= 2
        names += [one.domain_info.name for one in answer.domains]
        token = answer.next_page_token
        if not token:
            break
    assert names == ["d0", "d1", "d2", "d3", "d4", "samples"]


async def test_a_domain_is_made_when_a_worker_or_client_names_it() -> None:
    async with DevServer() as server:
        caller = Caller(server.address)
        await caller("DescribeDomain", api.DescribeDomainRequest(name="asked"))
        request = start("a")
        request.domain = "used"
        await caller("StartWorkflowExecution", request)
        answer = await caller("ListDomains", api.ListDomainsRequest())
        assert [one.domain_info.name for one in answer.domains] == ["asked", "used"]
        with pytest.raises(errors.BadRequestError, match="Domain name is empty"):
            await caller("StartWorkflowExecution", api.StartWorkflowExecutionRequest())
        with pytest.raises(errors.BadRequestError, match="alphanumeric and dash"):
            await caller("DescribeDomain", api.DescribeDomainRequest(name="a b"))
        await caller.channel.close()


async def test_runs_are_listed_and_counted(call: Caller) -> None:
    memo = api.Memo(fields={"customer": b'"acme"'})
    found_by = api.SearchAttributes(indexed_fields={"CustomKeywordField": b'"red"', "CustomIntField": b"[1, 2]"})
    for name in ("a", "b", "c"):
        await call("StartWorkflowExecution", start(name, memo=memo, search_attributes=found_by))
    await call("StartWorkflowExecution", start("d", "refund"))
    run = api.WorkflowExecution(workflow_id="b")
    await call("TerminateWorkflowExecution", api.TerminateWorkflowExecutionRequest("samples", run))

    def ids(answer: Any) -> list[str]:
        return [one.execution.workflow_id for one in answer.executions]

    answer = await call(
        "ListOpenWorkflowExecutions", api.ListOpenWorkflowExecutionsRequest("samples", 10, None, ALWAYS)
    )
    assert ids(answer) == ["d", "c", "a"]
    assert not answer.next_page_token
    last = answer.executions[-1]
    assert last.memo == memo
    assert last.search_attributes.indexed_fields.keys() == {"CustomKeywordField", "CustomIntField"}
    assert last.close_time is None
    assert last.task_list == "orders"
    answer = await call(
        "ListClosedWorkflowExecutions", api.ListClosedWorkflowExecutionsRequest("samples", 10, None, ALWAYS)
    )
    assert ids(answer) == ["b"]
    assert answer.executions[0].close_status == WorkflowExecutionCloseStatus.TERMINATED
    assert answer.executions[0].close_time >= answer.executions[0].start_time
    for status, expected in (
        (WorkflowExecutionCloseStatus.TERMINATED, ["b"]),
        (WorkflowExecutionCloseStatus.FAILED, []),
    ):
        request = api.ListClosedWorkflowExecutionsRequest("samples", 10, None, ALWAYS, status_filter=status)
        assert ids(await call("ListClosedWorkflowExecutions", request)) == expected
    request_open = api.ListOpenWorkflowExecutionsRequest(
        "samples", 10, None, ALWAYS, type_filter=api.WorkflowTypeFilter(name="refund")
    )
    assert ids(await call("ListOpenWorkflowExecutions", request_open)) == ["d"]
    request_open = api.ListOpenWorkflowExecutionsRequest(
        "samples", 10, None, ALWAYS, execution_filter=api.WorkflowExecutionFilter(workflow_id="a")
    )
    assert ids(await call("ListOpenWorkflowExecutions", request_open)) == ["a"]
    for rpc in ("ListWorkflowExecutions", "ScanWorkflowExecutions"):
        query = "CustomKeywordField = 'red' AND CustomIntField = 2 AND CloseTime = missing ORDER BY WorkflowID"
        names: list[str] = []
        token = None
        while True:
            answer = await call(rpc, api.ListWorkflowExecutionsRequest("samples", 1, token, query))
            names += ids(answer)
            token = answer.next_page_token
            if not token:
                break
        assert names == ["a", "c"]
    count = await call("CountWorkflowExecutions", api.CountWorkflowExecutionsRequest("samples", "CloseTime = missing"))
    assert count.count == 3
    with pytest.raises(errors.BadRequestError, match='invalid search attribute "Foo"'):
        await call("CountWorkflowExecutions", api.CountWorkflowExecutionsRequest("samples", "Foo = 1"))
    for token in (b"nonsense", b"{}", b"[[]]", b"[1]"):
        with pytest.raises(errors.BadRequestError, match=r"Invalid NextPageToken\."):
            await call("ListWorkflowExecutions", api.ListWorkflowExecutionsRequest("samples", 1, token))


async def test_the_installation(call: Caller) -> None:
    keys = (await call("GetSearchAttributes")).keys
    assert keys["CustomIntField"] == IndexedValueType.INT
    assert keys["WorkflowID"] == IndexedValueType.KEYWORD
    assert (await call("GetClusterInfo")).supported_client_versions.go_sdk == "1.7.0"
    with pytest.raises(errors.BadRequestError, match="async workflow is not enabled for domain samples"):
        await call("StartWorkflowExecutionAsync", api.StartWorkflowExecutionAsyncRequest(start("a")))
    with pytest.raises(errors.EntityNotExistsError, match='schedule "nope" not found in domain "samples"'):
        await call("DescribeSchedule", api.DescribeScheduleRequest("samples", "nope"))
    assert (await call("ListSchedules", api.ListSchedulesRequest("samples"))).schedules == []


async def test_who_polls_what(call: Caller) -> None:
    poll = api.PollForDecisionTaskRequest("samples", api.TaskList(name="orders"), "tester")
    polling = asyncio.create_task(call("PollForDecisionTask", poll, timeout=30))
    describe = api.DescribeTaskListRequest(
        domain="samples", task_list=api.TaskList(name="orders"), task_list_type=TaskListType.Decision
    )
    while not (await call("DescribeTaskList", describe)).pollers:
        pass
    lists = await call("GetTaskListsByDomain", api.GetTaskListsByDomainRequest("samples"))
    assert [one.identity for one in lists.decision_task_list_map["orders"].pollers] == ["tester"]
    assert not lists.activity_task_list_map
    partitions = await call(
        "ListTaskListPartitions", api.ListTaskListPartitionsRequest("samples", api.TaskList(name="orders"))
    )
    assert [one.key for one in partitions.decision_task_list_partitions] == ["orders"]
    with pytest.raises(errors.BadRequestError, match=r"TaskListType is not set on request\."):
        await call("DescribeTaskList", api.DescribeTaskListRequest("samples", api.TaskList(name="orders")))
    polling.cancel()


async def test_a_server_with_polls_out_stops_at_once(server: DevServer, call: Caller) -> None:
    poll = api.PollForDecisionTaskRequest("samples", api.TaskList(name="orders"), "tester")
    polls = [asyncio.create_task(call("PollForDecisionTask", poll, timeout=60)) for _ in range(3)]
    await call("health")
    async with asyncio.timeout(10):
        await server.close()
    await asyncio.wait(polls)
    for one in polls:
        one.exception()


async def test_a_file_keeps_domains_and_runs(tmp_path: Path) -> None:
    options = DevServerOptions(database=tmp_path / "state.db", domains=("samples",))
    async with DevServer(options) as server:
        caller = Caller(server.address)
        before = await caller("DescribeDomain", api.DescribeDomainRequest(name="samples"))
        run_id = (await caller("StartWorkflowExecution", start("a"))).run_id
        await caller.channel.close()
    async with DevServer(options) as server:
        caller = Caller(server.address)
        assert await caller("DescribeDomain", api.DescribeDomainRequest(name="samples")) == before
        request = api.ListOpenWorkflowExecutionsRequest("samples", 10, None, ALWAYS)
        (one,) = (await caller("ListOpenWorkflowExecutions", request)).executions
        assert one.execution == api.WorkflowExecution(workflow_id="a", run_id=run_id)
        with pytest.raises(errors.WorkflowExecutionAlreadyStartedError):
            await caller("StartWorkflowExecution", start("a"))
        await caller.channel.close()
