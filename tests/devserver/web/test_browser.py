"""The page in a real browser: seen, driven, and without a complaint in its console."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
_spec = importlib.util.spec_from_file_location("devserver_web_chromium", HERE / "chromium.py")
assert _spec is not None
assert _spec.loader is not None
chromium = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(chromium)

pytestmark = pytest.mark.skipif(chromium.COMMAND is None, reason="needs chromium")

HOSTILE = "<img src=x onerror=alert(1)>"
ROWS = "document.querySelectorAll('#runs tbody tr').length"
EVENTS = "document.querySelectorAll('#events tbody tr[id]').length"


def click(words: str, inside: str = "body") -> str:
    return f"[...document.querySelectorAll('{inside} button')].find(one => one.textContent === '{words}').click()"


async def test_a_run_is_found_opened_signaled_and_terminated(page: Any, peer: Any, tmp_path: Path) -> None:
    run = await peer.start(HOSTILE, input=HOSTILE.encode())
    await peer.decide(peer.activity("pack", HOSTILE.encode()), peer.timer("reminder"))
    for number in range(3):
        await peer.start(f"order-{number}", input=b'{"customer": "Ada"}')
    async with chromium.Browser(tmp_path) as browser:
        await browser.look()
        await browser.open(f"http://{page.address}/?domain=shop", f"{ROWS} === 4")
        await peer.start("order-3")
        await browser.until(f"{ROWS} === 5")  # nobody asked for it
        await browser.press("/")
        await browser.type("WorkflowID > '<' AND WorkflowID < 'a'")
        await browser.press("Enter")
        await browser.until(f"{ROWS} === 1 && location.search.includes('query')")
        await browser.script("document.querySelector('#runs tbody a').focus()")
        await browser.press("Enter")
        await browser.until(f"location.pathname === '/run' && {EVENTS} === 6")
        assert await browser.script("document.querySelector('h1').textContent") == HOSTILE
        assert await browser.script("document.querySelectorAll('main img').length") == 0

        await browser.script(click("Signal", "#actions"))
        await browser.script("document.getElementById('field-name').focus()")
        await browser.type("ship")
        await browser.script("document.getElementById('field-input').focus()")
        await browser.type('{"to": "<b>here</b>"}')
        await browser.script(click("Send signal", "dialog"))
        await browser.until("!document.querySelector('dialog').open")
        await browser.until("document.getElementById('events').textContent.includes('WorkflowExecutionSignaled')")
        await browser.script("document.querySelector('#events tbody button').focus()")
        await browser.press("ArrowDown")
        await browser.press("Enter")
        await browser.until("document.querySelectorAll('#events tr.details').length === 1")

        await browser.script(click("Terminate", "#actions"))
        await browser.script(click("Terminate", "dialog"))
        await browser.until("document.querySelector('#status').textContent === 'terminated'")
        assert await browser.script("document.querySelector('#actions button').disabled")
        assert (await page.read("run", **run))["status"] == "terminated"
        assert browser.complaints == []


async def test_long_histories_are_paged_and_stacks_shown(page: Any, peer: Any, tmp_path: Path) -> None:
    run = await peer.start("long")
    await peer.decide(peer.timer("t"))
    for number in range(1_100):
        await peer.signal(run, f"s-{number}", b"[]")
    async with chromium.Browser(tmp_path) as browser:
        await browser.look(width=700)
        await browser.open(f"http://{page.address}/run?domain=shop&workflow=long", f"{EVENTS} === 1000")
        await browser.script("document.getElementById('last').click()")
        await browser.until(f"{EVENTS} === 106 && document.getElementById('event-1106')")
        await peer.signal(run, "late", b"[]")
        await browser.until("document.getElementById('event-1107').textContent.includes('late')")
        await browser.script("document.getElementById('previous').click()")
        await browser.until(f"{EVENTS} === 1000 && document.getElementById('event-1')")

        await peer.decide()
        await browser.script(click("Stack", "#actions"))
        task = await peer.poll()
        await peer.answer(task, b'"File \\"order.py\\", line 3\\n  await <sleep>"')
        await browser.until("document.querySelector('dialog pre').textContent.endsWith('line 3\\n  await <sleep>')")
        await browser.press("Escape")
        await browser.until("!document.querySelector('dialog').open")
        assert browser.complaints == []


@pytest.mark.skipif("CADENCE_PICTURES" not in os.environ, reason="pictures for docs/ are taken on demand")
async def test_pictures_of_the_docs(tmp_path: Path) -> None:
    address, folder = os.environ["CADENCE_PICTURES"], HERE.parents[2] / "docs" / "images"
    async with chromium.Browser(tmp_path) as browser:
        for dark in (False, True):
            scheme = "dark" if dark else "light"
            await browser.look(dark=dark, width=1180, height=560)
            await browser.open(f"{address}/?domain=shop", f"location.pathname === '/' && {ROWS} > 3")
            (folder / f"dev-server-runs-{scheme}.png").write_bytes(await browser.picture())
            await browser.look(dark=dark, width=1180, height=1150)
            await browser.open(
                f"{address}/run?domain=shop&workflow=order-1041",
                f"location.pathname === '/run' && {EVENTS} > 5 && document.querySelectorAll('.lane').length > 3",
            )
            (folder / f"dev-server-run-{scheme}.png").write_bytes(await browser.picture())
        assert browser.complaints == []
