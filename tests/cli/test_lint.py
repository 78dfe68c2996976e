"""`cadence lint`: what it prints, and how it ends."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from cadence.cli.app import run

BAD = """
import logging
import time

from cadence import workflow

log = logging.getLogger(__name__)


@workflow.defn
class Order:
    @workflow.run
    async def run(self) -> float:
        return time.time()
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.py").write_text(BAD)
    (tmp_path / "good.py").write_text(BAD.replace("time.time()", "workflow.time()"))
    (tmp_path / "wordy.py").write_text(BAD.replace("time.time()", "print(1)"))
    (tmp_path / "logs.py").write_text(BAD.replace("time.time()", "log.info(1)"))
    return tmp_path


@pytest.mark.usefixtures("folder")
def test_findings_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["lint", "bad.py"]) == 1
    out = capsys.readouterr().out.splitlines()
    assert out[0] == "bad.py:14:16: CAD001 error: time.time() [wall-clock]"
    assert out[-1] == "1 error in 1 file, 1 function of workflow code"


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["good.py"], 0),
        (["wordy.py"], 1),
        (["logs.py"], 0),
        ([], 1),
        (["--select", "CAD010"], 0),
        (["--select", "wall-clock,cad014", "--select", "CAD010"], 1),
        (["--ignore", "CAD001,CAD014"], 0),
        (["--ignore", "CAD001"], 1),
        (["--ignore", "CAD001", "--fail-on", "error"], 0),
        (["--fail-on", "hint", "logs.py"], 1),
        (["--fail-on", "never"], 0),
        (["nowhere.py"], 2),
        (["--select", "CAD999"], 2),
        (["--no-such-option"], 2),
    ],
)
def test_how_it_ends(arguments: list[str], code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["lint", *arguments]) == code
    assert bool(capsys.readouterr().err) == (code == 2)


@pytest.mark.usefixtures("folder")
def test_mistakes_are_explained(capsys: pytest.CaptureFixture[str]) -> None:
    run(["lint", "--ignore", "CAD999"])
    assert "--ignore: there is no rule CAD999; there are CAD000, CAD001" in capsys.readouterr().err
    run(["lint", "nowhere.py"])
    assert capsys.readouterr().err == "there is no nowhere.py\n"


@pytest.mark.usefixtures("folder")
def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["lint", "--json"]) == 1
    value = json.loads(capsys.readouterr().out)
    assert (value["files"], value["functions"]) == (4, 4)
    assert [one["code"] for one in value["findings"]] == ["CAD001", "CAD015", "CAD014"]
    run(["lint", "--json", "good.py"])
    assert json.loads(capsys.readouterr().out)["findings"] == []


def test_code_is_not_imported_and_names_are_not_obeyed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "evil.py").write_text("raise SystemExit(9)\n" + BAD)
    (folder / "x\x1b[31m.py").write_text(BAD)
    assert run(["lint"]) == 1
    assert "\x1b" not in capsys.readouterr().out


def test_it_loads_no_room_of_the_sdk(folder: Path) -> None:
    code = (
        "import sys\nfrom cadence.lint import lint\nlint(['.'])\n"
        "print([name for name in sys.modules if name.startswith(('cadence.', 'asyncio', 'thriftpy2'))"
        " and not name.startswith(('cadence.lint', 'cadence._'))])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=folder)
    assert out.stdout.strip() == "[]"
