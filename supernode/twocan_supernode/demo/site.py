"""The demo site: what any site needs for the call button, in one file and one folder of templates.

Two people have a page each, with the button beside the other. The page kit asks below
``/PERSON/twocan``, with the visitor's own login: ``launch`` (somebody clicked), ``presence`` (who
can be called) and ``token`` (to hear that somebody calls). Each is one question to the site API,
which only this backend may ask: it has the site key, and no browser ever sees that. What the site
is told about calls comes to ``/webhooks``, signed.

Run it with ``python -m twocan_supernode.demo``.
"""

import asyncio
import base64
import hmac
import json
import re
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.templating import Jinja2Templates

_TEMPLATES = Path(__file__).parent / "templates"
_COOKIE = "demo-session"
_LARGEST = 64 * 1024  # bytes of a body
_CHOICES = ("video", "reason")
_REMEMBERED = 12  # events
_STILL_THERE = 15.0  # seconds after which a silent stream says something, to find who left
_CLOCKS_DIFFER = 300  # seconds by which a webhook may be old
_STAMP = re.compile(r"[0-9]{1,12}")

Downloads = Callable[[], Mapping[str, Mapping[str, str | int]]]


@dataclass(frozen=True, slots=True)
class Person:
    """One of the site's people, as a real one has them in its database."""

    id: str
    name: str
    line: str

    def known(self) -> dict[str, str]:
        """What the supernode is told of them, and keeps no longer than the call needs it."""
        return {"person": self.id, "name": self.name}


PEOPLE = {
    one.id: one
    for one in (
        Person("ann", "Demo Ann", "Keeps bees, and answers at the third ring."),
        Person("ben", "Demo Ben", "Repairs radios. Loudly."),
    )
}


@dataclass(frozen=True, slots=True)
class Given:
    """What the site was set up with. ``api``, ``origin``: URLs without a slash at the end."""

    origin: str
    api: str
    key: str = field(repr=False)
    webhook_secret: str = field(repr=False)
    downloads: Downloads


class Told:
    """The last of what the site was told, for all pages that show it."""

    def __init__(self) -> None:
        self._events: dict[str, dict[str, Any]] = {}  # by the ID of the webhook, the newest last
        self._news = asyncio.Condition()
        self._over = False

    async def add(self, name: str, event: dict[str, Any]) -> None:
        """The same webhook may come twice."""
        async with self._news:
            self._events[name] = event
            while len(self._events) > _REMEMBERED:
                del self._events[next(iter(self._events))]
            self._news.notify_all()

    async def end(self) -> None:
        """No stream goes on."""
        async with self._news:
            self._over = True
            self._news.notify_all()

    async def stream(self) -> AsyncIterator[str]:
        """All of them, and again whenever there are more (server-sent events)."""
        seen: list[str] | None = None
        while not self._over:
            if seen == list(self._events):
                yield ": still there\n\n"
            else:
                seen = list(self._events)
                yield f"data: {json.dumps([*self._events.values()])}\n\n"
            await self._others_than(seen)

    async def _others_than(self, seen: list[str]) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(_STILL_THERE), self._news:
                await self._news.wait_for(lambda: self._over or list(self._events) != seen)


class DemoSite:
    """``open`` before the first request, ``close`` after the last."""

    def __init__(self, given: Given) -> None:
        self._given = given
        self._api = httpx.AsyncClient(
            base_url=given.api, headers={"Authorization": f"Bearer {given.key}"}, timeout=10
        )
        self._sessions: dict[str, Person] = {}
        self._people: dict[str, Person] = {}  # by address
        self._told = Told()
        self._html = Jinja2Templates(_TEMPLATES)
        self._policy = ""
        # A name of somebody else's that leads here (DNS rebinding) makes their page one of ours.
        ours = Middleware(
            TrustedHostMiddleware, allowed_hosts=[str(urlsplit(given.origin).hostname)]
        )
        self.app = Starlette(routes=self._routes(), middleware=[ours])

    async def open(self) -> None:
        """Asks for everybody's address, which never changes: a real site keeps it with them.

        Raises httpx.HTTPError.
        """
        for person in PEOPLE.values():
            answer = await self._api.post("/v1/shadow-accounts", json=person.known())
            account = answer.raise_for_status().json()
            self._people[account["address"]] = person
        self._policy = _policy(self._given.api, account["websocket"])

    async def end_streams(self) -> None:
        """A server that is to end waits for its answers, and these would never be over."""
        await self._told.end()

    async def close(self) -> None:
        await self._api.aclose()

    def _routes(self) -> list[Route]:
        files = ("demo.css", "demo.js", "twocan.svg")
        return [
            Route("/", self.everybody),
            *(Route(f"/{name}", _file(name)) for name in files),
            Route("/webhooks", self.webhook, methods=["POST"]),
            Route("/{me}", self.page),
            Route("/{me}/sign-in", self.sign_in, methods=["POST"]),
            Route("/{me}/sign-out", self.sign_out, methods=["POST"]),
            Route("/{me}/told", self.told),
            Route("/{me}/twocan/launch", self.launch, methods=["POST"]),
            Route("/{me}/twocan/presence", self.presence),
            Route("/{me}/twocan/token", self.token, methods=["POST"]),
        ]

    # --- what the page kit asks: this is what a site has to write --------------------------------

    async def launch(self, request: Request) -> Response:
        """Somebody clicked "Call", or "Answer" while it rings.

        Here a site says who may call whom; on this one everybody may call everybody.
        """
        self._refuse_other_sites(request)
        me, asked = self._visitor(request), await _object(request)
        if "answer" in asked:
            caller = self._people.get(str(asked.get("caller")))
            wish = {"caller": _found(caller).known(), "callee": me.known()}
            return await self._passed_on("/v1/launches", {**wish, "answer": asked["answer"]})
        callee = _found(PEOPLE.get(str(asked.get("callee"))))
        wish = {"caller": me.known(), "callee": callee.known()}
        more: dict[str, object] = {name: asked[name] for name in _CHOICES if name in asked}
        return await self._passed_on("/v1/launches", {**more, **wish})

    async def presence(self, request: Request) -> Response:
        self._visitor(request)
        people = [_found(PEOPLE.get(one)).id for one in request.query_params.getlist("person")]
        asked = self._api.build_request("GET", "/v1/presence", params={"person": people})
        return await self._answered(asked)

    async def token(self, request: Request) -> Response:
        """For the visitor's own page to hear who calls them; it lives for minutes."""
        self._refuse_other_sites(request)
        return await self._passed_on("/v1/shadow-accounts", self._visitor(request).known())

    async def _passed_on(self, path: str, wish: Mapping[str, object]) -> Response:
        return await self._answered(self._api.build_request("POST", path, json=wish))

    async def _answered(self, question: httpx.Request) -> Response:
        """The API's answer for the page; what is wrong between us and the API is not its matter."""
        try:
            answer = await self._api.send(question)
        except httpx.HTTPError:
            raise HTTPException(502, "the calls' server does not answer") from None
        if answer.status_code in (401, 403):
            raise HTTPException(502, "the calls' server does not know this site")
        kept = ("Content-Type", "Retry-After")
        headers = {name: answer.headers[name] for name in kept if name in answer.headers}
        headers["Cache-Control"] = "no-store"
        return Response(answer.content, answer.status_code, headers)

    # --- what the site is told -------------------------------------------------------------------

    async def webhook(self, request: Request) -> Response:
        """A call began, was answered or missed, or ended. The same one may come twice."""
        body = await _body(request)
        if not is_signed(self._given.webhook_secret, request.headers, body, time.time()):
            raise HTTPException(401, "this was not signed with our secret")
        await self._told.add(request.headers["webhook-id"], self._said(json.loads(body)))
        return Response(status_code=204)

    def _said(self, event: dict[str, Any]) -> dict[str, Any]:
        """For the page. Of a call that ended it is not told who of the two had called."""
        data = event["data"]
        people = data["people"] if "people" in data else (data["caller"], data["callee"])
        return {
            "type": event["type"],
            "at": event["timestamp"],
            "people": [self._name(address) for address in people],
            "reason": data.get("reason", ""),
        }

    def _name(self, address: str) -> str:
        return self._people[address].name if address in self._people else "somebody"

    async def told(self, request: Request) -> Response:
        """The list for the page, and again whenever it grows."""
        self._visitor(request)
        headers = {"Cache-Control": "no-store"}
        return StreamingResponse(self._told.stream(), 200, headers, "text/event-stream")

    # --- its pages, and who is signed in ---------------------------------------------------------

    async def everybody(self, request: Request) -> Response:
        return self._page(request, "everybody.html", people=PEOPLE.values())

    async def page(self, request: Request) -> Response:
        me = _found(PEOPLE.get(request.path_params["me"]))
        if self._signed_in(request) is not me:
            return self._page(request, "everybody.html", people=[me])
        other = next(one for one in PEOPLE.values() if one is not me)
        return self._page(
            request,
            "person.html",
            me=me,
            other=other,
            downloads=self._given.downloads(),
        )

    async def sign_in(self, request: Request) -> Response:
        """Without a password: these people are made up. The cookie is for this person's page alone,
        so that one browser can be both."""
        self._refuse_other_sites(request)
        me = _found(PEOPLE.get(request.path_params["me"]))
        session = secrets.token_urlsafe()
        self._sessions[session] = me
        back = RedirectResponse(f"/{me.id}", 303)
        back.set_cookie(_COOKIE, session, path=f"/{me.id}", httponly=True, samesite="lax")
        return back

    async def sign_out(self, request: Request) -> Response:
        self._refuse_other_sites(request)
        me = self._visitor(request)
        self._sessions.pop(request.cookies[_COOKIE], None)
        back = RedirectResponse("/", 303)
        back.delete_cookie(_COOKIE, path=f"/{me.id}", httponly=True, samesite="lax")
        return back

    def _signed_in(self, request: Request) -> Person | None:
        return self._sessions.get(request.cookies.get(_COOKIE, ""))

    def _visitor(self, request: Request) -> Person:
        me = self._signed_in(request)
        if me is None or me.id != request.path_params["me"]:
            raise HTTPException(401, "sign in first")
        return me

    def _refuse_other_sites(self, request: Request) -> None:
        """A page elsewhere could have this browser POST here, cookie and all (CSRF)."""
        site = request.headers.get("Sec-Fetch-Site")
        origin = request.headers.get("Origin")
        ours = site == "same-origin" if site else origin == self._given.origin
        if not ours:
            raise HTTPException(403, "only this site's own pages may ask for that")

    def _page(self, request: Request, name: str, **values: object) -> Response:
        headers = {
            "Content-Security-Policy": self._policy,
            "Referrer-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        }
        values["kit"] = self._given.api
        return self._html.TemplateResponse(request, name, values, headers=headers)


def _policy(api: str, websocket: str) -> str:
    """What the pages may load and reach: this site, the page kit, and the supernode."""
    supernode = urlsplit(websocket)
    return (
        f"default-src 'none'; script-src 'self' {api}; style-src 'self'; img-src 'self'; "
        f"connect-src 'self' {supernode.scheme}://{supernode.netloc}; frame-src twocan:; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )


def is_signed(secret: str, headers: Mapping[str, str], body: bytes, now: float) -> bool:
    """Whether a webhook is from whoever has our secret, and not an old one again.

    As Standard Webhooks has it. ``now``: seconds since 1970.
    """
    name, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not _STAMP.fullmatch(stamp) or abs(now - int(stamp)) > _CLOCKS_DIFFER:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.digest(key, f"{name}.{stamp}.".encode() + body, "sha256")
    ours = b"v1," + base64.b64encode(digest)
    given = headers.get("webhook-signature", "").encode().split(b" ")
    return any(hmac.compare_digest(ours, one) for one in given)


async def _object(request: Request) -> dict[str, Any]:
    try:
        found = json.loads(await _body(request))
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise HTTPException(400, "this is no JSON object")
    return found


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > _LARGEST:
            raise HTTPException(413, f"at most {_LARGEST} bytes")
    return bytes(body)


def _found(person: Person | None) -> Person:
    if person is None:
        raise HTTPException(404, "nobody here is called that")
    return person


def _file(name: str) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        return FileResponse(_TEMPLATES / name, headers={"X-Content-Type-Options": "nosniff"})

    return answer
