"""The option to record, and the records of all chosen scenarios, made at once."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # scenarios and their stage are modules of `differential`


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    parser.addoption(
        "--record", action="store_true", help="keep what the frontend at CADENCE_ADDRESS answers as the recordings"
    )


@pytest.fixture(scope="session")
def is_recording(request: pytest.FixtureRequest) -> bool:
    """Whether recordings are written instead of read."""
    return bool(request.config.getoption("--record", default=False))


@pytest.fixture(scope="session")
def performed(request: pytest.FixtureRequest, frontend: Any, is_recording: bool) -> dict[str, tuple[Any, float]]:
    """The record of each chosen scenario, or what ended it; and the seconds it took."""
    from differential.library import AT_ONCE, AT_ONCE_ON_A_CLUSTER, perform

    if is_recording and frontend.is_dev_server:
        pytest.exit("recordings are made of a real frontend: set CADENCE_ADDRESS", returncode=4)
    names = [
        item.callspec.params["scenario"]
        for item in request.session.items
        if isinstance(item, pytest.Function) and hasattr(item, "callspec") and "scenario" in item.callspec.params
    ]
    at_once = AT_ONCE if frontend.is_dev_server else AT_ONCE_ON_A_CLUSTER
    return asyncio.run(perform(names, frontend.address, frontend.domain, at_once))
