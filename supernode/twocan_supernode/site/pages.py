"""What anybody may fetch: the page behind a launch link, the page kit, the program, its releases.

The page at ``/launch#CODE`` is for whoever has no Twocan yet, or a browser that opened no program.
The code is in the URL's fragment alone, which no browser sends: neither this server nor its log nor
another site's ever sees it. A script takes it out of the address bar and makes the link of it.
"""

import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import BaseRoute

from twocan_supernode.site import languages
from twocan_supernode.site.downloads import RELEASE, Download, offered, system_of
from twocan_supernode.site.named_route import NamedRoute

_TEMPLATES = Path(__file__).parent / "templates"
_OWN = ("launch.css", "launch.js", "launch.svg")
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_MEGABYTE = 1_000_000

# Nothing but this server's own files, nothing inline, nothing sent anywhere.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors {ancestors}"
)
_HARMLESS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
# Asked about each time, answered with 304 while nothing changed: a fix reaches everybody at once.
_LOOK_AGAIN = "public, no-cache"

Origins = Callable[[], Collection[str]]
"""The origins of all sites, as their settings have them now."""


def routes(
    scripts: Mapping[str, Path], origins: Origins, folder: Path | None = None
) -> list[BaseRoute]:
    """The routes for an app.

    ``scripts``: the page kit's, as ``page.scripts`` has them, for pages of ``origins`` alone;
    ``folder``: that of the downloads.
    """
    files = {name: _File(name, (_TEMPLATES / name).read_bytes()) for name in _OWN}
    kit = _PageKit(
        {name: _File(name, path.read_bytes()) for name, path in scripts.items()}, origins
    )
    program = _Program(folder)
    return [
        NamedRoute("/launch", _Launch(folder, origins).page),
        *(NamedRoute(f"/{name}", file.answer) for name, file in files.items()),
        *(NamedRoute(f"/{name}", kit.script) for name in scripts),
        NamedRoute("/downloads/{name}", program.download),
        NamedRoute("/.well-known/twocan/release.json", program.release),
    ]


def downloads(folder: Path | None, url: str) -> dict[str, dict[str, str | int]]:
    """What a launch's answer says of them: by platform, the URL and the size in bytes.

    ``url``: where this server is reached, without a slash at the end.
    """
    return {
        one.platform: {"url": f"{url}/downloads/{one.name}", "size": one.size}
        for one in offered(folder)
    }


@dataclass(frozen=True, slots=True)
class _File:
    """A small file that is the same for everybody."""

    name: str
    content: bytes

    async def answer(self, request: Request) -> Response:
        tag = f'"{hashlib.sha256(self.content).hexdigest()[:20]}"'
        headers = {**_HARMLESS, "ETag": tag, "Cache-Control": _LOOK_AGAIN}
        if tag in request.headers.get("If-None-Match", ""):
            return Response(status_code=304, headers=headers)
        return Response(self.content, media_type=_TYPES[Path(self.name).suffix], headers=headers)


@dataclass(frozen=True, slots=True)
class _PageKit:
    files: Mapping[str, _File]
    origins: Origins

    async def script(self, request: Request) -> Response:
        """Modules are fetched with CORS: without its origin named, no page can load one."""
        response = await self.files[request.url.path.rpartition("/")[2]].answer(request)
        origin = request.headers.get("Origin")
        if origin and origin in self.origins():
            response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Vary"] = "Origin"
        return response


@dataclass(frozen=True, slots=True)
class _Program:
    folder: Path | None

    async def download(self, request: Request) -> Response:
        name = request.path_params["name"]
        found = next((one for one in offered(self.folder) if one.name == name), None)
        if not self.folder or not found:
            raise HTTPException(404, "there is no such download")
        path = self.folder / name
        return FileResponse(
            path,
            stat_result=path.stat(follow_symlinks=False),
            media_type="application/octet-stream",
            filename=name,
            headers={**_HARMLESS, "Cache-Control": _LOOK_AGAIN},
        )

    async def release(self, request: Request) -> Response:
        try:
            content = (self.folder / RELEASE).read_bytes() if self.folder else None
        except FileNotFoundError:
            content = None
        if content is None:
            raise HTTPException(404, "this server tells of no releases")
        headers = {**_HARMLESS, "Cache-Control": "public, max-age=300"}
        return Response(content, media_type="application/json", headers=headers)


class _Launch:
    def __init__(self, folder: Path | None, origins: Origins) -> None:
        self._folder = folder
        self._origins = origins
        self._template = Environment(
            loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined
        ).get_template("launch.html")

    async def page(self, request: Request) -> Response:
        asked = request.query_params.get("lang")
        language = languages.chosen(asked, request.headers.get("Accept-Language"))
        system = system_of(request.headers.get("User-Agent", ""))
        page = self._template.render(
            words=languages.words(language),
            language=language.replace("_", "-"),
            direction="rtl" if language in languages.RIGHT_TO_LEFT else "ltr",
            system=system,
            downloads=_yours_first(offered(self._folder), system),
            megabytes=_megabytes,
        )
        return HTMLResponse(page, headers=self._headers(language))

    def _headers(self, language: str) -> dict[str, str]:
        return {
            **_HARMLESS,
            "Content-Security-Policy": _POLICY.format(
                ancestors=" ".join(sorted(self._origins())) or "'none'"
            ),
            "Cross-Origin-Opener-Policy": "same-origin",
            "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
            "Cache-Control": "no-store",
            "Content-Language": language.replace("_", "-"),
            "Vary": "Accept-Language, User-Agent",
        }


def _yours_first(found: tuple[Download, ...], system: str | None) -> list[Download]:
    return sorted(found, key=lambda one: one.system != system)


def _megabytes(size: int) -> int:
    return max(1, round(size / _MEGABYTE))
