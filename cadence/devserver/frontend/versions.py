"""What a client's feature version means: too new for this server, or new enough for an error that came later.

Clients say name and version in headers; one that says none, or has a name of its own, is taken.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from cadence.api.errors import ClientVersionNotSupportedError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ("HIGHEST", "check_client", "knows_completed")

HIGHEST = {"uber-go": "1.7.0", "uber-java": "1.5.0", "cli": "1.7.0"}
"""The highest feature version of each known client that a server of our day takes."""

_KNOWING_COMPLETED = {"uber-go": "1.7.0", "uber-java": "1.4.0", "cli": "1.7.0"}
"""The first feature version of each client that knows WorkflowExecutionAlreadyCompletedError."""

_NAME_HEADER = "cadence-client-name"
_VERSION_HEADER = "cadence-client-feature-version"
_VERSION = re.compile(r"v?(\d+(?:\.\d+)*)(?:\+[0-9A-Za-z.-]+)?").fullmatch


def check_client(headers: Mapping[str, str]) -> None:
    """Refuse a client that is too new.

    Raises:
        ClientVersionNotSupportedError: It is, or its version can't be read.
    """
    version, name = headers.get(_VERSION_HEADER, ""), headers.get(_NAME_HEADER, "")
    if version and name in HIGHEST and not _is_known(name, version):
        raise ClientVersionNotSupportedError(
            feature_version=version, client_impl=name, supported_versions=f"<={HIGHEST[name]}"
        )


def knows_completed(headers: Mapping[str, str]) -> bool:
    """Whether a client is one that knows WorkflowExecutionAlreadyCompletedError."""
    first = _KNOWING_COMPLETED.get(headers.get(_NAME_HEADER, ""))
    read = _VERSION(headers.get(_VERSION_HEADER, ""))
    return first is not None and read is not None and _numbers(read[1]) >= _numbers(first)


@lru_cache(maxsize=64)
def _is_known(name: str, version: str) -> bool:
    """Whether a version is one that this server knows; previews never are."""
    read = _VERSION(version)
    return read is not None and _numbers(read[1]) <= _numbers(HIGHEST[name])


def _numbers(version: str) -> tuple[int, ...]:
    numbers = [int(part) for part in version.split(".")]
    return (*numbers, *[0] * (3 - len(numbers)))
