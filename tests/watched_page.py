"""A browser's page that is watched: what it asks of whom, and what it complains of."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.async_api import BrowserContext, ConsoleMessage, Request

OVERFLOWS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@dataclass
class Watched:
    """``requests``: URL and Referer of each. ``complaints``: of scripts, and of the CSP."""

    requests: list[tuple[str, str]] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def asked(self, request: Request) -> None:
        self.requests.append((request.url, request.headers.get("referer", "")))

    def said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def failed(self, error: object) -> None:
        self.complaints.append(str(error))


@contextmanager
def watched(browser: BrowserContext) -> Iterator[Watched]:
    """All pages of the browser, from now on; whatever they complain of fails the test."""
    seen = Watched()
    browser.on("request", seen.asked)
    browser.on("console", seen.said)
    browser.on("weberror", lambda error: seen.failed(error.error))
    yield seen
    assert not seen.complaints, seen.complaints
