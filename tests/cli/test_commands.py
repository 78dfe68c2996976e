"""The commands, run for real against a dev server."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest

from cadence import api
from cadence.api import history_json
from cadence.api.enums import DecisionType, EventType, QueryTaskCompletedType

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from cadence.service import WorkflowService

    Command = Callable[..., Awaitable[Any]]


class Worker:
    """Plays a worker by hand: one task at a time."""

    def __init__(self, service: WorkflowService, task_list: str = "orders") -> None:
        self.service = service
        self.task_list = api.TaskList(name=task_list)

    async def take(self) -> api.PollForDecisionTaskResponse:
        request = api.PollForDecisionTaskRequest(domain="samples", task_list=self.task_list, identity="hand")
        while True:
            task = await self.service.poll_for_decision_task(request)
            if task.task_token:
                return task

    async def decide(self, *decisions: api.Decision) -> None:
        task = await self.take()
        await self.service.respond_decision_task_completed(
            api.RespondDecisionTaskCompletedRequest(task_token=task.task_token, decisions=list(decisions))
        )

    async def complete(self, result: bytes) -> None:
        await self.decide(
            api.Decision(
                decision_type=DecisionType.CompleteWorkflowExecution,
                complete_workflow_execution_decision_attributes=api.CompleteWorkflowExecutionDecisionAttributes(
                    result=result
                ),
            )
        )

    async def fail(self, reason: str, details: bytes) -> None:
        await self.decide(
            api.Decision(
                decision_type=DecisionType.FailWorkflowExecution,
                fail_workflow_execution_decision_attributes=api.FailWorkflowExecutionDecisionAttributes(
                    reason=reason, details=details
                ),
            )
        )

    async def answer(self, result: bytes) -> None:
        task = await self.take()
        await self.service.respond_query_task_completed(
            api.RespondQueryTaskCompletedRequest(
                task_token=task.task_token, completed_type=QueryTaskCompletedType.COMPLETED, query_result=result
            )
        )


@pytest.fixture
def worker(service: WorkflowService) -> Worker:
    return Worker(service)


async def start(cadence: Command, name: str, *more: str) -> str:
    said = await cadence("workflow", "start", "order", "-t", "orders", "-w", name, "--json", *more)
    assert said.code == 0, said.err
    run_id: str = json.loads(said.out)["runId"]
    return run_id


async def test_domains(cadence: Command) -> None:
    said = await cadence("domain", "register", "shop", "--description", "what\x1b we sell", "--retention", "7d")
    assert (said.code, said.out) == (0, 'domain "shop" is registered\n')
    said = await cadence("domain", "register", "shop")
    assert said.code == 1
    assert said.err == "a domain of that name is registered already\n"
    said = await cadence("domain", "describe", "shop")
    assert "retention    7 days" in said.out
    assert "what\\x1b we sell" in said.out
    said = await cadence("domain", "list")
    assert [line.split()[0] for line in said.out.splitlines()] == ["NAME", "samples", "shop"]
    said = await cadence("domain", "list", "--json")
    assert [one["domainInfo"]["name"] for one in json.loads(said.out)] == ["samples", "shop"]
    said = await cadence("domain", "describe", "--json")
    assert json.loads(said.out)["domainInfo"]["name"] == "samples"
    said = await cadence("domain", "describe", "nope")
    assert said.code == 1
    assert said.err.startswith('domain "nope" is unknown to 127.0.0.1:')
    assert said.err.endswith("register it: cadence domain register nope\n")
    said = await cadence("domain", "register", "a_b")
    assert "alphanumeric" in said.err


async def test_start_and_see(cadence: Command) -> None:
    run_id = await start(cadence, "order-1", "-i", '"World"', "-i", "5", "--memo", 'customer="acme"')
    said = await cadence("workflow", "start", "order", "-t", "orders", "-w", "order-1")
    assert said.code == 1
    assert "already running" in said.err
    said = await cadence("workflow", "list")
    header, row = said.out.splitlines()
    assert header.split("  ")[0] == "WORKFLOW ID"
    assert row.split()[:4] == ["order-1", run_id, "order", "open"]
    (listed,) = json.loads((await cadence("workflow", "list", "--json")).out)
    assert listed["execution"] == {"workflowId": "order-1", "runId": run_id}
    said = await cadence("workflow", "describe", "order-1")
    for fact in ("workflow id  order-1", "type         order", "status       open", "task list    orders"):
        assert fact in said.out
    assert "decision    scheduled since" in said.out
    described = json.loads((await cadence("workflow", "describe", "order-1", "--json")).out)
    assert described["executionConfiguration"]["taskList"]["name"] == "orders"
    said = await cadence("workflow", "show", "order-1")
    first = said.out.splitlines()[1]
    assert first.startswith("     1  +0.000        WorkflowExecutionStarted")
    assert 'input="World" 5' in first
    history = history_json.loads((await cadence("workflow", "show", "order-1", "--json")).out)
    assert history.events
    assert [event.event_type for event in history.events] == [
        EventType.WorkflowExecutionStarted,
        EventType.DecisionTaskScheduled,
    ]
    attributes = history.events[0].workflow_execution_started_event_attributes
    assert attributes is not None
    assert attributes.input == b'"World"\n5\n'
    assert (await cadence("workflow", "show", "order-1", "--only", "nothing", "--json")).out == "[]\n"


async def test_lists_are_filtered(cadence: Command) -> None:
    for name in ("a", "b", "c"):
        await start(cadence, name)
    await cadence("workflow", "terminate", "b", "--reason", "enough")

    async def names(*arguments: str) -> list[str]:
        said = await cadence("workflow", "list", "--json", *arguments)
        assert said.code == 0, said.err
        return [one["execution"]["workflowId"] for one in json.loads(said.out)]

    assert await names() == ["c", "a", "b"]
    assert await names("--open") == ["c", "a"]
    assert await names("--closed") == ["b"]
    assert await names("--type", "order") == ["c", "a", "b"]
    assert await names("--type", "refund") == []
    assert await names("-w", "a") == ["a"]
    assert await names("-n", "1") == ["c"]
    assert await names("-q", "CloseTime = missing ORDER BY WorkflowID") == ["a", "c"]
    assert await names("-q", "CloseStatus = 'TERMINATED'") == ["b"]
    said = await cadence("workflow", "list", "-q", "Foo = 1")
    assert (said.code, said.err) == (1, 'invalid search attribute "Foo"\n')
    said = await cadence("workflow", "list", "-q", "CloseTime = missing", "--open")
    assert said.code == 2
    assert (await cadence("workflow", "list", "--type", "refund")).out == "no workflows\n"


async def test_talk_to_a_workflow(cadence: Command, worker: Worker) -> None:
    await start(cadence, "order-1")
    said = await cadence("workflow", "signal", "order-1", "pay", "-i", '{"amount": 5}')
    assert (said.code, said.out) == (0, "signal pay sent to workflow order-1\n")
    await worker.decide()
    question = asyncio.create_task(cadence("workflow", "query", "order-1", "state"))
    await worker.answer(b'{"paid": 5}')
    said = await question
    assert (said.code, said.out) == (0, '{"paid": 5}\n')
    question = asyncio.create_task(cadence("workflow", "query", "order-1"))
    await worker.answer(json.dumps("line 1\n  line\x1b 2").encode())
    assert (await question).out == "line 1\n  line\\x1b 2\n"
    said = await cadence("workflow", "cancel", "order-1")
    assert said.out == "workflow order-1 is asked to cancel itself\n"
    said = await cadence("workflow", "cancel", "order-1")
    assert said.code == 1
    assert "cadence workflow terminate" in said.err
    said = await cadence("workflow", "terminate", "order-1", "--reason", "enough")
    assert said.out == "workflow order-1 is terminated\n"
    said = await cadence("workflow", "terminate", "order-1")
    assert (said.code, said.err) == (
        1,
        "the workflow is closed already; to see how it ended: cadence workflow describe\n",
    )
    said = await cadence("workflow", "result", "order-1")
    assert (said.code, said.err) == (1, 'workflow "order-1" was terminated: enough\n')
    shown = (await cadence("workflow", "show", "order-1")).out
    assert "signal_name=pay" in shown
    assert "reason=enough" in shown


async def test_results(cadence: Command, worker: Worker) -> None:
    await start(cadence, "order-1")
    result = asyncio.create_task(cadence("workflow", "result", "order-1"))
    await worker.complete(b'"done"')
    assert (await result).out == '"done"\n'
    followed = await cadence("workflow", "show", "order-1", "--follow")
    assert "WorkflowExecutionCompleted" in followed.out
    said = await cadence("workflow", "result", "order-1", "--json")
    assert (said.code, said.out) == (0, '"done"\n')
    task = asyncio.create_task(
        cadence("workflow", "start", "order", "-t", "orders", "-w", "order-2", "--wait", "--json")
    )
    await worker.fail("NoMoney", b'"5 short"')
    said = await task
    assert (said.code, said.err) == (1, 'workflow "order-2" failed: NoMoney "5 short"\n')


async def test_what_is_not_there(cadence: Command) -> None:
    for arguments in (
        ("describe", "nope"),
        ("show", "nope"),
        ("signal", "nope", "s"),
        ("query", "nope", "q"),
        ("cancel", "nope"),
        ("terminate", "nope"),
        ("result", "nope"),
        ("describe", "nope", "-r", "5b1f0c0e-6e0b-4ed0-8d3b-0c1f1c1d7a10"),
    ):
        said = await cadence("workflow", *arguments)
        assert said.code == 1, arguments
        assert said.err.startswith('workflow "nope" is unknown in domain "samples" at 127.0.0.1:'), said.err
    said = await cadence("--domain", "nope", "workflow", "list")
    assert said.code == 1
    assert "cadence domain register nope" in said.err
    said = await cadence("--address", "127.0.0.1:1", "workflow", "list")
    assert (said.code, said.err) == (
        3,
        "nothing listens at 127.0.0.1:1; start a server for development: cadence dev\n",
    )
    said = await cadence("workflow", "list", "--address", "nowhere")
    assert (said.code, said.err) == (2, '"nowhere" is not an address; give host:port, for example 127.0.0.1:7933\n')


async def test_the_only_one_there_is_need_not_be_named(
    cadence: Command, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CADENCE_DOMAIN")
    said = await cadence("workflow", "start", "order")
    assert (said.code, said.err) == (
        2,
        'which task list? Give --task-list; no worker polls any in domain "samples" now\n',
    )
    taking = asyncio.create_task(worker.take())
    await asyncio.sleep(0)
    for _ in range(50):
        said = await cadence("workflow", "start", "order", "-w", "order-1")
        if said.code == 0:
            break
    assert said.out.startswith("started workflow order-1, run ")
    assert (await taking).workflow_execution.workflow_id == "order-1"  # type: ignore[union-attr]
    await cadence("domain", "register", "shop")
    said = await cadence("workflow", "list")
    assert (said.code, said.err) == (
        2,
        "which domain? Give --domain or set CADENCE_DOMAIN; there are samples, shop\n",
    )


async def test_nobody_polls(cadence: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cadence.cli.waiting.PATIENCE", 0.05)
    await start(cadence, "order-1")
    said = await cadence("workflow", "result", "order-1", "--timeout", "1s")
    assert said.code == 1
    assert said.err == (
        'nobody polls task list "orders" in domain "samples"; is its worker running? Still waiting.\n'
        'workflow "order-1" is still open after 1s\n'
    )


async def test_the_command_line_itself(cadence: Command) -> None:
    said = await cadence("--version")
    assert said.out.startswith("cadence-client ")
    said = await cadence("workflow", "start", "--help")
    assert said.code == 0
    assert "--task-list" in said.out
    for wrong in (("nope",), ("workflow", "describe"), ("workflow", "list", "--nope"), ("workflow", "list", "-n", "x")):
        said = await cadence(*wrong)
        assert said.code == 2, wrong
        assert "Traceback" not in said.err
    said = await cadence("workflow", "start", "order", "-t", "orders", "-i", "hello")
    assert (said.code, "is not JSON" in said.err) == (2, True)
