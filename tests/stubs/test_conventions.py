from __future__ import annotations

import json
import sys

import pytest

from cadence.exceptions import ActivityFailureException, ApplicationError
from cadence.stubs.conventions import default_converter, loaded_exception


class OwnError(Exception):
    class InnerError(Exception):
        pass

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message, code)
        self.code = code


@pytest.fixture(autouse=True)
def loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    # The test runner doesn't keep the modules of tests where imports are found.
    monkeypatch.setitem(sys.modules, __name__, sys.modules.get(__name__) or _this())


def _this() -> object:
    import types

    module = types.ModuleType(__name__)
    vars(module).update(globals())
    return module


def test_own_exceptions_come_back_as_themselves() -> None:
    converter = default_converter()
    error = converter.decode_failure(*converter.encode_failure(OwnError("no", 7)))
    assert isinstance(error, OwnError)
    assert (error.args, error.code) == (("no", 7), 7)


def test_causes_come_along() -> None:
    converter = default_converter()
    outer = ActivityFailureException("no", activity_type="a", activity_id="1")
    outer.__cause__ = OwnError("no", 7)
    error = converter.decode_failure(*converter.encode_failure(outer))
    assert isinstance(error, ActivityFailureException)
    assert isinstance(error.get_cause(), OwnError)


def test_what_1x_wrote_is_read() -> None:
    details = {"class": f"{__name__}.OwnError", "args": ["no", 7], "traceback": "here", "source": "cadence-python"}
    error = default_converter().decode_failure("OwnError", json.dumps(details).encode())
    assert isinstance(error, OwnError)
    assert error.args == ("no", 7)


@pytest.mark.parametrize("name", ["no.such.Error", "os.system", "os.environ", "", "json.JSONDecoder", "Error"])
def test_nothing_but_loaded_exceptions_is_found(name: str) -> None:
    before = set(sys.modules)
    assert loaded_exception(name) is None
    assert set(sys.modules) == before
    details = json.dumps({"class": name, "args": [], "source": "cadence-python"}).encode()
    assert isinstance(default_converter().decode_failure("X", details), ApplicationError)


def test_classes_within_classes_are_found() -> None:
    assert loaded_exception(f"{__name__}.OwnError.InnerError") is OwnError.InnerError
    assert loaded_exception(f"{__name__}.OwnError.NoError") is None


def test_values_are_written_as_1x_wrote_them() -> None:
    converter = default_converter()
    assert converter.encode_arguments([]) == b"null"
    assert converter.encode_arguments(["a"]) == b'"a"'
    assert converter.encode_arguments(["a", 1]) == b'["a",1]'
    assert converter.encode_value(None) == b"null"
