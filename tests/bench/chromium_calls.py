"""Chromium, headless: both ends in one page, its microphone a file, recorded by the page itself.

It is spoken to by the DevTools protocol over a pipe; its media go over UDP like anybody's. What one
end costs is half of what all its processes use, the recorder's share included. Its delay is that
between the microphone's track and the far side's as the recorder hears both: coding, the network
and the jitter buffer are in it, buffers of devices are not, and those before the recorder are the
same for both.
"""

import base64
import json
import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any, Self

import numpy as np

import processes
import sdp
import speech
from peers import Described
from scoring import Sound, Take, from_the_start

_PAGE = Path(__file__).with_name("chromium.html")
_NAMES = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--no-first-run",
    "--disable-gpu",
    "--disable-breakpad",
    "--disable-crash-reporter",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--disable-audio-output",
    "--mute-audio",
    "--autoplay-policy=no-user-gesture-required",
    # The names that stand for addresses would have to be looked up.
    "--disable-features=WebRtcHideLocalIpsWithMdns",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--remote-debugging-pipe",
)
_WITHIN = 30.0


def installed() -> str | None:
    """Its program, where it is installed."""
    return next((found for name in _NAMES if (found := shutil.which(name))), None)


class ChromiumPair:
    """``peers.Pair`` of Chromium."""

    def __init__(self, program: str, said: Path, folder: Path) -> None:
        self._said = said
        self._browser = Browser(
            program, folder / "profile", f"--use-file-for-fake-audio-capture={said}%noloop"
        )
        try:
            self._page = self._browser.open(_PAGE)
        except BaseException:
            self._browser.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._browser.close()

    def offer(self) -> Described:
        return described(self._call("offer"))

    def answer(self, offer: Described) -> Described:
        return described(self._call("answer", moved(offer)))

    def connect(self, answer: Described) -> None:
        self._call("connect", moved(answer))

    def say(self) -> None:
        self._call("say")

    def stop(self) -> Take:
        # Both begin with the recording; what is said begins when the microphone is opened.
        said, heard = map(sound_of, self._call("stop"))
        return from_the_start(Take(said, 0.0, heard, 0.0), speech.read(self._said))

    def cpu_seconds(self) -> float:
        return processes.cpu_seconds(processes.tree(self._browser.pid)) / 2

    def _call(self, function: str, *arguments: str) -> Any:
        return self._browser.call(self._page, function, *arguments)


def sound_of(recorded: str) -> Sound:
    """What a page's ``recordings`` told."""
    return np.frombuffer(base64.b64decode(recorded), "<i2").astype(np.int16)


def described(text: str) -> Described:
    return {"address": sdp.address_of(text), "sdp": text}


def moved(theirs: Described) -> str:
    return sdp.moved(theirs["sdp"], theirs["address"])


class Browser:
    """A browser of our own, with its profile in a folder of ours, and all its processes."""

    def __init__(self, program: str, profile: Path, *flags: str) -> None:
        (orders, self._orders), (self._answers, answers) = os.pipe(), os.pipe()
        self._number = 0
        self._buffer = b""
        self._process = subprocess.Popen(
            # The browser reads its orders from 3 and answers on 4.
            [
                "/bin/sh", "-c", f'exec "$0" "$@" 3<&{orders} 4>&{answers}',
                program, f"--user-data-dir={profile}", *_FLAGS, *flags, "about:blank",
            ],
            pass_fds=(orders, answers),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=processes.end_with_parent(),  # noqa: PLW1509 - no threads here
        )  # fmt: skip
        os.close(orders)
        os.close(answers)

    @property
    def pid(self) -> int:
        return self._process.pid

    def open(self, page: Path) -> str:
        """The session of a new page, once it is loaded."""
        target = self._ask("Target.createTarget", url=page.as_uri())["targetId"]
        session: str = self._ask("Target.attachToTarget", targetId=target, flatten=True)[
            "sessionId"
        ]
        last = time.monotonic() + _WITHIN
        # An empty page is there first, and complete.
        there = f"location.href === {json.dumps(page.as_uri())} && document.readyState"
        while self.evaluate(session, there) != "complete":
            if time.monotonic() > last:
                raise processes.Failed(f"the browser did not load {page}")
            time.sleep(0.05)
        return session

    def call(self, session: str, function: str, *arguments: Any) -> Any:
        """What a function of the page returns, awaited."""
        told = ", ".join(map(json.dumps, arguments))
        return self.evaluate(session, f"{function}({told})")

    def evaluate(self, session: str, expression: str) -> Any:
        """The value of an expression, awaited. Raises Failed where it throws."""
        told = self._ask(
            "Runtime.evaluate",
            session,
            expression=expression,
            awaitPromise=True,
            returnByValue=True,
        )
        if thrown := told.get("exceptionDetails"):
            why = thrown.get("exception", {}).get("description", thrown["text"])
            raise processes.Failed(f"the browser's page: {why.splitlines()[0]}")
        return told["result"].get("value")

    def close(self) -> None:
        # Some of its processes lead groups of their own, and end a moment after it.
        every = processes.tree(self.pid)
        processes.end_group(self._process)
        processes.wait_for_end(every)
        os.close(self._orders)
        os.close(self._answers)

    def _ask(self, method: str, session: str | None = None, **parameters: Any) -> Any:
        self._number += 1
        order = {"id": self._number, "method": method, "params": parameters}
        if session is not None:
            order["sessionId"] = session
        os.write(self._orders, json.dumps(order).encode() + b"\0")
        while True:
            told, self._buffer = processes.read_until(
                self._answers, b"\0", self._buffer, _WITHIN, "the browser"
            )
            answer = json.loads(told)
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise processes.Failed(f"the browser: {answer['error']['message']}")
                return answer["result"]
