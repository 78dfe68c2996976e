"""Answers health checks over HTTP: a line, a word, and the connection's end. What the answer is, others know."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable

from cadence.cli import output
from cadence.cli.failures import MistakeError

__all__ = ("OK", "UNAVAILABLE", "answering")

OK = b"200 OK"
UNAVAILABLE = b"503 Service Unavailable"
_NOT_FOUND = b"404 Not Found"
_PATIENCE = 5
"""Seconds for a request and its answer."""


@contextlib.asynccontextmanager
async def answering(
    host: str, port: int, answer: Callable[[str], Awaitable[bytes | None]], *, given: int | None = None
) -> AsyncIterator[None]:
    """Answer checks while the body runs.

    Args:
        host: Where to listen.
        port: The port; 0: a free one.
        answer: From the path to the status line; None: there is no such path.
        given: The file descriptor of a socket that listens already, instead of host and port.

    Raises:
        MistakeError: It can't listen there.
    """

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_PATIENCE):
                request = await reader.readuntil(b"\r\n")
                path = request.split(b" ")[1] if request.count(b" ") >= 2 else b""
                line = await answer(path.decode("ascii", "replace")) or _NOT_FOUND
                body = line.split(b" ", 1)[1].lower() + b"\n"
                head = b"HTTP/1.1 %s\r\nContent-Type: text/plain\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
                writer.write(head % (line, len(body)) + body)
                await writer.drain()
        except (TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
            return  # whoever asks asks again
        finally:
            writer.close()

    try:
        if given is not None:
            server = await asyncio.start_server(serve, sock=socket.socket(fileno=given))
        else:
            server = await asyncio.start_server(serve, host, port)
    except OSError as error:
        msg = f"can't listen at {host}:{port} for health checks: {error.strerror or error}"
        raise MistakeError(msg) from error
    if given is None:
        shown = server.sockets[0].getsockname()
        output.say(f"health at http://{shown[0]}:{shown[1]}/healthz and /readyz")
    async with server:
        yield
