"""TChannel v2 as Cadence speaks it: frames and calls, a client that reconnects and a server with limits.

`frames`, `messages`, `checksums`, `fragments` and `protocol` do no I/O; `connection`, `channel` and `listener` are the
asyncio shells around them. Nothing here knows Thrift or Cadence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cadence._lazy import lazy_names, names_by_module

if TYPE_CHECKING:
    from cadence.tchannel.calls import CallResponse, IncomingCall
    from cadence.tchannel.channel import Channel, ChannelStatistics
    from cadence.tchannel.listener import Limits, Listener, ListenerStatistics

__all__ = (
    "CallResponse",
    "Channel",
    "ChannelStatistics",
    "IncomingCall",
    "Limits",
    "Listener",
    "ListenerStatistics",
)

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy_names(
        __name__,
        names_by_module(
            __name__,
            {
                "calls": "CallResponse IncomingCall",
                "channel": "Channel ChannelStatistics",
                "listener": "Limits Listener ListenerStatistics",
            },
        ),
    )
