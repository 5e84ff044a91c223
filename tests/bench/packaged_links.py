"""How long a link takes: handed to the phone that runs, and from nothing until it rings far away.

The site and the supernode are on this machine; the phone far away is one without a window.
"""

import json
import secrets
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, Queue
from typing import Any
from urllib.parse import quote

from packaged_starts import Home
from processes import Failed
from rows import Suite
from window_programs import TWOCAN, Desktop, Program

RUNS = 9
RING_RUNS = 7

_WITHIN = 20.0
_SOUND = {"microphone": "tone:440", "speaker": "null", "ringer": "null"}


class Site:
    """A site on this machine whose links are for one call, or (None) for nothing any more.

    As a context it is served, on threads of its own.
    """

    def __init__(self, says: Mapping[str, Any] | None) -> None:
        self._asked: Queue[tuple[str, float]] = Queue()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(says, self._asked))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self.host = f"127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> "Site":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def link(self) -> str:
        """A new one."""
        url = quote(f"http://{self.host}/redeem", safe="")
        return f"twocan:launch?redeem={url}&code={secrets.token_urlsafe(24)}"

    def asked(self, link: str) -> float:
        """When this link was redeemed (``time.monotonic``), once it is. Raises Failed."""
        try:
            code, moment = self._asked.get(timeout=_WITHIN)
        except Empty:
            raise Failed("nobody followed the link") from None
        if not link.endswith(f"={code}"):
            raise Failed("another link was followed")
        return moment


def hand_over(suite: Suite, around: Desktop, home: Home) -> None:
    """A second start with a link: until it ended, and until the phone that runs follows it."""
    ended, followed = [], []
    with Site(None) as site, _phone(home):
        _handed(home, site)
        for _ in range(RUNS):
            took = _handed(home, site)
            ended.append(took[0])
            followed.append(took[1])
    around.screen.until_bare(_WITHIN)
    suite.add("hand-over", "twocan", "ended_ms", ended, "ms", 100)
    suite.add("hand-over", "twocan", "followed_ms", followed, "ms")


@contextmanager
def _phone(home: Home) -> Iterator[None]:
    """The installed program, running, once it has a socket."""
    with Program([str(home.current)], home.environment) as program:
        last = time.monotonic() + _WITHIN
        while not list((home.folder / "twocan").glob("*.sock")):
            if not program.running or time.monotonic() > last:
                raise Failed("the phone did not start")
            time.sleep(0.01)
        yield


def _handed(home: Home, site: Site) -> tuple[float, float]:
    """Milliseconds until the second start ended, and until its link was followed."""
    link = site.link()
    began = time.monotonic()
    second = subprocess.Popen(
        [str(home.current), link],
        env=dict(home.environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    watch = threading.Timer(_WITHIN, second.kill)
    watch.start()
    try:
        code = second.wait()
        ended = time.monotonic()
    finally:
        watch.cancel()
    if code:
        raise Failed(f"a second start ended with {code}")
    return (ended - began) * 1000, (site.asked(link) - began) * 1000


def click_to_ring(suite: Suite, around: Desktop, home: Home) -> None:
    """From the start with a link of a trusted site, when no phone runs, to the ring far away."""
    account, callee = around.account("callee")
    says = what_a_site_says(around.node.mint("caller"), callee)
    answering = (*TWOCAN, "answer", "--account", str(account), "--microphone", "tone:660")
    with Site(says) as site, Program(answering, around.environment) as far:
        far.event("ready")
        trust(home, site)
        seen = {**home.environment, "SSL_CERT_FILE": str(around.node.ca)}
        times = [_rings(home, seen, site, far) for _ in range(RING_RUNS + 1)][1:]
    around.screen.until_bare(_WITHIN)
    suite.add("click-to-ring", "twocan", "ringing_ms", [ring for _, ring in times], "ms", 1200)
    suite.add("click-to-ring", "twocan", "redeemed_ms", [asked for asked, _ in times], "ms")


def _rings(
    home: Home, environment: Mapping[str, str], site: Site, far: Program
) -> tuple[float, float]:
    """Milliseconds until the site was asked, and until it rings."""
    link = site.link()
    with Program([str(home.current), link], environment) as program:
        far.event("incoming")
        rings = time.monotonic()
        asked = site.asked(link)
        far.event("connected")
    far.event("report")
    return (asked - program.began) * 1000, (rings - program.began) * 1000


def what_a_site_says(minted: Mapping[str, Any], callee: str) -> dict[str, Any]:
    """What it answers whoever redeems its link. The account names no authority of its own."""
    return {
        "account": {name: value for name, value in minted.items() if name != "ca"},
        "caller": {"name": "Demo caller"},
        "callee": {"address": callee, "name": "Demo callee"},
    }


def trust(home: Home, site: Site) -> None:
    """Have its links call without asking, and no device be used."""
    file = home.folder / ".config" / "twocan" / "settings.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({**_SOUND, "trusted_sites": [site.host]}))


def _handler(
    says: Mapping[str, Any] | None, asked: "Queue[tuple[str, float]]"
) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            moment = time.monotonic()
            body = self.rfile.read(int(self.headers["Content-Length"]))
            answer = json.dumps(says).encode()
            self.send_response(404 if says is None else 200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)
            asked.put((json.loads(body)["code"], moment))

        def log_message(self, *_: object) -> None:
            """Not what was asked: codes are nobody's business."""

    return Handler
