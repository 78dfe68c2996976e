"""Structs to bytes and back, in Thrift's binary protocol.

The only module that imports thriftpy2, of which it uses the C codec alone: that reads into and writes from our slotted
classes directly, with no copy to another model in between. It knows nothing of RPCs or of history.

Three things about that codec shape this module:

- Its parent packages import an IDL parser, ssl and urllib (50 to 70 ms). `_load_c_codec` leaves them unexecuted until
  somebody touches them.
- Its memory buffer answers a read beyond the end with whatever lies on the stack, so bytes are read through its
  buffered transport, which raises at the end of data. Lengths that claim more than there is end there.
- It skips a container of elements that take no bytes (an unknown type) as often as its header claims, up to 2**31
  times. `_suspects` finds where such a header could be, if those bytes are one at all. The data are handed to the codec
  up to such a place: if it then wants more with nothing in hand, it is indeed in front of a count, and the message is
  walked first (_wire_check.py). As a rule it is in the middle of a string and just goes on.
"""

from __future__ import annotations

import importlib
import re
import sys
import threading
from importlib.util import find_spec, module_from_spec
from io import BytesIO
from types import ModuleType
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar

from cadence.exceptions import CadenceError

if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec

__all__ = ("CodecError", "decode", "decode_blob", "encode")


class _Message(Protocol):
    thrift_spec: ClassVar[dict[int, tuple[Any, ...]]]


T = TypeVar("T", bound=_Message)

_MAX_DEPTH = 64
_BUFFER = 4096
_THRIFTRW_MARK = b"Y"

# A container header, at the place of a field's value, that either claims 256 or more elements of a type that takes no
# bytes, or holds containers that might. Only such headers can make the C codec loop for long. Matches may overlap, so one takes
# the header's first byte alone.
_NO_TYPE = rb"[^\x02\x03\x04\x06\x08\x0a\x0b\x0c\x0d\x0e\x0f\x12]"
_MANY = rb"(?!\x00\x00\x00)[\x00-\x7f]..."
_SOME = rb"(?!\x00\x00\x00\x00)[\x00-\x7f]"
_suspects = re.compile(
    rb"[\x0d-\x0f](?s:(?<=[\x0e\x0f])(?=..(?:" + _NO_TYPE + _MANY + rb"|[\x0d-\x0f]" + _SOME + rb"))"
    rb"|(?<=\x0d)(?=..(?:" + _NO_TYPE + _NO_TYPE + _MANY + rb"|(?:[\x0d-\x0f].|.[\x0d-\x0f])" + _SOME + rb")))"
).finditer
_MAP = 13
_COUNT_SIZE = 4
# From here on, one walk takes less time than one read for each suspect.
_BYTES_PER_SUSPECT = 64
# Each step moves what is left of the data: a large blob full of suspects would take time by its square.
_MOST_STEPS = 256


class CodecError(CadenceError, ValueError):
    """Bytes are not the struct they should be, or a struct holds a value that its field can't carry.

    Trying again does not help.
    """


def encode(message: _Message) -> bytes:
    """Serialize a struct.

    A str in a binary field is encoded as UTF-8; fields that are None are left out.

    Args:
        message: A struct or a declared error of `cadence.api`.

    Returns:
        The field list, closed by a stop byte.

    Raises:
        CodecError: A field holds a value of another type, or a number that is too large for it.
    """
    buffer = _MemoryBuffer(b"", _BUFFER)
    try:
        _BinaryProtocol(buffer, max_depth=_MAX_DEPTH).write_struct(message)
    except _EncodeError as error:
        msg = f"{error.struct_name}.{error.field} can't hold {error.value!r:.80}"
        raise CodecError(msg) from error
    except (TypeError, ValueError, AttributeError, OverflowError, RecursionError, BufferError) as error:
        msg = f"{type(message).__name__} can't be serialized: {error}"
        raise CodecError(msg) from error
    data: bytes = buffer.getvalue()
    return data


def decode(cls: type[T], data: bytes) -> T:
    """Read a struct.

    Unknown fields are skipped and unknown enum values stay ints. A string that is not UTF-8 stays bytes. Bytes behind
    the struct are not looked at.

    Args:
        cls: The struct's class.
        data: The field list, closed by a stop byte.

    Returns:
        A new instance.

    Raises:
        CodecError: The bytes end too early or are not such a struct.
    """
    stops = [match.start() for match in _suspects(data)]
    source: Any = BytesIO(data)
    if stops:
        if len(stops) > _MOST_STEPS or len(stops) * _BYTES_PER_SUSPECT > len(data):
            _check(cls, data)
        else:
            source = _SteppedSource(data, stops)
    try:
        return _read(cls, data, source)
    except _InFrontOfCountError:
        _check(cls, data)
        return _read(cls, data, BytesIO(data))


def _read(cls: type[T], data: bytes, source: Any) -> T:
    size = len(data)
    # The buffer never has to grow: what claims to be larger than the data ends at the end of them.
    transport = _BufferedTransport(source, size + _BUFFER)
    try:
        message: T = _BinaryProtocol(transport, max_depth=_MAX_DEPTH).read_struct(cls())
    except (_ReadError, TypeError, ValueError, OverflowError, RecursionError, SystemError, MemoryError) as error:
        # SystemError: the codec makes a bytes object of negative size.
        msg = f"{size} bytes are not a {cls.__name__}: {error}"
        raise CodecError(msg) from error
    return message


def _check(cls: type[Any], data: bytes) -> None:
    from cadence.api._wire_check import check_struct

    problem = check_struct(data, _MAX_DEPTH)
    if problem:
        msg = f"{len(data)} bytes are not a {cls.__name__}: {problem}"
        raise CodecError(msg)


class _InFrontOfCountError(Exception):
    """The codec is about to read the count of a container that could make it loop."""


class _SteppedSource:
    """Gives the data up to the next suspect's count, and tells when the codec wants to read a number there.

    Whoever wants more with nothing in hand stands in front of something: a count, or the next field. It gets byte after
    byte then, and by how many it holds when it comes again one sees how many it wants; a count has four.
    """

    def __init__(self, data: bytes, headers: list[int]) -> None:
        self._data = data
        self._full = len(data) + _BUFFER
        self._place = 0
        self._held = 0
        """How many bytes of a number it has got one by one, with the next one."""
        # The count follows on type, field number and the element's type; a map's element has two.
        self._stops = iter(sorted({start + (5 if data[start] == _MAP else 4) for start in headers}))

    def read(self, size: int) -> bytes:
        # The codec asks for as much as its buffer can take, so what it has in hand can be told.
        start = self._place
        if start and self._full - size == self._held:
            if self._held == _COUNT_SIZE - 1:
                raise _InFrontOfCountError
            self._held += 1
            self._place += 1
            return self._data[start : start + 1]
        self._held = 0
        self._place = next((stop for stop in self._stops if stop > start), len(self._data))
        return self._data[start : self._place]


def decode_blob(cls: type[T], blob: Any) -> T:
    """Read a struct from a `DataBlob`, as servers send raw history to clients that say they can read it.

    Args:
        cls: The struct's class; `History` for raw history.
        blob: A `DataBlob` with encoding ThriftRW: one mark byte, then the struct.

    Returns:
        A new instance.

    Raises:
        CodecError: The encoding is another one, or the bytes are not such a struct.
    """
    data = blob.data or b""
    if blob.encoding_type not in {None, 0} or data[:1] != _THRIFTRW_MARK:
        msg = f"a blob of {len(data)} bytes is not in the ThriftRW encoding (encoding type {blob.encoding_type})"
        raise CodecError(msg)
    return decode(cls, data[1:])


# --- thriftpy2 -------------------------------------------------------------------------------------------------------

_PACKAGES = (
    "thriftpy2",
    "thriftpy2.transport",
    "thriftpy2.transport.buffered",
    "thriftpy2.transport.memory",
    "thriftpy2.protocol",
    "thriftpy2.protocol.cybin",
)
_loading = threading.RLock()


class _UnexecutedPackage(ModuleType):
    """A package whose `__init__` runs when a name is asked of it that is not there yet.

    Its submodules can be imported without that. `importlib.util.LazyLoader` would do, but runs the `__init__` as soon
    as the import system looks at `__path__`, which it does for every submodule.
    """

    def __getattr__(self, name: str) -> Any:
        spec: ModuleSpec = self.__dict__["__spec__"]
        with _loading:
            if type(self) is _UnexecutedPackage:
                self.__class__ = ModuleType  # type: ignore[assignment]  # from now on an ordinary module
                if spec.loader is not None:
                    spec.loader.exec_module(self)
        return getattr(self, name)


def _load_c_codec() -> tuple[Any, Any, Any, Any, Any]:
    """Import the codec's C modules without executing the packages around them."""
    if "thriftpy2" not in sys.modules:
        for name in _PACKAGES:
            spec = find_spec(name)
            if spec is None:
                break
            package = module_from_spec(spec)
            package.__class__ = _UnexecutedPackage
            sys.modules[name] = package
            parent, _, child = name.rpartition(".")
            if parent:
                setattr(sys.modules[parent], child, package)
        # The buffered transport takes this name from its grandparent.
        base = importlib.import_module("thriftpy2.transport.base")
        sys.modules["thriftpy2.transport"].__dict__["TTransportException"] = base.TTransportException
    buffered = importlib.import_module("thriftpy2.transport.buffered.cybuffered")
    memory = importlib.import_module("thriftpy2.transport.memory.cymemory")
    protocol = importlib.import_module("thriftpy2.protocol.cybin.cybin")
    thrift = importlib.import_module("thriftpy2.thrift")
    return (
        buffered.TCyBufferedTransport,
        memory.TCyMemoryBuffer,
        protocol.TCyBinaryProtocol,
        thrift.TDecodeException,
        thrift.TException,
    )


_BufferedTransport, _MemoryBuffer, _BinaryProtocol, _EncodeError, _ReadError = _load_c_codec()
