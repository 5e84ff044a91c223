"""The guide for site owners: what it says to type is typed, and what it says there is, is there."""

import asyncio
import json
import os
import re
import secrets
import shutil
import socket
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright._impl._driver import compute_driver_executable
from playwright.async_api import expect

from chromium import CHROMIUM, chromium
from guided import Reader, Snippet, Typed, environment, is_as_shown, snippets
from site_api import in_memory
from twocan_supernode import cluster, flooding, forgetting
from twocan_supernode.__main__ import main
from twocan_supernode.page import NAMES, scripts
from twocan_supernode.site import bodies, deleted, idempotency, limits, problems, tokens, webhooks
from twocan_supernode.site.calls import noticed
from twocan_supernode.site.launches import CODE_LASTS
from twocan_supernode.site.problems import Kind
from twocan_supernode.site.settings import Webhook, new_secret
from twocan_supernode.site.webhook_signing import sign
from twocan_supernode.state import State
from twocan_supernode.store import facade
from watched_page import watched
from xmpp_stream import signed_in

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "supernode/README.md"
PAGE = ROOT / "supernode/twocan_supernode/page"
ONLY_READ = {
    "text": "a drawing",
    "nginx": "it needs a web server and certificates that everybody believes: tried by hand",
    "sh": "it needs a second machine: tests/supernode/test_cluster.py does the same on one",
    "json": "what webhooks say: held against the real thing below",
}
"""The languages of what is not run, and why."""
SAVED = {"python", "js", "html"}
NOT_OURS = {"--json"}
"""curl's."""
MET_BY_A_BROWSER = {
    "/launch",
    *(f"/{name}" for name in NAMES),
    "/downloads/{name}",
    "/.well-known/twocan/release.json",
}
"""Paths that are no part of the API's document."""

# All that is typed is typed before the first test that looks at it.
pytestmark = pytest.mark.timeout(120)

BACKENDS = {"uvicorn backend:app": "backend.py", "node backend.mjs": "backend.mjs"}
"""How each is started."""


@cache
def guide() -> str:
    return GUIDE.read_text()


# --- following it ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Followed:
    """What came of it. ``asked``: what each backend answered."""

    typed: list[Typed]
    asked: dict[str, dict[str, object]]
    origin: str
    reader: Reader


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Followed]:
    folder = tmp_path_factory.mktemp("reader")
    choices = {
        "STATE": str(folder / "the state"),
        "API": f"http://127.0.0.1:{_free_port()}",
        "ORIGIN": f"http://127.0.0.1:{_free_port()}",
    }
    programs = folder / "programs"
    programs.mkdir()
    if not shutil.which("node"):
        (programs / "node").symlink_to(compute_driver_executable()[0])
    within_reach = environment(folder, programs, Path(sys.executable).parent)
    with Reader(folder, choices, within_reach) as reader:
        done = Followed([], {}, choices["ORIGIN"], reader)
        for snippet in snippets(guide()):
            if snippet.language not in ONLY_READ:
                done.typed.extend(reader.follow(snippet))
            if snippet.name == "terminal-3" and (name := _started_by(snippet)) not in done.asked:
                done.asked[name] = asked_of(reader, choices)
        yield done


def _started_by(snippet: Snippet) -> str:
    ((command, _),) = snippet.commands
    (found,) = (name for words, name in BACKENDS.items() if command.startswith(words))
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


def test_each_snippet_is_run_or_says_why_not() -> None:
    for each in snippets(guide()):
        run = each.language == "console" or (each.language in SAVED and each.name)
        assert bool(run) != (each.language in ONLY_READ), f"line {each.line}: ```{each.language}"
        if each.language in SAVED:  # what stands behind a fence is not seen where it is shown
            above = guide().splitlines()[each.line - 6 : each.line - 1]
            assert any(f"`{each.name}`" in line for line in above), f"line {each.line}: {each.name}"
    assert guide().count("\n```") == 2 * len(snippets(guide())), "a fence that was not understood"


def test_what_is_typed_prints_what_the_guide_shows(followed: Followed) -> None:
    for each in followed.typed:
        assert is_as_shown(each.printed, each.shown), (
            f"line {each.line}: $ {each.command}\nprinted\n{each.printed}\nand not\n{each.shown}"
        )
    assert len(followed.typed) > 20
    assert followed.asked.keys() == set(BACKENDS.values())


# --- the backends ------------------------------------------------------------------------------


def asked_of(reader: Reader, choices: Mapping[str, str]) -> dict[str, object]:
    """What the backend that runs answers to a page, to other sites' pages, and to webhooks."""
    found: dict[str, object] = {}
    with httpx.Client(base_url=choices["ORIGIN"], timeout=30) as web:
        ours, theirs = {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "cross-site"}
        older, stranger = {"Origin": choices["ORIGIN"]}, {"Origin": "https://other.example"}
        launch = "/twocan/launch"
        found["a stranger"] = [
            web.post(launch, headers=ours, json={"callee": "ben"}).status_code,
            web.get("/twocan/presence?person=ben").status_code,
            web.post("/twocan/token", headers=ours).status_code,
        ]
        found["policy"] = web.get("/ann").headers["content-security-policy"]
        found["by whom"] = [
            web.post("/twocan/token", headers=each).status_code
            for each in (ours, older, theirs, stranger, {})
        ]
        made = web.post(launch, headers=ours, json={"callee": "ben", "video": True, "reason": "hi"})
        caller, callee = made.json()["caller"]["address"], made.json()["callee"]["address"]
        token = web.post("/twocan/token", headers=ours)
        link = made.json()["link"].partition("?")[0]
        found["launch"] = (made.status_code, link, made.headers["cache-control"])
        found["the visitor is the caller"] = token.json()["address"] == caller
        found["presence"] = web.get("/twocan/presence?person=ben").json()
        found["wrong"] = [
            web.post(launch, headers=ours, content=body).status_code
            for body in (
                '{"callee": "nobody"}',
                '{"callee": ["ben"]}',
                "{}",
                "[]",
                "{",
                '{"callee": "ben", "reason": " "}',
                '{"callee": "ann"}',
                '{"answer": "sid", "caller": "nobody@site.example"}',
            )
        ]
        found["answering"] = web.post(
            launch, headers=ours, json={"answer": "sid", "caller": callee}
        ).status_code
        found["webhooks"] = webhooks_to(reader, web)
        found["a real one"] = told_of_a_call(reader, Path(choices["STATE"]), token.json(), callee)
    return found


def webhooks_to(reader: Reader, web: httpx.Client) -> list[int]:
    """What is answered to webhooks; the backend says one line for each that it believes, once."""
    secret = (reader.folder / "webhook-secret").read_text().strip()
    body = b'{"type": "call.missed", "data": {"reason": "busy"}}'
    now = time.time_ns() // 1_000_000

    def told(name: str, *, by: str = secret, sent: bytes = body, at: int = now) -> int:
        headers = sign(Webhook("https://site.example", by), name, body, at)
        return web.post("/webhooks", content=sent, headers=headers).status_code

    changing = sign(Webhook("https://site.example", new_secret(), secret), "two", body, now)
    return [
        told("one"),
        told("one"),
        told("three", by=new_secret()),
        told("four", sent=body + b" "),
        told("five", at=now - 301_000),
        web.post("/webhooks", content=body).status_code,
        web.post("/webhooks", content=body, headers=changing).status_code,
    ]


def told_of_a_call(
    reader: Reader, folder: Path, account: Mapping[str, Any], callee: str
) -> list[str]:
    """The words about calls that the backend prints, up to those about one that rings."""
    state = State(folder)
    node = state.node()
    assert node
    port = {"host": node.host, "port": node.ports.xmpps, "ca": str(state.ca)}

    call = secrets.token_hex(8)

    async def ring() -> None:
        async with signed_in({**account, **port}) as phone:
            phone.send(
                f"<message to='{callee}'><propose xmlns='urn:xmpp:jingle-message:0' id='{call}'>"
                "<description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'/>"
                "</propose></message>"
            )
            await phone.messages_so_far()

    asyncio.run(ring())
    said: list[str] = []
    while not said or said[-1] != "call.started":
        line = reader.terminals["terminal-3"].line()
        assert line, "the backend ended"
        if line.startswith("call."):
            said.append(line.strip())
    return said


@pytest.mark.parametrize("backend", BACKENDS.values())
def test_backend(followed: Followed, backend: str) -> None:
    found = followed.asked[backend]
    # The browser below looks at that of Python's; the other one is the same.
    policy = str(followed.asked["backend.py"]["policy"])
    assert "unsafe" not in policy
    assert found == {
        "policy": policy,
        "a stranger": [401, 401, 401],
        "by whom": [200, 200, 403, 403, 403],
        "launch": (201, "twocan:launch", "no-store"),
        "the visitor is the caller": True,
        "presence": {"presence": {"ben": "unreachable"}},
        "wrong": [404, 404, 404, 400, 400, 422, 422, 404],
        "answering": 201,
        "webhooks": [204, 204, 401, 401, 401, 401, 204],
        "a real one": ["call.missed busy", "call.missed busy", "call.started"],
    }


@pytest.mark.skipif(CHROMIUM is None and "CI" not in os.environ, reason="not installed: chromium")
async def test_page_has_a_button_that_works(followed: Followed, tmp_path: Path) -> None:
    """Ann's page is open; Ben, elsewhere, sees that she can be called."""
    async with AsyncExitStack() as browsers:
        pages = []
        for person in ("ann", "ben"):
            home = {"HOME": str(tmp_path)}
            started = chromium(tmp_path / person, home, headless=True)
            browser = await browsers.enter_async_context(started)
            browsers.enter_context(watched(browser))
            await browser.pages[0].goto(f"{followed.origin}/{person}")
            pages.append(browser.pages[0])
        ann, ben = pages
        await expect(ann.get_by_role("button", name="Call Demo Ben")).to_be_visible()
        await ben.wait_for_function(
            """() => {
                document.dispatchEvent(new Event("visibilitychange"));
                return document.querySelector("twocan-call").presence === "free";
            }""",
            polling=200,
        )
        await expect(ben.get_by_role("button", name="Call Demo Ann, free")).to_be_visible()


# --- what it says there is ---------------------------------------------------------------------


def code_in(text: str) -> list[str]:
    """What stands in `code`, outside fenced blocks."""
    outside = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    return re.findall(r"`([^`\n]+)`", outside)


def section(title: str) -> str:
    """From that heading to the next one."""
    found = re.search(rf"^#+ {title}\n(.*?)(?=^#+ |\Z)", guide(), re.MULTILINE | re.DOTALL)
    assert found, title
    return re.sub(r"^```.*?^```$", "", found[1], flags=re.MULTILINE | re.DOTALL)


def first_column(title: str, *, heading: str) -> set[str]:
    """The code in the first cells of the table with that heading."""
    table = section(title).split(f"| {heading} |", 1)[1].split("\n\n")[0]
    cells = [line.split("|")[1] for line in table.splitlines()[2:]]
    return {word for cell in cells for word in code_in(cell)}


def test_links_lead_somewhere() -> None:
    titles = re.findall(r"^#+ (.+)$", guide(), re.MULTILINE)
    anchors = {f"#{re.sub(r'[^a-z0-9 ]', '', title.lower()).replace(' ', '-')}" for title in titles}
    for link in re.findall(r"\]\(([^)]+)\)", guide()):
        if not link.startswith("https://"):
            assert link in anchors or (GUIDE.parent / link).exists(), link


def test_options_are_there(capsys: pytest.CaptureFixture[str]) -> None:
    commands = ("run", "site", "site-settings", "signing-key new", "audit", "mint")
    for command in (*commands, "site-key new", "site-key list", "site-key retire"):
        with pytest.raises(SystemExit):
            main([*command.split(), "--help"])
    there = set(re.findall(r"--[a-z-]+", capsys.readouterr().out))
    typed = [one for each in snippets(guide()) for one, _ in each.commands]
    named = [word for text in (*typed, *code_in(guide())) for word in text.split()]
    options = {word for word in named if re.fullmatch(r"--[a-z][a-z-]+", word)}
    assert {"--site", "--database"} <= options
    assert options - _css() - NOT_OURS <= there


async def test_paths_are_those_of_the_api(tmp_path: Path) -> None:
    async with in_memory(tmp_path / "state", scripts=scripts()) as api:
        document = (await api.ask("GET", "/openapi.json", "")).json()
    there = {
        f"{method.upper()} {path}" for path, calls in document["paths"].items() for method in calls
    }
    told = first_column("Calls", heading="call")
    plain = {each.removeprefix("GET ") for each in told}
    assert plain >= MET_BY_A_BROWSER
    assert {each for each in told if each.removeprefix("GET ") not in MET_BY_A_BROWSER} == there
    paths = {each.split(" ")[0] for each in there} | set(document["paths"])
    for each in code_in(guide()):
        if found := re.search(r"/v1/[a-z/-]+(\{person\})?", each):
            assert found[0] in paths, each


def _script() -> str:
    return "".join(file.read_text() for file in sorted(PAGE.glob("*.js")))


def _css() -> set[str]:
    return set(re.findall(r"--twocan-[a-z-]+", _script()))


def test_looks_attributes_and_states_are_those_of_the_elements() -> None:
    script, words = _script(), set(code_in(section("On the page")))
    assert {word for word in words if word.startswith("--")} == _css()
    attributes = set(re.findall(r"""(?:get|has)Attribute\("([a-z]+)"\)""", script)) - {"type", "id"}
    used = {name for name in attributes if f'this.getAttribute("{name}")' in script}
    used |= {name for name in attributes if f'this.hasAttribute("{name}")' in script}
    assert first_column("On the page", heading="attribute") == used | {"lang"}
    entered = set(re.findall(r"""(?:#become|#enter)\((?:this\.#waits \? )?"([a-z]+)\"""", script))
    entered |= {"waiting", "offered"}
    assert first_column("On the page", heading="state") == entered
    parts = set(re.findall(r'\bpart: "([a-z]+)"', script)) | set(
        re.findall(r'#button\("([a-z]+)"', script)
    )
    assert parts <= words


def test_problems_are_those_that_there_are() -> None:
    kinds = {one for one in vars(problems).values() if isinstance(one, Kind)}
    table = section("Problems")
    rows = [line.split("|") for line in table.splitlines() if re.match(r"\| \d", line)]
    told = {(int(row[1]), name) for row in rows for name in code_in(row[2])}
    assert told == {(kind.status, kind.name) for kind in kinds}


def test_figures_are_those_of_the_program() -> None:
    rates = {
        "of one site key": limits.SITE_KEY,
        "launches of one person (`--limit launches=30/60s:10`)": limits.LAUNCHES,
        "tokens of one person (`--limit tokens=60/60s:30`)": limits.TOKENS,
        "redemptions from one network (`--limit-per-address 60/60s:30`)": limits.REDEMPTIONS,
        "refreshes from one network (the same)": limits.REFRESHES,
        "webhooks about what one person's phones say": limits.CALL_EVENTS,
    }
    for name, rate in rates.items():
        assert f"| {name} | {rate.count} in {rate.seconds} s | {rate.burst} |" in guide()
    assert (CODE_LASTS, deleted.KEPT - deleted.TOKENS_LAST) == (120_000, 60_000 * (30 * 1440 - 9))
    assert (forgetting.ARCHIVE_DAYS, forgetting.MISSED_DAYS) == (3, 30)
    assert forgetting.FEWER_DAYS == {3: (2, 1, 0), 30: (7, 3, 1, 0)}
    bounds = section("What one person can do").replace(",", "")
    for figure in (flooding.RATE, flooding.AT_ONCE, forgetting.TOO_MUCH // 1_000_000):
        assert re.search(rf"\b{figure}\b", bounds)
    configured = (ROOT / "supernode/twocan_supernode/ejabberd.yml").read_text()
    for figure in re.findall(
        r"(?:rate|burst_size|max_stanza_size|max_user_\w+): (\d+)", configured
    ):
        assert re.search(rf"\b{figure}\b", bounds), figure
    kept = (facade.CODES_KEPT, facade.HOOKS_KEPT, facade.AUDIT_KEPT)
    assert kept == tuple(60_000 * minutes for minutes in (10, 3 * 1440, 30 * 1440))
    lives = (tokens.PAGE_TOKEN_LASTS, tokens.PHONE_TOKEN_LASTS, tokens.REFRESH_TOKEN_LASTS)
    assert [life.total_seconds() / 60 for life in lives] == [5, 10, 30 * 24 * 60]
    assert tokens.CARD_LASTS == tokens.REFRESH_TOKEN_LASTS
    assert webhooks.WAITS[:8] == (5, 30, 120, 600, 3600, 3 * 3600, 6 * 3600, 6 * 3600)
    assert (webhooks.WAITS[8] // 60, sum(webhooks.WAITS)) == (7 * 60 + 47, 24 * 3600)
    assert (bodies.LONGEST_ID, bodies.LONGEST_NAME, bodies.LONGEST_PICTURE) == (200, 100, 2048)
    port, quiet, absent = cluster.USUAL_PORT, cluster.TICK_SECONDS, cluster.ABSENT_SECONDS
    assert f"TCP {port} between the nodes" in guide()
    assert f"fell silent, after {quiet * 3 // 4} to {quiet * 5 // 4} s" in guide()
    assert f"waits for who stopped last, {absent} s" in guide()
    assert (bodies.LONGEST_REASON, idempotency.LONGEST, bodies.MOST_ASKED) == (200, 200, 100)


@pytest.mark.parametrize(
    ("event", "sender", "said"),
    [
        ("call.started", "ann…", "<propose xmlns='urn:xmpp:jingle-message:0' id='3f1d0a52'/>"),
        ("call.answered", "ben…", "<proceed xmlns='urn:xmpp:jingle-message:0' id='3f1d0a52'/>"),
        (
            "call.missed",
            "ann…",
            "<retract xmlns='urn:xmpp:jingle-message:0' id='3f1d0a52'>"
            "<reason xmlns='urn:xmpp:jingle:1'><timeout/></reason></retract>",
        ),
        ("call.ended", "ben…", "<finish xmlns='urn:xmpp:jingle-message:0' id='3f1d0a52'/>"),
    ],
)
def test_webhooks_say_what_the_guide_shows(event: str, sender: str, said: str) -> None:
    (shown,) = [each for each in snippets(guide()) if (each.language, each.name) == ("json", event)]
    other = {"ann…": "ben…", "ben…": "ann…"}[sender]
    addresses = (f"{sender}@site.example", f"{other}@site.example")
    noted = noticed(*addresses, f"<message>{said}</message>".encode(), 1_767_268_800_000)
    assert noted
    assert noted.payload() == json.loads(shown.text)
