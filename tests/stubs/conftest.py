"""Tests here run as workflow code where they ask for `runtime`."""

from __future__ import annotations

import asyncio
import importlib.util
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

_SPEC = importlib.util.spec_from_file_location("recording", Path(__file__).parents[1] / "workflow" / "recording.py")
assert _SPEC is not None
assert _SPEC.loader is not None
recording = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(recording)


@pytest.fixture
async def runtime() -> AsyncIterator[Any]:
    """The test runs as workflow code of this runtime."""
    loop = asyncio.get_running_loop()
    runtime = recording.RecordingRuntime()
    loop.workflow_runtime = runtime  # type: ignore[attr-defined]  # the port: code finds its run on the loop
    yield runtime
    del loop.workflow_runtime  # type: ignore[attr-defined]  # see above
