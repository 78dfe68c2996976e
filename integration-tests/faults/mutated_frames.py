"""The long run of frames that almost are the protocol: 200,000 for each side, with memory watched.

    python integration-tests/faults/mutated_frames.py [--frames 200000] [--seed 1] [--side server|client]

First each frame alone, on a connection without sockets; then over sockets, five to a connection. Exits with 1 when a
call or a connection ended in a way that it must not, when one hung, or when memory grew. The generator and the two
players are those of tests/tchannel/test_mutations.py.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import importlib.util
import itertools
import logging
import sys
import time
import tracemalloc
from pathlib import Path
from typing import Any

from cadence.tchannel.protocol import Side

PLAYERS = Path(__file__).resolve().parents[2] / "tests" / "tchannel" / "mutations.py"
ROUNDS = 20
GROWTH_ALLOWED = 1024 * 1024
"""Bytes of Python objects that may be more after the last round than after the second, when all caches are warm."""


def _load_players() -> Any:
    spec = importlib.util.spec_from_file_location("cadence_tests_mutations", PLAYERS)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def _resident() -> int:
    """Bytes of this process in memory, or 0 where the system doesn't tell."""
    try:
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    except OSError:
        return 0
    return int(pages) * 4096


def _run_alone(frames: int, seed: int) -> None:
    """Each frame on a connection of its own, for both sides, without sockets."""
    players = _load_players()
    started = time.monotonic()
    ended = dict.fromkeys(Side, 0)
    for frame in itertools.islice(players.mutated_frames(seed), frames):
        for side in Side:
            ended[side] += players.ends_connection(side, frame)
    words = ", ".join(f"{count} ended a {side.value}'s connection" for side, count in ended.items())
    print(f"alone: of {frames} frames {words}; {time.monotonic() - started:.0f} s")


async def _run(side: str, frames: int, seed: int) -> int:
    players = _load_players()
    faults: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: faults.append(context))
    play = players.play_to_server if side == "server" else players.play_to_client
    total = players.Outcome()
    used, resident = [], []
    started = time.monotonic()
    for number in range(ROUNDS):
        outcome = players.Outcome()
        await play(seed + number, frames // ROUNDS, outcome)
        for name in ("frames", "connections", "breaches", "served"):
            setattr(total, name, getattr(total, name) + getattr(outcome, name))
        gc.collect()
        used.append(tracemalloc.get_traced_memory()[0])
        resident.append(_resident())
    growth = used[-1] - used[1]
    print(
        f"{side}: {total.frames} frames on {total.connections} connections in {time.monotonic() - started:.0f} s; "
        f"{total.breaches} closed with error 0xff, {total.served} served to the end; "
        f"Python memory {used[1] / 1e6:.2f} -> {used[-1] / 1e6:.2f} MB, "
        f"peak {tracemalloc.get_traced_memory()[1] / 1e6:.1f} MB, "
        f"resident {resident[1] / 1e6:.1f} -> {resident[-1] / 1e6:.1f} MB; {len(faults)} faults of the loop"
    )
    for fault in faults[:5]:
        print(fault)
    return int(bool(faults) or growth > GROWTH_ALLOWED)


def main() -> int:
    """Run one side or both; 0 when all is well."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--frames", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--side", choices=("server", "client"))
    options = parser.parse_args()
    logging.getLogger("cadence").setLevel(logging.ERROR)  # each lost connection is worth a line, elsewhere
    tracemalloc.start()
    _run_alone(options.frames, options.seed)
    sides = [options.side] if options.side else ["server", "client"]
    return max(asyncio.run(_run(side, options.frames, options.seed)) for side in sides)


if __name__ == "__main__":
    sys.exit(main())
