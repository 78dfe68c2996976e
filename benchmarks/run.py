"""All figures in one table: `python benchmarks/run.py`.

The works (hello x200, 200 at once, 100 in a row) run against the frontend at CADENCE_ADDRESS, or against a dev server
in a process of its own. Where CADENCE_BENCH_OFFICIAL_PYTHON names the interpreter of a venv with the official client
and CADENCE_BENCH_OFFICIAL_ADDRESS the gRPC port of a real frontend, the same works are done with it in the same run.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

HERE = Path(__file__).parent

# What architecture asks for: the least, by the beginning of a figure's name.
BUDGETS = {
    "rpc, 32 in flight": "<= 60",
    "hello x": "<= 2",
    "200 at once": "<= 1",
    "100 in a row": "<= 2",
    "replay of": ">= 300,000",
    "import cadence": "<= 150",
    "devserver, from command to first answer": "<= 300",
    "devserver, hello workflows": ">= 500",
}

Figure = tuple[str, float, str]


def measure(name: str) -> list[Figure]:
    """Run the `figures` function of a benchmark beside this file."""
    spec = importlib.util.spec_from_file_location(f"benchmark_{name}", HERE / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)  # dataclasses look their module up
    spec.loader.exec_module(module)
    figures: list[Figure] = module.figures()
    return figures


def works() -> list[Figure]:
    """Our own client and worker in one process, the frontend in another."""
    command = [sys.executable, str(HERE / "works.py")]
    if "CADENCE_ADDRESS" not in os.environ:
        command = [sys.executable, "-m", "cadence", "dev", "--domain", "benchmarks", "--", *command]
    return _read_works(command, "")


def official() -> list[Figure]:
    """The same with the official gRPC client, where it is at hand."""
    python = os.environ.get("CADENCE_BENCH_OFFICIAL_PYTHON")
    address = os.environ.get("CADENCE_BENCH_OFFICIAL_ADDRESS")
    if not python or not address:
        return []
    return _read_works([python, str(HERE / "works_official.py"), "--address", address], "cadence-python-client: ")


def _read_works(command: list[str], prefix: str) -> list[Figure]:
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    out = []
    for name, figures in json.loads(done.stdout.strip().splitlines()[-1]).items():
        out.append((f"{prefix}{name}", figures["wall_s"], "s"))
        out.append((f"{prefix}{name}, CPU each", figures["cpu_ms_each"], "ms"))
    return out


PARTS: dict[str, Callable[[], list[Figure]]] = {
    "imports": partial(measure, "imports"),
    "codec": partial(measure, "codec"),
    "rpc": partial(measure, "rpc"),
    "replay": partial(measure, "replay"),
    "works": works,
    "devserver": partial(measure, "devserver"),
    "official": official,
}


def show(figures: Iterable[Figure]) -> None:
    """Print one table row per figure."""
    for name, value, unit in figures:
        number = f"{value:,.0f}" if value >= 1000 else f"{value:,.2f}"
        budget = next((text for start, text in BUDGETS.items() if name.startswith(start) and unit != "s"), "")
        print(f"{name:64} {number:>14} {unit:12} {budget}", flush=True)


def main() -> None:
    """Measure what the command line names, or everything."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="what to measure; default: everything")
    chosen = parser.parse_args().parts or list(PARTS)
    print(
        f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores"
    )
    print(f"{'figure':64} {'value':>14} {'unit':12} budget")
    for part in chosen:
        show(PARTS[part]())


if __name__ == "__main__":
    main()
