"""The other side, with the package `tchannel` 2.1.0; run by the interpreter of an environment that has it.

python tchannel_python.py serve IDL             prints its port, serves until its input ends
python tchannel_python.py call IDL PORT SIZES   makes calls, prints one JSON object with what came back
"""

from __future__ import annotations

import collections
import collections.abc
import json
import sys
import threading

# Of a time when these names were in `collections` still.
for _name in ("Mapping", "MutableMapping", "Callable", "Iterable", "Sequence"):
    if not hasattr(collections, _name):
        setattr(collections, _name, getattr(collections.abc, _name))

from tchannel import Response, TChannel, errors, thrift  # noqa: E402
from tornado import gen, ioloop  # noqa: E402


def serve(idl: str) -> None:
    module = thrift.load(idl, service="peer")
    channel = TChannel("peer", hostport="127.0.0.1:0")

    @channel.thrift.register(module.Peer)
    def echo(request):
        if request.body.body == b"refuse me":
            raise module.Refused(message="refused: é")
        return Response(request.body.body, headers=request.headers)

    @channel.thrift.register(module.Peer)
    def fail(request):
        raise KeyError("a bug of the peer")

    @channel.thrift.register(module.Peer)
    @gen.coroutine
    def sleep(request):
        yield gen.sleep(60)

    channel.listen()
    print(channel.hostport.rpartition(":")[2], flush=True)
    loop = ioloop.IOLoop.current()

    def wait_for_end() -> None:
        sys.stdin.read()
        loop.add_callback(loop.stop)

    threading.Thread(target=wait_for_end, daemon=True).start()
    loop.start()


@gen.coroutine
def call_all(idl: str, port: str, sizes: list):
    module = thrift.load(idl, service="peer", hostport="127.0.0.1:" + port)
    channel = TChannel("python-peer")
    seen = {}

    for size in sizes:
        answer = yield channel.thrift(module.Peer.echo(b"\x01" * size), headers={"key": "value"}, timeout=20)
        seen[f"size {size}"] = answer.body == b"\x01" * size and answer.headers == {"key": "value"}

    bodies = [b"%d" % number * 1000 for number in range(50)]
    answers = yield [channel.thrift(module.Peer.echo(body), timeout=20) for body in bodies]
    seen["at once"] = [answer.body for answer in answers] == bodies

    try:
        yield channel.thrift(module.Peer.echo(b"refuse me"), timeout=20)
    except module.Refused as error:
        seen["refused"] = error.message

    for name in ("fail", "missing", "busy"):
        try:
            yield channel.thrift(getattr(module.Peer, name)(), timeout=20, retry_on="n")
        except errors.TChannelError as error:
            seen[name] = [type(error).__name__, getattr(error, "description", "")]

    try:
        yield channel.thrift(module.Peer.sleep(), timeout=0.3)
    except errors.TimeoutError:
        seen["sleep"] = "timeout"
    print(json.dumps(seen), flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(sys.argv[2])
    else:
        ioloop.IOLoop.current().run_sync(lambda: call_all(sys.argv[2], sys.argv[3], json.loads(sys.argv[4])))
