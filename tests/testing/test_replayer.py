"""Yesterday's histories with today's code: fit or not, one or many, from files and servers."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cadence.exceptions import ConfigurationError, ConversionError, NondeterminismError
from cadence.testing import Replayer, ReplayResult, Shadower, WorkflowEnvironment, WorkflowHistory


async def test_the_same_code_replays(shop: Any, history: WorkflowHistory) -> None:
    assert history.workflow_type == "Order"
    assert history.task_list.startswith("test-")
    Replayer([shop.Order]).replay(history)
    result = Replayer([shop.Order]).check(history)
    assert result.ok
    assert result.events == len(history.events)
    assert history.workflow_id in result.source


async def test_changed_code_is_told_where(shop: Any, history: WorkflowHistory) -> None:
    with pytest.raises(NondeterminismError) as caught:
        Replayer([shop.ChangedOrder]).replay(history)
    assert "price_of" in str(caught.value)
    assert "timer of 2592000 s" in str(caught.value)
    assert "shop.py" in str(caught.value)
    assert history.workflow_id in str(caught.value)
    result = Replayer([shop.ChangedOrder]).check(history)
    assert not result.ok
    assert result.event_id == caught.value.event_id


async def test_arguments_are_decoded(shop: Any, history: WorkflowHistory) -> None:
    with pytest.raises(ConversionError, match="article"):
        Replayer([shop.TypedOrder]).replay(history)
    assert "ConversionError" in Replayer([shop.TypedOrder]).check(history).problem


async def test_results_are_compared(shop: Any, history: WorkflowHistory) -> None:
    attributes = history.events[-1].workflow_execution_completed_event_attributes
    assert attributes is not None
    attributes.result = b'"another"\n'
    with pytest.raises(NondeterminismError, match="another"):
        Replayer([shop.Order]).replay(history)
    Replayer([shop.Order], compare_result=False).replay(history)


async def test_an_unknown_type(history: WorkflowHistory) -> None:
    from cadence import workflow

    @workflow.defn
    class Other:
        @workflow.run
        async def run(self) -> None: ...

    with pytest.raises(ConfigurationError, match="Order"):
        Replayer([Other]).replay(history)


async def test_files_and_folders(shop: Any, history: WorkflowHistory, tmp_path: Path) -> None:
    for name in ("one.json", "deep/two.json"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(history.to_json())
    (tmp_path / "bad.json").write_text('{"events": [{"eventId": "x"}]}')
    read = WorkflowHistory.from_file(tmp_path / "one.json")
    assert read.events == history.events
    assert read.run_id == history.run_id
    report = Replayer([shop.Order]).check_all([tmp_path])
    assert [Path(result.source).name for result in report.results] == ["bad.json", "two.json", "one.json"]
    assert [result.ok for result in report.results] == [False, True, True]
    assert "3 histories replayed, 1 failed" in str(report)
    with pytest.raises(NondeterminismError, match=r"bad\.json"):
        report.raise_for_failures()
    Replayer([shop.Order]).check_all([tmp_path / "one.json", history]).raise_for_failures()
    with pytest.raises(ConfigurationError, match="no history"):
        Replayer([shop.Order]).check_all([tmp_path / "nowhere"])


async def test_many_at_once(shop: Any, history: WorkflowHistory, tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.json").write_text(history.to_json())
    report = Replayer([shop.ChangedOrder]).check_all([tmp_path], processes=2)
    assert len(report.failed) == 3
    assert all("price_of" in result.problem for result in report.failed)


def test_what_is_no_history(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="does not begin"):
        WorkflowHistory.from_json("[]")


async def test_shadowing(shop: Any, environment: WorkflowEnvironment) -> None:
    client = environment.client
    options: dict[str, Any] = {"execution_start_to_close_timeout": timedelta(days=60)}
    async with environment.worker(workflows=[shop.Order], activities=[shop.price_of, shop.send_mail]) as task_list:
        for name in ("a", "bb", "ccc"):
            await client.execute_workflow(shop.Order.run, name, task_list=task_list, **options)
    seen: list[ReplayResult] = []
    report = await Shadower(client, Replayer([shop.Order]), on_result=seen.append).run_once()
    assert report.ok
    assert len(seen) == len(report.results) == 3
    report = await Shadower(client, Replayer([shop.ChangedOrder]), "WorkflowType = 'Order'", limit=2).run_once()
    assert len(report.failed) == 2
    with pytest.raises(ConfigurationError, match="at least 1"):
        Shadower(client, Replayer([shop.Order]), concurrency=0)


async def test_shadowing_again_and_again(shop: Any, environment: WorkflowEnvironment) -> None:
    import asyncio

    from cadence.testing import wait_until

    seen: list[str] = []
    shadower = Shadower(environment.client, Replayer([shop.Order]), on_result=lambda result: seen.append(result.source))
    task = asyncio.create_task(shadower.run_continuously(timedelta(milliseconds=1)))
    async with environment.worker(workflows=[shop.Order], activities=[shop.price_of, shop.send_mail]) as task_list:
        for number in range(2):
            await environment.client.execute_workflow(
                shop.Order.run, "x", task_list=task_list, execution_start_to_close_timeout=timedelta(days=60)
            )
            await wait_until(lambda number=number: len(seen) >= number + 1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert len(seen) == len(set(seen)) == 2


async def test_until_an_event(shop: Any, history: WorkflowHistory) -> None:
    replayer = Replayer([shop.Order])
    ends = {event_id: len(history.until(event_id).events) for event_id in (1, 3, 4, 5, 6, 9, 22)}
    assert ends == {1: 5, 3: 5, 4: 5, 5: 5, 6: 11, 9: 11, 22: 22}
    assert 'waits for activity "price_of"' in replayer.waits_at(history.until(1))
    assert "waits for timer of 2592000 s" in replayer.waits_at(history.until(7))
    assert replayer.waits_at(history) == ""
    with pytest.raises(ConfigurationError, match="no event 23"):
        history.until(23)


async def test_types_without_code_are_passed_over(shop: Any, environment: WorkflowEnvironment) -> None:
    async with environment.worker(workflows=[shop.Order], activities=[shop.price_of, shop.send_mail]) as task_list:
        await environment.client.execute_workflow(
            shop.Order.run, "a", task_list=task_list, execution_start_to_close_timeout=timedelta(days=60)
        )
    from cadence import workflow

    @workflow.defn
    class Other:
        @workflow.run
        async def run(self) -> None: ...

    assert len((await Shadower(environment.client, Replayer([Other])).run_once()).failed) == 1
    assert (await Shadower(environment.client, Replayer([Other]), known_types=True).run_once()).results == []
