"""What the .thrift files beside this module say, as plain objects for generate.py.

thriftpy2's parser reads the IDL; what it drops (comments, and the `@module` lines that say which module of cadence/api/
a definition goes to) is read from the text. Nothing here knows how Python classes look.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent

BASES = {2: "bool", 3: "byte", 4: "double", 6: "i16", 8: "i32", 10: "i64", 11: "string", 18: "binary"}


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
        return BASES[kind]
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
