"""Write cadence/api/ and the service's facade from the .thrift files beside this script; `--check` fails when stale.

    python thrift/generate.py [--check]

Needs thriftpy2 for its parser (idl.py). What every class shares is written by hand in cadence/api/_struct.py.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from idl import BASES, Contract, Definition, Field, Module, Procedure, camel_case, read_contract, snake_case

ROOT = Path(__file__).parent.parent
API = ROOT / "cadence" / "api"
FACADE = ROOT / "cadence" / "service" / "workflow_service.py"
BLOCKING = ROOT / "cadence" / "stubs" / "service.py"
WIDTH = 118

_NOTICE = "Generated from thrift/{source} by thrift/generate.py: change it there."
_PYTHON = {"bool": "bool", "double": "float", "string": "str", "binary": "bytes"}


def wrapped(opening: str, items: list[str], closing: str, indent: str = "") -> list[str]:
    """Lay out items separated by commas, several to a line."""
    line = f"{indent}{opening}{', '.join(items)}{',' if len(items) == 1 else ''}{closing}"
    if len(line) <= WIDTH:
        return [line]
    rows = fill([f"{item}," for item in items], WIDTH - len(indent) - 4)
    return [f"{indent}{opening}", *(f"{indent}    {row}" for row in rows), f"{indent}{closing}"]


def fill(items: list[str], width: int) -> list[str]:
    """Lay out items, which may hold spaces, several to a line."""
    rows: list[str] = []
    for item in items:
        if rows and len(rows[-1]) + 1 + len(item) <= width:
            rows[-1] += f" {item}"
        else:
            rows.append(item)
    return rows


def import_line(module: str, names: list[str]) -> list[str]:
    """Give the import of names from a module of cadence/api/, for type checkers."""
    line = f"    from cadence.api.{module} import {', '.join(names)}"
    if len(line) <= WIDTH:
        return [line]
    return wrapped(f"from cadence.api.{module} import (", names, ")", "    ")


def heading(title: str, source: str) -> list[str]:
    """Give the docstring of a generated module."""
    return [f'"""{title[0].upper()}{title[1:]}.', "", _NOTICE.format(source=source), '"""', "", "# fmt: off", ""]


def python_type(idl_type: str, enums: set[str]) -> str:
    """Give the annotation of a value."""
    if idl_type.startswith("list<"):
        return f"list[{python_type(idl_type[5:-1], enums)}]"
    if idl_type.startswith("map<"):
        key, _, value = idl_type[4:-1].partition(",")
        return f"dict[{python_type(key, enums)}, {python_type(value, enums)}]"
    if idl_type in enums:
        return f"{idl_type} | int"
    return _PYTHON.get(idl_type, "int" if idl_type in BASES.values() else idl_type)


def _imports(module: Module, contract: Contract) -> list[str]:
    homes = contract.homes()
    wanted: dict[str, set[str]] = {}
    for item in module.definitions:
        for part in item.fields:
            for name in re.findall(r"\b[A-Z]\w+", part.idl_type):
                if homes[name] is not module:
                    wanted.setdefault(homes[name].name, set()).add(name)
    lines = []
    for home, names in sorted(wanted.items()):
        lines += import_line(home, sorted(names))
    return ["if TYPE_CHECKING:", *lines, ""] if lines else []


def _rows(item: Definition) -> list[str]:
    rows = []
    for part in item.fields:
        other = "" if camel_case(part.name) == part.idl_name else f', "{part.idl_name}"'
        rows.append(f'({part.number}, "{part.name}", "{part.idl_type}"{other})')
    return rows


def _docstring(item: Definition) -> list[str]:
    return [f'    """{item.comment}"""', ""] if item.comment else []


def _struct(item: Definition, enums: set[str]) -> list[str]:
    lines = [f"class {item.name}(Struct):", *_docstring(item)]
    lines += wrapped("__slots__ = (", [f'"{part.name}"' for part in item.fields], ")", "    ")
    if not item.fields:
        return lines
    lines += wrapped("_fields = (", _rows(item), ")", "    ")
    signature = [f"{part.name}: {python_type(part.idl_type, enums)} | None = None" for part in item.fields]
    lines += ["", *wrapped("def __init__(", ["self", *signature], ") -> None:", "    ")]
    lines += [f"        self.{part.name} = {part.name}" for part in item.fields]
    return lines


def _error_field(part: Field, enums: set[str]) -> tuple[str, str]:
    """Give parameter and assignment. A required field gets an empty value, as peers refuse to read an error without."""
    kind = python_type(part.idl_type, enums)
    if not part.required:
        return f"{part.name}: {kind} | None = None", f"self.{part.name} = {part.name}"
    if kind in {"str", "bytes"}:
        return f'{part.name}: {kind} = {"b" * (kind == "bytes")}""', f"self.{part.name} = {part.name}"
    return f"{part.name}: {kind} | None = None", f"self.{part.name} = {part.name} or []"


def _error(item: Definition, enums: set[str]) -> list[str]:
    says = any(part.name == "message" for part in item.fields)
    own = [_error_field(part, enums) for part in item.fields if part.name != "message"]
    signature = ["self", *(['message: str = ""'] if says else []), *(row[0] for row in own), "*", 'hint: str = ""']
    lines = [f"class {item.name}(DeclaredError):", *_docstring(item)]
    lines += wrapped("_fields = (", _rows(item), ")", "    ")
    lines += ["", *wrapped("def __init__(", signature, ") -> None:", "    ")]
    lines += [f"        super().__init__({'message, ' if says else ''}hint=hint)"]
    return [*lines, *(f"        {row[1]}" for row in own)]


def _enum(item: Definition) -> list[str]:
    return [f"class {item.name}(IntEnum):", *_docstring(item), *(f"    {k} = {v}" for k, v in item.members.items())]


def write_module(module: Module, contract: Contract) -> str:
    """Give the text of one module."""
    enums = contract.enums()
    kind = module.definitions[0].kind
    base = {
        "enum": "from enum import IntEnum",
        "struct": "from cadence.api._struct import Struct",
        "exception": "from cadence.api._declared import DeclaredError",
    }[kind]
    lines = [*heading(module.title, module.source), "from __future__ import annotations", ""]
    checked = _imports(module, contract)
    lines += [*(["from typing import TYPE_CHECKING", ""] if checked else []), base, "", *checked]
    lines += wrapped("__all__ = (", [f'"{name}"' for name in sorted(item.name for item in module.definitions)], ")")
    for item in module.definitions:
        body = _enum(item) if kind == "enum" else _struct(item, enums) if kind == "struct" else _error(item, enums)
        lines += ["", "", *body]
    return "\n".join(lines) + "\n"


def write_package(contract: Contract) -> str:
    """Give the text of cadence/api/__init__.py."""
    lines = heading("the wire contract as typed classes; a name loads its module when it is first used", "*.thrift")
    lines += ["from __future__ import annotations", "", "from typing import TYPE_CHECKING", ""]
    lines += ["from cadence._lazy import lazy_names, names_by_module", "", "if TYPE_CHECKING:"]
    for module in sorted(contract.modules, key=lambda item: item.name):
        lines += import_line(module.name, sorted(item.name for item in module.definitions))
    lines += ["", *wrapped("__all__ = (", [f'"{name}"' for name in sorted(contract.homes())], ")"), ""]
    lines += ["HOMES = names_by_module(__name__, {"]
    for module in contract.modules:
        names = " ".join(item.name for item in module.definitions)
        rows = fill(names.split(), WIDTH - 12)
        lines += [f'    "{module.name}":']
        lines += [f'        "{row}{"" if row is rows[-1] else " "}"' for row in rows]
        lines[-1] += ","
    lines += ["})", "", "if not TYPE_CHECKING:", "    __getattr__, __dir__ = lazy_names(__name__, HOMES)"]
    return "\n".join(lines) + "\n"


def write_service(contract: Contract) -> str:
    """Give the text of cadence/api/service.py."""
    lines = heading("every RPC with its request, its response and its errors", "cadence.thrift")
    lines += ["from __future__ import annotations", "", "from cadence.api._rpc import Rpc", ""]
    lines += ['__all__ = ("RPCS", "Rpc")', "", "RPCS: dict[str, Rpc] = {rpc.name: rpc for rpc in ("]
    for item in contract.procedures:
        request = f'"{item.request.name} {item.request.idl_type}"' if item.request else "None"
        response = f'"{item.response}"' if item.response else "None"
        service = "" if item.service == "WorkflowService" else f', service="{item.service}"'
        errors = [f"{part.number} {part.name} {part.idl_type}," for part in item.errors]
        opening = f'    Rpc("{item.name}", {request}, {response}'
        rows = fill(errors, 106)
        lines += [f"{opening},", *(f'        "{row}"' for row in rows)] if rows else [opening]
        lines[-1] += f"{service}),"
    lines += [")}"]
    return "\n".join(lines) + "\n"


_FACADE_HEAD = '''
from __future__ import annotations

from typing import TYPE_CHECKING, Self

from cadence.api.service import RPCS
from cadence.service.invoker import Invoker
from cadence.service.retry import INHERIT, RetryOptions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cadence import api
    from cadence.service.headers import AuthorizationProvider, ClientHeaders
    from cadence.service.invoker import CallChannel

__all__ = ("WorkflowService",)

# mypy: disable-error-code="no-any-return"
# An answer's class is known from the table of RPCs, which type checkers don't read.


class WorkflowService:
    """The frontend's RPCs over a channel.

    Every method takes its request and, by keyword, `timeout` (seconds for the whole call with its retries; None: ten
    for an attempt, 150 for a poll, 25 for a history) and `retry` (None: no retries; INHERIT: as the service was told).
    Each returns the response and raises the errors that its RPC declares (`cadence.errors`), other `ServiceError`s,
    `TransportError` when no answer arrives, and `CodecError` for a request whose fields hold wrong types. Cancelling
    a call tells the server that nobody waits for the answer; the request may have been worked on all the same.
    """

    def __init__(
        self, channel: CallChannel, *, headers: ClientHeaders | None = None, retry: RetryOptions | None = INHERIT,
        authorization: AuthorizationProvider | None = None,
    ) -> None:
        """Make calls over a channel.

        Args:
            channel: A `cadence.tchannel.Channel`, or anything that has its `call` and `close`. `close()` closes it.
            headers: What the client says of itself with every call.
            retry: Options for calls without options of their own; None: no retries.
            authorization: A token, or a function or coroutine function that gives one for each attempt.
        """
        self._channel = channel
        self._settings = (headers, retry, authorization)
        self._invoker = Invoker(channel, headers=headers, retry=retry, authorization=authorization)
        self._invoke = self._invoker.invoke

    @classmethod
    def connect(
        cls, hosts: str | Sequence[str], *, service: str = "cadence-frontend", caller: str = "cadence-client",
        headers: ClientHeaders | None = None, retry: RetryOptions | None = INHERIT,
        authorization: AuthorizationProvider | None = None,
    ) -> Self:
        """Make calls to the frontends at these addresses. Connections are opened when they are needed.

        Args:
            hosts: One `host:port` or several; a call goes to any that can be reached.
            service: The name that the frontends serve under.
            caller: The name that this process calls under.
            headers: What the client says of itself with every call.
            retry: Options for calls without options of their own; None: no retries.
            authorization: A token, or a function or coroutine function that gives one for each attempt.
        """
        from cadence.tchannel import Channel

        channel = Channel([hosts] if isinstance(hosts, str) else list(hosts), service=service, caller=caller)
        return cls(channel, headers=headers, retry=retry, authorization=authorization)

    def twin(self) -> Self:
        """Return a service of the same frontends and settings with connections of its own, for another event loop.

        A channel that has no `twin` is shared.
        """
        headers, retry, authorization = self._settings
        twin = getattr(self._channel, "twin", None)
        channel = self._channel if twin is None else twin()
        return type(self)(channel, headers=headers, retry=retry, authorization=authorization)

    async def close(self, *, linger: float = 0.0) -> None:
        """Close the channel; calls under way fail.

        Args:
            linger: Seconds in which answers that are on their way are still taken, as long as the server doesn't close.
        """
        self._invoker.is_closed = True
        await self._channel.close(linger)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
'''


def _method(item: Procedure) -> list[str]:
    response = f"api.{item.response}" if item.response else "None"
    request = f"request: api.{item.request.idl_type}, " if item.request else ""
    call = f'self._invoke(RPCS["{item.name}"], {"request" if item.request else "None"}, timeout, retry)'
    return [
        "",
        f"    async def {snake_case(item.name)}(",
        f"        self, {request}*,",
        "        timeout: float | None = None, retry: RetryOptions | None = INHERIT,",
        f"    ) -> {response}:",
        f'        """{item.comment}"""',
        f"        {'return ' if item.response else ''}await {call}",
    ]


def write_facade(contract: Contract) -> str:
    """Give the text of cadence/service/workflow_service.py."""
    lines = heading("one coroutine per RPC; what a call does is invoker.py's job", "cadence.thrift and health.thrift")
    lines += _FACADE_HEAD.strip("\n").split("\n")
    for item in contract.procedures:
        lines += _method(item)
    return "\n".join(lines) + "\n"


_BLOCKING_HEAD = '''
from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING, Any, Self, TypeAlias, TypeVar

from cadence._loop_thread import LoopThread, shared_loop_thread
from cadence.exceptions import ServiceError
from cadence.service.workflow_service import WorkflowService as AsyncWorkflowService

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from cadence import api

__all__ = ("WorkflowService",)

T = TypeVar("T")
Pair: TypeAlias = tuple[T, None] | tuple[None, ServiceError]


class WorkflowService:
    """The frontend's RPCs as blocking calls, for any thread.

    Every method returns `(response, None)`, or `(None, error)` where the server answered with an error
    (`cadence.errors`). It raises `TransportError` when no answer arrives and `CodecError` for a request whose fields
    hold wrong types.
    """

    def __init__(
        self, service: AsyncWorkflowService, *, timeout: float | None = None, loop: LoopThread | None = None,
    ) -> None:
        """Make blocking calls over an async service.

        Args:
            service: The service; used on the loop's thread alone from now on.
            timeout: Seconds for each call with its retries; None: as the async methods.
            loop: The thread that carries the calls out; None: the one that the process shares.
        """
        self._service = service
        self._timeout = timeout
        self._loop = loop or shared_loop_thread()

    @classmethod
    def create(cls, host: str, port: int, timeout: float | None = None) -> Self:
        """Make calls to a frontend. The connection is opened by the first call.

        Args:
            host: Name or address.
            port: TChannel port, 7933 as a rule.
            timeout: Seconds for each call with its retries; None: ten for an attempt, 150 for a poll.
        """
        return cls(AsyncWorkflowService.connect(f"{host}:{port}"), timeout=timeout)

    @classmethod
    def get_identity(cls) -> str:
        """Give this process's name as the server shows it: process id and host."""
        return f"{os.getpid()}@{socket.gethostname()}"

    def close(self) -> None:
        """Close the connections."""
        self._loop.run(self._service.close())

    def _pair(self, call: Coroutine[Any, Any, T]) -> Pair[T]:
        try:
            return self._loop.run(call), None
        except ServiceError as error:
            return None, error
'''

# The one name that 1.x shortened.
_SHORT_NAMES = {"StartWorkflowExecution": "start_workflow"}


def _blocking_method(item: Procedure) -> list[str]:
    name = snake_case(item.name)
    response = f"api.{item.response}" if item.response else "None"
    request = f", request: api.{item.request.idl_type}" if item.request else ""
    call = f"self._service.{name}({'request, ' if item.request else ''}timeout=self._timeout)"
    return [
        "",
        f"    def {_SHORT_NAMES.get(item.name, name)}(self{request}) -> Pair[{response}]:",
        f'        """{item.comment}"""',
        f"        return self._pair({call})",
    ]


def write_blocking(contract: Contract) -> str:
    """Give the text of cadence/stubs/service.py."""
    title = "the blocking service of 1.x: answers and errors as pairs; the calls are those of cadence.service"
    lines = heading(title, "cadence.thrift and health.thrift")
    lines += _BLOCKING_HEAD.strip("\n").split("\n")
    for item in contract.procedures:
        lines += _blocking_method(item)
    return "\n".join(lines) + "\n"


def outputs() -> dict[Path, str]:
    """Give path and text of every generated file."""
    contract = read_contract()
    files = {API / f"{module.name}.py": write_module(module, contract) for module in contract.modules}
    files[API / "__init__.py"] = write_package(contract)
    files[API / "service.py"] = write_service(contract)
    files[FACADE] = write_facade(contract)
    files[BLOCKING] = write_blocking(contract)
    return files


def main(arguments: list[str]) -> int:
    """Write the files, or check them."""
    files = outputs()
    stale = [path for path, text in files.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    names = ", ".join(str(path.relative_to(ROOT)) for path in stale)
    if "--check" in arguments:
        if stale:
            print(f"stale: {names}; run python thrift/generate.py", file=sys.stderr)
        return bool(stale)
    for path in stale:
        path.write_text(files[path], encoding="utf-8")
    print(f"written: {names}" if stale else "nothing to do")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
