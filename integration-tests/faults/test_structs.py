"""Two thousand requests with random fields; CADENCE_STRUCTS says otherwise, random_structs.py itself sends 50,000."""

from __future__ import annotations

import os
from types import ModuleType

import pytest

STRUCTS = int(os.environ.get("CADENCE_STRUCTS", "2000"))
SEED = int(os.environ.get("CADENCE_SEED", "7933"))


@pytest.mark.slow
@pytest.mark.timeout(120 + STRUCTS // 20)
def test_random_fields(random_structs: ModuleType) -> None:
    player, faults = random_structs.run(STRUCTS, SEED)
    assert not faults, "\n".join(fault[:2000] for fault in faults[:10])
    assert player.ends.total() == STRUCTS
    # Not all of them end at the first check.
    assert player.ends["answered"] > STRUCTS // 10
