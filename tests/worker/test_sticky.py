"""The cache of runs keeps its two bounds, whatever is done to it, and never pushes out what is worked on."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cadence.worker.sticky import Kept, StickyCache

STEPS = st.lists(
    st.tuples(st.sampled_from(["keep", "get", "drop", "grow"]), st.integers(0, 7), st.integers(0, 40_000)), max_size=60
)


@given(STEPS, st.integers(1, 5), st.integers(1, 150_000))
def test_the_bounds_hold(steps: list[tuple[str, int, int]], most_runs: int, most_bytes: int) -> None:
    cache: StickyCache[object] = StickyCache(most_runs, most_bytes)
    evictions = 0
    for step, number, size in steps:
        run_id = str(number)
        kept: Any = cache.peek(run_id)
        if step == "keep" and kept is None:
            kept = Kept(run_id, "w", object())
        if step in ("keep", "grow") and kept is not None:
            kept.history_bytes = size
            gone = cache.keep(kept)
            evictions += len(gone)
            assert all(not cache.holds(one) for one in gone)
            assert kept in gone or cache.holds(kept)
        elif step == "get":
            assert cache.get(run_id) is kept
        elif step == "drop" and kept is not None:
            assert cache.drop(kept)
            assert not cache.drop(kept)
        statistics = cache.statistics()
        assert statistics.runs == len(cache) <= most_runs
        assert statistics.bytes <= most_bytes
        assert statistics.evictions == evictions
    left = cache.clear()
    assert len(cache) == 0
    assert cache.statistics().bytes == 0
    assert len({one.run_id for one in left}) == len(left)


async def test_what_is_worked_on_stays() -> None:
    cache: StickyCache[object] = StickyCache(1, 10**9)
    runs = [Kept(str(number), "w", object()) for number in range(3)]
    async with runs[0].lock:
        assert cache.keep(runs[0]) == []
        assert cache.keep(runs[1]) == [runs[1]]
        assert cache.clear() == []
    assert cache.keep(runs[2]) == [runs[0]]
