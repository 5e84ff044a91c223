"""Chromium with a window, spoken to by the DevTools protocol over a pipe: a person clicks in it.

Headless browsers are not the same: what they do with the links of other programs is their own.
"""

import asyncio
import contextlib
import json
import os
import shutil
import signal
import sys
import time
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

CHROMIUM = shutil.which("chromium")
"""Of Debian's package ``chromium``."""

WITHIN = 30.0
_FLAGS = (
    "--no-sandbox",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-breakpad",
    "--disable-crash-reporter",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--disable-sync",
    "--mute-audio",
    "--password-store=basic",
    "--remote-debugging-pipe",
)
_LEAD = """
import fcntl, os, sys
orders, answers, program, *words = sys.argv[1:]
answers = fcntl.fcntl(int(answers), fcntl.F_DUPFD, 5)
os.dup2(int(orders), 3)
os.dup2(answers, 4)
os.execv(program, [program, *words])
"""
"""The browser reads its orders from 3 and answers on 4, whatever else was there."""
_LONGEST = 1 << 24
_MIDDLE = """(() => {{
    const there = document.getElementById({name});
    if (!there) return null;
    there.addEventListener("click", () => there.dataset.clicked = "yes");
    const box = there.getBoundingClientRect();
    return [box.x + box.width / 2, box.y + box.height / 2];
}})()"""
_CLICKED = "document.getElementById({name}).dataset.clicked"


class Browser:
    """One tab of a browser."""

    def __init__(self, process: Process, orders: int, answers: asyncio.StreamReader) -> None:
        self._process, self._orders, self._answers = process, orders, answers
        self._number = 0
        self._tab = ""

    async def show(self, page: str) -> None:
        """Open this page in the tab."""
        if not self._tab:
            target = (await self._ask("Target.createTarget", url="about:blank"))["targetId"]
            said = await self._ask("Target.attachToTarget", targetId=target, flatten=True)
            self._tab = said["sessionId"]
        await self._ask("Page.navigate", self._tab, url=page)

    async def click(self, name: str) -> None:
        """Click on what has this id, as soon as it is there."""
        spoken = json.dumps(name)
        async with asyncio.timeout(WITHIN):
            while (middle := await self._value(_MIDDLE.format(name=spoken))) is None:
                await asyncio.sleep(0.02)
            await self._press(*middle)
            # What is clicked on before it is seen is not heeded.
            while not await self._value(_CLICKED.format(name=spoken)):
                await asyncio.sleep(0.1)
                await self._press(*middle)

    async def _press(self, x: float, y: float) -> None:
        for what in ("mousePressed", "mouseReleased"):
            how = {"type": what, "x": x, "y": y, "button": "left", "clickCount": 1}
            await self._ask("Input.dispatchMouseEvent", self._tab, **how)

    async def close(self) -> None:
        """A person closes the browser's window."""
        await self._ask("Browser.close")
        async with asyncio.timeout(WITHIN):
            await self._process.wait()

    async def _value(self, expression: str) -> Any:
        how = {"expression": expression, "returnByValue": True}
        return (await self._ask("Runtime.evaluate", self._tab, **how))["result"].get("value")

    async def _ask(self, method: str, tab: str = "", **parameters: Any) -> Any:
        self._number += 1
        order = {"id": self._number, "method": method, "params": parameters}
        if tab:
            order["sessionId"] = tab
        os.write(self._orders, json.dumps(order).encode() + b"\0")
        async with asyncio.timeout(WITHIN):
            while True:
                answer = json.loads((await self._answers.readuntil(b"\0"))[:-1])
                if answer.get("id") == self._number:
                    assert "error" not in answer, f"{method}: {answer['error']}"
                    return answer["result"]


@asynccontextmanager
async def browsing(
    profile: Path, environment: Mapping[str, str], allowed: str = ""
) -> AsyncIterator[Browser]:
    """A browser with a new profile; all of it is gone at the end.

    ``allowed``: the origin of a site whose ``twocan:`` links the person once chose to open always.
    """
    _write_profile(profile, allowed)
    with ExitStack() as stack:
        (orders, give), (take, answers) = os.pipe(), os.pipe()
        stack.callback(os.close, give)
        reading = os.fdopen(take, "rb")
        stack.callback(reading.close)
        try:
            process = await _started(profile, environment, orders, answers)
        finally:
            os.close(orders)
            os.close(answers)
        told = asyncio.StreamReader(limit=_LONGEST)
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(told), reading
        )
        try:
            yield Browser(process, give, told)
        finally:
            await _end(process)
            transport.close()


def _write_profile(profile: Path, allowed: str) -> None:
    """As if the person had ticked "always allow" when the browser asked."""
    folder = profile / "Default"
    folder.mkdir(parents=True)
    pairs = {allowed: {"twocan": True}} if allowed else {}
    said = {"protocol_handler": {"allowed_origin_protocol_pairs": pairs}}
    (folder / "Preferences").write_text(json.dumps(said))


async def _started(
    profile: Path, environment: Mapping[str, str], orders: int, answers: int
) -> Process:
    assert CHROMIUM is not None, "Chromium is not installed"
    lead = (sys.executable, "-ISc", _LEAD, str(orders), str(answers))
    return await asyncio.create_subprocess_exec(
        *(*lead, CHROMIUM, f"--user-data-dir={profile}", *_FLAGS, "about:blank"),
        env=dict(environment),
        pass_fds=(orders, answers),
        stdin=DEVNULL,
        stdout=DEVNULL,
        stderr=DEVNULL,
        start_new_session=True,
    )


async def _end(process: Process) -> None:
    """Some of its processes lead groups of their own. What it started and is no part of it is let
    be."""
    its = list(_of_the_browser(process.pid))
    last = time.monotonic() + WITHIN
    for number in (signal.SIGTERM, signal.SIGKILL):
        for pid in its:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
        while (its := [pid for pid in its if _program(pid)]) and time.monotonic() < last:
            await asyncio.sleep(0.02)
    await process.wait()
    process._transport.close()  # type: ignore[attr-defined]  # which the child's end leaves open


def _of_the_browser(pid: int) -> Iterator[int]:
    """It, and what descends from it and is the same program."""
    program = _program(pid)
    every = [pid]
    for each in every:
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{each}/task").iterdir():
                every += map(int, (task / "children").read_text().split())
        if program and _program(each) == program:
            yield each


def _program(pid: int) -> str:
    """What a process runs; "": it has ended."""
    try:
        return os.readlink(f"/proc/{pid}/exe")  # noqa: PTH115 - it need not exist any more
    except OSError:
        return ""
