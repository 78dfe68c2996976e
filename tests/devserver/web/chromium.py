"""A real browser without a window, driven over its debugging protocol."""

from __future__ import annotations

import asyncio
import base64
import json
import shutil
from pathlib import Path
from typing import Any, Self

import aiohttp

COMMAND = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
)

_FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--in-process-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--metrics-recording-only",
    "--mute-audio",
    "--no-first-run",
    "--hide-scrollbars",
    "--remote-debugging-port=0",
)


class Browser:
    """One browser with one tab."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.complaints: list[str] = []
        """What stands in the console as an error or warning, exceptions included."""
        self._calls = 0
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}

    async def __aenter__(self) -> Self:
        assert COMMAND is not None
        self._process = await asyncio.create_subprocess_exec(
            *(COMMAND, *_FLAGS, f"--user-data-dir={self.folder}", "about:blank"),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        address = await self._address()
        self._session = aiohttp.ClientSession()
        async with self._session.get(f"http://{address}/json/list") as response:
            tab = next(one for one in await response.json() if one["type"] == "page")
        self._socket = await self._session.ws_connect(tab["webSocketDebuggerUrl"], max_msg_size=0)
        self._reader = asyncio.create_task(self._read())
        for name in ("Page", "Runtime", "Log"):
            await self.call(f"{name}.enable")
        return self

    async def _address(self) -> str:
        """Read on standard error where the browser listens; what else stands there is about the machine."""
        assert self._process.stderr is not None
        async with asyncio.timeout(60):
            async for line in self._process.stderr:
                if b"DevTools listening on ws://" in line:
                    self._drain = asyncio.create_task(self._process.stderr.read())
                    return line.decode().split("ws://")[1].split("/")[0]
        raise RuntimeError("the browser did not start")

    async def __aexit__(self, *_: object) -> None:
        self._reader.cancel()
        await self._socket.close()
        await self._session.close()
        self._process.kill()
        await self._process.wait()
        await self._drain

    async def _read(self) -> None:
        async for message in self._socket:
            told = json.loads(message.data)
            if "id" in told:
                waiting = self._answers.pop(told["id"], None)
                if waiting is not None and not waiting.done():
                    waiting.set_result(told)
            else:
                self._note(told["method"], told["params"])

    def _note(self, method: str, told: dict[str, Any]) -> None:
        if method == "Runtime.exceptionThrown":
            self.complaints.append(json.dumps(told["exceptionDetails"]))
        elif method == "Log.entryAdded" and told["entry"]["level"] in {"error", "warning"}:
            self.complaints.append(f"{told['entry']['text']} {told['entry'].get('url', '')}")
        elif method == "Runtime.consoleAPICalled" and told["type"] in {"error", "warning", "assert"}:
            self.complaints.append(json.dumps(told["args"]))
        elif method == "Page.javascriptDialogOpening":
            self.complaints.append(f"a script opened a dialog: {told['message']}")

    async def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Call a method of the protocol."""
        self._calls += 1
        number = self._calls
        waiting: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._answers[number] = waiting
        await self._socket.send_json({"id": number, "method": method, "params": parameters})
        async with asyncio.timeout(30):
            told = await waiting
        assert "error" not in told, (method, told)
        result: dict[str, Any] = told["result"]
        return result

    async def script(self, text: str) -> Any:
        """Evaluate an expression in the page; promises are waited for."""
        told = await self.call("Runtime.evaluate", expression=text, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in told, (text, told)
        return told["result"].get("value")

    async def until(self, condition: str) -> Any:
        """Wait until an expression is true in the page, looking again whenever the page was painted."""
        return await self.script(
            "new Promise((done, fail) => { const end = performance.now() + 20000; const look = () => {"
            f"let found; try {{ found = ({condition}); }} catch {{ found = null; }}"
            f"if (found) done(found); else if (performance.now() > end) fail(new Error({json.dumps(condition)} + "
            "'\\n' + document.body.innerText.slice(0, 2000))); else setTimeout(look, 20); }; look(); })"
        )

    async def open(self, address: str, ready: str) -> None:
        """Go to a page and wait until an expression is true there."""
        await self.call("Page.navigate", url=address)
        async with asyncio.timeout(20):
            while await self.script("location.href") == "about:blank":
                pass
        await self.until(ready)

    async def press(self, key: str) -> None:
        """Press and release a key."""
        text = {"Enter": "\r"}.get(key, key if len(key) == 1 else "")
        code = {"Enter": 13, "ArrowDown": 40, "ArrowUp": 38, "Tab": 9, "Escape": 27}.get(key, ord(key[0].upper()))
        common = {"key": key, "code": key, "windowsVirtualKeyCode": code}
        await self.call("Input.dispatchKeyEvent", type="keyDown", **common, **({"text": text} if text else {}))
        await self.call("Input.dispatchKeyEvent", type="keyUp", **common)

    async def type(self, text: str) -> None:
        """Type into what has the focus."""
        await self.call("Input.insertText", text=text)

    async def look(self, *, dark: bool = False, width: int = 1280, height: int = 800) -> None:
        """Set the size of the window and the colors that the user likes."""
        await self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False
        )
        scheme = "dark" if dark else "light"
        await self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    async def picture(self) -> bytes:
        """Give what the window shows, as PNG."""
        told = await self.call("Page.captureScreenshot", format="png", optimizeForSpeed=False)
        return base64.b64decode(told["data"])
