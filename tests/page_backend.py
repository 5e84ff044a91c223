"""The backend of a small site for the call button: it says what the test wants it to say."""

import asyncio
import secrets
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

import twocan_supernode.page
from twocan_supernode.page import scripts

REDEEM = quote("https://calls.site.example/v1/launches/redeem", safe="")
DOWNLOAD = {"url": "https://calls.site.example/downloads/twocan", "size": 88_300_000}

Refusal = tuple[int, dict[str, str]]


class _Server(uvicorn.Server):
    """Whose process belongs to the tests."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def listening() -> socket.socket:
    """Where one site after the other is served."""
    return socket.create_server(("127.0.0.1", 0))


def origin(listener: socket.socket) -> str:
    """Of the pages that a backend serves there."""
    return f"http://localhost:{listener.getsockname()[1]}"


class PageBackend:
    """What it was asked is in ``wishes``, ``people``, ``paths`` and ``referers``, in turn."""

    def __init__(self) -> None:
        self.origin = ""
        self.body = ""
        """Of its one page."""
        self.headers: dict[str, str] = {}
        self.presence: dict[str, str] = {}
        self.account: dict[str, Any] | None = None
        """What is answered to who asks for a token; None: 401."""
        self.said: dict[str, Any] = {}
        """What is answered to who asks for a launch, over what is usual."""
        self.refusals: list[Refusal] = []
        """What is answered instead, to the first ones."""
        self.holds: asyncio.Event | None = None
        """A launch is not answered before this is set."""
        self.away = False
        """Whether it knows of nobody's presence."""
        self.wishes: list[Any] = []
        self.people: list[list[str]] = []
        self.tokens = 0
        self.links: list[str] = []
        self.paths: list[str] = []
        self.referers: list[str] = []

    @classmethod
    @asynccontextmanager
    async def serving(cls, listener: socket.socket | None = None) -> AsyncIterator[Self]:
        """The site, for as long as this lasts; where that listens, which goes on listening."""
        site = cls()
        server = _Server(uvicorn.Config(site._app(), port=0, log_level="error", lifespan="off"))
        serving = asyncio.create_task(server.serve([listener.dup()] if listener else None))
        while not server.started:
            await asyncio.sleep(0.005)
        [bound] = server.servers[0].sockets
        site.origin = f"http://localhost:{bound.getsockname()[1]}"
        try:
            yield site
        finally:
            server.should_exit = server.force_exit = True
            if site.holds:
                site.holds.set()
            await serving

    def code(self, number: int = -1) -> str:
        """The one-time code in a link that was given out."""
        return self.links[number].rpartition("=")[2]

    def _app(self) -> Starlette:
        async def favicon(_: Request) -> Response:
            return Response(status_code=204)

        sources = Path(twocan_supernode.page.__file__).parent
        routes = [
            Route("/", self._page),
            Route("/favicon.ico", favicon),
            Route("/twocan/launch", self._launch, methods=["POST"]),
            Route("/twocan/presence", self._presence),
            Route("/twocan/token", self._token, methods=["POST"]),
            *(Route(f"/{name}", _script(file)) for name, file in scripts().items()),
            Mount("/sources", StaticFiles(directory=sources)),
        ]
        return Starlette(routes=routes)

    def _note(self, request: Request) -> None:
        self.paths.append(str(request.url))
        self.referers.append(request.headers.get("referer", ""))

    async def _page(self, request: Request) -> Response:
        self._note(request)
        script = '<script type="module" src="/call-button.js"></script>'
        page = f"<!doctype html><html lang=en><title>Site</title>{script}{self.body}"
        return HTMLResponse(page, headers=self.headers)

    async def _launch(self, request: Request) -> Response:
        self._note(request)
        self.wishes.append(await request.json())
        if self.holds:
            await self.holds.wait()
        if self.refusals:
            status, headers = self.refusals.pop(0)
            return JSONResponse({"title": "No"}, status, headers)
        code = secrets.token_urlsafe(32)
        self.links.append(f"twocan:launch?redeem={REDEEM}&code={code}")
        page = f"https://calls.site.example/launch#{code}"
        usual = {"link": self.links[-1], "page": page, "downloads": {"linux-x86_64": DOWNLOAD}}
        return JSONResponse({**usual, **self.said}, 201)

    async def _presence(self, request: Request) -> Response:
        self._note(request)
        self.people.append(request.query_params.getlist("person"))
        if self.away:
            return JSONResponse({"title": "No"}, 503)
        return JSONResponse({"presence": self.presence})

    async def _token(self, request: Request) -> Response:
        self._note(request)
        self.tokens += 1
        return JSONResponse(self.account) if self.account else JSONResponse({}, 401)


def _script(file: Path) -> Callable[[Request], Any]:
    async def serve(_: Request) -> Response:
        return FileResponse(file, media_type="text/javascript")

    return serve
