"""A real browser, asked over a pipe: what a page shows, what it complains of, what it asks for."""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome")
PROGRAM = next(filter(None, map(shutil.which, NAMES)), "")
# What it would say and ask by itself is none of a page's.
_QUIET = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--host-resolver-rules=MAP * ~NOTFOUND", "--remote-debugging-pipe"),
)

# Seconds, on a busy machine, for what takes a tenth of one.
_PATIENCE = 60
# It talks on these, which may be taken here.
_ON_3_AND_4 = """
import fcntl, os, sys
its_out = fcntl.fcntl({its_out}, fcntl.F_DUPFD, 10)
os.dup2({its_in}, 3)
os.dup2(its_out, 4)
for end in (3, 4):
    os.set_inheritable(end, True)
os.execv(sys.argv[1], sys.argv[1:])
"""


class Chromium:
    """A browser with one page; `complaints` and `requests` are those since the last `open`."""

    def __init__(self, to: int, out_of: int) -> None:
        self._to, self._from = os.fdopen(to, "wb"), os.fdopen(out_of, "rb")
        self._number, self._rest = 0, b""
        self._session: dict[str, str] = {}
        self._loaded = False
        self.complaints: list[str] = []
        self.requests: list[str] = []
        target = self._ask("Target.createTarget", url="about:blank")["targetId"]
        attached = self._ask("Target.attachToTarget", targetId=target, flatten=True)
        self._session = {"sessionId": attached["sessionId"]}
        for domain in ("Page", "Network", "Runtime", "Log"):
            self._ask(f"{domain}.enable")

    def open(self, url: str, *, width: int = 1280, height: int = 900, dark: bool = False) -> None:
        """Show a page in a window of a size, and wait until all of it is there."""
        self.complaints, self.requests, self._loaded = [], [], False
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
        self._ask("Emulation.setDeviceMetricsOverride", **size)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._ask("Emulation.setEmulatedMedia", features=[scheme])
        # A page that differs in its anchor alone would not be loaded again.
        self._ask("Page.navigate", url="about:blank")
        self._wait()
        self.complaints, self.requests, self._loaded = [], [], False
        self._ask("Page.navigate", url=url)
        self._wait()

    def run(self, script: str) -> Any:
        """Return what an expression is worth in the page; a promise is waited for."""
        options = {"returnByValue": True, "awaitPromise": True}
        answer = self._ask("Runtime.evaluate", expression=script, **options)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def picture(self, file: Path) -> None:
        """Write what the window shows to a file."""
        file.write_bytes(base64.b64decode(self._ask("Page.captureScreenshot")["data"]))

    def close(self) -> None:
        """End it."""
        self._session = {}
        self._ask("Browser.close")
        self._to.close()
        self._from.close()

    def _wait(self) -> None:
        while not self._loaded:
            self._hear(self._next())

    def _ask(self, method: str, **params: Any) -> dict[str, Any]:
        self._number += 1
        said = {"id": self._number, "method": method, "params": params, **self._session}
        self._to.write(json.dumps(said).encode() + b"\0")
        self._to.flush()
        while True:
            message = self._next()
            if message.get("id") == self._number:
                assert "error" not in message, (method, message["error"])
                return dict(message["result"])
            self._hear(message)

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self._from], [], [], _PATIENCE)
            assert ready, f"the browser has said nothing for {_PATIENCE} seconds"
            more = os.read(self._from.fileno(), 1 << 16)
            assert more, "the browser has ended"
            self._rest += more
        message, _, self._rest = self._rest.partition(b"\0")
        return dict(json.loads(message))

    def _hear(self, message: dict[str, Any]) -> None:
        method, params = message.get("method"), message.get("params", {})
        if method == "Page.loadEventFired":
            self._loaded = True
        elif method == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])
        elif method == "Runtime.exceptionThrown":
            self.complaints.append(str(params["exceptionDetails"]))
        elif method == "Log.entryAdded":
            self.complaints.append(f"{params['entry']['text']} {params['entry'].get('url', '')}")
        elif method == "Runtime.consoleAPICalled" and params["type"] in {"error", "warning"}:
            self.complaints.append(str(params["args"]))


@contextmanager
def chromium(profile: Path) -> Iterator[Chromium]:
    """Start one that keeps what it keeps in the folder `profile`, and end it."""
    its_in, to = os.pipe()
    out_of, its_out = os.pipe()
    start = _ON_3_AND_4.format(its_in=its_in, its_out=its_out)
    words = [sys.executable, "-c", start, PROGRAM, *_QUIET, f"--user-data-dir={profile}"]
    process = subprocess.Popen(
        words, pass_fds=(its_in, its_out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    os.close(its_in)
    os.close(its_out)
    try:
        browser = Chromium(to, out_of)
        yield browser
        browser.close()
        process.wait(timeout=30)
    finally:
        process.kill()
        process.wait()
