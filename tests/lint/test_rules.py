"""Each rule finds what it is about, under any name it was imported by, and leaves what is like it alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cadence.lint import RULES, Severity
from cadence.lint.rules import rule_of_call

LookAtRun = Callable[..., list[Any]]


@pytest.mark.parametrize(
    ("above", "body", "code"),
    [
        ("import time", "time.time()", "CAD001"),
        ("import time as clock", "clock.monotonic()", "CAD001"),
        ("from time import perf_counter as tick", "tick()", "CAD001"),
        ("import time", "time.localtime()", "CAD001"),
        ("import time", "time.strftime('%H')", "CAD001"),
        ("import time", "now = time.time\nnow()", "CAD001"),
        ("import datetime", "datetime.datetime.now(datetime.UTC)", "CAD001"),
        ("import datetime as dt", "dt.datetime.utcnow()", "CAD001"),
        ("from datetime import datetime", "datetime.today()", "CAD001"),
        ("from datetime import date as day", "day.today()", "CAD001"),
        ("", "from time import time\ntime()", "CAD001"),
        ("import time", "list(map(time.time, []))", "CAD001"),
        ("import time", "[step(clock=time.time) for step in self.steps]", "CAD001"),
        ("import random", "random.choice([1, 2])", "CAD002"),
        ("from random import shuffle", "shuffle([1])", "CAD002"),
        ("import random", "random.Random().random()", "CAD002"),
        ("import secrets", "secrets.token_hex()", "CAD002"),
        ("import os", "os.urandom(8)", "CAD002"),
        ("import uuid", "uuid.uuid4()", "CAD003"),
        ("from uuid import uuid1 as new", "str(new())", "CAD003"),
        ("import time", "time.sleep(1)", "CAD004"),
        ("from time import sleep", "sleep(1)", "CAD004"),
        ("import threading", "threading.Thread(target=len).start()", "CAD005"),
        ("import asyncio", "await asyncio.to_thread(len, [])", "CAD005"),
        ("import asyncio", "await asyncio.get_running_loop().run_in_executor(None, len)", "CAD005"),
        ("from concurrent.futures import ThreadPoolExecutor as Pool", "Pool().submit(len)", "CAD005"),
        ("import multiprocessing as mp", "mp.Process(target=len)", "CAD006"),
        ("import subprocess", "subprocess.run(['ls'])", "CAD006"),
        ("import os", "os.system('ls')", "CAD006"),
        ("import os", "os.execv('ls', [])", "CAD006"),
        ("import socket", "socket.create_connection(('x', 1))", "CAD007"),
        ("import requests", "requests.get('x')", "CAD007"),
        ("import requests\nsession = requests.Session()", "session.get('x')", "CAD007"),
        ("import httpx", "async with httpx.AsyncClient() as client:\n    await client.get('x')", "CAD007"),
        ("import aiohttp", "aiohttp.ClientSession()", "CAD007"),
        ("import urllib.request", "urllib.request.urlopen('x')", "CAD007"),
        ("from urllib.request import urlopen", "urlopen('x')", "CAD007"),
        ("import boto3\ns3 = boto3.client('s3')", "s3.list_buckets()", "CAD007"),
        ("", "open('x').read()", "CAD008"),
        ("import os", "os.listdir('.')", "CAD008"),
        ("import os.path", "os.path.exists('x')", "CAD008"),
        ("from pathlib import Path", "Path('x').read_text()", "CAD008"),
        ("import pathlib", "path = pathlib.Path('x')\n(path.parent / 'y').exists()", "CAD008"),
        ("from pathlib import Path", "Path('x').with_name('y').joinpath('z').unlink()", "CAD008"),
        ("import shutil", "shutil.rmtree('x')", "CAD008"),
        ("import os", "os.environ['A']", "CAD009"),
        ("from os import environ", "environ.get('A')", "CAD009"),
        ("import os", "os.getenv('A')", "CAD009"),
        ("import sys", "sys.argv[1]", "CAD009"),
        ("", "id(self)", "CAD012"),
        ("", "hash('x')", "CAD012"),
        ("", "print('x')", "CAD014"),
        ("import logging\nlog = logging.getLogger(__name__)", "log.info('x')", "CAD015"),
        ("import logging", "logging.info('x')", "CAD015"),
        ("", "input()", "CAD016"),
    ],
)
def test_what_is_found(look_at_run: LookAtRun, above: str, body: str, code: str) -> None:
    assert {finding.code for finding in look_at_run(body, above)} == {code}


@pytest.mark.parametrize(
    ("above", "body"),
    [
        ("import time", "time.strftime('%H', workflow.now().timetuple())"),
        ("import time", "time.gmtime(workflow.time())"),
        ("from datetime import datetime", "datetime.fromtimestamp(workflow.time())"),
        ("import random", "random.Random(7).random()"),
        ("import random", "draws = random.Random(workflow.info().run_id)\ndraws.random()"),
        ("", "random = workflow.random()\nrandom.choice([1])"),
        ("", "time = self\ntime.time()"),
        ("import uuid", "uuid.uuid5(uuid.NAMESPACE_URL, 'x')\nworkflow.uuid4()"),
        ("import asyncio", "await asyncio.sleep(1)\nasyncio.get_running_loop().time()"),
        ("import urllib.parse", "urllib.parse.quote('x')"),
        ("import requests", "isinstance(self, requests.Session)"),
        ("import httpx", "raise httpx.HTTPError('x')"),
        ("import subprocess", "try:\n    pass\nexcept subprocess.TimeoutExpired:\n    pass"),
        ("from pathlib import PurePath, Path", "PurePath('x').name\nPath('x').name"),
        ("import os", "os.path.join('a', 'b')"),
        ("", "open = self.open\nopen('x')"),
        ("import time", "workflow.side_effect(lambda: time.time())"),
        ("import time", "workflow.side_effect(time.time)"),
        ("import os", "workflow.mutable_side_effect('x', lambda: os.environ['X'])"),
        ("import random", "def pick():\n    return random.random()\nworkflow.side_effect(pick)"),
        ("import time", "x: time.struct_time = self.x\ndef f(y: time.struct_time = None): ..."),
        ("import time", "class Inner:\n    at = time.time()"),
        ("", "if not workflow.is_replaying():\n    print('x')"),
        ("", "if workflow.is_replaying() and self.x:\n    pass\nelse:\n    print('x')"),
        ("import time", "x = workflow.now() if workflow.in_workflow() else None"),
        ("import time", "if workflow.in_workflow():\n    pass\nelse:\n    time.time()"),
        ("import time", "if not workflow.in_workflow():\n    time.time()"),
        ("", "workflow.logger.info('x')"),
        ("", "hash(5)"),
        (
            "import time\n@activity.defn\ndef act():\n    time.sleep(1)",
            "await act()\nawait workflow.execute_activity(act)",
        ),
        ("import time\nSTARTED = time.time()", "self.x = 1"),
    ],
)
def test_what_is_left_alone(look_at_run: LookAtRun, above: str, body: str) -> None:
    assert look_at_run(body, above) == []


@pytest.mark.parametrize(
    "body",
    [
        "await workflow.execute_activity('pay', time.time())",
        "await workflow.execute_activity('pay', args=[1, str(time.time())])",
        "at = time.time()\nawait workflow.start_activity('pay', at)",
        "await workflow.execute_child_workflow('Pay', {'at': time.time()})",
        "workflow.continue_as_new(time.time())",
    ],
)
def test_what_is_input_alone_is_a_warning(look_at_run: LookAtRun, body: str) -> None:
    [finding] = look_at_run(body, "import time")
    assert (finding.code, finding.severity) == ("CAD001", Severity.WARNING)


@pytest.mark.parametrize(
    "body",
    [
        "at = time.time()\nawait workflow.start_activity('pay', at)\nif at > 5:\n    pass",
        "at = time.time()\nat += 1\nawait workflow.start_activity('pay', at)",
        "await workflow.execute_activity('pay', decide(time.time()))",
        "await workflow.execute_activity('pay', timeout=time.time())",
    ],
)
def test_what_may_decide_is_an_error(look_at_run: LookAtRun, body: str) -> None:
    findings = look_at_run(body, "import time\ndef decide(at):\n    return at > 5")
    assert [(finding.code, finding.severity) for finding in findings] == [("CAD001", Severity.ERROR)]


def test_hash_in_a_hash_method_is_what_it_is_for(look_at_run: LookAtRun) -> None:
    above = """
    class Key:
        def __init__(self, name):
            self.name = name
        def __hash__(self):
            return hash(self.name)
    """
    assert look_at_run("Key('x').__hash__()", above) == []


def test_rules_say_why_and_what_instead() -> None:
    assert [rule.code for rule in RULES.values()] == [f"CAD{number:03}" for number in range(len(RULES))]
    assert len({rule.name for rule in RULES.values()}) == len(RULES)
    assert all(rule.why and rule.instead for rule in RULES.values())
    assert "workflow.now()" in RULES["CAD001"].instead
    assert "workflow.random()" in RULES["CAD002"].instead
    assert "workflow.uuid4()" in RULES["CAD003"].instead
    assert "asyncio.sleep" in RULES["CAD004"].instead


def test_full_names() -> None:
    assert rule_of_call("numpy.random.default_rng", 0) == "CAD002"
    assert rule_of_call("numpy.random.default_rng", 1) is None
    assert rule_of_call("requests.Session.get", 1) == "CAD007"
    assert rule_of_call("randomness.pick", 1) is None
