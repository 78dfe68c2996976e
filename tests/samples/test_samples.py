"""Each sample is run as its reader runs it: one command, which ends with exit code 0 and says what happened."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
import uuid
from pathlib import Path

import pytest

SAMPLES = Path(__file__).parents[2] / "samples"
AN_ID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"

PRINTED = {
    "hello/app.py": rf"started workflow {AN_ID}\nHello, World!\n",
    "hello/classic.py": r"Hello, World!\n",
    "async_completion/app.py": (
        r"activity: 'dinner for two' lies on the desk, and the function is done\n"
        r"person: 'dinner for two' is fine\n"
        r"workflow: dinner for two: approved\n"
    ),
    "signals_and_queries/app.py": (
        r"added tea, the total is now 4\.50\n"
        r"added cup, the total is now 17\.00\n"
        r"Ada pays 17\.00 for 2 things\n"
    ),
    "heartbeat/app.py": (
        r"attempt 0: starts at row 0\n"
        r"attempt 1: starts at row 5\n"
        r"attempt 1: imported 5 rows\n"
        r"all 10 rows are there, the last 5 by the last attempt\n"
    ),
    "encryption/app.py": (
        r"the server has \d+ bytes without the name\n"
        r"begun with key 2026-01: Ada is well\n"
        r"begun with key 2026-02: Grace is well\n"
    ),
    "sessions/app.py": (
        r"a\.txt has 8 words: fetched on (host-[12]), counted there, removed on \1\n"
        r"b\.txt has 8 words: fetched on (host-[12]), counted there, removed on \2\n"
        r"host-3 has c\.txt, and is gone\n"
        r"c\.txt has 8 words: fetched on host-4, counted there, removed on host-4\n"
    ),
    "cron/app.py": (
        rf"cron workflow {AN_ID} fires every two seconds\n"
        r"report 1 is written\nreport 2 is written\nreport 3 is written\n"
        r"it ended: .* was terminated: three reports are enough\n"
    ),
    "versioning/app.py": (
        r"a worker with the old code:\n"
        r"  the old order is charged\n"
        r"a worker with the new code:\n"
        r"(  the new order is (in stock|charged)\n)*"
        r"  the old order is sent, by version -1 of its code\n"
        r"(  the new order is (in stock|charged)\n)*"
        r"  the new order is sent, by version 1 of its code\n"
    ),
}

# Clients of 1.x have no close(), so what they leave open is closed by the end of the process.
WARNINGS = {"hello/classic.py": ("-W", "error", "-W", "ignore::ResourceWarning")}

NEEDS = {"encryption/app.py": "cryptography"}


def program_of(sample: str, folder: Path) -> Path:
    """The sample itself; for a cluster, which others may use as well, a copy with a task list of its own."""
    if "CADENCE_ADDRESS" not in os.environ:
        return SAMPLES / sample
    text, replaced = re.subn(
        r'^TASK_LIST = "(.*)"$', rf'TASK_LIST = "\1-{uuid.uuid4()}"', (SAMPLES / sample).read_text(), flags=re.MULTILINE
    )
    assert replaced == 1
    copy = folder / Path(sample).name
    copy.write_text(text)
    return copy


@pytest.mark.parametrize("sample", PRINTED)
async def test_a_sample_ends_by_itself_and_says_what_happened(sample: str, frontend: str, tmp_path: Path) -> None:
    needed = NEEDS.get(sample)
    if needed is not None:
        pytest.importorskip(needed, reason=f"{sample} needs {needed}")
    program = await asyncio.create_subprocess_exec(
        sys.executable,
        *WARNINGS.get(sample, ("-W", "error")),
        str(program_of(sample, tmp_path)),
        env={**os.environ, "CADENCE_ADDRESS": frontend, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        printed, complaints = await program.communicate()
    finally:
        if program.returncode is None:
            program.kill()
            await program.wait()
    assert (program.returncode, complaints.decode()) == (0, "")
    assert re.fullmatch(PRINTED[sample], printed.decode()), printed.decode()


def test_every_sample_is_tried() -> None:
    assert {str(path.relative_to(SAMPLES)) for path in SAMPLES.rglob("*.py")} == set(PRINTED)


@pytest.mark.parametrize("sample", PRINTED)
def test_a_sample_says_first_how_it_is_run(sample: str) -> None:
    assert f"    cadence dev -- python samples/{sample}\n" in (SAMPLES / sample).read_text()


def test_workflow_code_of_samples_is_clean() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "cadence", "lint", str(SAMPLES)], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout


def test_the_command_beside_a_server_of_its_own() -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CADENCE_")}
    done = subprocess.run(
        [sys.executable, "-m", "cadence", "dev", "--", sys.executable, str(SAMPLES / "hello/app.py")],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(PRINTED["hello/app.py"], done.stdout), done.stdout
