"""The demo, as somebody runs it: the pages, what they ask, what the site is told, and its end."""

import asyncio
import base64
import hmac
import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, BrowserContext, Page

from chromium import in_chromium, visitor
from commanding import twocan
from twocan import links
from twocan_supernode.demo.site import is_signed
from twocan_supernode.mint import account_file
from twocan_supernode.site.settings import SiteSettings
from twocan_supernode.state import State
from watched_page import OVERFLOWS, watched

SITE = "site.localhost"
WITHIN = 30.0
OURS = {"Sec-Fetch-Site": "same-origin"}

# Of what is waited for before the first test, two starts of everything are a part.
pytestmark = pytest.mark.timeout(120)


@dataclass(frozen=True, slots=True)
class Demo:
    """A running demo. ``url``: of the site, without a slash at the end."""

    process: "subprocess.Popen[str]"
    url: str
    state: Path

    @property
    def node(self) -> State:
        return State(self.state / "supernode")

    def secret(self) -> str:
        """What webhooks are signed with."""
        webhook = SiteSettings.load(self.node.site(SITE).folder).webhook
        assert webhook
        return webhook.secret


def _command(folder: Path) -> list[str]:
    where = ("--state", str(folder / "demo"), "--downloads", str(folder / "dist"))
    return [sys.executable, "-m", "twocan_supernode.demo", "--no-browser", *where]


@contextmanager
def running(folder: Path) -> Iterator[Demo]:
    """The demo with its state in a folder, until the end of the block."""
    process = subprocess.Popen(
        _command(folder), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    with process:
        try:
            assert process.stdout
            line = process.stdout.readline()
            assert line.startswith("The demo is at http://127.0.0.1:"), process.communicate()[1]
            ann = line.split()[4]
            yield Demo(process, ann.removesuffix("/ann"), folder / "demo")
        finally:
            process.terminate()


def visiting(url: str, **more: Any) -> httpx.Client:
    """A browser's worth of cookies, at that site."""
    return httpx.Client(base_url=url, timeout=WITHIN, **more)


@dataclass(frozen=True, slots=True)
class Ended:
    """A demo that was there before, and how it ended. ``address``: that of Demo Ann in it."""

    address: str
    code: int
    said: tuple[str, str]
    left: list[str]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    (folder / "dist").mkdir()
    (folder / "dist" / "twocan").write_bytes(bytes(1_200_000))
    return folder


@pytest.fixture(scope="module")
def earlier(folder: Path) -> Ended:
    """The first start of all, ended by Ctrl-C while a page was open."""
    with running(folder) as demo, visiting(demo.url) as web:
        sign_in(web, "ann")
        address = asked(web, "/ann/twocan/token").json()["address"]
        with web.stream("GET", "/ann/told"):
            demo.process.send_signal(signal.SIGINT)
            said = demo.process.communicate(timeout=WITHIN)
    return Ended(address, demo.process.returncode, said, at_work_in(folder))


@pytest.fixture(scope="module")
def demo(folder: Path, earlier: Ended) -> Iterator[Demo]:
    with running(folder) as demo:
        yield demo


@pytest.fixture
def web(demo: Demo) -> Iterator[httpx.Client]:
    with visiting(demo.url) as web:
        yield web


def at_work_in(folder: Path) -> list[str]:
    """The command lines of what runs and was told of that folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            line = (process / "cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if str(folder).encode() in line:
            found.append(line.replace(b"\0", b" ").decode())
    return found


def sign_in(web: httpx.Client, person: str) -> None:
    assert web.post(f"/{person}/sign-in", headers=OURS).status_code == 303


def asked(web: httpx.Client, path: str, **body: object) -> httpx.Response:
    return web.post(path, json=body, headers=OURS)


# --- what the page kit asks --------------------------------------------------------------------


def test_click_brings_a_launch(web: httpx.Client) -> None:
    sign_in(web, "ann")
    answer = asked(web, "/ann/twocan/launch", callee="ben", video=True)
    assert answer.status_code == 201
    assert answer.headers["Cache-Control"] == "no-store"
    launch = answer.json()
    code = links.parse(launch["link"]).code
    assert launch["page"].endswith(f"/launch#{code}")
    assert launch["downloads"]["linux-x86_64"]["size"] == 1_200_000


def test_whoever_is_called_answers_a_call_of_an_address(web: httpx.Client) -> None:
    sign_in(web, "ann")
    ann = asked(web, "/ann/twocan/token").json()["address"]
    sign_in(web, "ben")
    answer = asked(web, "/ben/twocan/launch", answer="sid-1", caller=ann)
    assert answer.status_code == 201
    stranger = asked(web, "/ben/twocan/launch", answer="sid-1", caller=f"nobody@{SITE}")
    assert stranger.status_code == 404


def test_nobody_asks_in_the_name_of_another(web: httpx.Client) -> None:
    assert asked(web, "/ann/twocan/token").status_code == 401
    assert web.get("/ann/twocan/presence?person=ben").status_code == 401
    assert web.get("/ann/told").status_code == 401
    sign_in(web, "ann")
    cookie = f"demo-session={web.cookies['demo-session']}"
    with visiting(str(web.base_url), headers={"Cookie": cookie}) as thief:
        assert asked(thief, "/ann/twocan/token").status_code == 200
        assert asked(thief, "/ben/twocan/token").status_code == 401
    assert web.post("/ann/sign-out", headers=OURS).status_code == 303
    with visiting(str(web.base_url), headers={"Cookie": cookie}) as thief:
        assert asked(thief, "/ann/twocan/token").status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
def test_other_sites_pages_ask_for_nothing(web: httpx.Client, headers: dict[str, str]) -> None:
    sign_in(web, "ann")
    paths = ("sign-in", "sign-out", "twocan/launch", "twocan/token")
    for path in paths:
        refused = web.post(f"/ann/{path}", json={"callee": "ben"}, headers=headers)
        assert refused.status_code == 403
    assert asked(web, "/ann/twocan/token").status_code == 200  # still signed in


def test_older_browsers_name_their_origin(web: httpx.Client, demo: Demo) -> None:
    answer = web.post("/ann/sign-in", headers={"Origin": demo.url})
    assert answer.status_code == 303
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/ann" in cookie


def test_what_is_asked_wrongly_is_said(web: httpx.Client) -> None:
    sign_in(web, "ann")
    assert asked(web, "/ann/twocan/launch", callee="nobody").status_code == 404
    assert asked(web, "/ann/twocan/launch").status_code == 404
    wrong = asked(web, "/ann/twocan/launch", callee="ben", reason="x" * 201)
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "reason")
    for body, status in ((b"[]", 400), (b"{", 400), (b"{" * 70_000, 413)):
        answer = web.post("/ann/twocan/launch", content=body, headers=OURS)
        assert answer.status_code == status
    assert web.get("/ann/twocan/presence?person=nobody").status_code == 404
    assert web.get("/nobody").status_code == 404


# --- what the site is told ---------------------------------------------------------------------

KEY = b"k" * 32
SECRET = "whsec_" + base64.b64encode(KEY).decode()


def signed(key: bytes, body: bytes, name: str, stamp: int) -> dict[str, str]:
    digest = hmac.digest(key, f"{name}.{stamp}.".encode() + body, "sha256")
    return {
        "webhook-id": name,
        "webhook-timestamp": str(stamp),
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


def test_signature_is_over_id_time_and_body() -> None:
    headers = signed(KEY, b"{}", "msg", 1_000)
    assert is_signed(SECRET, headers, b"{}", 1_299.0)
    both = {**headers, "webhook-signature": "v1,AAAA " + headers["webhook-signature"]}
    assert is_signed(SECRET, both, b"{}", 1_000.0)
    assert not is_signed(SECRET, headers, b"{ }", 1_000.0)
    assert not is_signed(SECRET, headers, b"{}", 1_301.0)
    assert not is_signed(SECRET, headers, b"{}", 699.0)
    for name, other in (
        ("webhook-id", "msg2"),
        ("webhook-timestamp", "1001"),
        ("webhook-timestamp", "9" * 5000),
        ("webhook-timestamp", "\u0661\u0660\u0660\u0660"),
        ("webhook-signature", ""),
        ("webhook-signature", "v1a," + headers["webhook-signature"][3:]),
        ("webhook-signature", "v1,é"),
    ):
        assert not is_signed(SECRET, {**headers, name: other}, b"{}", 1_000.0)
    assert not is_signed(SECRET, {}, b"{}", 1_000.0)


def told(demo: Demo, event: str, name: str, key: bytes | None = None) -> int:
    """Posts a webhook as the supernode does; the answer's status."""
    node = demo.node
    people = {one: account_file(node, SITE, one, timedelta(minutes=1)) for one in ("ann", "ben")}
    ann, ben = (people[one]["address"] for one in ("ann", "ben"))
    between = {"people": [ann, ben]} if event == "call.ended" else {"caller": ann, "callee": ben}
    data = {"call": "sid", **between}
    body = {"type": event, "timestamp": "2026-01-01T12:00:00Z", "data": data}
    content = json.dumps(body).encode()
    secret = base64.b64decode(demo.secret().removeprefix("whsec_"))
    headers = signed(key or secret, content, name, int(time.time()))
    with visiting(demo.url) as web:
        return web.post("/webhooks", content=content, headers=headers).status_code


def test_webhook_of_a_stranger_is_refused(demo: Demo) -> None:
    assert told(demo, "call.started", "stranger", key=b"not our key") == 401


# --- in a browser ------------------------------------------------------------------------------


def browser(headless: Browser) -> AbstractAsyncContextManager[BrowserContext]:
    return visitor(headless, viewport={"width": 320, "height": 640}, locale="en-US")


async def signed_in(browser: BrowserContext, demo: Demo, person: str) -> Page:
    page = await browser.new_page()
    await page.goto(f"{demo.url}/{person}")
    await page.get_by_role("button", name="Be Demo").click()
    await page.get_by_role("button", name="Call").wait_for()
    return page


@in_chromium
async def test_one_browser_is_both_people(demo: Demo, headless: Browser) -> None:
    async with browser(headless) as context:
        with watched(context) as seen:
            home = await context.new_page()
            home_answer = await home.goto(demo.url)
            assert home_answer
            policy = home_answer.headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert not await home.evaluate(OVERFLOWS)

            ann = await signed_in(context, demo, "ann")
            ben = await signed_in(context, demo, "ben")
            await ann.reload()
            for page, me, other in ((ann, "Ann", "Ben"), (ben, "Ben", "Ann")):
                await page.get_by_role("heading", name=f"Demo {other}").wait_for()
                await page.get_by_text(f"You are Demo {me}").wait_for()
                assert not await page.evaluate(OVERFLOWS)

            # Each hears of a call through its page: so each can be called.
            await presence(ann, "free")
            await presence(ben, "free")

            await ann.get_by_label("with camera").check()
            assert await ann.locator("twocan-call[video]").count() == 1

            with ThreadPoolExecutor(1) as aside:
                for event in ("call.missed", "call.missed", "call.ended"):
                    telling = aside.submit(told, demo, event, f"msg-{event}")
                    assert await asyncio.wrap_future(telling) == 204
            for page in (ann, ben):
                await page.get_by_text("Demo Ben missed Demo Ann").wait_for()
                await page.get_by_text("The call of Demo Ann and Demo Ben ended").wait_for()
                assert await page.locator("#told li").count() == 2
        told_to = {url.split("/")[2].split(":")[0] for url, _ in seen.requests}
        assert told_to == {"127.0.0.1"}


async def presence(page: Page, wanted: str) -> None:
    """Waits until the button says so; it looks when the page is seen again."""
    await page.wait_for_function(
        """wanted => {
            document.dispatchEvent(new Event("visibilitychange"));
            return document.querySelector("twocan-call").presence === wanted;
        }""",
        arg=wanted,
        polling=200,
        timeout=WITHIN * 1000,
    )


@in_chromium
async def test_button_says_when_a_phone_is_there(
    demo: Demo, headless: Browser, tmp_path: Path
) -> None:
    account = tmp_path / "ben.json"
    account.write_text(json.dumps(account_file(demo.node, SITE, "ben", timedelta(minutes=10))))
    async with browser(headless) as context:
        with watched(context):
            ann = await signed_in(context, demo, "ann")
            await presence(ann, "unreachable")
            silence = ("--microphone", "silence", "--speaker", "null")
            async with twocan("answer", "--account", account, *silence) as phone:
                await phone.event("ready")
                await presence(ann, "free")
                phone.signal(signal.SIGTERM)
                await phone.ended()
                await presence(ann, "unreachable")


# --- its end, and its next beginning -------------------------------------------------------------


def test_ctrl_c_ends_all_of_it(earlier: Ended) -> None:
    assert (earlier.code, earlier.said, earlier.left) == (0, ("", ""), [])


def test_people_keep_their_addresses(earlier: Ended, web: httpx.Client) -> None:
    sign_in(web, "ann")
    assert asked(web, "/ann/twocan/token").json()["address"] == earlier.address


def test_second_one_on_the_folder_changes_nothing(demo: Demo, folder: Path) -> None:
    before = demo.secret()
    other = subprocess.run(
        _command(folder), check=False, capture_output=True, text=True, timeout=WITHIN
    )
    assert other.returncode == 1
    assert "is in use by another run" in other.stderr
    assert demo.secret() == before
    assert SiteSettings.load(demo.node.site(SITE).folder).origins == (demo.url,)
