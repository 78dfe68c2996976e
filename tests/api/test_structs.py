"""The generated classes: names, behaviour as dataclasses, laziness, and that they are fresh."""

from __future__ import annotations

import copy
import dataclasses
import json
import pickle
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cadence import api
from cadence.api._struct import Struct, field_rows, is_enum

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
CLASSES = [getattr(api, name) for name in api.__all__ if not is_enum(name)]
STRUCTS = [cls for cls in CLASSES if issubclass(cls, Struct)]


def test_the_generated_files_are_fresh() -> None:
    command = [sys.executable, str(ROOT / "thrift" / "generate.py"), "--check"]
    out = subprocess.run(command, capture_output=True, text=True, check=False)
    assert out.returncode == 0, out.stderr


def test_a_stale_file_is_noticed(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib; sys.path.insert(0, 'thrift'); import generate;"
        f"generate.API = pathlib.Path({str(tmp_path)!r}); generate.ROOT = generate.API.parent;"
        "sys.exit(generate.main(['--check']))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)
    assert out.returncode == 1
    assert "parts.py" in out.stderr
    assert "run python thrift/generate.py" in out.stderr


def test_the_whole_contract_is_there() -> None:
    # 258 structs of the frontend's contract and the answer of Meta::health.
    assert len(STRUCTS) == 259
    assert len([name for name in api.__all__ if is_enum(name)]) == 35
    assert len(CLASSES) - len(STRUCTS) == 20


@pytest.mark.parametrize(
    ("cls", "idl_name", "name"),
    [
        (api.WorkflowExecution, "workflowId", "workflow_id"),
        (api.RecordActivityTaskHeartbeatByIDRequest, "workflowID", "workflow_id"),
        (api.RegisterDomainRequest, "historyArchivalURI", "history_archival_uri"),
        (api.DataBlob, "EncodingType", "encoding_type"),
        (api.TaskListStatus, "taskIDBlock", "task_id_block"),
        (
            api.ScheduleActivityTaskDecisionAttributes,
            "scheduleToCloseTimeoutSeconds",
            "schedule_to_close_timeout_seconds",
        ),
        (api.DomainCacheInfo, "numOfItemsInCacheByID", "num_of_items_in_cache_by_id"),
        (api.PollForDecisionTaskResponse, "WorkflowExecutionTaskList", "workflow_execution_task_list"),
    ],
)
def test_names_follow_the_idl(cls: Any, idl_name: str, name: str) -> None:
    assert {row[3]: row[1] for row in field_rows(cls)}[idl_name] == name


@pytest.mark.parametrize("cls", STRUCTS, ids=lambda cls: cls.__name__)
def test_a_struct_acts_as_a_dataclass(cls: Any) -> None:
    empty = cls()
    names = [row[1] for row in field_rows(cls)]
    assert dataclasses.is_dataclass(cls)
    assert [field.name for field in dataclasses.fields(empty)] == names
    assert dataclasses.asdict(empty) == dict.fromkeys(names)
    assert dataclasses.replace(empty) == empty
    assert repr(empty) == f"{cls.__name__}()"
    assert not hasattr(empty, "__dict__")
    with pytest.raises(TypeError, match="unhashable"):
        hash(empty)
    if names:
        assert getattr(cls(**{names[-1]: 1}), names[-1]) == 1
        assert cls(*range(len(names))) == cls(**dict(zip(names, range(len(names)), strict=True)))
        assert cls(1) != empty
    assert empty != object()


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_a_struct_can_be_copied_pickled_and_shown(cls: Any, data: st.DataObject, struct_strategies: ModuleType) -> None:
    message = data.draw(struct_strategies.structs(cls, depth=2))
    for twin in (copy.deepcopy(message), pickle.loads(pickle.dumps(message))):
        assert type(twin) is cls
        assert [getattr(twin, row[1]) for row in field_rows(cls)] == [
            getattr(message, row[1]) for row in field_rows(cls)
        ]
    assert repr(message).startswith(f"{cls.__name__}(")
    str(message)


def test_asdict_goes_into_nested_structs() -> None:
    event = api.HistoryEvent(
        event_id=3,
        marker_recorded_event_attributes=api.MarkerRecordedEventAttributes(
            "Version", header=api.Header({"a": b"b"}), decision_task_completed_event_id=2
        ),
    )
    as_dict = dataclasses.asdict(event)
    assert as_dict["event_id"] == 3
    assert as_dict["marker_recorded_event_attributes"]["header"] == {"fields": {"a": b"b"}}
    changed = dataclasses.replace(event, event_id=4)
    assert (changed.event_id, event.event_id) == (4, 3)


def test_repr_names_enums_and_elides_blobs() -> None:
    event = api.HistoryEvent(
        event_id=5,
        event_type=api.EventType.TimerFired,
        marker_recorded_event_attributes=api.MarkerRecordedEventAttributes(details=b"x" * 5000, marker_name="m"),
    )
    attributes = "MarkerRecordedEventAttributes(marker_name='m', details=<5000 bytes>)"
    assert repr(event) == (
        f"HistoryEvent(event_id=5, event_type=TimerFired, marker_recorded_event_attributes={attributes})"
    )
    event.event_type = 18
    assert "event_type=TimerFired" in repr(event)
    event.event_type = 9999
    assert "event_type=9999" in repr(event)
    assert repr(api.History([api.HistoryEvent(event_id=n) for n in range(100)])).endswith("... 92 more])")
    assert repr(api.Header({"k": b"v" * 99})) == "Header(fields={'k': <99 bytes>})"
    assert "types={'a': INT, 'b': 77}" in repr(api.GetSearchAttributesResponse({"a": 2, "b": 77})).replace(
        "keys", "types"
    )


def test_errors_are_exceptions_of_the_tree() -> None:
    from cadence import cadence_types, errors, exceptions

    error = errors.EntityNotExistsError("Domain x does not exist.", active_cluster="a")
    assert isinstance(error, exceptions.ServiceError)
    assert isinstance(error, exceptions.CadenceError)
    assert str(error) == "Domain x does not exist."
    assert error.active_clusters == []
    error.hint = "register it"
    assert str(error) == "Domain x does not exist; register it"
    assert repr(error) == (
        "EntityNotExistsError(message='Domain x does not exist.', active_cluster='a', active_clusters=[])"
    )
    assert str(errors.FeatureNotEnabledError("f")) == "feature_flag='f'"
    assert str(errors.BadRequestError()) == "message=''"
    assert errors.DomainNotActiveError.__doc__ == "The domain is active in another cluster."
    for name in errors.__all__:
        if name != "ServiceError":
            assert getattr(api, name) is getattr(errors, name) is getattr(cadence_types, name)


def test_the_paths_of_1x_give_the_same_classes() -> None:
    from cadence import cadence_types

    assert cadence_types.WorkflowExecution is api.WorkflowExecution
    assert cadence_types.EventType is api.EventType
    assert set(api.__all__) <= set(dir(cadence_types))
    with pytest.raises(AttributeError, match="NoSuchThing"):
        _ = cadence_types.NoSuchThing


def _modules_after(statement: str) -> list[str]:
    code = f"{statement}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    loaded: list[str] = json.loads(out.stdout)
    return loaded


def test_a_name_loads_its_own_module_alone() -> None:
    loaded = _modules_after("from cadence.api import PollForDecisionTaskResponse")
    assert [name for name in loaded if name.startswith("cadence.api.")] == [
        "cadence.api._struct",
        "cadence.api.rpc_worker",
    ]
    assert not {"thriftpy2", "dataclasses", "enum34", "asyncio"} & set(loaded)


def test_the_codec_loads_no_parser_and_no_sockets() -> None:
    loaded = _modules_after(
        "from cadence.api import codec, History, HistoryEvent\n"
        "assert codec.decode(History, codec.encode(History([HistoryEvent(event_id=1)]))).events[0].event_id == 1"
    )
    assert not {"thriftpy2.parser", "thriftpy2.hook", "thriftpy2.transport.socket", "urllib.request"} & set(loaded)


def test_thriftpy2_works_as_ever_after_the_codec_was_loaded() -> None:
    _modules_after(
        "import cadence.api.codec\n"
        "import thriftpy2, thriftpy2.transport, thriftpy2.protocol\n"
        "from thriftpy2.protocol import TBinaryProtocolFactory\n"
        "from thriftpy2.protocol.cybin import TCyBinaryProtocol\n"
        "from thriftpy2.transport.memory import *\n"
        "from thriftpy2.rpc import make_client\n"
        "assert thriftpy2.load('thrift/health.thrift', module_name='health_thrift').HealthStatus(ok=True).ok\n"
        "assert thriftpy2.transport.TSocket and thriftpy2.__version__\n"
        "assert type(thriftpy2).__name__ == 'module'"
    )


def test_the_codec_works_when_thriftpy2_was_there_first() -> None:
    _modules_after("import thriftpy2\nfrom cadence.api import codec, Memo\nassert codec.decode(Memo, b'\\0') == Memo()")


def test_import_time_is_reported(record_property: Any) -> None:
    """No limit is asserted, as machines differ; the figure is in the report (-rA shows it)."""
    code = "import time; t = time.perf_counter(); {}; print(time.perf_counter() - t)"
    for statement in ("from cadence.api import PollForDecisionTaskResponse", "import cadence.api.codec"):
        out = subprocess.run(
            [sys.executable, "-c", code.format(statement)], capture_output=True, text=True, check=True, cwd=ROOT
        )
        record_property(statement, f"{float(out.stdout) * 1000:.1f} ms")
        print(f"{statement}: {float(out.stdout) * 1000:.1f} ms")
