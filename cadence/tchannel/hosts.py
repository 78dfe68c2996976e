"""A host of the cluster: its address as it was given, and the places that its name stands for at the moment.

It resolves names, anew each time it is asked, and remembers which places failed, so that others come first. Connecting
to a place, and choosing among hosts, is `channel`'s business.
"""

from __future__ import annotations

import asyncio
import socket

from cadence.exceptions import ConfigurationError
from cadence.tchannel.errors import ConnectionFailedError, UnknownHostError

__all__ = ("Host",)

# What a resolver says when it knows that there is no such name, rather than that it could not find out.
_NO_SUCH_NAME = frozenset(getattr(socket, name) for name in ("EAI_NONAME", "EAI_NODATA") if hasattr(socket, name))


class Host:
    """One address, `host:port`; IPv6 in brackets.

    Raises:
        ConfigurationError: It isn't of that form.
    """

    def __init__(self, address: str) -> None:
        name, colon, port = address.rpartition(":")
        if not colon or not name or not port.isdigit() or not 0 < int(port) < 65536:
            msg = f"{address!r} is not an address"
            raise ConfigurationError(msg, hint="write host:port, for example localhost:7933")
        self.address = address
        self.name = name.strip("[]")
        self.port = int(port)
        self._is_number = _is_number(self.name)
        self._places: list[str] = [self.name] if self._is_number else []
        self._avoided: list[str] = []

    @property
    def is_several(self) -> bool:
        """Whether the name stood for more than one place when it was resolved last."""
        return len(self._places) > 1

    async def places(self) -> list[str]:
        """Resolve the name to numeric addresses; those that failed last come last.

        Raises:
            UnknownHostError: There is no such name.
            ConnectionFailedError: It can't be resolved at the moment.
        """
        if not self._is_number:
            self._places = await self._resolve()
            self._avoided = [place for place in self._avoided if place in self._places]
        avoided = self._avoided
        return sorted(self._places, key=lambda place: avoided.index(place) + 1 if place in avoided else 0)

    def avoid(self, place: str) -> None:
        """Note that a place failed: until it serves again, the others of the name come before it."""
        self.prefer(place)
        self._avoided.append(place)

    def prefer(self, place: str) -> None:
        """Note that a place serves."""
        if place in self._avoided:
            self._avoided.remove(place)

    async def _resolve(self) -> list[str]:
        loop = asyncio.get_running_loop()
        try:
            found = await loop.getaddrinfo(self.name, self.port, type=socket.SOCK_STREAM)
        except socket.gaierror as error:
            reason = f"the name {self.name!r} can't be resolved: {error.strerror or error}"
            kind = UnknownHostError if error.errno in _NO_SUCH_NAME else ConnectionFailedError
            raise kind(reason, peer=self.address) from error
        except OSError as error:
            reason = f"the name {self.name!r} can't be resolved: {error}"
            raise ConnectionFailedError(reason, peer=self.address) from error
        except UnicodeError as error:
            reason = f"the name {self.name!r} can't be one: {error}"
            raise UnknownHostError(reason, peer=self.address) from error
        return list(dict.fromkeys(_numeric(place) for *_, place in found))


def _is_number(name: str) -> bool:
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            socket.inet_pton(family, name.partition("%")[0])
        except OSError:
            continue
        return True
    return False


def _numeric(place: tuple[object, ...]) -> str:
    """The address of a place, with the scope where it is local to a link."""
    scope = place[3] if len(place) > 3 else 0
    return f"{place[0]}%{scope}" if scope else str(place[0])
