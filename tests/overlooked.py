"""What others could see while a test runs, and what of it they must not: secrets."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from playwright.async_api import BrowserContext, Request

_LOOKS_EVERY = 0.1
_SECRETS = {
    "a token": re.compile(rb"eyJ[\w-]{8,}\.eyJ[\w-]{8,}"),
    "a site key": re.compile(rb"tck_\w{8}_[\w-]{43}"),
    "the secret of webhooks": re.compile(rb"whsec_[\w+/=-]{8,}"),
    "a private key": re.compile(rb'"d": ?"[\w-]{43}"|PRIVATE KEY'),
    "a code": re.compile(rb"(?<![\w-])[\w-]{43}(?![\w-])"),
}
_LINK = re.compile(rb"twocan:launch\?redeem=[\w%.-]+&code=[\w-]{43}")
"""Is handed to programs by systems and browsers, and has a code that is good once."""


def secrets_in(text: bytes) -> list[str]:
    """What of that should not be there."""
    return [name for name, looks in _SECRETS.items() if looks.search(text)]


@dataclass
class Neighbour:
    """Who sees, in turn: the command lines of this machine, and what browsers ask of servers."""

    command_lines: set[bytes] = field(default_factory=set)
    requests: set[tuple[str, str]] = field(default_factory=set)
    """URLs and Referers."""

    @classmethod
    @contextmanager
    def watching(cls) -> Iterator[Self]:
        """Whoever looks again and again."""
        neighbour, over = cls(), threading.Event()
        looking = threading.Thread(target=neighbour._look, args=(over,))
        looking.start()
        try:
            yield neighbour
        finally:
            over.set()
            looking.join()

    def watch(self, browser: BrowserContext) -> None:
        """What all of its pages ask for from now on."""
        browser.on("request", self._asked)

    def saw(self) -> list[str]:
        """What of that was secret. A link is not, to whoever may look at these processes."""
        assert any(map(_LINK.search, self.command_lines)), "nobody opened a link, or nobody looked"
        assert self.requests
        texts = [_LINK.sub(b"", line) for line in self.command_lines]
        texts += [text.encode() for request in self.requests for text in request]
        return [f"{name} in {text!r}" for text in texts for name in secrets_in(text)]

    def _asked(self, request: Request) -> None:
        if not request.url.startswith("twocan:"):
            self.requests.add((request.url, request.headers.get("referer", "")))

    def _look(self, over: threading.Event) -> None:
        while not over.wait(_LOOKS_EVERY):
            for process in Path("/proc").iterdir():
                if process.name.isdigit():
                    try:
                        self.command_lines.add((process / "cmdline").read_bytes())
                    except OSError:
                        continue


def written_in(folder: Path) -> list[str]:
    """What of the logs below a folder is secret."""
    logs = [*folder.rglob("*.log"), *folder.glob("demo.*")]
    assert {"supernode.log", "site-api.log", "ejabberd.log", "demo.err"} <= {
        log.name for log in logs
    }
    return [f"{name} in {log}" for log in logs for name in secrets_in(log.read_bytes())]
