"""A demo site as somebody runs it, and the phones of people who are far away."""

import asyncio
import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

import httpx

from commanding import Command, twocan
from hearing import read_wav
from site_api import Phone
from twocan.jws import new_key, public_half
from twocan.media.sound import FULL_SCALE, SAMPLE_RATE, Samples
from twocan.selftest import hears
from visiting import WITHIN

OURS, THEIRS = 440, 660
"""Hz: what the person's phone says, and what that of others does."""
_LOOKS_EVERY = 0.02
_SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
_MOMENT = SAMPLE_RATE // 4


@dataclass(frozen=True, slots=True)
class DemoSite:
    """A running demo, node and site API and all. ``url``: without a slash at the end."""

    url: str
    folder: Path

    @classmethod
    @contextmanager
    def running(cls, folder: Path) -> Iterator[Self]:
        """What it says is in ``folder``, too."""
        (folder / "dist").mkdir()
        (folder / "dist" / "twocan").write_bytes(bytes(1_200_000))
        where = ("--state", str(folder / "demo"), "--downloads", str(folder / "dist"))
        command = [sys.executable, "-m", "twocan_supernode.demo", "--no-browser", *where]
        with (
            (folder / "demo.err").open("wb") as said,
            (folder / "demo.out").open("wb") as told,
            subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said) as process,
        ):
            assert process.stdout
            line = process.stdout.readline()
            told.write(line)
            try:
                assert line.startswith(b"The demo is at http://127.0.0.1:"), line
                yield cls(line.split()[4].decode().removesuffix("/ann"), folder)
            finally:
                process.terminate()
                told.write(process.stdout.read())

    @property
    def key(self) -> str:
        """The site's own, which nobody else ever sees."""
        return (self.folder / "demo" / "site-key").read_text().strip()

    async def deletes(self, api: str, person: str) -> None:
        """As a site does with a person who left it. ``api``: where its API is."""
        headers = {"Authorization": f"Bearer {self.key}"}
        async with httpx.AsyncClient(base_url=api, headers=headers, timeout=WITHIN) as web:
            assert (await web.delete(f"/v1/shadow-accounts/{person}")).status_code == 204

    def lets_pass(self, *, minutes: int) -> None:
        """As far as anybody's deletion is concerned."""
        with self.tables() as tables:
            tables.execute("UPDATE revocations SET at = at - ?", (minutes * 60_000,))

    def tables(self) -> "closing[sqlite3.Connection]":
        """What the site API keeps."""
        file = self.folder / "demo" / "supernode" / "site.sqlite"
        return closing(sqlite3.connect(file, timeout=WITHIN, isolation_level=None))


@dataclass(frozen=True, slots=True)
class Link:
    """What a click on a button brings."""

    text: str

    @property
    def code(self) -> str:
        return self._said("code")

    @property
    def api(self) -> str:
        """The URL of the site API, without a slash at the end."""
        return self._said("redeem").removesuffix("/v1/launches/redeem")

    def _said(self, name: str) -> str:
        return parse_qs(urlsplit(self.text).query)[name][0]


class Visitor:
    """One of the demo's people, without a browser."""

    def __init__(self, site: DemoSite, person: str) -> None:
        self._web = httpx.AsyncClient(base_url=site.url, headers=_SAME_ORIGIN, timeout=WITHIN)
        self.person = person

    async def __aenter__(self) -> Self:
        assert (await self._web.post(f"/{self.person}/sign-in")).status_code == 303
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._web.aclose()

    async def link(self, callee: str) -> Link:
        """As if they had clicked."""
        answer = await self._web.post(f"/{self.person}/twocan/launch", json={"callee": callee})
        assert answer.status_code == 201, answer.text
        return Link(answer.json()["link"])

    async def token(self) -> int:
        """Ask for one for the page: the status of the answer."""
        return (await self._web.post(f"/{self.person}/twocan/token")).status_code


async def refreshed(account: dict[str, Any], key: Phone) -> int:
    """Ask for a new token as the phone that has this key: the status of the answer."""
    url, token = account["refresh"]["url"], account["refresh"]["token"]
    proof = {"DPoP": key.proof(url, time.time_ns() // 1_000_000)}
    async with httpx.AsyncClient(headers=proof, timeout=WITHIN) as web:
        return (await web.post(url, json={"refresh_token": token})).status_code


async def redeemed(link: Link, key: dict[str, str]) -> httpx.Response:
    """What the site says to a phone whose key has this public half."""
    async with httpx.AsyncClient(timeout=WITHIN) as web:
        asked = {"code": link.code, "key": key}
        return await web.post(f"{link.api}/v1/launches/redeem", json=asked)


@asynccontextmanager
async def answering(
    site: DemoSite, person: str, callee: str, folder: Path
) -> AsyncIterator[Command]:
    """The phone of ``person``, far away, which answers whoever calls."""
    async with Visitor(site, person) as visitor:
        link, key = await visitor.link(callee), new_key()
    account = (await redeemed(link, public_half(key))).raise_for_status().json()["account"]
    file = folder / f"{person}.json"
    file.write_text(json.dumps({**account, "key": json.loads(key)}))
    sound = ("--microphone", f"tone:{THEIRS}", "--speaker", folder / f"{person}.wav")
    async with twocan("answer", "--account", file, *sound) as phone:
        await phone.event("ready")
        yield phone


@asynccontextmanager
async def calling(site: DemoSite, person: str, callee: str, folder: Path) -> AsyncIterator[Command]:
    """The phone of ``person``, far away, which calls by a link of the site."""
    async with Visitor(site, person) as visitor:
        link = await visitor.link(callee)
    sound = ("--microphone", f"tone:{THEIRS}", "--speaker", folder / f"{person}.wav")
    async with twocan("call", link.text, *sound) as phone:
        yield phone


async def sounds(file: Path, pitch: float) -> None:
    """Wait until what a phone plays into a file is a tone."""
    async with asyncio.timeout(WITHIN):
        while not hears(_last_moment(file), pitch):
            await asyncio.sleep(_LOOKS_EVERY)


def _last_moment(file: Path) -> list[Samples]:
    if not file.exists():
        return []
    samples = read_wav(file).samples[-_MOMENT:]
    return [(samples * FULL_SCALE).astype("int16")] if samples.size == _MOMENT else []
