"""The `cadence` command, also for machines where another command of that name is on the PATH: `python -m cadence`.

It only finds out whether the command line's own libraries are installed; the commands are in `cadence.cli`.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec

__all__ = ("main",)


def main() -> None:
    """Run the command line and end the process with its exit code."""
    missing = [name for name in ("typer", "rich") if find_spec(name) is None]
    if missing:
        sys.stderr.write("the command line needs more than the library does: pip install 'cadence-client[dev]'\n")
        sys.exit(2)
    from cadence.cli.app import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
