"""Runs the Python blocks of a page, one after another, in one namespace: `python run_page.py PAGE`.

As at the prompt of `python -m asyncio`, `await` may stand outside of functions. A block marked "python no-run" is
compiled alone. One that begins with `# name.py` is a file that the page has its reader save: it is saved in the working
folder and run as a program, or by pytest where its name begins with `test_`. Functions named `test_...` are called when
the page is through. Tracebacks show the page's own lines.
"""

from __future__ import annotations

import ast
import asyncio
import inspect
import re
import subprocess
import sys
import types
from pathlib import Path

BLOCK = re.compile(r"^```python([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"# (\w+\.py)\n")
PYTEST = (
    *("-m", "pytest", "-q", "-p", "no:cacheprovider"),
    *("-o", "asyncio_mode=auto", "-o", "asyncio_default_fixture_loop_scope=function"),
)


def run(page: Path) -> None:
    """Run the blocks of a page."""
    text = page.read_text()
    # A module, because type hints are looked up in the one that a class says it is from.
    module = sys.modules["page"] = types.ModuleType("page")
    with asyncio.Runner() as runner:
        for match in BLOCK.finditer(text):
            above = "\n" * text.count("\n", 0, match.start(2))
            code = compile(above + match[2], str(page), "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
            if "no-run" in match[1]:
                continue
            if name := FILE.match(match[2]):
                run_file(Path(name[1]), match[2])
            elif code.co_flags & inspect.CO_COROUTINE:
                runner.run(eval(code, module.__dict__))
            else:
                exec(code, module.__dict__)
        for name, value in list(vars(module).items()):
            if name.startswith("test_"):
                result = value()
                if inspect.iscoroutine(result):
                    runner.run(result)


def run_file(path: Path, content: str) -> None:
    """Save a file and run it as its page's reader would."""
    path.write_text(content)
    sys.stdout.flush()  # so that what it prints comes behind what was printed before
    how = PYTEST if path.name.startswith("test_") else ()
    subprocess.run([sys.executable, "-W", "error", *how, str(path)], check=True)


if __name__ == "__main__":
    run(Path(sys.argv[1]))
