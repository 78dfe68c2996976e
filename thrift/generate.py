"""Write cadence/api/ from the .thrift files beside this script, or with `--check` fail when it is stale.

    python thrift/generate.py [--check]

Needs thriftpy2, whose parser reads the IDL. What the parser drops (comments, and the `@module` lines that say which
module of cadence/api/ a definition goes to) is read from the text here. The service facade that is generated with the
rest is written by generate_service.py. What every class shares is written by hand in cadence/api/_struct.py.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

HERE = Path(__file__).parent
ROOT = HERE.parent
API = ROOT / "cadence" / "api"
WIDTH = 118

_NOTICE = "Generated from thrift/{source} by thrift/generate.py: change it there."
_BASES = {2: "bool", 3: "byte", 4: "double", 6: "i16", 8: "i32", 10: "i64", 11: "string", 18: "binary"}
_PYTHON = {"bool": "bool", "double": "float", "string": "str", "binary": "bytes"}


@dataclass
class Field:
    """One field of a struct or an error."""

    number: int
    idl_name: str
    idl_type: str
    required: bool

    @property
    def name(self) -> str:
        """The attribute's name in Python."""
        return snake_case(self.idl_name)


@dataclass
class Definition:
    """A struct, enum or error with its comment."""

    name: str
    kind: str
    comment: str
    fields: list[Field] = field(default_factory=list)
    members: dict[str, int] = field(default_factory=dict)


@dataclass
class Module:
    """One module of cadence/api/."""

    name: str
    title: str
    source: str
    definitions: list[Definition] = field(default_factory=list)


@dataclass
class Procedure:
    """One RPC."""

    name: str
    service: str
    comment: str
    request: Field | None
    response: str | None
    errors: list[Field]


@dataclass
class Contract:
    """All that the .thrift files say."""

    modules: list[Module]
    procedures: list[Procedure]

    def homes(self) -> dict[str, Module]:
        """Give the module of every definition."""
        return {item.name: module for module in self.modules for item in module.definitions}

    def enums(self) -> set[str]:
        """Give the names of the enums."""
        return {item.name for module in self.modules for item in module.definitions if item.kind == "enum"}


def snake_case(name: str) -> str:
    """Split camel case; a run of capitals is one word: `workflowID` -> `workflow_id`."""
    name = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", name)
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).lower()


def camel_case(name: str) -> str:
    """Give the IDL name that most fields have: `workflow_id` -> `workflowId`."""
    head, *tail = name.split("_")
    return head + "".join(map(str.capitalize, tail))


# --- reading ---------------------------------------------------------------------------------------------------------


def read_contract() -> Contract:
    """Parse the .thrift files."""
    import thriftpy2  # the parser is needed here alone

    modules: list[Module] = []
    procedures: list[Procedure] = []
    for source in ("shared", "health", "cadence"):
        path = HERE / f"{source}.thrift"
        parsed = thriftpy2.load(str(path), module_name=f"{source}_thrift")
        modules += _read_modules(path, parsed)
        procedures += _read_procedures(path, parsed)
    procedures.sort(key=lambda item: item.service != "WorkflowService")
    return Contract(modules, procedures)


def _read_modules(path: Path, parsed: Any) -> list[Module]:
    modules: list[Module] = []
    comment: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        marked = re.match(r"// @module (\w+): (.+)", line)
        opened = re.match(r"(enum|struct|exception) (\w+) ", line)
        if marked:
            modules.append(Module(marked[1], marked[2], path.name))
        elif opened:
            text = " ".join(comment)
            modules[-1].definitions.append(_definition(opened[1], opened[2], text, getattr(parsed, opened[2])))
        comment = [*comment, line[3:]] if line.startswith("// ") and not line.startswith(("// @", "// =")) else []
    return modules


def _definition(kind: str, name: str, comment: str, parsed: Any) -> Definition:
    if kind == "enum":
        return Definition(name, kind, comment, members=dict(parsed._NAMES_TO_VALUES))
    return Definition(name, kind, comment, [_field(*item) for item in parsed.thrift_spec.items()])


def _field(number: int, row: tuple[Any, ...]) -> Field:
    kind: Any = row[0] if len(row) == 3 else (row[0], row[2])
    return Field(number, row[1], _idl_type(kind), row[-1])


def _idl_type(kind: Any) -> str:
    if not isinstance(kind, tuple):
        return _BASES[kind]
    number, inner = kind
    if number == 15:
        return f"list<{_idl_type(inner)}>"
    if number == 13:
        return f"map<{_idl_type(inner[0])},{_idl_type(inner[1])}>"
    return str(inner.__name__)


def _read_procedures(path: Path, parsed: Any) -> list[Procedure]:
    text = path.read_text(encoding="utf-8")
    procedures = []
    for found in re.finditer(r"^service (\w+) {\n(.*?)^}", text, re.MULTILINE | re.DOTALL):
        service = getattr(parsed, found[1])
        for method in re.finditer(r"((?:  // .*\n)*)  [\w.]+ (\w+)\(", found[2]):
            comment = " ".join(line.strip()[3:] for line in method[1].splitlines())
            args = [_field(*item) for item in getattr(service, f"{method[2]}_args").thrift_spec.items()]
            result = [_field(*item) for item in getattr(service, f"{method[2]}_result").thrift_spec.items()]
            response = next((item.idl_type for item in result if item.number == 0), None)
            errors = [item for item in result if item.number]
            request = args[0] if args else None
            procedures.append(Procedure(method[2], found[1], comment, request, response, errors))
    return procedures


# --- writing ---------------------------------------------------------------------------------------------------------


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
    return _PYTHON.get(idl_type, "int" if idl_type in _BASES.values() else idl_type)


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


def outputs() -> dict[Path, str]:
    """Give path and text of every generated file."""
    contract = read_contract()
    files = {API / f"{module.name}.py": write_module(module, contract) for module in contract.modules}
    files[API / "__init__.py"] = write_package(contract)
    files[API / "service.py"] = write_service(contract)
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
