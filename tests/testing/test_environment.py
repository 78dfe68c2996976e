"""A server in the test: time skips, mocks stand in, and what fails fails as on a server."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from cadence import activity, workflow
from cadence.exceptions import ActivityFailedError, ConfigurationError, WorkflowFailedError
from cadence.testing import MockActivity, WorkflowEnvironment, wait_until

DAYS = timedelta(days=400)


async def test_a_month_passes_at_once(shop: Any, environment: WorkflowEnvironment) -> None:
    before = environment.now()
    price = MockActivity(shop.price_of, returns=7)
    mail = MockActivity("send-mail", side_effect=lambda address, text: f"{address}={text}")
    async with environment.worker(workflows=[shop.Order], activities=[price.activity, mail.activity]) as task_list:
        result = await environment.client.execute_workflow(
            shop.Order.run, "lamp", task_list=task_list, execution_start_to_close_timeout=DAYS
        )
    assert result == "lamp=7"
    assert price.calls == [("lamp",)]
    assert mail.call_count == 1
    assert environment.now() - before >= timedelta(days=30)


async def test_time_waits_for_work(environment: WorkflowEnvironment) -> None:
    """An activity that takes real time has its whole timeout of it, while a timer of hours runs beside."""
    gate = asyncio.Event()

    @activity.defn
    async def slow() -> str:
        await gate.wait()
        return "slow"

    @workflow.defn
    class Race:
        @workflow.run
        async def run(self) -> str:
            work = workflow.start_activity(slow, schedule_to_close_timeout=timedelta(hours=1))
            timer = asyncio.create_task(asyncio.sleep(1_000))
            done, _ = await asyncio.wait([work, timer], return_when=asyncio.FIRST_COMPLETED)
            return "timer" if timer in done else "activity"

    async with environment.worker(workflows=[Race], activities=[slow]) as task_list:
        handle = await environment.client.start_workflow(
            Race.run, task_list=task_list, execution_start_to_close_timeout=DAYS
        )
        before = environment.now()
        await wait_until(lambda: _is_started(handle))
        gate.set()
        assert await handle.result() == "activity"
        assert environment.now() - before < timedelta(seconds=1_000)


async def _is_started(handle: Any) -> bool:
    pending = (await handle.describe()).pending_activities
    return any(found.started_time is not None for found in pending)


async def test_retries_are_skipped_through(environment: WorkflowEnvironment) -> None:
    class FlakyError(Exception):
        pass

    flaky = MockActivity("flaky", raises=FlakyError("not yet"))

    @workflow.defn
    class Patient:
        @workflow.run
        async def run(self) -> None:
            policy = workflow.RetryPolicy(initial_interval=timedelta(hours=1), maximum_attempts=5)
            await workflow.execute_activity("flaky", schedule_to_close_timeout=timedelta(days=30), retry_policy=policy)

    async with environment.worker(workflows=[Patient], activities=[flaky.activity]) as task_list:
        with pytest.raises(WorkflowFailedError) as caught:
            await environment.client.execute_workflow(
                Patient.run, task_list=task_list, execution_start_to_close_timeout=DAYS
            )
    assert isinstance(caught.value.__cause__, ActivityFailedError)
    assert flaky.call_count == 5


async def test_sleeping_in_the_test(environment: WorkflowEnvironment) -> None:
    @workflow.defn
    class Reminder:
        def __init__(self) -> None:
            self.days = 0

        @workflow.run
        async def run(self) -> None:
            while True:
                await asyncio.sleep(86_400)
                self.days += 1

        @workflow.query
        def passed(self) -> int:
            return self.days

    async with environment.worker(workflows=[Reminder]) as task_list, environment.time_standing_still():
        handle = await environment.client.start_workflow(
            Reminder.run, task_list=task_list, execution_start_to_close_timeout=DAYS
        )
        assert await handle.query(Reminder.passed) == 0
    await handle.terminate()


async def test_a_clock_that_is_moved(environment: WorkflowEnvironment) -> None:
    before = environment.now()
    await environment.sleep(timedelta(days=3))
    assert timedelta(days=3) <= environment.now() - before < timedelta(days=3, seconds=5)


async def test_real_time(shop: Any) -> None:
    async with WorkflowEnvironment.real_time() as environment:
        before = environment.now()
        await environment.sleep(0.01)
        assert environment.now() - before < timedelta(seconds=30)
        assert environment.address.startswith("127.0.0.1:")


async def test_before_it_is_entered() -> None:
    environment = WorkflowEnvironment()
    with pytest.raises(ConfigurationError, match="not entered"):
        _ = environment.client
    await environment.close()


def test_mocks_say_one_thing(shop: Any) -> None:
    with pytest.raises(ConfigurationError, match="2 outcomes"):
        MockActivity("x", returns=1, raises=ValueError)
    mock = MockActivity(shop.send_mail)
    assert mock.name == "send-mail"


async def test_waiting_says_for_what() -> None:
    def never() -> bool:
        return False

    with pytest.raises(TimeoutError, match="never did not become true"):
        await wait_until(never, timedelta(milliseconds=20))
