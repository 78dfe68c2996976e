"""Frames that almost are the protocol: no crash, no hang, and the connection that brought them alone is closed.

The same with 200,000 frames for each side, and a look at memory: integration-tests/faults/mutated_frames.py.
"""

from __future__ import annotations

import asyncio
import importlib.util
import itertools
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cadence.tchannel.protocol import Side

if TYPE_CHECKING:
    from types import ModuleType

SEED = 20_241


@pytest.fixture(scope="module")
def mutations() -> ModuleType:
    spec = importlib.util.spec_from_file_location("cadence_tests_mutations", Path(__file__).with_name("mutations.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("side", Side)
def test_a_mutated_frame_is_read_ignored_or_ends_the_connection(side: Side, mutations: Any) -> None:
    frames = itertools.islice(mutations.mutated_frames(SEED), 2000)
    ended = sum(mutations.ends_connection(side, frame) for frame in frames)
    assert 200 < ended < 1800


@pytest.mark.parametrize("side", Side)
async def test_over_sockets(side: Side, mutations: Any) -> None:
    faults: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: faults.append(context))
    outcome = mutations.Outcome()
    play = mutations.play_to_server if side is Side.SERVER else mutations.play_to_client
    await play(SEED, 2000, outcome)
    assert faults == []
    assert outcome.frames == 2000
    assert outcome.breaches > 10
