"""The files that the guide has its reader save pass a strict type checker, as the package promises typed calls."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILE = re.compile(r"^```python\n(# (\w+\.py)\n.*?)^```$", re.MULTILINE | re.DOTALL)
PAGES = sorted(page for page in (ROOT / "docs/guide").glob("*.md") if FILE.search(page.read_text()))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_mypy_has_nothing_to_say(page: Path, tmp_path: Path) -> None:
    names = []
    for content, name in FILE.findall(page.read_text()):
        (tmp_path / name).write_text(content)
        names.append(str(tmp_path / name))
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file", "setup.cfg", "--follow-imports=silent", *names],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, "MYPYPATH": str(tmp_path)},
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
