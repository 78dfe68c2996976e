"""What the pages show is run: Python blocks against a dev server, links and commands against what is there."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs/reference"
"""Generated from docstrings, with tests of its own."""
PAGES = sorted(
    [*ROOT.glob("*.md"), *(page for page in (ROOT / "docs").rglob("*.md") if not page.is_relative_to(REFERENCE))]
)
LINK = re.compile(r"\]\((?!https?://|#)([^)#\s]+)[^)]*\)")
PLACE = re.compile(r"\]\((?!https?://)([^)#\s]*\.md|)#([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
PRINTED = re.compile(r"\bprints?\b[^\n]*:\n\n```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def _name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def _promised(page: Path) -> list[str]:
    """What the page says that its programs print."""
    return PRINTED.findall(page.read_text())


@pytest.mark.parametrize("page", [page for page in PAGES if "\n```python" in page.read_text()], ids=_name)
async def test_python_on_a_page_runs(page: Path, frontend: str, tmp_path: Path) -> None:
    program = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-W", "error"),
        str(Path(__file__).with_name("run_page.py")),
        str(page),
        cwd=tmp_path,
        env={**os.environ, "CADENCE_ADDRESS": frontend},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        printed, complaints = await program.communicate()
    finally:
        if program.returncode is None:
            program.kill()
            await program.wait()
    assert (program.returncode, complaints.decode()) == (0, "")
    rest = printed.decode()
    for promised in _promised(page):
        assert promised in rest
        rest = rest.split(promised, maxsplit=1)[1]


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_links_on_a_page_lead_somewhere(page: Path) -> None:
    lost = [link for link in LINK.findall(page.read_text()) if not (page.parent / link).exists()]
    assert not lost


def _places(page: Path) -> set[str]:
    """Where links may lead within a page, as GitHub and mkdocs name its headings."""
    headings = (re.sub(r"[^\w\s-]", "", heading.lower()) for heading in HEADING.findall(page.read_text()))
    return {re.sub(r"\s", "-", heading.strip()) for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_links_into_a_page_find_their_heading(page: Path) -> None:
    links = [((page.parent / link if link else page), place) for link, place in PLACE.findall(page.read_text())]
    lost = [f"{target.name}#{place}" for target, place in links if target.exists() and place not in _places(target)]
    assert not lost


def test_the_readme_has_the_two_commands() -> None:
    readme = (ROOT / "README.md").read_text()
    assert "\npip install -e '.[dev]' && cadence dev -- python samples/hello/app.py\n" in readme
    assert "\npip install -e '.[test]' && pytest -n 2\n" in readme
