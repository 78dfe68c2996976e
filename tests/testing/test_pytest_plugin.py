"""The plugin in a pytest of its own: fixtures, and histories as tests."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from cadence.testing import WorkflowHistory

HERE = Path(__file__).parent


def run_pytest(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def project(history: WorkflowHistory, tmp_path: Path) -> Path:
    (tmp_path / "shop.py").write_text((HERE / "shop.py").read_text())
    (tmp_path / "changed.py").write_text("from shop import ChangedOrder\n")
    (tmp_path / "histories").mkdir()
    (tmp_path / "histories" / "order.json").write_text(history.to_json())
    (tmp_path / "test_it.py").write_text(
        "from cadence import activity\n\n"
        "def test_alone(activity_environment):\n"
        "    assert activity_environment.run_sync(lambda: activity.info().workflow_id) == 'test-workflow'\n\n"
        "async def test_server(workflow_environment):\n"
        "    assert await workflow_environment.client.count_workflows() == 0\n"
    )
    (tmp_path / "pytest.ini").write_text("[pytest]\nasyncio_mode = auto\npythonpath = .\n")
    return tmp_path


async def test_fixtures(project: Path) -> None:
    done = run_pytest(project)
    assert "2 passed" in done.stdout, done.stdout + done.stderr


async def test_histories_that_fit_and_that_do_not(project: Path) -> None:
    (project / "only_order.py").write_text("from shop import Order\n")
    done = run_pytest(project, "--cadence-histories", "histories", "--cadence-workflows", "only_order")
    assert "3 passed" in done.stdout, done.stdout + done.stderr
    done = run_pytest(project, "histories", "--cadence-histories", "histories", "--cadence-workflows", "changed")
    assert "1 failed" in done.stdout, done.stdout + done.stderr
    assert "timer of 2592000 s" in done.stdout
    assert "Traceback" not in done.stdout


async def test_the_code_must_be_named(project: Path) -> None:
    done = run_pytest(project, "histories", "--cadence-histories", "histories")
    assert "needs --cadence-workflows" in done.stdout + done.stderr
