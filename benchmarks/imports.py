"""What an import costs: milliseconds of a fresh interpreter, without the interpreter's own start.

Each import is timed in processes of its own; the least of several is given, since everything else is other programs.
"""

from __future__ import annotations

import subprocess
import sys

STATEMENTS = (
    "import cadence",
    "from cadence import activity, workflow",
    "from cadence import Client, Worker, activity, workflow",
)
_CODE = "import time; t = time.perf_counter(); {}; print((time.perf_counter() - t) * 1000)"


def figures(runs: int = 7) -> list[tuple[str, float, str]]:
    """Time each statement.

    Args:
        runs: Processes per statement.
    """
    out = []
    for statement in STATEMENTS:
        times = [
            float(subprocess.run([sys.executable, "-c", _CODE.format(statement)], stdout=-1, check=True).stdout)
            for _ in range(runs)
        ]
        out.append((statement, min(times), "ms"))
    return out


if __name__ == "__main__":
    for name, value, unit in figures():
        print(f"{name:60} {value:10.1f} {unit}")
