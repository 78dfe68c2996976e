"""Where the programs of 1.x find the frontend: at the address they name, or at CADENCE_ADDRESS for the default one.

`cadence dev -- python program.py` runs a program beside a server on any port and says so in CADENCE_ADDRESS; programs
written for 1.x name `localhost:7933` outright, or leave it to the default. So that one address gives way.
"""

from __future__ import annotations

import os

__all__ = ("DEFAULT_HOST", "DEFAULT_PORT", "resolve")

DEFAULT_HOST = "localhost"
DEFAULT_PORT = 7933


def resolve(host: str | None, port: int | None) -> tuple[str, int]:
    """Return the host and port to connect to.

    Args:
        host: As the program gave it; None: the default.
        port: As the program gave it; None: the default.
    """
    named = (host or DEFAULT_HOST, port or DEFAULT_PORT)
    address = os.environ.get("CADENCE_ADDRESS", "")
    if named == (DEFAULT_HOST, DEFAULT_PORT) and address:
        there, _, number = address.partition(",")[0].rpartition(":")
        if there and number.isdigit():
            return there, int(number)
    return named
