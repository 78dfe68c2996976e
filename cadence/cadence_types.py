"""The structs and enums of the wire contract under the import path of `cadence-client` 1.x; names load when used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cadence._lazy import lazy_names
from cadence.api import HOMES

if TYPE_CHECKING:
    from cadence.api import *  # noqa: F403

else:
    __getattr__, __dir__ = lazy_names(__name__, HOMES)
