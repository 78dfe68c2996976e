"""Orders taken from sets, state that runs share, cancellations caught for good."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

LookAtRun = Callable[..., list[Any]]


@pytest.mark.parametrize(
    "body",
    [
        "for one in {'a', 'b'}: pass",
        "names = {'a', 'b'}\nfor one in names: pass",
        "names = set(['a'])\nfor one in names: pass",
        "names = frozenset(self.x)\nfor one in names: pass",
        "names: set[str] = self.load()\nfor one in names: pass",
        "names: 'set[str] | None' = self.load()\nfor one in names: pass",
        "names: Optional[Set[str]] = self.load()\nfor one in names: pass",
        "for one in base.names: pass",
        "for one in given: pass",
        "for one in load(): pass",
        "async for one in {'a'}: pass",
        "[one for one in {'a', 'b'}]",
        "{one: 1 for one in {'a', 'b'}}",
        "[await one for one in {'a', 'b'}]",
        "sum([await one for one in {'a', 'b'}])",
        "list({'a', 'b'})",
        "tuple(base.names | {'x'})",
        "enumerate(given - base.names)",
        "next(iter(given))",
        "','.join(given)",
        "self.x.extend(given)",
        "given.union({'x'}).pop()",
        "first, second = given",
        "print_all(*given)",
        "[*given]",
        "sorted(enumerate(given))",
        "any([list(given)])",
        "yield from given",
        "list({name for name in self.x})",
        "dict.fromkeys(given if self.x else given)",
        "list(one := {'a'})",
    ],
)
def test_the_order_of_a_set(look_at_run: LookAtRun, body: str) -> None:
    above = """
    from typing import Optional, Set
    def load() -> set[str]: ...
    class Base:
        def __init__(self):
            self.names = set()
    """
    findings = look_at_run(f"base = Base()\n{body}", above, "self, given: set[str]")
    assert {finding.code for finding in findings} == {"CAD010"}


@pytest.mark.parametrize(
    "body",
    [
        "for one in sorted({'a', 'b'}): pass",
        "for one in ['a']: pass",
        "for one in {1, 2, 3}: pass",
        "numbers: set[int] = set()\nfor one in numbers: pass",
        "for one in set(range(3)): pass",
        "for one in set([1, 2]): pass",
        "for one in {len(x) for x in self.x}: pass",
        "for one in set(len(x) for x in self.x): pass",
        "tasks = {asyncio.create_task(one) for one in self.x}\nfor task in tasks: pass",
        "tasks: set[asyncio.Task[int]] = set()\nfor task in tasks: pass",
        "done, pending = await asyncio.wait([])\nfor task in done: pass",
        "async with asyncio.TaskGroup() as group:\n    for task in {group.create_task(self.x)}: pass",
        "sorted(one for one in given)",
        "any([one for one in given])",
        "len(given), sum(len(one) for one in given), 'x' in given",
        "{one for one in given}",
        "max(map(len, given))",
        "sorted(list(filter(None, given)))",
        "set(list(one for one in given))",
        "self.x.pop()",
        "given = sorted(given_before)\nfor one in given: pass",
        "names = set(self.x)\nnames = sorted(names)\nfor one in names: pass",
        "names = {'a'} if self.x else ['a']\nfor one in names: pass",
        "names: '][' = 1\nfor one in names: pass",
        "names: list[str] = list(self.x)\nfor one in names: pass",
        "for given in [1]: pass",
    ],
)
def test_orders_that_hold(look_at_run: LookAtRun, body: str) -> None:
    arguments = "self, given_before" if "given_before" in body else "self, given: set[str]"
    assert look_at_run(body, "import asyncio", arguments) == []


@pytest.mark.parametrize(
    ("above", "body"),
    [
        ("count = 0", "global count\ncount = 1"),
        ("count = 0", "global count\ncount += 1"),
        ("count = 0", "global count\ndel count"),
        ("seen = []", "seen.append(1)"),
        ("seen = {}", "seen['x'] = 1"),
        ("seen = {}", "seen['x']['y'] = 1"),
        ("seen = {}", "del seen['x']"),
        ("seen = {}", "seen['x'].add(1)"),
        ("seen = dict()", "seen.update(x=1)"),
        ("from collections import Counter\nseen = Counter()", "seen['x'] += 1"),
        ("seen: list[int] = [one for one in 'x']", "seen.clear()"),
        ("class Config:\n    x = 1", "Config.x = 2"),
        ("class Config: ...\nconfig = Config()", "config.x = 2"),
        ("", "self.__class__.x = 2"),
        ("import random\ndraws = random.Random(7)", "draws.random()"),
        ("class Held:\n    items = []\n    def put(self):\n        self.items.append(1)", "Held().put()"),
        ("class Made:\n    @classmethod\n    def make(cls):\n        cls.last = 1", "Made.make()"),
        ("seen = {}\n@activity.defn\ndef act():\n    seen['x'] = 1", "return seen.get('x')"),
        ("mode = 1\ndef switch():\n    global mode\n    mode = 2", "return mode"),
    ],
)
def test_state_that_runs_share(look_at_run: LookAtRun, above: str, body: str) -> None:
    assert [finding.code for finding in look_at_run(body, above)] == ["CAD011"]


@pytest.mark.parametrize(
    ("above", "body"),
    [
        ("seen = {}", "seen = {}\nseen['x'] = 1"),
        ("LIMITS = {'a': 1}", "return LIMITS['a']"),
        ("LIMITS = {'a': 1}\ndef other():\n    LIMITS = {}\n    LIMITS['x'] = 1", "return LIMITS['a']"),
        (
            "class Held:\n    def __init__(self): self.items = []\n    def put(self): self.items.append(1)",
            "Held().put()",
        ),
        ("class Held:\n    items = []\n    def __init__(self):\n        self.items = []", "Held().items.append(1)"),
        ("class Held:\n    items = ()\n    def put(self):\n        self.items.add(1)", "Held().put()"),
        ("", "self.x = []\nself.x.append(1)\nself.x[0] = 2"),
        ("shared = make()", "shared.update()"),
        ("def f(): ...", "box = f()\nbox.x = 1"),
    ],
)
def test_state_of_ones_own(look_at_run: LookAtRun, above: str, body: str) -> None:
    assert look_at_run(body, above) == []


def test_state_of_another_module(look: Callable[..., list[Any]]) -> None:
    findings = look(
        {
            "app.py": """
                from cadence import workflow
                import store
                from store import seen as known
                @workflow.defn
                class Order:
                    async def run(self):
                        store.seen["x"] = 1
                        known["y"] = 1
                        store.mode = 2
            """,
            "store.py": "seen = {}\nmode = 1\n",
        }
    )
    assert [(finding.code, finding.line) for finding in findings] == [("CAD011", 8), ("CAD011", 9), ("CAD011", 10)]


@pytest.mark.parametrize(
    "body",
    [
        "try:\n    await self.x()\nexcept:\n    pass",
        "try:\n    await self.x()\nexcept BaseException:\n    return 1",
        "try:\n    await self.x()\nexcept (ValueError, BaseException) as error:\n    self.y = error",
        "try:\n    await self.x()\nexcept* BaseException:\n    pass",
        "with contextlib.suppress(BaseException):\n    await self.x()",
    ],
)
def test_cancellations_caught_for_good(look_at_run: LookAtRun, body: str) -> None:
    assert [finding.code for finding in look_at_run(body, "import contextlib")] == ["CAD013"]


@pytest.mark.parametrize(
    "body",
    [
        "try:\n    await self.x()\nexcept Exception:\n    pass",
        "try:\n    await self.x()\nexcept BaseException:\n    self.undo()\n    raise",
        "try:\n    await self.x()\nexcept asyncio.CancelledError:\n    raise\nexcept:\n    pass",
        "try:\n    await self.x()\nexcept asyncio.CancelledError:\n    self.undo()",
        "with contextlib.suppress(ValueError):\n    await self.x()",
    ],
)
def test_cancellations_that_go_on(look_at_run: LookAtRun, body: str) -> None:
    assert look_at_run(body, "import asyncio, contextlib") == []
