"""The little server, and runs that are closed when their test ends."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

_NAME = "cadence_tests_little_server"
_SPEC = importlib.util.spec_from_file_location(_NAME, Path(__file__).parent / "little_server.py")
assert _SPEC is not None
assert _SPEC.loader is not None
little_server = importlib.util.module_from_spec(_SPEC)
sys.modules[_NAME] = little_server
_SPEC.loader.exec_module(little_server)


@pytest.fixture
def serve() -> Iterator[Callable[..., Any]]:
    """Make a little server for a workflow: `serve(Workflow, *arguments, local=..., options=...)`."""
    servers: list[Any] = []

    def make(workflow: type, *arguments: object, **options: Any) -> Any:
        servers.append(little_server.Server(workflow, *arguments, **options))
        return servers[-1]

    yield make
    for server in servers:
        server.run.close()


@pytest.fixture(scope="session")
def little() -> Any:
    """The module of the little server."""
    return little_server
