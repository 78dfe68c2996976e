"""What is too large, and what clients say of themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from differential.decisions import (
    activity,
    cancel_self,
    child,
    complete,
    continue_as_new,
    fail,
    marker,
    signal_external,
    timer,
    upsert,
)

from cadence import api

if TYPE_CHECKING:
    from differential.stage import Stage

LARGE = b"x" * (2 * 1024 * 1024 + 1)


async def large_result(s: Stage) -> None:
    await s.start()
    await s.turn(complete(LARGE))


async def large_failure(s: Stage) -> None:
    await s.start()
    await s.turn(fail("broken", LARGE))


async def large_cancellation(s: Stage) -> None:
    run = await s.start()
    await s.cancel(run)
    await s.turn(cancel_self(LARGE))


async def large_marker(s: Stage) -> None:
    """What comes behind it is not done."""
    await s.start()
    await s.turn(timer(100), marker("large", LARGE), marker("small"))


async def large_activity(s: Stage) -> None:
    await s.start()
    await s.turn(activity(s.list, input=LARGE))


async def large_child(s: Stage) -> None:
    await s.start()
    await s.turn(child(s.id("c"), input=LARGE))


async def large_external_signal(s: Stage) -> None:
    await s.start()
    await s.turn(signal_external(s.domain, s.id("other"), input=LARGE))


async def large_continuation(s: Stage) -> None:
    await s.start()
    await s.turn(continue_as_new(s.list, input=LARGE))


async def large_upsert(s: Stage) -> None:
    await s.start()
    await s.turn(upsert({"CustomKeywordField": b'"' + b"x" * 3000 + b'"'}))
    await s.start("b")
    await s.turn(upsert({"CustomKeywordField": b'"' + b"x" * 50_000 + b'"'}))


async def large_memo(s: Stage) -> None:
    await s.start(memo=api.Memo({"note": LARGE}))
    await s.start("b", input=LARGE[: 1024 * 1024], memo=api.Memo({"note": LARGE[: 1024 * 1024]}))


async def large_details_of_a_failed_decision(s: Stage) -> None:
    _, task = await s.begin()
    await s.fail_decision(task, details=LARGE)


async def many_decisions(s: Stage) -> None:
    await s.start()
    await s.turn(*[marker(f"{number}") for number in range(150)], complete())


async def closed_without_the_flag(s: Stage) -> None:
    """Clients that don't know the newer error get the older one."""
    run = await s.start()
    await s.turn(complete())
    async with s.as_client(already_completed_error=False):
        await s.signal(run)
        await s.cancel(run)
        await s.terminate(run)
        await s.call("ResetStickyTaskList", execution=run)


async def closed_for_workers_without_the_flag(s: Stage) -> None:
    run = await s.start()
    await s.turn(activity(s.list))
    task = await s.work()
    await s.signal(run)
    decision = await s.poll()
    await s.terminate(run)
    async with s.as_client(already_completed_error=False):
        await s.respond(decision, complete())
        await s.fail_decision(decision)
        await s.done(task)
        await s.failed(task)
        await s.canceled(task)
        await s.heartbeat(task)


async def closed_for_another_client(s: Stage) -> None:
    """The flag counts for the clients that the server knows, from a version on."""
    run = await s.start()
    await s.terminate(run)
    clients = {
        "uber-go": ("0.1.0", "1.6.9", "1.7.0"),
        "uber-java": ("0.1.0", "1.3.9", "1.4.0", "1.5.0"),
        "cli": ("0.1.0", "1.6.0", "1.7.0"),
        "somebody": ("0.1.0", "1.7.0"),
        "": ("", "1.7.0"),
    }
    for name, versions in clients.items():
        for version in versions:
            async with s.as_client(client_name=name, feature_version=version):
                await s.signal(run)


async def client_of_the_future(s: Stage) -> None:
    for name in ("uber-go", "uber-java", "cli", "somebody"):
        async with s.as_client(client_name=name, feature_version="9.0.0"):
            await s.call("DescribeDomain", name=s.domain + "x")
            await s.call("DescribeWorkflowExecution", execution=api.WorkflowExecution(s.id("nobody")))


async def client_of_the_past(s: Stage) -> None:
    for name in ("uber-go", "uber-java"):
        async with s.as_client(client_name=name, feature_version="0.0.1"):
            await s.call("DescribeWorkflowExecution", execution=api.WorkflowExecution(s.id("nobody")))


async def client_of_no_version(s: Stage) -> None:
    async with s.as_client(client_name="uber-go", feature_version="no version"):
        await s.call("DescribeWorkflowExecution", execution=api.WorkflowExecution(s.id("nobody")))
    async with s.as_client(client_name="", feature_version=""):
        await s.call("DescribeWorkflowExecution", execution=api.WorkflowExecution(s.id("nobody")))


async def sticky_for_an_old_client(s: Stage) -> None:
    async with s.as_client(client_name="uber-go", feature_version="0.9.0"):
        run, task = await s.begin()
        await s.respond(task, marker(), sticky_attributes=api.StickyExecutionAttributes(s.lists("sticky"), 10))
        await s.signal(run)
        await s.turn(complete())
