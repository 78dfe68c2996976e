"""The pytest plugin: fixtures for tests of workflows, and recorded histories replayed as tests.

Found by pytest through the package's entry point. `pytest --cadence-histories DIR --cadence-workflows pkg.module`
replays every history in a folder, one test each, with the workflow classes of a module.
"""

from __future__ import annotations

import importlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from cadence.testing import ActivityEnvironment, Replayer, WorkflowEnvironment

__all__ = ("activity_environment", "pytest_addoption", "pytest_collect_file", "workflow_environment")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("cadence", "Cadence workflows")
    group.addoption(
        "--cadence-histories", action="append", default=[], metavar="PLACE", help="replay the JSON histories there"
    )
    group.addoption(
        "--cadence-workflows",
        action="append",
        default=[],
        metavar="MODULE",
        help="the module with the workflow classes that they are replayed with; may be given again",
    )


@pytest.fixture
def activity_environment() -> ActivityEnvironment:
    """An environment for one attempt of an activity."""
    from cadence.testing import ActivityEnvironment

    return ActivityEnvironment()


def _workflow_environment() -> Any:
    async def workflow_environment() -> AsyncIterator[WorkflowEnvironment]:
        """A server that skips time, with a client; closed after the test."""
        from cadence.testing import WorkflowEnvironment

        async with WorkflowEnvironment.time_skipping() as environment:
            yield environment

    try:
        import pytest_asyncio
    except ImportError:  # plain pytest: tests that are no coroutines
        return pytest.fixture(workflow_environment)
    return pytest_asyncio.fixture(workflow_environment)


workflow_environment = _workflow_environment()


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Add the folders of histories to what is collected."""
    places = [str(Path(place)) for place in config.getoption("--cadence-histories")]
    if places:
        config.args = [*config.args, *places] if config.args_source is not config.ArgsSource.TESTPATHS else places
    config.stash[_REPLAYER] = None


_REPLAYER: pytest.StashKey[Any] = pytest.StashKey()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Make a test of each history."""
    places = [Path(place).resolve() for place in parent.config.getoption("--cadence-histories")]
    inside = any(file_path.resolve().is_relative_to(place) for place in places)
    if file_path.suffix == ".json" and inside:
        return HistoryFile.from_parent(parent, path=file_path)
    return None


class HistoryFile(pytest.File):
    """A file with a history."""

    def collect(self) -> Iterator[pytest.Item]:
        """One test."""
        yield HistoryItem.from_parent(self, name=self.path.stem)


class HistoryItem(pytest.Item):
    """A history that is replayed."""

    def runtest(self) -> None:
        """Replay it."""
        _replayer(self.config).replay(self.path)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The report is the message; a traceback of ours would only hide it."""
        from cadence.exceptions import CadenceError

        return str(excinfo.value) if isinstance(excinfo.value, CadenceError) else super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Say what is tested."""
        return self.path, None, f"replay of {self.name}"


def _replayer(config: pytest.Config) -> Replayer:
    from cadence.testing import Replayer
    from cadence.testing.workflows import workflows_in

    found = config.stash[_REPLAYER]
    if found is None:
        names = config.getoption("--cadence-workflows")
        if not names:
            msg = "--cadence-histories needs --cadence-workflows MODULE, for the code to replay them with"
            raise pytest.UsageError(msg)
        classes = dict.fromkeys(one for name in names for one in workflows_in(importlib.import_module(name)))
        found = config.stash[_REPLAYER] = Replayer(classes)
    replayer: Replayer = found
    return replayer
