"""Lets the site keep links that leave docs/: what they lead to is put on the site, below `source/`, and links follow.

Pages link tests, samples and the README by their place in the repository, where such links work as they are. mkdocs
knows docs/ alone. So for each such link, a page becomes a page of the site, a folder a list of its files, and any other
file a copy in plain text. mkdocs calls the two functions named `on_...`; nothing here knows the reference.
"""

from __future__ import annotations

import os
import posixpath
import re
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.structure.files import File

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[2]
PLACE = "source/"
LINK = re.compile(r"\]\((?!https?://|#)([^)#\s]+)(?:#([^)\s]+))?\)")
# Where else a page's source could be taken for a link.
PASSED_OVER = {"__pycache__", "node_modules"}


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add what pages link outside docs/, and what is linked from there in turn."""
    waiting = [file for file in files.documentation_pages() if not file.inclusion.is_excluded()]
    while waiting:
        file = waiting.pop()
        for link, _ in LINK.findall(file.content_string):
            target = _target(file, link)
            place = target and _place(target)
            if not target or not place or files.get_file_from_path(place):
                continue
            if target.is_dir():
                added = File.generated(config, place, content=_listing(target))
            elif place.endswith(".md"):
                added = File.generated(config, place, content=target.read_text())
            else:
                added = File.generated(config, place, abs_src_path=str(target))
            files.append(added)
            if place.endswith(".md"):
                waiting.append(added)
    return files


def on_page_markdown(markdown: str, /, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Let the links of a page lead to where their targets stand on the site."""

    def moved(match: re.Match[str]) -> str:
        link, part = match.groups()
        target = _target(page.file, link)
        place = target and _place(target)
        if not target or not place:
            return match[0]
        there = posixpath.relpath(place, posixpath.dirname(page.file.src_uri) or ".")
        if part and place.endswith(".txt"):
            part = f":~:text={part}"  # browsers look for the test's name in the plain text
        return f"]({there}#{part})" if part else f"]({there})"

    return LINK.sub(moved, markdown)


def _target(file: File, link: str) -> Path | None:
    """Find what a link means in the repository; None where there is nothing, which mkdocs then reports."""
    origin = ROOT / (file.src_uri.removeprefix(PLACE) if file.src_uri.startswith(PLACE) else f"docs/{file.src_uri}")
    target = Path(os.path.normpath(origin.parent / link))
    return target if target.is_relative_to(ROOT) and target.exists() else None


def _place(target: Path) -> str:
    """Say where on the site something of the repository stands, as mkdocs spells it."""
    path = target.relative_to(ROOT).as_posix()
    if target.is_dir():
        return f"{PLACE}{path}/{'README.md' if (target / 'README.md').exists() else 'index.md'}"
    if path.startswith("docs/") and target.suffix in {".md", ".png"}:
        return path.removeprefix("docs/")
    return f"{PLACE}{path}" if target.suffix == ".md" else f"{PLACE}{path}.txt"


def _listing(folder: Path) -> str:
    readme = folder / "README.md"
    if readme.exists():
        return readme.read_text()
    paths = sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    shown = [path.as_posix() for path in paths if not PASSED_OVER & {*path.parts} and not path.name.startswith(".")]
    return "\n".join([f"# {folder.relative_to(ROOT).as_posix()}", "", *(f"- [{path}]({path})" for path in shown), ""])
