"""What tests of every room share: modules that belong to no package, loaded by path."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from types import ModuleType

HERE = Path(__file__).parent


def _load(path: Path) -> ModuleType:
    name = f"cadence_tests_{path.stem}"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]


@pytest.fixture(scope="session")
def struct_strategies() -> ModuleType:
    """Hypothesis strategies for the structs of the wire contract: tests/strategies/structs.py."""
    return _load(HERE / "strategies" / "structs.py")


@pytest.fixture(scope="session")
def recorded_histories() -> list[Path]:
    """The recorded histories, as JSON files."""
    return sorted((HERE / "data" / "histories").rglob("*.json"))
