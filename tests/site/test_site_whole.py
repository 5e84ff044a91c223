"""All together: a node, the site API as a process, phones, and a site that is told of calls."""

import asyncio
import json
import os
import signal
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from commanding import Command, twocan
from running import SUPERNODE, Supernode
from site_api import Phone, code_in, new_key, problem
from twocan.report import NOT_SIGNED_IN
from twocan_supernode.node import FIRST_SITE
from twocan_supernode.site.settings import SiteSettings, Webhook, new_secret
from twocan_supernode.site.webhook_signing import verify
from twocan_supernode.state import State
from twocan_supernode.store import Store, url_of
from webhook_receiver import Receiver
from xmpp_stream import Account, Refused, connected

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(120)]

SECRET = new_secret()
WITHIN = 40.0
"""Seconds, on a machine that has more to do."""


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def told() -> AsyncIterator[Receiver]:
    """Where the site is told of calls, while it is there."""
    async with Receiver() as receiver:
        await receiver.go()
        yield receiver


@pytest.fixture(scope="module")
def node(told: Receiver, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Supernode]:
    state = State(tmp_path_factory.mktemp("supernode"))
    state.add_site(FIRST_SITE)
    webhook = Webhook(told.url, SECRET)
    SiteSettings(webhook=webhook).save(state.site(FIRST_SITE).folder)
    with Supernode(state.folder) as supernode:
        yield supernode


@pytest.fixture(scope="module")
def url(node: Supernode) -> Iterator[str]:
    """Of the site API."""
    command = [*SUPERNODE, "site", "--state", str(node.state)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            ready: str = json.loads(process.stdout.readline())["url"]
            yield ready
        finally:
            process.terminate()
        assert process.wait(WITHIN) == 0


@dataclass(frozen=True, slots=True)
class Backend:
    """A site's own server, which asks the API."""

    http: httpx.AsyncClient
    node: Supernode
    told: Receiver

    async def presence(self, person: str) -> str:
        answer = await self.http.get("/v1/presence", params={"person": person})
        found: str = answer.json()["presence"][person]
        return found

    async def until(self, person: str, presence: str) -> None:
        async with asyncio.timeout(WITHIN):
            while await self.presence(person) != presence:
                await asyncio.sleep(0.05)

    async def launch(self, caller: str, callee: str) -> str:
        """The link of a click."""
        people = {"caller": {"person": caller, "name": caller.title()}, "callee": callee}
        link: str = (await self.http.post("/v1/launches", json=people)).json()["link"]
        return link

    async def names_key(self) -> dict[str, str]:
        """What the names that the site gives people are checked with."""
        said = await self.http.post("/v1/shadow-accounts", json={"person": "ann", "name": "Ann"})
        key: dict[str, str] = said.json()["names_key"]
        return key

    async def delete(self, person: str) -> None:
        answer = await self.http.delete(f"/v1/shadow-accounts/{person}")
        assert answer.status_code == 204, answer.text

    async def event(self) -> dict[str, Any]:
        """The next that it is told."""
        one = await self.told.next()
        said: dict[str, Any] = verify(SECRET, one.headers, one.body, time.time_ns() // 1_000_000)
        return said


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def key(node: Supernode) -> str:
    store = await Store.open(url_of(node.state))
    try:
        return await new_key(store, FIRST_SITE)
    finally:
        await store.close()


def asking(url: str, key: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        base_url=url, headers={"Authorization": f"Bearer {key}"}, timeout=WITHIN
    )


@pytest_asyncio.fixture(loop_scope="module")
async def site(url: str, key: str, node: Supernode, told: Receiver) -> AsyncIterator[Backend]:
    await told.come()
    async with asking(url, key) as http:
        yield Backend(http, node, told)
    await told.go()


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def gone(url: str, key: str, node: Supernode) -> Account:
    """Whom the site deleted just before the node was killed. It runs again."""
    account = node.mint("eve")
    assert await admitted(account)
    async with asking(url, key) as http:
        assert (await http.delete("/v1/shadow-accounts/eve")).status_code == 204
    # Not its launcher first: it would notice, and write down what it knows.
    os.kill(node.ejabberd(), signal.SIGKILL)
    assert node.wait()[0] == 1
    node.start()
    return account


def file_of(account: Account, folder: Path) -> Path:
    file = folder / "account.json"
    file.write_text(json.dumps(account))
    return file


async def admitted(account: Account) -> bool:
    """Whether somebody with that token gets a session."""
    async with connected(account) as stream:
        await stream.authenticate(account["address"], account["token"])
        try:
            await stream.bind("any")
        except Refused as refused:
            return str(refused) != "not-allowed"
        return True


async def test_a_click_becomes_a_call_that_the_site_is_told_of(
    site: Backend, tmp_path: Path
) -> None:
    ben = site.node.mint("ben") | {"names_key": await site.names_key()}
    quiet = ("--microphone", "tone:440", "--speaker", "null")
    assert await site.presence("ben") == "unreachable"
    async with twocan("answer", "--account", file_of(ben, tmp_path), "--echo") as answering:
        await answering.event("ready")
        assert await site.presence("ben") == "free"
        async with twocan("call", await site.launch("ann", "ben"), *quiet) as calling:
            ann = (await calling.event("signed-in"))["address"].partition("/")[0]
            incoming = await answering.event("incoming")
            assert (incoming["peer"], incoming["peer_name"]) == (ann, "Ann")
            await calling.event("connected")
            for person in ("ann", "ben"):
                await site.until(person, "in-a-call")
            await ended(calling)
        await site.until("ben", "free")
        assert await site.presence("ann") == "unreachable"

    events = [await site.event() for _ in range(3)]

    assert [event["type"] for event in events] == ["call.started", "call.answered", "call.ended"]
    assert {event["data"]["call"] for event in events} == {incoming["call"]}
    for event in events[:2]:
        assert (event["data"]["caller"], event["data"]["callee"]) == (ann, ben["address"])
    assert sorted(events[2]["data"]["people"]) == sorted([ann, ben["address"]])


async def ended(calling: Command) -> None:
    """Somebody hangs up, who has heard something."""
    await calling.event("first-audio")
    calling.signal(signal.SIGINT)
    assert (await calling.ended())[0] == 0


async def test_who_is_deleted_is_thrown_out_and_renews_nothing(
    site: Backend, tmp_path: Path
) -> None:
    phone = Phone()
    said = {"code": code_in(await site.launch("cat", "dan")), "key": phone.jwk}
    redeemed = (await site.http.post("/v1/launches/redeem", json=said)).json()["account"]
    account = file_of(site.node.mint("cat"), tmp_path)
    async with twocan("answer", "--account", account, "--echo") as answering:
        await answering.event("ready")
        await site.delete("cat")
        code, words = await answering.ended()
    assert (code, words) == (
        NOT_SIGNED_IN,
        "twocan: the supernode does not let us in any more\n",
    )
    assert await site.presence("cat") == "unreachable"

    refresh = redeemed["refresh"]
    proof = phone.proof(refresh["url"], time.time_ns() // 1_000_000)
    shown = {"refresh_token": refresh["token"]}
    answer = await site.http.post(refresh["url"], json=shown, headers={"DPoP": proof})
    assert problem(answer) == (401, "refresh-token-refused")
    anew = await site.http.post("/v1/shadow-accounts", json={"person": "cat", "name": "Cat"})
    assert problem(anew) == (409, "deleted-just-now")
    assert 500 < int(anew.headers["retry-after"]) <= 600


async def test_a_crash_of_the_node_lets_nobody_in_who_was_deleted(
    site: Backend, gone: Account
) -> None:
    async with asyncio.timeout(WITHIN):
        while await admitted(gone):
            await asyncio.sleep(0.05)
    assert await admitted(site.node.mint("fay"))
