"""A site API for tests: the real app and store, and people who are where a test puts them.

Either in memory (ASGI), with a clock of the test's own, or on a port under the real server.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_urlsafe
from types import TracebackType
from typing import Any

import httpx
import jwt
from jwt.algorithms import ECAlgorithm
from jwt.types import Options
from starlette.types import ASGIApp, Message

from twocan_supernode import accounts
from twocan_supernode.sessions import Device, SessionsAway
from twocan_supernode.site import app, keys, serving
from twocan_supernode.site.parts import Parts, Where, XmppServer
from twocan_supernode.site.sites import Sites
from twocan_supernode.state import State
from twocan_supernode.store import Entry, SiteKey, Store, url_of

SITE, OTHER = "site.example", "other.example"
URL = "https://calls.site.example"
NOON = 1_800_000_000_000
"""When tests begin, in ms since 1970."""
OF_ANOTHER_DAY: Options = {"verify_exp": False, "verify_iat": False}
"""For reading tokens: their times are those of a test's clock."""


Party = str | dict[str, str]


@dataclass
class Clock:
    """A clock that goes when a test says so."""

    now: int = NOON

    def __call__(self) -> int:
        return self.now

    def ticks(self) -> float:
        return self.now / 1000

    def advance(self, *, seconds: float = 0, minutes: float = 0, days: float = 0) -> None:
        self.now += int((seconds + 60 * minutes + 86_400 * days) * 1000)


@dataclass
class People:
    """Sessions as a test wants them. ``away``: the supernode does not answer."""

    devices: dict[str, tuple[Device, ...]] = field(default_factory=dict)
    ended: list[str] = field(default_factory=list)
    readmitted: list[str] = field(default_factory=list)
    away: bool = False

    async def of(self, address: str) -> tuple[Device, ...]:
        self._answer()
        return self.devices.get(address, ())

    async def end(self, address: str) -> None:
        self._answer()
        self.devices.pop(address, None)
        self.ended.append(address)

    async def readmit(self, address: str) -> None:
        self._answer()
        self.readmitted.append(address)

    def _answer(self) -> None:
        if self.away:
            raise SessionsAway("the node does not answer")


@dataclass
class SiteApi:
    """The API that a test asks. ``key`` is of SITE, ``other_key`` of OTHER."""

    url: str
    key: str
    other_key: str
    state: State
    store: Store
    people: People
    clock: Clock
    http: httpx.AsyncClient = field(default_factory=httpx.AsyncClient)
    app: ASGIApp | None = None

    async def ask(
        self, method: str, path: str, key: str | None = None, **more: Any
    ) -> httpx.Response:
        """Asks with SITE's key; ``key=""``: with none."""
        given = self.key if key is None else key
        headers = {"Authorization": f"Bearer {given}"} if given else {}
        headers.update(more.pop("headers", {}))
        return await self.http.request(method, path, headers=headers, **more)

    async def post(
        self, path: str, said: object, key: str | None = None, **more: Any
    ) -> httpx.Response:
        return await self.ask("POST", path, key, json=said, **more)

    async def launch(self, caller: Party = "ann", callee: Party = "ben", **more: Any) -> str:
        """The code of a new launch."""
        answer = await self.post("/v1/launches", {"caller": caller, "callee": callee, **more})
        assert answer.status_code == 201, answer.text
        return code_in(answer.json()["link"])

    def asking_from(
        self, address: str, url: str | None = None, **headers: str
    ) -> httpx.AsyncClient:
        """Asks over ASGI as if from that address; ``url``: as what it is reached."""
        assert self.app
        transport = httpx.ASGITransport(self.app, client=(address, 4711))
        return httpx.AsyncClient(transport=transport, base_url=url or self.url, headers=headers)

    async def refresh(self, token: str, *proofs: str) -> httpx.Response:
        said = {"refresh_token": token}
        headers = [("Content-Type", "application/json"), *(("DPoP", proof) for proof in proofs)]
        content = json.dumps(said).encode()
        return await self.http.post("/v1/tokens/refresh", content=content, headers=headers)

    @property
    def refresh_url(self) -> str:
        return f"{self.url}/v1/tokens/refresh"

    def address_of(self, person: str, site: str = SITE) -> str:
        return accounts.address_of(self.state.site(site).secret(), person, site)

    async def redeem(self, code: str, key: Mapping[str, str], **more: Any) -> httpx.Response:
        said = {"code": code, "key": key}
        return await self.post("/v1/launches/redeem", said, key="", **more)


def code_in(link: str) -> str:
    return link.rpartition("code=")[2]


@asynccontextmanager
async def in_memory(
    folder: Path, database: str | None = None, *, url: str = URL, **more: Any
) -> AsyncIterator[SiteApi]:
    """The API without a network: asked over ASGI, with a clock of the test's own."""
    async with _parts(folder, database, Clock(), url, more) as (parts, api):
        made = app.create(parts)
        transport = httpx.ASGITransport(made, raise_app_exceptions=False)
        async with Lifespan(made), httpx.AsyncClient(transport=transport, base_url=url) as http:
            api.http, api.app = http, made
            yield api


@asynccontextmanager
async def serving_site(
    folder: Path, database: str | None = None, *, real_time: bool = True, **more: Any
) -> AsyncIterator[SiteApi]:
    """The API on a free port of loopback, under the real server, in this loop."""
    clock = Clock()
    with serving.bound("127.0.0.1", 0) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        async with _parts(folder, database, clock, url, more, real_time) as (parts, api):
            stop, ready = asyncio.Event(), asyncio.Event()
            served = asyncio.create_task(
                serving.serve(app.create(parts), listening, stop, ready.set)
            )
            try:
                await ready.wait()
                async with httpx.AsyncClient(base_url=url, timeout=30) as http:
                    api.http = http
                    yield api
            finally:
                stop.set()
                await served


@asynccontextmanager
async def _parts(
    folder: Path,
    database: str | None,
    clock: Clock,
    url: str,
    more: dict[str, Any],
    real_time: bool = False,
) -> AsyncIterator[tuple[Parts, SiteApi]]:
    state = made_state(folder)
    named = ("metrics_access", "per_address")
    options: dict[str, Any] = {name: more.pop(name) for name in named if name in more}
    people = more.pop("sessions", None) or People()
    times: dict[str, Any] = {} if real_time else {"clock": clock, "ticks": clock.ticks}
    given = {
        "websocket": "wss://calls.site.example/ws",
        "servers": (XmppServer("calls.site.example", 5223),),
        **more,
    }
    scripts = given.pop("scripts", {})
    store = await Store.open(database or url_of(folder))
    try:
        key, other = [await new_key(store, name) for name in (SITE, OTHER)]
        parts = Parts(
            *(store, people, Sites(state), Where(url, **given), scripts),
            **(times | options),
        )
        yield parts, SiteApi(url, key, other, state, store, people, clock)
    finally:
        await store.close()


def made_state(folder: Path) -> State:
    """A node's folder with both sites."""
    folder.mkdir(mode=0o700, exist_ok=True)
    state = State(folder)
    for name in (SITE, OTHER):
        state.add_site(name)
    return state


async def new_key(store: Store, site: str) -> str:
    """A new key of that site, as its server has it."""
    made = keys.new()
    entry = Entry(NOON, site, "test", "key.made", "", "ok")
    await store.add_key(SiteKey(made.id, site, made.digest, NOON), entry)
    return made.text


class Lifespan:
    """Starts and stops an ASGI app as a server does."""

    def __init__(self, made: ASGIApp) -> None:
        self._app = made
        self._in: asyncio.Queue[Message] = asyncio.Queue()
        self._out: asyncio.Queue[Message] = asyncio.Queue()

    async def __aenter__(self) -> None:
        scope = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}
        self._task = asyncio.create_task(self._run(scope))
        await self._say("lifespan.startup")

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        await self._say("lifespan.shutdown")
        await self._task

    async def _run(self, scope: dict[str, Any]) -> None:
        await self._app(scope, self._in.get, self._out.put)

    async def _say(self, what: str) -> None:
        await self._in.put({"type": what})
        answer = await self._out.get()
        assert answer["type"] == f"{what}.complete", answer


class Phone:
    """A phone's key, and what is signed with it."""

    def __init__(self) -> None:
        self._key = accounts.new_key()
        jwk: dict[str, str] = ECAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        self.jwk = {name: jwk[name] for name in ("kty", "crv", "x", "y")}

    def proof(self, url: str, now: int, *, method: str = "POST", **more: object) -> str:
        """A DPoP proof (RFC 9449) of ``now``, in ms; ``more``: other claims, such as nonce."""
        claims = {"htm": method, "htu": url, "iat": now // 1000, "jti": token_urlsafe(16), **more}
        headers = {"typ": "dpop+jwt", "jwk": self.jwk}
        return jwt.encode(claims, self._key, algorithm="ES256", headers=headers)


def problem(answer: httpx.Response) -> tuple[int, str]:
    """Status and name of the problem that it is, after a look at whether it is whole."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    said = answer.json()
    assert said["status"] == answer.status_code
    assert said["title"]
    assert said["detail"]
    return answer.status_code, said["type"].removeprefix("urn:twocan:problem:")


def fields(answer: httpx.Response) -> dict[str, str]:
    """The fields that were wrong, and how."""
    assert problem(answer) == (422, "fields-wrong")
    return {error["field"]: error["detail"] for error in answer.json()["errors"]}
