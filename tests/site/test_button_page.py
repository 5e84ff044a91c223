"""The call button on a page, in Chromium without a window: what it says, asks for and offers."""

import asyncio
import math
import os
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Locator, Page, expect

from chromium import CHROMIUM, visitor
from page_backend import DOWNLOAD, PageBackend

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.usefixtures("no_task_left_in_session"),
    pytest.mark.skipif(not CHROMIUM and "CI" not in os.environ, reason="no Chromium here"),
]

ANN = '<twocan-call person="ann" name="Demo Ann"></twocan-call>'
PATIENCE = 4_000
"""Milliseconds that the button waits for the page to lose the focus."""


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def browser(headless: Browser) -> AsyncIterator[BrowserContext]:
    async with visitor(headless, locale="de-DE") as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="session")
async def site() -> AsyncIterator[PageBackend]:
    async with PageBackend.serving() as site:
        site.body = ANN
        yield site


ASKED = """
    window.asked = 0;
    const ask = window.fetch;
    window.fetch = (...how) => (asked += 1, ask(...how));
"""


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: BrowserContext) -> AsyncIterator[Page]:
    """Whose time stands still until a test has it pass, and in which no script fails."""
    page = await browser.new_page()
    faults: list[Any] = []
    page.on("pageerror", lambda fault: faults.append(fault))
    await page.clock.install()
    await page.add_init_script(ASKED)
    await page.clock.pause_at(datetime.now(UTC) + timedelta(hours=1))
    yield page
    await page.close()
    assert not faults


def button(page: Page, name: str | re.Pattern[str] = "Call Demo Ann") -> Locator:
    return page.get_by_role("button", name=name)


async def offered(page: Page, site: PageBackend) -> None:
    """Click, and wait until the page did not lose the focus for long enough."""
    await page.goto(site.origin)
    await button(page).click()
    await state(page, "opening")
    await page.clock.run_for(PATIENCE)
    await state(page, "offered")


async def state(page: Page, wanted: str) -> None:
    said = {"opening": "Twocan opens and calls.", "offered": "Twocan did not open"}
    said["waiting"] = "As soon as Twocan is installed, it opens and calls."
    await expect(page.get_by_role("status")).to_have_text(said.get(wanted, wanted))


async def times(page: Page, wanted: int, seen: list[Any]) -> None:
    """Until so many are there; there are no more."""
    async with asyncio.timeout(40):
        while len(seen) < wanted:
            await asyncio.sleep(0.01)
    assert len(seen) == wanted


# --- what it says


async def test_its_name_has_the_person_and_their_presence(page: Page, site: PageBackend) -> None:
    site.presence = {"ann": "in-a-call"}
    await page.goto(site.origin)
    await page.clock.run_for(10)
    await expect(button(page, "Call Demo Ann, in a call")).to_have_text("Call")
    assert await page.locator("body").aria_snapshot() == (
        '- button "Call Demo Ann, in a call": Call\n- status'
    )


async def test_it_speaks_the_language_around_it(page: Page, site: PageBackend) -> None:
    site.presence = {"ann": "free"}
    names = {
        "de-AT": "Demo Ann anrufen, frei",
        "es": "Llamar a Demo Ann, libre",
        "zh-Hans": "呼叫 Demo Ann, 空闲",
        "ar": "اتصال بـ \u2068Demo Ann\u2069, متاح",
        "fr": "Demo Ann anrufen, frei",  # which it does not speak; the visitor's is German
    }
    site.body = "".join(f"<div lang={each}>{ANN}</div>" for each in names)
    await page.goto(site.origin)
    await page.clock.run_for(10)
    for language, name in names.items():
        calling = page.locator(f"[lang={language}]").get_by_role("button", name=name, exact=True)
        await expect(calling).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")


async def test_a_name_is_only_ever_text(page: Page, site: PageBackend) -> None:
    site.body = (
        '<twocan-call person="x" name="&lt;img src=x onerror=bad()&gt;\u202e\x07 Ann">'
        f'</twocan-call><twocan-call person="y" name="{"n" * 10_000}"></twocan-call>'
    )
    await page.goto(site.origin)
    names = [await each.get_attribute("aria-label") for each in await button(page, "").all()]
    assert names == ["Call <img src=x onerror=bad()> Ann", f"Call {'n' * 100}"]


async def test_it_is_large_enough_and_rests_for_who_wants_that(
    page: Page, site: PageBackend
) -> None:
    site.holds = asyncio.Event()
    await page.emulate_media(reduced_motion="reduce", forced_colors="active")
    await page.goto(site.origin)
    box = await button(page).bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 44
    await button(page).click()
    moves = "getComputedStyle(document.querySelector('twocan-call').button).animationName"
    assert await page.evaluate(moves) == "none"
    site.holds.set()


# --- presence


async def test_one_question_for_all_buttons_of_a_page(page: Page, site: PageBackend) -> None:
    people = [f"p{number}" for number in range(150)]
    site.presence = dict.fromkeys(people, "free")
    site.body = "".join(f'<twocan-call person="{each}" name="N"></twocan-call>' for each in people)
    site.body += '<twocan-call person="p0" name="Twice"></twocan-call>'
    await page.goto(site.origin)
    await page.clock.run_for(10)
    await expect(button(page, "Call N, free").last).to_be_visible()
    assert site.people == [people[:100], people[100:]]
    await page.clock.run_for(19_000)
    assert await page.evaluate("asked") == 2
    await page.clock.run_for(1_000)
    await times(page, 4, site.people)


async def test_nobody_asks_for_a_page_that_nobody_sees(page: Page, site: PageBackend) -> None:
    await page.goto(site.origin)
    await page.clock.run_for(10)
    await times(page, 1, site.people)
    see = """hidden => {
        Object.defineProperty(document, "hidden", {value: hidden, configurable: true});
        document.dispatchEvent(new Event("visibilitychange"));
    }"""
    await page.evaluate(see, True)
    await page.clock.run_for(120_000)
    assert await page.evaluate("asked") == 1
    await page.evaluate(see, False)
    await page.clock.run_for(10)
    await times(page, 2, site.people)


PLANS = """
    window.plans = [];
    const set = window.setTimeout;
    window.setTimeout = (done, wait, ...more) => (plans.push(wait), set(done, wait, ...more));
"""


async def test_a_backend_that_fails_is_asked_less_often(page: Page, site: PageBackend) -> None:
    site.away = True
    await page.add_init_script(PLANS)
    await page.goto(site.origin)
    await page.clock.run_for(10)
    await times(page, 1, site.people)
    async with asyncio.timeout(40):  # until the page knows of it, and waits
        while not (waits := await page.evaluate("plans.filter(wait => wait > 25_000)")):
            await asyncio.sleep(0.01)
    # Not a moment longer: what is asked then would be late by the page's time.
    await page.clock.run_for(math.ceil(waits[0]) - 1)
    assert await page.evaluate("asked") == 1
    await page.clock.run_for(1)
    await times(page, 2, site.people)
    assert waits[0] < 49_000


# --- asking for a launch


async def test_a_click_asks_the_backend_once(page: Page, site: PageBackend) -> None:
    site.holds = asyncio.Event()
    site.body = '<twocan-call person="ann" name="Demo Ann" video reason="the boat"></twocan-call>'
    await page.goto(site.origin)
    calling = button(page, "Call Demo Ann with camera")
    await calling.click()
    await expect(calling).to_have_attribute("aria-busy", "true")
    await expect(calling).to_have_text("Calling…")
    await calling.dispatch_event("click")
    site.holds.set()
    await state(page, "opening")
    await expect(calling).to_have_attribute("aria-busy", "false")
    assert site.wishes == [{"callee": "ann", "video": True, "reason": "the boat"}]


FAILED = "This did not work. Try again in a moment."
OFTEN = "That was too often. Try again in {}\xa0s."
REFUSALS: list[tuple[int, dict[str, str], str]] = [
    (401, {}, "Sign in first, then try again."),
    (404, {}, "This person cannot be called."),
    (409, {"Retry-After": "30"}, OFTEN.format(30)),
    (429, {"Retry-After": "2"}, OFTEN.format(2)),
    (429, {"Retry-After": "soon"}, FAILED),
    (502, {}, "The site does not answer. Check your internet connection, then try again."),
    (500, {}, FAILED),
]


async def test_what_went_wrong_is_said_in_words(page: Page, site: PageBackend) -> None:
    await page.goto(site.origin)
    for status, headers, said in REFUSALS:
        site.refusals = [(status, headers)]
        await button(page).click()
        await expect(page.get_by_role("status")).to_have_text(said)
        await expect(page.get_by_role("group", name=said)).to_be_visible()
    await button(page).click()
    await state(page, "opening")
    await expect(page.get_by_role("group")).to_have_count(0)


async def test_a_site_that_is_not_there(page: Page, site: PageBackend) -> None:
    await page.goto(site.origin)
    await page.route("**/twocan/launch", lambda route: route.abort())
    await button(page).click()
    await expect(page.get_by_role("status")).to_have_text(re.compile("^The site does not answer"))


async def test_a_link_that_is_none_is_not_followed(page: Page, site: PageBackend) -> None:
    await page.goto(site.origin)
    for number, link in enumerate(["https://bad.example/", "javascript:bad()", "twocan:other", 7]):
        site.said = {"link": link}
        await button(page).click()
        await expect(page.get_by_role("status")).to_have_text(FAILED)
        assert len(site.wishes) == number + 1
        await page.keyboard.press("Escape")
    assert page.url == f"{site.origin}/"


# --- the offer


async def test_the_offer_for_who_has_no_phone_yet(page: Page, site: PageBackend) -> None:
    await offered(page, site)
    await expect(button(page)).to_be_focused()  # nothing took it away
    download = page.get_by_role("link", name="Download for Linux (88\xa0MB)")
    await expect(download).to_have_attribute("href", str(DOWNLOAD["url"]))
    order = [page.get_by_role("button", name="Close"), download, button(page, "Open Twocan")]
    for each in order:
        await page.keyboard.press("Tab")
        await expect(each).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("group")).to_have_count(0)
    await expect(button(page)).to_be_focused()


NONE_FOR_LINUX: list[dict[str, Any]] = [
    {},
    {"windows-x86_64": {"url": "https://calls.site.example/downloads/twocan.exe", "size": 1}},
    {"linux-x86_64": None},
    {"linux-x86_64": {"url": "javascript:bad()", "size": 1}},
]


async def test_a_system_for_which_there_is_no_download(page: Page, site: PageBackend) -> None:
    await page.goto(site.origin)
    for downloads in NONE_FOR_LINUX:
        site.said = {"downloads": downloads}
        await button(page).click()
        await state(page, "opening")
        await page.clock.run_for(PATIENCE)
        other = page.get_by_role("link", name="How to get Twocan")
        # The page that explains it, without the code, which every script here could read.
        await expect(other).to_have_attribute("href", "https://calls.site.example/launch")
        await page.keyboard.press("Escape")


async def test_no_offer_where_the_page_lost_the_focus(page: Page, site: PageBackend) -> None:
    await page.goto(site.origin)
    await button(page).click()
    await state(page, "opening")
    await page.evaluate("window.dispatchEvent(new Event('blur'))")
    await page.clock.run_for(60_000)
    await expect(page.get_by_role("status")).to_have_text("")
    await expect(page.get_by_role("group")).to_have_count(0)


async def test_who_comes_back_at_once_is_asked(page: Page, site: PageBackend) -> None:
    await page.goto(site.origin)
    await button(page).click()
    await state(page, "opening")
    await page.evaluate("window.dispatchEvent(new Event('blur'))")
    await page.clock.run_for(3_000)
    await page.evaluate("window.dispatchEvent(new Event('focus'))")
    await page.clock.run_for(PATIENCE)
    await expect(page.get_by_role("group", name="Did Twocan open?")).to_be_visible()


async def test_the_code_is_nowhere_but_in_the_link(page: Page, site: PageBackend) -> None:
    printed: list[str] = []
    page.on("console", lambda line: printed.append(line.text))
    await offered(page, site)
    everything = """() => {
        const roots = [document.documentElement];
        for (const each of roots) {
            roots.push(...[...each.querySelectorAll("*")].flatMap(one => one.shadowRoot ?? []));
        }
        return [...roots.map(each => each.innerHTML), JSON.stringify({...localStorage}),
            JSON.stringify({...sessionStorage}), document.cookie, location.href,
            JSON.stringify(performance.getEntries())].join();
    }"""
    assert site.code() not in await page.evaluate(everything)
    ours = [line for line in printed if "external handler" not in line and "launch '" not in line]
    assert site.code() not in "".join([*ours, *site.paths, *site.referers])


async def test_strophe_is_loaded_by_pages_that_need_it(page: Page, site: PageBackend) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    await page.goto(site.origin)
    await expect(button(page)).to_be_visible()
    assert not {"incoming-call.js", "strophe.js"} & set(asked)
    await page.evaluate("document.body.append(document.createElement('twocan-incoming'))")
    async with asyncio.timeout(40):
        while "incoming-call.js" not in asked:
            await asyncio.sleep(0.01)
