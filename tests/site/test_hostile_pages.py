"""A page elsewhere that means no good, and what callers are called: in Chromium, as it is."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, Page

from chromium import CHROMIUM, chromium
from page_backend import PageBackend
from site_api import SITE, SiteApi, serving_site
from twocan_supernode.demo.site import DemoSite, Given
from twocan_supernode.page import scripts
from twocan_supernode.site.settings import SiteSettings
from twocan_supernode.state import State

WITHIN = 30.0
pytestmark = pytest.mark.asyncio(loop_scope="module")
needs_chromium = pytest.mark.skipif(
    not CHROMIUM and "CI" not in os.environ, reason="not installed: chromium"
)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[BrowserContext]:
    home = tmp_path_factory.mktemp("browser")
    environment = {"HOME": str(home), "PATH": os.environ["PATH"]}
    async with chromium(home / "profile", environment, headless=True) as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: BrowserContext) -> AsyncIterator[Page]:
    """Of some site on the web, which may be anybody's."""
    async with PageBackend.serving() as backend:
        page = await browser.new_page()
        await page.goto(backend.origin)
        yield page
        await page.close()


@pytest_asyncio.fixture(loop_scope="module")
async def api(tmp_path: Path) -> AsyncIterator[SiteApi]:
    """The server API, of which another site's pages are the only ones that it knows."""
    folder = tmp_path / "state"
    folder.mkdir()
    State(folder).add_site(SITE)
    SiteSettings(origins=("https://site.example",)).save(State(folder).site(SITE).folder)
    async with serving_site(folder, scripts=scripts()) as api:
        yield api


# --- a page elsewhere ----------------------------------------------------------------------------

FRAMED = """async (addresses) => {
    for (const address of addresses) {
        const frame = document.createElement("iframe");
        const loaded = new Promise((done) => frame.addEventListener("load", done));
        frame.src = address;
        document.body.append(frame);
        await loaded;
    }
}"""
ASKED = """async ({ api, key }) => {
    const tried = {
        presence: () => fetch(`${api}/v1/presence?person=ann`),
        keyed: () => fetch(`${api}/v1/presence?person=ann`, { headers: { Authorization: key } }),
        redeem: () => fetch(`${api}/v1/launches/redeem`, { method: "POST", body: "{}",
            headers: { "Content-Type": "application/json" } }),
        deleted: () => fetch(`${api}/v1/shadow-accounts/ann`, { method: "DELETE" }),
        simple: () => fetch(`${api}/v1/launches/redeem`, { method: "POST", body: "{}",
            mode: "no-cors" }),
        health: () => fetch(`${api}/healthz`),
        button: () => import(`${api}/call-button.js`),
    };
    const read = [];
    for (const [name, ask] of Object.entries(tried)) {
        await ask().then(() => read.push(name), () => {});
    }
    return read;
}"""


@needs_chromium
async def test_a_stranger_frames_nothing_and_reads_nothing(page: Page, api: SiteApi) -> None:
    """No click is stolen on the page behind a launch link, and no answer is for other pages."""
    paths = ("/launch#" + "a" * 43, "/docs", "/openapi.json", "/healthz", "/nothing")
    await page.evaluate(FRAMED, [api.url + path for path in paths])
    async with asyncio.timeout(WITHIN):
        while not all(shown := [frame.url for frame in page.frames[1:]]):
            await asyncio.sleep(0.01)
    assert shown == ["chrome-error://chromewebdata/"] * len(paths)

    asked = {"api": api.url, "key": f"Bearer {api.key}"}
    assert await page.evaluate(ASKED, asked) == []


@pytest.mark.asyncio(loop_scope="function")  # no browser: it may be the first, and leave a loop
async def test_another_name_for_the_demo_is_none_of_its_pages() -> None:
    """By DNS rebinding a page elsewhere is of the "same origin", and nobody asks for a password."""
    given = Given("http://127.0.0.1:8780", "http://127.0.0.1:1", "key", "whsec_", dict)
    site = DemoSite(given)
    transport = httpx.ASGITransport(site.app)
    theirs = {"Host": "bad.example:8780", "Sec-Fetch-Site": "same-origin"}
    async with httpx.AsyncClient(transport=transport, base_url=given.origin) as web:
        for method, path in (("POST", "/ann/sign-in"), ("GET", "/"), ("POST", "/webhooks")):
            assert (await web.request(method, path, headers=theirs)).status_code == 400
        ours = await web.post("/ann/sign-in", headers={"Sec-Fetch-Site": "same-origin"})
    await site.close()
    assert ours.status_code == 303


# --- who calls -----------------------------------------------------------------------------------

NAMED = """async (name) => {
    const { Words } = await import("/sources/call-button.js");
    const { Toast } = await import("/sources/toast.js");
    window.hit = 0;
    const words = new Words("en");
    const made = ["ringing", "missed"].map((state) => {
        const toast = new Toast({ sid: name, caller: name, name, state }, words, () => {});
        document.body.append(toast.element);
        return toast;
    });
    document.title = made[0].text;
    await new Promise((done) => setTimeout(done, 50));
    const strange = document.querySelectorAll(".toast :is(img, script, iframe, a, style)").length;
    return [made[0].text.includes("<img"), strange, window.hit];
}"""
SHUT_OUT = """async () => {
    const { Calls } = await import("/sources/calls.js");
    const calls = new Calls();
    const proposed = (sid, who, at) =>
        calls.propose({ sid, from: `${who}@site.example/x`, name: "" }, at, at);
    let rang = 0;
    for (let each = 0; each < 500; each += 1) rang += proposed(`s${each}`, "stranger", each);
    return [rang, proposed("friend", "friend", 600), proposed("later", "stranger", 70_000)];
}"""


@needs_chromium
async def test_a_name_is_only_ever_text(page: Page) -> None:
    name = "<img src=x onerror=hit++><script>hit++</script>Ann"
    assert await page.evaluate(NAMED, name) == [True, 0, 0]


@needs_chromium
async def test_who_calls_without_end_keeps_nobody_else_from_being_heard(page: Page) -> None:
    assert await page.evaluate(SHUT_OUT) == [4, True, True]
