"""The wheel holds the package whole and nothing else; its metadata say what it needs and where its commands are."""

from __future__ import annotations

import email
import email.message
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path, PurePosixPath

import pytest

pytest.importorskip("setuptools", minversion="77", reason="what builds the package isn't installed: setuptools>=77")

ROOT = Path(__file__).resolve().parents[2]
INPUTS = ("setup.cfg", "pyproject.toml", "MANIFEST.in", "README.md", "LICENSE", "CHANGELOG.md", "constraints.txt")
BUILD = "import sys; from setuptools import build_meta; getattr(build_meta, sys.argv[1])(sys.argv[2])"


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy to build from: setuptools leaves files beside its sources, and would take stale ones along."""
    source = tmp_path_factory.mktemp("source")
    for folder in ("cadence", "thrift"):
        shutil.copytree(ROOT / folder, source / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for name in INPUTS:
        shutil.copy(ROOT / name, source)
    return source


def _build(source: Path, what: str) -> Path:
    built = subprocess.run(
        [sys.executable, "-c", BUILD, what, "dist"], cwd=source, capture_output=True, text=True, check=False
    )
    assert built.returncode == 0, built.stderr
    assert "eprecat" not in built.stderr, built.stderr
    (path,) = (source / "dist").glob("*.whl" if what == "build_wheel" else "*.tar.gz")
    return path


@pytest.fixture(scope="module")
def wheel(source: Path) -> zipfile.ZipFile:
    return zipfile.ZipFile(_build(source, "build_wheel"))


@pytest.fixture(scope="module")
def metadata(wheel: zipfile.ZipFile) -> email.message.Message:
    (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    return email.message_from_bytes(wheel.read(name))


def test_the_wheel_holds_the_package_whole(source: Path, wheel: zipfile.ZipFile) -> None:
    package = {path.relative_to(source).as_posix() for path in (source / "cadence").rglob("*") if path.is_file()}
    held = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert held == package
    assert {"cadence/py.typed", "cadence/devserver/web/static/runs.html"} <= held


def test_the_wheel_is_for_every_system(wheel: zipfile.ZipFile) -> None:
    assert Path(str(wheel.filename)).name.endswith("-py3-none-any.whl")


def test_the_sdist_holds_what_the_api_is_generated_from(source: Path) -> None:
    with tarfile.open(_build(source, "build_sdist")) as sdist:
        held = {PurePosixPath(*PurePosixPath(name).parts[1:]).as_posix() for name in sdist.getnames()}
    assert {*INPUTS, "thrift/generate.py", "thrift/idl.py", "thrift/shared.thrift", "cadence/py.typed"} <= held
    assert not {name for name in held if name.split("/")[0] in {"tests", "integration-tests", "benchmarks", "docs"}}


def test_the_metadata_say_what_is_needed(metadata: email.message.Message) -> None:
    from cadence import __version__

    assert metadata["Name"] == "cadence-client"
    assert metadata["Version"] == __version__
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata["License-Expression"] == "MIT"
    assert metadata["Description-Content-Type"] == "text/markdown"
    assert metadata.get_payload() == (ROOT / "README.md").read_text(encoding="utf-8")
    needed = [needed for needed in metadata.get_all("Requires-Dist", []) if "extra ==" not in needed]
    assert [name.split(">")[0] for name in needed] == ["msgspec", "thriftpy2"]
    assert {"dev", "test", "encryption", "jwt", "pydantic", "opentelemetry", "prometheus", "uvloop"} <= set(
        metadata.get_all("Provides-Extra", [])
    )
    pythons = {text.rpartition(" :: ")[2] for text in metadata.get_all("Classifier", [])}
    assert {"3.11", "3.12", "3.13", "Typed"} <= pythons


def test_the_wheel_brings_the_command_and_the_plugin(wheel: zipfile.ZipFile) -> None:
    (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/entry_points.txt"))
    points = wheel.read(name).decode().split("\n")
    assert "cadence = cadence.__main__:main" in points
    assert "cadence = cadence.testing.pytest_plugin" in points
