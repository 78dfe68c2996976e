"""Where workflow code begins, and where it leads: through calls, classes and files, and not into activities."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent, indent
from typing import Any

import pytest

from cadence.lint import lint

Look = Callable[..., list[Any]]
Source = Callable[[dict[str, str]], Path]
SAMPLES = Path(__file__).resolve().parents[2] / "samples"


def ways(findings: list[Any]) -> list[str]:
    return [" > ".join(step.name for step in finding.via) for finding in findings]


@pytest.mark.parametrize(
    "head",
    [
        "from cadence import workflow\n@workflow.defn",
        "from cadence import workflow\n@workflow.defn(name='Order')",
        "from cadence import workflow as wf\n@wf.defn",
        "import cadence\n@cadence.workflow.defn()",
        "import cadence.workflow\n@cadence.workflow.defn()",
        "from cadence.workflow import defn as durable\n@durable",
        "if True:\n    from cadence.workflow import defn\n@defn",
        "try:\n    from cadence.workflow import defn\nexcept ImportError:\n    defn = None\n@defn",
    ],
)
def test_classes_that_are_workflows(look: Look, head: str) -> None:
    text = f"{head}\nclass Order:\n    async def run(self):\n        print(1)\n"
    assert [finding.code for finding in look({"app.py": text})] == ["CAD014"]


@pytest.mark.parametrize("head", ["", "@defn\n", "from other import defn\n@defn\n", "from . import x\n@x.defn\n"])
def test_classes_that_are_none(look: Look, head: str) -> None:
    assert look({"app.py": f"{head}class Order:\n    async def run(self):\n        print(1)\n"}) == []


CLASSIC = {
    "shop/__init__.py": "from shop.interfaces import OrderWorkflow\n",
    "shop/interfaces.py": """
        from cadence.workflow import workflow_method, signal_method
        class OrderWorkflow:
            @workflow_method(task_list="x")
            def order(self): raise NotImplementedError
            @signal_method
            def pay(self): raise NotImplementedError
    """,
    "shop/implementations.py": """
        import time
        from . import OrderWorkflow
        class OrderWorkflowImpl(OrderWorkflow):
            async def order(self):
                return self.when()
            def when(self):
                return time.time()
            async def pay(self):
                time.sleep(1)
    """,
}


def test_implementations_of_the_classic_face(look: Look) -> None:
    findings = look(CLASSIC)
    assert [finding.code for finding in findings] == ["CAD001", "CAD004"]
    assert ways(findings) == ["OrderWorkflowImpl.when", "OrderWorkflowImpl.pay"]
    assert {finding.path for finding in findings} == {"shop/implementations.py"}


def test_one_file_alone_finds_what_it_imports(look: Look) -> None:
    assert len(look(CLASSIC, paths=["shop/implementations.py"])) == 2


def test_calls_are_followed_through_files(look: Look) -> None:
    findings = look(
        {
            "src/shop/__init__.py": "",
            "src/shop/orders.py": """
                from cadence import workflow
                from shop.prices import total
                from . import stock as supply
                from .facade import Table as Rates

                @workflow.defn
                class Order:
                    @workflow.run
                    async def run(self):
                        await total()
                        supply.check()
                        rates = Rates()
                        rates.look()
            """,
            "src/shop/prices.py": """
                import random
                async def total():
                    return sum(map(rate, [1]))
                def rate(x):
                    return random.random()
            """,
            "src/shop/stock.py": "import os\ndef check():\n    return os.getenv('X')\n",
            "src/shop/facade.py": "from .tables import *\nfrom .tables import Table\n",
            "src/shop/tables.py": """
                import time
                class Base:
                    def look(self):
                        return self.at()
                class Table(Base):
                    def __init__(self):
                        self.made = time.time()
                    def at(self):
                        return open("x")
            """,
        },
        paths=["src/shop/orders.py"],
    )
    assert [(finding.path, finding.code) for finding in findings] == [
        ("src/shop/prices.py", "CAD002"),
        ("src/shop/stock.py", "CAD009"),
        ("src/shop/tables.py", "CAD001"),
        ("src/shop/tables.py", "CAD008"),
    ]
    assert ways(findings) == [
        "Order.run > total > rate",
        "Order.run > check",
        "Order.run > Table.__init__",
        "Order.run > Base.look > Table.at",
    ]
    assert [step.line for step in findings[0].via] == [10, 11, 4]


def test_the_shortest_way_is_told(look: Look) -> None:
    [finding] = look(
        {
            "app.py": """
                from cadence import workflow
                import time
                def near(): return time.time()
                def far(): return near()
                @workflow.defn
                class Order:
                    async def run(self):
                        far()
                        near()
            """
        }
    )
    assert ways([finding]) == ["Order.run > near"]


@pytest.mark.parametrize(
    "body",
    [
        "self.step()",
        "super().step()",
        "asyncio.create_task(self.step())",
        "asyncio.gather(*[self.step()])",
        "workflow.wait_condition(self.step)",
        "workflow.set_signal_handler('x', self.step)",
        "functools.partial(self.step)()",
        "self.value",
        "self.helper.step()",
        "(lambda: self.step())()",
        "make().step()",
        "(await amake()).step()",
        "def inner():\n    return self.step()\ninner()",
        "def inner():\n    def deeper():\n        return self.step()\n    return deeper\ninner()",
        "def inner(x=self.step()): ...",
        "step = self.step\nstep()",
        "Helper().step()",
        "helper = Helper()\nwith helper: helper.step()",
        "Helper.step(None)",
        "match self:\n    case Base():\n        self.step()",
    ],
)
def test_ways_to_call(look_at_run: Look, body: str) -> None:
    above = """
    import asyncio, functools, time
    class Helper:
        def step(self):
            return time.time()
    def make() -> Helper: ...
    async def amake() -> "Helper": ...
    class Base(Helper):
        def __init__(self):
            self.helper = Helper()
        @property
        def value(self):
            return self.step()
    """
    # A workflow's own methods are reached by themselves; the call is made from a class that is none.
    caller = f"class Caller(Base):\n    async def go(self):\n{indent(body, ' ' * 8)}\n"
    findings = look_at_run("Caller().go()", f"{dedent(above)}\n{caller}")
    assert [finding.code for finding in findings] == ["CAD001"]


@pytest.mark.parametrize(
    "body",
    [
        "await workflow.execute_activity(charge)",
        "await charge()",
        "await workflow.execute_child_workflow(other)",
        "isinstance(self, other)",
        "x: other = 1",
        "unknown(self).step()",
        "super().step()",
        "other = self.x\nother()",
    ],
)
def test_what_is_named_is_not_called(look_at_run: Look, body: str) -> None:
    above = """
    import time
    @activity.defn(name="charge")
    def charge(): time.sleep(1)
    def other(): time.sleep(1)
    """
    assert look_at_run(body, above) == []


def test_circles_end(look: Look) -> None:
    files = {
        "a.py": """
            from b import x
            from cadence import workflow
            @workflow.defn
            class A(x):
                def f(self): x(), f(), self.f()
        """,
        "b.py": "from a import x\ny = z\nz = y\n",
        "c.py": """
            from cadence import workflow
            y = z
            z = y
            class A(B): p = q
            class B(A): q = p
            @workflow.defn
            class C(A):
                def f(self):
                    one = two
                    two = one
                    self.p = self.p
                    one.go(), y.go(), self.p.go()
        """,
    }
    assert look(files) == []


def test_files_of_one_name_are_kept_apart(look: Look) -> None:
    text = """
        from cadence import workflow
        def helper(): {}
        @workflow.defn
        class Order:
            async def run(self): helper()
    """
    findings = look(
        {"one/app.py": text.format("print(1)"), "two/app.py": text.format("input()"), "random.py": text.format("id(1)")}
    )
    assert [(finding.path, finding.code) for finding in findings] == [
        ("one/app.py", "CAD014"),
        ("random.py", "CAD012"),
        ("two/app.py", "CAD016"),
    ]


def test_what_cant_be_read_is_told(source: Source) -> None:
    folder = source({"broken.py": "def f(:\n", "fine.py": "x = 1\n", "uses.py": "import broken\nbroken.x()\n"})
    (folder / "zeros.py").write_bytes(b"x = '\0'\n")
    (folder / "latin.py").write_bytes(b"x = '\xe4'\n")
    (folder / "gone.py").symlink_to(folder / "nowhere.py")
    result = lint(["."])
    assert [(finding.code, finding.path) for finding in result.findings] == [
        ("CAD000", path) for path in ("broken.py", "gone.py", "latin.py", "zeros.py")
    ]
    assert result.findings[0].line == 1
    assert lint(["."], ignore=["CAD000"]).findings == ()


def test_a_broken_file_that_is_imported_is_no_obstacle(look: Look) -> None:
    text = """
        from cadence import workflow
        from broken import step
        @workflow.defn
        class Order:
            async def run(self):
                step()
                print(1)
    """
    assert [finding.code for finding in look({"app.py": text, "broken.py": "def f(:\n"}, ["app.py"])] == ["CAD014"]


def test_which_files_are_looked_at(source: Source) -> None:
    text = "x = 1\n"
    names = ("a.py", "b/c.py", "b/d.txt", ".venv/e.py", "env/pyvenv.cfg", "env/f.py", "node_modules/g.py")
    source(dict.fromkeys(names, text))
    assert lint(["."]).files == 2
    assert lint(["a.py", "a.py", "b"]).files == 2
    with pytest.raises(FileNotFoundError, match="nowhere"):
        lint(["nowhere"])


def test_rules_are_chosen(source: Source) -> None:
    source(
        {"app.py": "from cadence import workflow\n@workflow.defn\nclass A:\n    def f(self):\n        print(id(1))\n"}
    )
    assert {finding.code for finding in lint(["."]).findings} == {"CAD012", "CAD014"}
    assert {finding.code for finding in lint(["."], select=["CAD012"]).findings} == {"CAD012"}
    assert {finding.code for finding in lint(["."], ignore=["CAD012"]).findings} == {"CAD014"}


def test_the_samples_are_clean() -> None:
    result = lint([SAMPLES])
    assert result.findings == ()
    assert result.functions > 10


def test_it_is_quick_enough_for_a_hook(source: Source, record_property: Callable[[str, object], None]) -> None:
    step = "        if self.x > {0}:\n            self.y = helper_{0}(self.x, [one + 1 for one in self.z])\n"
    helper = "def helper_{0}(x, y):\n    total = x * {0}\n    return sorted(y)[0] + total\n"
    head = "from cadence import workflow\n"
    body = "".join(map(helper.format, range(100)))
    run = "@workflow.defn\nclass A:\n    async def run(self):\n" + "".join(map(step.format, range(100)))
    source({f"part_{number}.py": head + body + run for number in range(20)})
    started = time.process_time()
    result = lint(["."])
    record_property("seconds for 10,000 lines", time.process_time() - started)
    assert result.functions == 20 * 101
    # The figure is for the record; the bound only catches what grows faster than the code it looks at.
    assert time.process_time() - started < 10
