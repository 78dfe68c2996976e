"""What can go wrong between two TChannel peers, by error code and by whether trying again is safe.

    TransportError (cadence.exceptions)
     `- TChannelError
         |- CallTimeoutError       0x01  MaybeRetryable   the deadline passed, here or there
         |- CallCancelledError     0x02  NotRetryable     the caller gave up
         |- BusyError              0x03  Retryable        not worked on: too much to do
         |- DeclinedError          0x04  Retryable        not worked on: somebody else should
         |- UnexpectedError        0x05  MaybeRetryable   the peer failed on it
         |- BadRequestFrameError   0x06  NotRetryable     the peer could not make sense of it
         |- NetworkError           0x07  MaybeRetryable   the peer could not reach what it needs
         |- UnhealthyError         0x08  Retryable        not worked on: the peer is not well
         |- FatalProtocolError     0xff  NotRetryable     the bytes broke the protocol; the connection is gone
         |- ConnectionFailedError        Retryable        no connection could be made, so nothing was sent
         |   `- UnknownHostError                          none was ever there: no host has such a name
         `- ConnectionLostError          MaybeRetryable   the connection died while the call was out

Retryable: the request was not worked on. MaybeRetryable: it may have been, so only what may be done twice may be sent
again. NotRetryable: it would end the same way.
"""

from __future__ import annotations

from cadence.exceptions import TransportError

__all__ = (
    "BadRequestFrameError",
    "BusyError",
    "CallCancelledError",
    "CallTimeoutError",
    "ConnectTimeoutError",
    "ConnectionFailedError",
    "ConnectionLostError",
    "DeclinedError",
    "FatalProtocolError",
    "MaybeRetryable",
    "NetworkError",
    "NotRetryable",
    "Retryable",
    "TChannelError",
    "UnexpectedError",
    "UnhealthyError",
    "UnknownHostError",
    "error_for_code",
)


class Retryable:
    """The request was not worked on; sending it again is safe."""


class MaybeRetryable:
    """The request may have been worked on; sending it again is safe only if it may be done twice."""


class NotRetryable:
    """Sending the same again would end the same way."""


class TChannelError(TransportError):
    """A call got no answer.

    Attributes:
        code: The protocol's error code; 0 where the error was found on this side.
        peer: The other side's address, or an empty string.
    """

    code = 0

    def __init__(self, message: str = "", *, peer: str = "", hint: str = "") -> None:
        super().__init__(f"{peer}: {message}" if peer else message, hint=hint)
        self.reason = message
        self.peer = peer


class CallTimeoutError(TChannelError, MaybeRetryable, TimeoutError):
    """The call's deadline passed before an answer arrived."""

    code = 0x01


class ConnectTimeoutError(CallTimeoutError):
    """The call's deadline passed before there was a connection, so nothing was sent."""


class CallCancelledError(TChannelError, NotRetryable):
    """The peer says that the caller gave up."""

    code = 0x02


class BusyError(TChannelError, Retryable):
    """The peer has too much to do and did not look at the request."""

    code = 0x03


class DeclinedError(TChannelError, Retryable):
    """The peer does not want this request; another may."""

    code = 0x04


class UnexpectedError(TChannelError, MaybeRetryable):
    """The peer failed while it worked on the request."""

    code = 0x05


class BadRequestFrameError(TChannelError, NotRetryable):
    """The peer could not make sense of the request: an unknown procedure, or a body that is not what it takes."""

    code = 0x06


class NetworkError(TChannelError, MaybeRetryable):
    """The peer could not reach something that it needs."""

    code = 0x07


class UnhealthyError(TChannelError, Retryable):
    """The peer is not well and did not look at the request."""

    code = 0x08


class FatalProtocolError(TChannelError, NotRetryable):
    """Bytes arrived that are not the protocol; the connection is closed."""

    code = 0xFF


class ConnectionFailedError(TChannelError, Retryable):
    """No connection could be made, so nothing was sent."""


class UnknownHostError(ConnectionFailedError):
    """There is no host of that name, and none was reached before: most likely it is misspelled.

    A name that vanishes later, while its server moves, is a ConnectionFailedError.
    """


class ConnectionLostError(TChannelError, MaybeRetryable):
    """The connection died while the call was out."""


_BY_CODE: dict[int, type[TChannelError]] = {
    cls.code: cls
    for cls in (
        CallTimeoutError,
        CallCancelledError,
        BusyError,
        DeclinedError,
        UnexpectedError,
        BadRequestFrameError,
        NetworkError,
        UnhealthyError,
        FatalProtocolError,
    )
}


def error_for_code(code: int, message: str, peer: str = "") -> TChannelError:
    """Give the error of a code; an unknown code is an UnexpectedError that names it."""
    cls = _BY_CODE.get(code)
    if cls is None:
        return UnexpectedError(f"error code {code:#04x}: {message}", peer=peer)
    return cls(message, peer=peer)
