"""What ``make demo`` runs: a supernode, its site API and the demo site, for this machine alone.

    python -m twocan_supernode.demo [--state .state/demo] [--downloads dist] [--no-browser]

One line says where the two people's pages are. Ctrl-C ends all of it. What stays is in the state's
folder, so that the next time the same people have the same addresses.
"""

import argparse
import asyncio
import os
import socket
import sys
import webbrowser
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx

from twocan_supernode import lock
from twocan_supernode.demo.child import Child
from twocan_supernode.demo.site import PEOPLE, DemoSite, Given
from twocan_supernode.errors import SupernodeError
from twocan_supernode.node import FIRST_SITE
from twocan_supernode.site import pages, serving, settings
from twocan_supernode.site.settings import SiteSettings, Webhook
from twocan_supernode.state import State, write_private
from twocan_supernode.stopping import stop_asked

_HOST = "127.0.0.1"
_USUAL_PORT = 8780


@dataclass(frozen=True, slots=True)
class Options:
    """What was typed. ``state``: the demo's folder; ``downloads``: where the program may be."""

    state: Path
    downloads: Path
    browser: bool

    @property
    def node(self) -> State:
        return State(self.state / "supernode")

    @property
    def site_key(self) -> Path:
        return self.state / "site-key"

    def log(self, name: str) -> Path:
        """What a child has to say to people, this time."""
        return self.state / f"{name}.log"


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 0 it was there until it was told to end, 1 it could not be."""
    try:
        asyncio.run(_run(_options(arguments)))
    except SupernodeError as error:
        return _complain(str(error))
    except httpx.HTTPError as error:
        return _complain(f"the site API does not answer as it should: {error}")
    except OSError as error:
        return _complain(f"{error.filename or 'system'}: {error.strerror}")
    except KeyboardInterrupt:  # before there was anything to stop
        pass
    return 0


def _complain(what: str) -> int:
    print(f"demo: {what}", file=sys.stderr)
    return 1


async def _run(options: Options) -> None:
    with stop_asked() as stop, lock.held(options.state), _listening() as listener:
        origin = f"http://{_HOST}:{listener.getsockname()[1]}"
        work = asyncio.create_task(_serve(options, origin, listener))
        asked = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait([work, asked], return_when=asyncio.FIRST_COMPLETED)
        finally:
            asked.cancel()
            work.cancel()
            await asyncio.wait([work])
        if not work.cancelled():
            work.result()


async def _serve(options: Options, origin: str, listener: socket.socket) -> None:
    secret = _set_up(options.node, origin)
    async with AsyncExitStack() as running:
        node = await running.enter_async_context(
            Child.started(options.log("supernode"), "run", "--state", options.node.folder)
        )
        await node.ready()
        key = await _site_key(options)
        where = ("--state", options.node.folder, "--downloads", options.downloads)
        api = await running.enter_async_context(
            Child.started(options.log("site-api"), "site", *where)
        )
        url = (await api.ready())["url"]
        site = DemoSite(
            Given(origin, url, key, secret, lambda: pages.downloads(options.downloads, url))
        )
        running.push_async_callback(site.close)
        await _open(site, options)
        await _until_ended(site, listener, [node, api], lambda: _say(origin, options))


async def _open(site: DemoSite, options: Options) -> None:
    try:
        await site.open()
    except httpx.HTTPStatusError as error:
        if error.response.status_code != 401:
            raise
        raise SupernodeError(
            f"the site API does not know the key in {options.site_key}: delete that file, and "
            "the next start makes a new one"
        ) from None


async def _until_ended(
    site: DemoSite, listener: socket.socket, children: list[Child], ready: Callable[[], None]
) -> None:
    """Serves the pages; raises SupernodeError when a child ends unasked."""
    stop = asyncio.Event()
    work = asyncio.create_task(serving.serve(site.app, listener, stop, ready))
    try:
        ends = [work, *(child.ended for child in children)]
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await site.end_streams()
        stop.set()
        await work
    for child in children:
        if child.ended.done():
            raise child.fault("ended unasked")


# --- what it needs beforehand --------------------------------------------------------------------


def _set_up(node: State, origin: str) -> str:
    """The site with its origin and webhook; the secret that webhooks are signed with."""
    node.folder.mkdir(mode=0o700, exist_ok=True)
    node.add_site(FIRST_SITE)
    folder = node.site(FIRST_SITE).folder
    before = SiteSettings.load(folder)
    secret = before.webhook.secret if before.webhook else settings.new_secret()
    SiteSettings((origin,), Webhook(f"{origin}/webhooks", secret), before.limits).save(folder)
    return secret


async def _site_key(options: Options) -> str:
    """The site's key: made once, and kept as a real site keeps it, where nobody else reads it."""
    file = options.site_key
    if not file.exists():
        where = ("--state", options.node.folder, "--site", FIRST_SITE)
        log = options.log("site-key")
        async with Child.started(log, "site-key", "new", *where) as making:
            write_private(file, (await making.output()).strip().encode())
    return file.read_text()


def _listening() -> socket.socket:
    """Where it is each time, or anywhere if somebody else is there."""
    try:
        return serving.bound(_HOST, _USUAL_PORT)
    except SupernodeError:
        return serving.bound(_HOST, 0)


# --- what it says --------------------------------------------------------------------------------


def _say(origin: str, options: Options) -> None:
    ann, ben = (f"{origin}/{person}" for person in PEOPLE)
    print(f"The demo is at {ann} and {ben}. Ctrl-C ends it.", flush=True)
    if options.browser and sys.stdout.isatty() and _has_display(os.environ):
        webbrowser.open(origin)


def _has_display(environment: Mapping[str, str]) -> bool:
    """Whether a browser would be seen."""
    if sys.platform in ("darwin", "win32"):
        return True
    return any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def _options(arguments: Sequence[str] | None) -> Options:
    parser = argparse.ArgumentParser(
        prog="python -m twocan_supernode.demo",
        description="A site to try the call button on, for this machine alone.",
        allow_abbrev=False,
    )
    parser.add_argument(
        "--state",
        type=Path,
        default=Path(".state/demo"),
        metavar="DIR",
        help="where it keeps what stays (%(default)s)",
    )
    parser.add_argument(
        "--downloads",
        type=Path,
        default=Path("dist"),
        metavar="DIR",
        help="where the program is, if it was built (%(default)s)",
    )
    parser.add_argument(
        "--no-browser", action="store_true", help="do not open the pages in a browser"
    )
    chosen = parser.parse_args(arguments)
    return Options(chosen.state, chosen.downloads, not chosen.no_browser)


if __name__ == "__main__":
    sys.exit(main())
