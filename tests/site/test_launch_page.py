"""The page behind a launch link, and what else anybody may fetch: over HTTP, and in a browser."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from playwright.async_api import Browser, BrowserContext
from starlette.applications import Starlette

from chromium import in_chromium, visitor
from twocan import links
from twocan_supernode.site import languages, pages
from twocan_supernode.site.downloads import offered, system_of
from watched_page import OVERFLOWS, watched

CODE = "launch-code_" + "0123456789" * 3 + "Z"
SITE = "https://site.example"
LINUX = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Safari/605.1.15"
ANDROID = "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/140 Mobile"

READ = "[document.documentElement.lang, getComputedStyle(document.body).direction]"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """As somebody has it who builds for several systems."""
    folder = tmp_path / "dist"
    folder.mkdir()
    (folder / "twocan").write_bytes(bytes(range(256)) * 4)
    (folder / "twocan.exe").write_bytes(b"MZ" * 1_000_001)
    (folder / "Twocan.dmg").write_bytes(b"koly")
    (folder / "release.key").write_text("a private key that strayed here")
    (folder / "notes.txt").write_text("not for anybody")
    return folder


@pytest.fixture
def kit(tmp_path: Path) -> dict[str, Path]:
    script = tmp_path / "call-button.js"
    script.write_text("export const button = 1;\n")
    return {script.name: script}


@pytest.fixture
def app(folder: Path, kit: dict[str, Path]) -> Starlette:
    return Starlette(routes=pages.routes(kit, lambda: [SITE], folder))


@pytest.fixture
async def web(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="https://calls.test") as web:
        yield web


# --- the page, as it is sent -------------------------------------------------------------------


async def test_page_is_held_to_its_own_files_and_refers_nobody(web: httpx.AsyncClient) -> None:
    page = await web.get("/launch")
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert f"frame-ancestors {SITE}" in policy
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in page.headers["Cache-Control"]
    assert "<style" not in page.text
    assert " style=" not in page.text


async def test_nobody_frames_the_page_of_a_server_without_origins(folder: Path) -> None:
    app = Starlette(routes=pages.routes({}, list, folder))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=SITE) as web:
        policy = (await web.get("/launch")).headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize(
    ("asked", "accepted", "spoken"),
    [
        (None, None, "en"),
        (None, "de-AT,de;q=0.9,en;q=0.5", "de"),
        (None, "fr, es;q=0.8, de;q=0.9", "de"),
        (None, "zh-Hant-TW, ar;q=0.1", "ar"),
        (None, "zh-Hans-SG", "zh_CN"),
        (None, "de;q=0, fr", "en"),
        (None, "de;q=much, es;q=0.1", "es"),
        (None, "*", "en"),
        ("zh_CN", "de", "zh_CN"),
        ("zh-CN", "de", "zh_CN"),
        ("AR", "de", "ar"),
        ("tlh", "de", "de"),
        ("../en", None, "en"),
        (None, ",;q=,;;=" * 1000, "en"),
    ],
)
def test_language_is_the_one_asked_for_or_accepted(
    asked: str | None, accepted: str | None, spoken: str
) -> None:
    assert languages.chosen(asked, accepted) == spoken


@pytest.mark.parametrize("language", languages.LANGUAGES)
def test_every_language_has_every_word_with_its_gaps(language: str) -> None:
    english, words = languages.words("en"), languages.words(language)
    assert words.keys() == english.keys()
    assert all(words.values())
    for gap in ("{system}", "{size}", "{command}"):
        assert [key for key in words if gap in words[key]] == [
            key for key in english if gap in english[key]
        ]


@pytest.mark.parametrize(
    ("agent", "system"),
    [(LINUX, "linux"), (WINDOWS, "windows"), (MAC, "macos"), (ANDROID, None), ("", None)],
)
def test_system_is_told_by_the_browser(agent: str, system: str | None) -> None:
    assert system_of(agent) == system


async def test_ones_own_system_is_first_in_page(web: httpx.AsyncClient) -> None:
    page = (await web.get("/launch", headers={"User-Agent": WINDOWS})).text
    assert page.index("downloads/twocan.exe") < page.index('downloads/twocan"')
    assert "2 MB" in page
    assert "1 MB" in page  # what has 4 bytes


async def test_page_says_where_there_is_nothing_for_a_system(
    web: httpx.AsyncClient, folder: Path
) -> None:
    words = languages.words("en")
    page = (await web.get("/launch", headers={"User-Agent": ANDROID})).text
    assert words["not_yours"] in page
    shutil.rmtree(folder)
    page = (await web.get("/launch", headers={"User-Agent": LINUX})).text
    assert words["no_download"] in page


# --- downloads ---------------------------------------------------------------------------------


def test_launch_is_told_of_each_platform(folder: Path) -> None:
    url = "https://calls.site.example"
    assert pages.downloads(folder, url) == {
        "linux-x86_64": {"url": f"{url}/downloads/twocan", "size": 1024},
        "macos-aarch64": {"url": f"{url}/downloads/Twocan.dmg", "size": 4},
        "windows-x86_64": {"url": f"{url}/downloads/twocan.exe", "size": 2_000_002},
    }


def test_nothing_is_offered_where_nothing_was_built(tmp_path: Path) -> None:
    assert offered(None) == ()
    assert offered(tmp_path / "dist") == ()


async def test_download_is_a_file_to_keep(web: httpx.AsyncClient, folder: Path) -> None:
    answer = await web.get("/downloads/twocan")
    assert answer.content == (folder / "twocan").read_bytes()
    assert answer.headers["Content-Disposition"] == 'attachment; filename="twocan"'
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_download_goes_on_where_it_was_cut_short(web: httpx.AsyncClient) -> None:
    rest = await web.get("/downloads/twocan", headers={"Range": "bytes=1022-"})
    assert (rest.status_code, rest.content) == (206, bytes([254, 255]))
    assert rest.headers["Content-Range"] == "bytes 1022-1023/1024"
    beyond = await web.get("/downloads/twocan", headers={"Range": "bytes=1024-"})
    assert beyond.status_code == 416


@pytest.mark.parametrize(
    "name",
    [
        "release.key",
        "notes.txt",
        "release.json",
        "..%2Fdist%2Ftwocan",
        "%2E%2E/secret.exe",
        "..%5Csecret.exe",
        "sub/twocan",
        "linked.exe",
        "folder.exe",
        "twocan%00",
        "twocan.exe%0A",
        "",
    ],
)
async def test_nothing_else_of_the_folder_is_handed_out(
    web: httpx.AsyncClient, folder: Path, name: str
) -> None:
    (folder.parent / "secret.exe").write_text("elsewhere")
    (folder / "linked.exe").symlink_to(folder.parent / "secret.exe")
    (folder / "folder.exe").mkdir()
    (folder / "sub").mkdir()
    (folder / "sub" / "twocan").write_text("below")
    (folder / "release.json").write_text("{}")
    assert (await web.get(f"/downloads/{name}")).status_code == 404


async def test_release_is_told_as_it_was_signed(web: httpx.AsyncClient, folder: Path) -> None:
    assert (await web.get("/.well-known/twocan/release.json")).status_code == 404
    document = json.dumps({"release": '{"version": "1.2.0"}', "signature": "…"}, indent=2).encode()
    (folder / "release.json").write_bytes(document)
    answer = await web.get("/.well-known/twocan/release.json")
    assert answer.content == document
    assert answer.headers["Content-Type"] == "application/json"


# --- the page kit ------------------------------------------------------------------------------


async def test_script_is_for_the_sites_own_pages(web: httpx.AsyncClient) -> None:
    own = await web.get("/call-button.js", headers={"Origin": SITE})
    assert own.headers["Access-Control-Allow-Origin"] == SITE
    assert own.headers["Content-Type"].startswith("text/javascript")
    assert own.headers["Vary"] == "Origin"
    for stranger in ("https://other.example", "null", f"{SITE}.evil.example"):
        answer = await web.get("/call-button.js", headers={"Origin": stranger})
        assert "Access-Control-Allow-Origin" not in answer.headers


async def test_script_that_did_not_change_is_not_sent_again(web: httpx.AsyncClient) -> None:
    first = await web.get("/call-button.js", headers={"Origin": SITE})
    headers = {"Origin": SITE, "If-None-Match": first.headers["ETag"]}
    again = await web.get("/call-button.js", headers=headers)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["Access-Control-Allow-Origin"] == SITE


# --- in a browser ------------------------------------------------------------------------------


@asynccontextmanager
async def serving(app: Starlette) -> AsyncIterator[tuple[str, list[str]]]:
    """Its URL, and every line of its log."""
    lines: list[str] = []

    async def logged(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            lines.append(f"{scope['raw_path']!r} {scope['query_string']!r} {scope['headers']!r}")
        await app(scope, receive, send)

    config = uvicorn.Config(logged, port=0, log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    work = asyncio.create_task(server._serve())
    while not server.started:
        await asyncio.sleep(0.005)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}", lines
    finally:
        server.should_exit = server.force_exit = True
        await work


def narrow(headless: Browser, **more: Any) -> AbstractAsyncContextManager[BrowserContext]:
    return visitor(headless, viewport={"width": 320, "height": 640}, **more)


@in_chromium
async def test_code_becomes_a_link_and_reaches_nobody(app: Starlette, headless: Browser) -> None:
    async with serving(app) as (url, log), narrow(headless) as browser:
        with watched(browser) as seen:
            page = browser.pages[0]
            await page.clock.install()
            await page.goto(f"{url}/launch?lang=en#{CODE}")
            link = await page.get_by_role("link", name="Open Twocan").get_attribute("href")
            assert page.url == f"{url}/launch?lang=en"
            assert CODE not in json.dumps(await page.evaluate("[history.state, {...localStorage}]"))

            # What the phone's own parser reads out of it.
            assert link
            parsed = links.parse(link)
            assert (parsed.redeem, parsed.code) == (f"{url}/v1/launches/redeem", CODE)

            # By keyboard alone: the call, then one's own download.
            order = []
            for _ in range(2):
                await page.keyboard.press("Tab")
                order.append(await page.evaluate("document.activeElement.textContent.trim()"))
            assert order == ["Open Twocan", "Download for Linux"]

            # A second click on the site's button, in this very tab.
            other = CODE[::-1]
            await page.evaluate(f"location.hash = '{other}'")
            await page.wait_for_url(f"{url}/launch?lang=en")
            assert f"code={other}" in str(await page.locator("#open").get_attribute("href"))

            await page.clock.fast_forward(121_000)
            await page.get_by_role("heading", name="The two minutes are over").wait_for()
            assert await page.locator("#open").get_attribute("href") is None
        told = json.dumps([seen.requests, log])
        assert CODE not in told
        assert other not in told


@in_chromium
async def test_code_that_is_none_makes_no_link(app: Starlette, headless: Browser) -> None:
    fragments = ("", "#", "#short", f"#{CODE}x", f"#{CODE[:-1]}%41", f"#{CODE[:-1]}&", "#<img>")
    async with serving(app) as (url, _), narrow(headless) as browser:
        with watched(browser):
            page = browser.pages[0]
            for number, fragment in enumerate(fragments):
                await page.goto(f"{url}/launch?{number}{fragment}")
                await page.get_by_role("heading", name="There is no call here").wait_for()
                assert page.url == f"{url}/launch?{number}"
                assert await page.locator("#open").get_attribute("href") is None


@in_chromium
async def test_every_language_is_read_on_the_narrowest_screen(
    app: Starlette, headless: Browser
) -> None:
    async with serving(app) as (url, _), narrow(headless) as browser:
        with watched(browser) as seen:
            page = browser.pages[0]
            for language in languages.LANGUAGES:
                words = languages.words(language)
                for fragment, title in ((f"#{CODE}", "ready_title"), ("", "none_title")):
                    await page.goto(f"{url}/launch?lang={language}&{title}{fragment}")
                    await page.get_by_role("heading", name=words[title]).wait_for()
                    assert not await page.evaluate(OVERFLOWS)
                way = "rtl" if language == "ar" else "ltr"
                assert await page.evaluate(READ) == [language.replace("_", "-"), way]
        assert {asked.split("/")[2] for asked, _ in seen.requests} == {url.split("/")[2]}


@in_chromium
async def test_without_scripts_it_says_so_and_has_the_download(
    app: Starlette, headless: Browser
) -> None:
    scriptless = narrow(headless, java_script_enabled=False, locale="de-DE")
    async with serving(app) as (url, _), scriptless as browser:
        with watched(browser):
            page = browser.pages[0]
            await page.goto(f"{url}/launch#{CODE}")
            words = languages.words("de")
            assert await page.locator("h1:visible").all_inner_texts() == [words["scriptless_title"]]
            async with page.expect_download() as started:
                await page.get_by_role("link", name="Download für Linux").click()
            assert (await started.value).suggested_filename == "twocan"
