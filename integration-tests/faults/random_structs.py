"""Requests with random fields, sent to every RPC over sockets: each is answered, or refused in the API's own words.

    python integration-tests/faults/random_structs.py [--structs 50000] [--seed 1]

A third of them is random through and through; in the others fields that name something name something that exists, so
that what stands behind the first check gets to see them too. Exits with 1 when a call hung or ended in a fault of the
server's, when the server logged one, or when it is not well at the end. test_structs.py sends fewer.
"""

from __future__ import annotations

import argparse
import asyncio
import copy
import gc
import importlib.util
import logging
import random
import sys
import time
import uuid
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as hypothesis_seed
from hypothesis import strategies as st

from cadence import api
from cadence.api._struct import Struct, field_rows
from cadence.api.codec import decode, encode
from cadence.api.enums import DecisionType
from cadence.api.errors import InternalServiceError, WorkflowExecutionAlreadyStartedError
from cadence.api.service import RPCS
from cadence.devserver import DevServer, DevServerOptions
from cadence.exceptions import ServiceError
from cadence.tchannel import Channel
from cadence.tchannel.errors import BadRequestFrameError, UnexpectedError

STRATEGIES = Path(__file__).resolve().parents[2] / "tests" / "strategies" / "structs.py"
DOMAIN = "fuzz"
NAMES = sorted(name for name, rpc in RPCS.items() if rpc.request_type is not None)
WAITING = frozenset({"PollForDecisionTask", "PollForActivityTask", "GetWorkflowExecutionHistory", "QueryWorkflow"})
ENDING = frozenset({"DeleteDomain", "DeprecateDomain", "UpdateDomain", "FailoverDomain"})
"""What would take the domain away from all others."""
IN_FLIGHT = 64
WAIT = 1.2
"""Seconds that a call that waits for something is given."""
HANG = 30.0
"""Seconds after which a call without an answer hangs."""
WAITED_AT_MOST = 0.02
"""The part of all calls that may end by their own deadline."""
SOWN = 8
"""One struct in so many is followed by a new run, with a decision task and an activity task that can be named."""
KEPT = 60
"""Names of each kind that are known at a time."""
QUERIES = ("CloseTime = missing", "WorkflowType = 'order'", "StartTime > 0 and CloseTime != missing", "")


class Book:
    """What exists on the server, as far as its answers told."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.executions: list[api.WorkflowExecution] = []
        self.tokens: dict[str, list[bytes]] = {"decision": [], "activity": [], "page": [], "query": []}

    def learn_run(self, execution: api.WorkflowExecution) -> None:
        """Remember a run."""
        self._keep(self.executions, execution)

    def learn(self, answer: Any) -> None:
        """Remember what an answer names."""
        token = getattr(answer, "task_token", None)
        if token:
            kind = "activity" if isinstance(answer, api.PollForActivityTaskResponse) else "decision"
            kind = "query" if getattr(answer, "query", None) else kind
            self._keep(self.tokens[kind], token)
            self.learn_run(answer.workflow_execution)
        page = getattr(answer, "next_page_token", None)
        if page:
            self._keep(self.tokens["page"], page)

    def _keep(self, known: list[Any], value: Any) -> None:
        if len(known) >= KEPT:
            known.pop(self.random.randrange(KEPT))
        known.append(value)

    def name_things(self, request: Struct, rpc: str) -> None:
        """Make most fields that name something name what exists."""
        for _, field, *_ in field_rows(type(request)):
            value = getattr(request, field)
            if self.random.random() < 0.97:
                named = self._named(field, rpc)
                if named is not None:
                    setattr(request, field, named)
                    continue
            for inner in value if isinstance(value, list) else [value]:
                if isinstance(inner, Struct):
                    self.name_things(inner, rpc)

    def _named(self, field: str, rpc: str) -> Any:
        choose = self.random.choice
        if field in {"domain", "domain_name"} or (field == "name" and rpc == "DescribeDomain"):
            return f"{DOMAIN}-{self.random.randrange(20)}" if rpc in ENDING else DOMAIN
        if field == "name" and (rpc in ENDING or rpc == "RegisterDomain"):
            return f"{DOMAIN}-{self.random.randrange(20)}"
        if field == "task_token":
            kind = "query" if "Query" in rpc else "decision" if "Decision" in rpc else "activity"
            tokens = self.tokens[kind] or self.tokens["decision"]
            return choose(tokens) if tokens else None
        if field == "next_page_token":
            return choose(self.tokens["page"]) if self.tokens["page"] and self.random.random() < 0.3 else b""
        if field in {"workflow_execution", "execution"}:
            return choose(self.executions) if self.executions else None
        makers: dict[str, Callable[[], Any]] = {
            "workflow_id": lambda: f"w{self.random.randrange(KEPT)}",
            "schedule_id": lambda: f"s{self.random.randrange(5)}",
            "activity_id": lambda: f"a{self.random.randrange(3)}",
            "timer_id": lambda: f"t{self.random.randrange(3)}",
            "request_id": lambda: str(uuid.uuid4()),
            "workflow_type": lambda: api.WorkflowType(name="order"),
            "activity_type": lambda: api.ActivityType(name="charge"),
            "task_list": lambda: api.TaskList(name="orders"),
            "signal_name": lambda: "s",
            "workflow_execution_retention_period_in_days": lambda: self.random.randrange(1, 5),
            "decision_finish_event_id": lambda: self.random.randrange(3, 6),
            "start_time_filter": lambda: api.StartTimeFilter(earliest_time=0, latest_time=2**62),
            "query": lambda: choose(QUERIES) if "List" in rpc or "Count" in rpc or "Scan" in rpc else None,
            "execution_start_to_close_timeout_seconds": lambda: 100,
            "task_start_to_close_timeout_seconds": lambda: 10,
            "cron_schedule": lambda: choose(("", "", "* * * * *", "@every 1s")),
            "cron_expression": lambda: choose(("* * * * *", "0 0 * * *", "@every 5s")),
            "retry_policy": lambda: None if self.random.random() < 0.3 else api.RetryPolicy(1, 1.0, 5, 3, [], 60),
        }
        maker = makers.get(field)
        return maker() if maker else None


def start_request(name: str, task_list: api.TaskList) -> api.StartWorkflowExecutionRequest:
    return api.StartWorkflowExecutionRequest(
        domain=DOMAIN,
        workflow_id=name,
        workflow_type=api.WorkflowType(name="order"),
        task_list=task_list,
        execution_start_to_close_timeout_seconds=60,
        task_start_to_close_timeout_seconds=10,
        request_id=str(uuid.uuid4()),
    )


class Player:
    """Sends structs, and holds every end of a call against what may be."""

    def __init__(self, address: str, seed: int) -> None:
        self.book = Book(seed)
        self.ends: Counter[str] = Counter()
        self.faults: list[str] = []
        self.slowest = 0.0
        self._channel = Channel([address], caller="fuzz")

    async def close(self) -> None:
        await self._channel.close()

    async def send_all(self, structs: list[tuple[str, Any]]) -> None:
        """Send them, many at a time."""
        left = iter(structs)

        async def lane() -> None:
            for name, request in left:
                await self.send(name, request)
                if self.book.random.random() < 1 / SOWN:
                    await self._sow()

        await asyncio.gather(*(lane() for _ in range(IN_FLIGHT)))

    async def _sow(self) -> None:
        name, task_list = f"w{self.book.random.randrange(KEPT)}", api.TaskList(name=str(uuid.uuid4()))
        try:
            run_id = (await self.call("StartWorkflowExecution", start_request(name, task_list))).run_id
        except WorkflowExecutionAlreadyStartedError:
            return
        self.book.learn_run(api.WorkflowExecution(workflow_id=name, run_id=run_id))
        poll = api.PollForDecisionTaskRequest(DOMAIN, task_list, "sower")
        task = await self.call("PollForDecisionTask", poll, HANG)
        if self.book.random.random() < 1 / 2:
            self.book.learn(task)
            return
        attributes = api.ScheduleActivityTaskDecisionAttributes(
            activity_id="a1",
            activity_type=api.ActivityType(name="charge"),
            task_list=task_list,
            schedule_to_close_timeout_seconds=100,
            schedule_to_start_timeout_seconds=100,
            start_to_close_timeout_seconds=100,
        )
        decision = api.Decision(DecisionType.ScheduleActivityTask, attributes)
        respond = api.RespondDecisionTaskCompletedRequest(task_token=task.task_token, decisions=[decision])
        try:
            await self.call("RespondDecisionTaskCompleted", respond)
        except ServiceError:
            return  # another call ended the run, or this task
        poll_activity = api.PollForActivityTaskRequest(DOMAIN, task_list, "sower")
        self.book.learn(await self.call("PollForActivityTask", poll_activity, WAIT))

    async def send(self, name: str, request: Any) -> None:
        """Send one struct and look at its end."""
        if self.book.random.random() < 2 / 3:
            self.book.name_things(request, name)
        began = time.monotonic()
        try:
            async with asyncio.timeout(HANG):
                self.book.learn(await self.call(name, request, WAIT if name in WAITING else HANG))
            self.ends["answered"] += 1
        except InternalServiceError as error:
            self.faults.append(f"{name}: {error}: {request}")
        except ServiceError as error:
            self.ends[type(error).__name__] += 1
        except (UnexpectedError, BadRequestFrameError) as error:
            # A declared error in an RPC that declares it not, or a token that can't be read: as the real server.
            self.ends[type(error).__name__] += 1
            if "InternalServiceError" in str(error):
                self.faults.append(f"{name}: {error}: {request}")
        except TimeoutError as error:
            if name in WAITING:
                self.ends["waited"] += 1  # a poll's answer, a little before this, may come late on a busy machine
            else:
                self.faults.append(f"{name}: no answer, {error!r}: {request}")
        if name not in WAITING:
            self.slowest = max(self.slowest, time.monotonic() - began)

    async def call(self, name: str, request: Any, timeout: float = HANG) -> Any:
        """Make a call; give the answer or raise what the server said."""
        rpc = RPCS[name]
        answer = await self._channel.call(rpc.endpoint, {}, encode(rpc.args_type(request)), timeout=timeout)
        result: Any = decode(rpc.result_type, answer.body)
        if answer.ok:
            return getattr(result, "success", None)
        raise next(error for field, _ in rpc.errors if (error := getattr(result, field)) is not None)


class _Errors(logging.Handler):
    """Keeps what the server logs as an error."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(logging.Formatter().format(record))


def _load_strategies() -> Any:
    spec = importlib.util.spec_from_file_location("cadence_tests_structs", STRATEGIES)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def _drawn(count: int, seed: int) -> list[tuple[str, Any]]:
    """Have Hypothesis draw the structs, each RPC's as many as any other's, in a random order."""
    strategies = _load_strategies()
    each = -(-count // len(NAMES))
    drawn: list[tuple[str, Any]] = []
    for name in NAMES:
        kind = RPCS[name].request_type
        structs: list[Any] = []
        while len(structs) < each:  # small structs have fewer different examples than are asked for
            before = len(structs)
            _draw(strategies.structs(kind), each - before, seed, structs.append)
            structs += copy.deepcopy(structs[: max(0, each - len(structs))])
        drawn.extend((name, struct) for struct in structs)
    random.Random(seed).shuffle(drawn)
    return drawn[:count]


def _draw(strategy: st.SearchStrategy[Any], count: int, seed: int, take: Callable[[Any], None]) -> None:
    @hypothesis_seed(seed)
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def draw(struct: Any) -> None:
        take(struct)

    draw()


def run(count: int, seed: int) -> tuple[Player, list[str]]:
    """Send `count` structs to a server of this process.

    Returns:
        The player, and all that was wrong.
    """
    structs = _drawn(count, seed)
    gc.freeze()  # or else the collector walks over all of them again and again, and calls take seconds
    log = _Errors()
    logger = logging.getLogger("cadence")
    logger.addHandler(log)
    faults: list[str] = []
    try:
        with asyncio.Runner() as runner:
            runner.get_loop().set_exception_handler(lambda _, context: faults.append(repr(context)))
            server = DevServer(DevServerOptions(domains=(DOMAIN,)))
            runner.run(server.start())
            player = runner.run(_new_player(server.address, seed))
            runner.run(player.send_all(structs))
            runner.run(_is_well(player))
            runner.run(player.close())
            runner.run(server.close())
    finally:
        logger.removeHandler(log)
        gc.unfreeze()
    if player.ends["waited"] > WAITED_AT_MOST * count:
        faults.append(f"{player.ends['waited']} calls ended by their deadline")
    return player, [*player.faults, *log.lines, *faults]


async def _new_player(address: str, seed: int) -> Player:
    return Player(address, seed)


async def _is_well(player: Player) -> None:
    """A run can still be started and found."""
    task_list = api.TaskList(name="the-last")
    run_id = (await player.call("StartWorkflowExecution", start_request("the-last", task_list))).run_id
    poll = api.PollForDecisionTaskRequest(DOMAIN, task_list, "tester")
    assert (await player.call("PollForDecisionTask", poll)).workflow_execution.run_id == run_id


def main() -> int:
    """Send them all; 0 when all is well."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--structs", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    logging.getLogger("cadence").addHandler(logging.NullHandler())
    began = time.monotonic()
    player, faults = run(options.structs, options.seed)
    words = ", ".join(f"{count} {end}" for end, count in player.ends.most_common())
    print(f"{player.ends.total()} structs in {time.monotonic() - began:.0f} s: {words}; slowest {player.slowest:.2f} s")
    print(f"{len(faults)} faults")
    for fault in faults[:10]:
        print(fault[:4000])
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
