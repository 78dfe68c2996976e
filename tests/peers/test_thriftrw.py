"""Our bytes against thriftrw's, on the same .thrift files: each reads what the other writes, byte for byte."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cadence import api
from cadence.api._struct import field_rows, is_enum, split_map
from cadence.api.codec import decode, encode
from cadence.api.history_json import loads
from cadence.api.service import RPCS

if TYPE_CHECKING:
    from types import ModuleType

thriftrw = pytest.importorskip("thriftrw", reason="thriftrw builds on Python 3.11 and nothing newer")

pytestmark = pytest.mark.peer

THRIFT = Path(__file__).resolve().parents[2] / "thrift"
CLASSES = [getattr(api, name) for name in api.__all__ if not is_enum(name)]
BASES = {"bool", "byte", "i16", "i32", "i64", "double", "string", "binary"}


@pytest.fixture(scope="module")
def peer() -> Any:
    """The modules that thriftrw makes of our .thrift files."""
    return thriftrw.load(str(THRIFT / "cadence.thrift")), thriftrw.load(str(THRIFT / "health.thrift"))


def _peer_class(peer: Any, name: str) -> Any:
    cadence, health = peer
    return getattr(health, name) if name == "HealthStatus" else getattr(cadence.shared, name)


def _theirs(peer: Any, value: Any, idl_type: str) -> Any:
    """Our value as thriftrw's."""
    if value is None or idl_type in BASES or is_enum(idl_type):
        return value
    if idl_type.startswith("list<"):
        return [_theirs(peer, item, idl_type[5:-1]) for item in value]
    if idl_type.startswith("map<"):
        return {key: _theirs(peer, item, split_map(idl_type)[1]) for key, item in value.items()}
    fields = {row[3]: _theirs(peer, getattr(value, row[1]), row[2]) for row in field_rows(type(value))}
    return _peer_class(peer, idl_type)(**fields)


def _complete(message: Any) -> Any:
    """Fill what the IDL requires and thriftrw insists on."""
    if isinstance(message, api.HealthStatus) and message.ok is None:
        message.ok = False
    return message


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_both_write_and_read_the_same_bytes(
    cls: Any, data: st.DataObject, struct_strategies: ModuleType, peer: Any
) -> None:
    ours = _complete(data.draw(struct_strategies.structs(cls, known_enums=True)))
    theirs = _theirs(peer, ours, cls.__name__)
    module = peer[1] if cls is api.HealthStatus else peer[0].shared
    wire = encode(ours)
    assert module.dumps(theirs) == wire
    assert module.loads(type(theirs), wire) == theirs
    back = decode(cls, module.dumps(theirs))
    for row in field_rows(cls):
        assert getattr(back, row[1]) == getattr(ours, row[1])


def test_both_read_the_recorded_histories(recorded_histories: list[Path], peer: Any) -> None:
    for path in recorded_histories:
        history = loads(path.read_bytes())
        wire = encode(history)
        theirs = peer[0].shared.loads(peer[0].shared.History, wire)
        assert theirs == _theirs(peer, history, "History")
        assert decode(api.History, peer[0].shared.dumps(theirs)) == history


def test_the_table_of_rpcs_is_the_same(peer: Any) -> None:
    cadence, health = peer
    services = {"WorkflowService": cadence.WorkflowService, "Meta": health.Meta}
    for rpc in RPCS.values():
        function = getattr(services[rpc.endpoint.partition("::")[0]], rpc.name)
        request = {field.id: (field.name, field.spec.name) for field in function.spec.args_spec.fields}
        names = {row[0]: (row[3], row[2]) for row in field_rows(rpc.args_type)}
        assert names == request
        result = {field.id: field.spec.name for field in function.spec.result_spec.exception_specs}
        ours = {row[0]: row[2] for row in field_rows(rpc.result_type) if row[0]}
        assert ours == result
        returned = function.spec.result_spec.return_spec
        assert (returned.name if returned else None) == (rpc.response_type.__name__ if rpc.response_type else None)
