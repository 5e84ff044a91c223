"""A site's settings: kept whole, read with suspicion, changed by a command."""

import argparse
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twocan_supernode.errors import SupernodeError, UsageError
from twocan_supernode.site import limits, settings_command
from twocan_supernode.site.limits import Rate
from twocan_supernode.site.settings import (
    FILE,
    Limits,
    SettingsError,
    SiteSettings,
    Webhook,
    new_secret,
    normal_origin,
)
from twocan_supernode.state import State

URL = "https://site.example/calls"
SECRET = new_secret()


# --- the file


def test_a_site_without_a_file_has_no_pages_and_the_usual_limits(tmp_path: Path) -> None:
    assert SiteSettings.load(tmp_path) == SiteSettings((), None, Limits())
    assert Limits().launches == limits.LAUNCHES


def test_what_is_kept_is_what_is_read(tmp_path: Path) -> None:
    kept = SiteSettings(
        ("https://site.example", "http://localhost:8000"),
        Webhook(URL, SECRET, new_secret()),
        Limits(launches=Rate(1, 60, 2)),
    )
    kept.save(tmp_path)
    assert SiteSettings.load(tmp_path) == kept


def test_only_its_owner_reads_the_file(tmp_path: Path) -> None:
    SiteSettings().save(tmp_path)
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600


def test_a_person_may_write_it_by_hand(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('{"origins": ["HTTPS://Site.Example:443/"]}')
    assert SiteSettings.load(tmp_path).origins == ("https://site.example",)


BROKEN = {
    "": "is no JSON",
    "{": "is no JSON",
    "[]": "is no JSON object",
    '{"origins": [], "origins": []}': "names a field twice",
    '{"limits": {"launches": NaN}}': "no number",
    "[" * 100_000: "is no JSON",
    '{"colour": 1}': "colour: there is no such setting",
    '{"origins": "https://site.example"}': "origins is no list",
    '{"origins": [7]}': "origins is no list",
    '{"origins": ["http://site.example"]}': "is not https",
    '{"webhook": "https://site.example"}': "webhook is no JSON object",
    '{"webhook": {"url": "https://site.example"}}': "webhook has no url and secret",
    '{"webhook": {"url": "https://a.example", "secret": "whsec_AAAA"}}': "24 to 64 bytes",
    '{"webhook": {"url": "https://a.example", "secret": "tck_AAAA"}}': "whsec_",
    '{"webhook": {"url": "https://a.example", "secret": "whsec_A", "key": 1}}': "webhook.key",
    '{"limits": {"redeem": {}}}': "limits.redeem: there is no such setting",
    '{"limits": {"launches": 30}}': "limits.launches is no JSON object",
    '{"limits": {"launches": {"count": 1}}}': "is no whole number",
    '{"limits": {"launches": {"count": true, "seconds": 1, "burst": 1}}}': "launches.count",
    '{"limits": {"launches": {"count": 0, "seconds": 1, "burst": 1}}}': "from 1 to",
    '{"limits": {"launches": {"count": 1e999, "seconds": 1, "burst": 1}}}': "launches.count",
    '{"limits": {"launches": {"count": 1, "seconds": 1, "burst": 1, "x": 1}}}': "launches.x",
}


@pytest.mark.parametrize("text", BROKEN, ids=list(BROKEN.values()))
def test_a_broken_file_gets_an_error_that_names_it(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)
    with pytest.raises(SupernodeError) as refused:
        SiteSettings.load(tmp_path)
    assert str(tmp_path / FILE) in str(refused.value)
    assert BROKEN[text] in str(refused.value)


def test_a_file_that_is_no_utf_8_does_too(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b'{"origins": ["\xff"]}')
    with pytest.raises(SupernodeError, match="is no JSON"):
        SiteSettings.load(tmp_path)


def test_an_error_about_a_secret_does_not_show_it(tmp_path: Path) -> None:
    text = json.dumps({"webhook": {"url": URL, "secret": f"{SECRET}x"}})
    (tmp_path / FILE).write_text(text)
    with pytest.raises(SupernodeError) as refused:
        SiteSettings.load(tmp_path)
    assert SECRET[6:] not in str(refused.value)


def test_nor_does_what_is_printed_for_a_fault() -> None:
    settings = SiteSettings(webhook=Webhook(URL, SECRET, new_secret()))
    assert "whsec_" not in repr(settings)


# --- origins


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("https://site.example", "https://site.example"),
        ("https://site.example/", "https://site.example"),
        ("HTTPS://SITE.example:443", "https://site.example"),
        ("https://site.example:8443", "https://site.example:8443"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://site.localhost", "http://site.localhost"),
        ("http://127.0.0.1:80/", "http://127.0.0.1"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("http://[0:0::1]:8000", "http://[::1]:8000"),
        ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
    ],
)
def test_an_origin_is_written_in_one_way(text: str, origin: str) -> None:
    assert normal_origin(text) == origin
    assert normal_origin(origin) == origin


@pytest.mark.parametrize(
    "text",
    [
        "",
        "*",
        "null",
        "site.example",
        "https://",
        "https:site.example",
        "https://*.site.example",
        "http://site.example",
        "http://192.0.2.1",
        "http://localhost.example",
        "ftp://localhost",
        "file:///etc/passwd",
        "https://site.example/calls",
        "https://site.example?x=1",
        "https://site.example#x",
        "https://ann:secret@site.example",
        "https://site.example:",
        "https://site.example:0",
        "https://site.example:70000",
        "https://site.example:x",
        "https://[::1",
        "https://[fe80::1%eth0]",
        "https://site.example; script-src *",
        "https://site.example\n",
        "https://site.example\r\nX: y",
        "https://site.example,https://evil.example",
        "https://site.example'",
        "https://b\u00fccher.example",
        "https://" + "a" * 3000,
    ],
)
def test_what_is_no_safe_origin_is_refused(text: str) -> None:
    with pytest.raises(SettingsError) as refused:
        normal_origin(text)
    assert "secret" not in str(refused.value)


@settings(deadline=None)
@given(st.text(max_size=40) | st.from_regex(r"https?://[a-z.:@\[\]%/?#0-9-]{1,30}"))
def test_an_origin_is_safe_in_a_header_or_refused(text: str) -> None:
    try:
        origin = normal_origin(text)
    except SettingsError:
        return
    assert normal_origin(origin) == origin
    assert not set(origin) - set("abcdefghijklmnopqrstuvwxyz0123456789-.:/[]")


def test_an_origin_that_is_not_normal_is_no_setting() -> None:
    with pytest.raises(SettingsError, match="as browsers do"):
        SiteSettings(("https://Site.Example",))


def test_origins_are_bounded() -> None:
    with pytest.raises(SettingsError, match="at most"):
        SiteSettings(tuple(f"https://{number}.example" for number in range(51)))


# --- webhooks


@pytest.mark.parametrize(
    "url", [URL, f"{URL}?for=twocan", "http://127.0.0.1:8000/calls", "http://localhost/"]
)
def test_a_webhook_goes_to_the_site(url: str) -> None:
    assert Webhook(url, SECRET).url == url


@pytest.mark.parametrize(
    "url",
    [
        "http://site.example/calls",
        "https://ann:hidden@site.example/calls",
        "https://hidden@site.example/calls",
        "https://site.example/calls#hidden",
        "https:///calls",
        "//site.example/calls",
        "https://site.example/hidden calls",
        "https://site.example/" + "a" * 3000,
    ],
)
def test_or_nowhere_and_what_is_wrong_is_told_without_it(url: str) -> None:
    with pytest.raises(SettingsError) as refused:
        Webhook(url, SECRET)
    assert "hidden" not in str(refused.value)


def test_every_secret_is_another() -> None:
    assert len({new_secret() for _ in range(100)}) == 100


# --- the command


@pytest.fixture
def state(tmp_path: Path) -> State:
    state = State(tmp_path / "state")
    state.folder.mkdir(mode=0o700)
    state.add_site("site.example")
    return state


def kept(state: State) -> SiteSettings:
    return SiteSettings.load(state.site("site.example").folder)


def asked(state: State, *words: str, site: str = "site.example") -> None:
    parser = argparse.ArgumentParser()
    settings_command.add_options(parser)
    options = parser.parse_args(["--state", str(state.folder), "--site", site, *words])
    options.command(options)


def said(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    told: dict[str, object] = json.loads(capsys.readouterr().out)
    return told


def test_the_command_sets_all(state: State) -> None:
    asked(
        state,
        *("--origin", "https://Site.example/", "--origin", "https://www.site.example"),
        *("--webhook", URL, "--limit", "launches=5/60s:2"),
    )
    settings = kept(state)
    assert settings.origins == ("https://site.example", "https://www.site.example")
    assert settings.webhook is not None
    assert settings.webhook.url == URL
    assert settings.limits == Limits(launches=Rate(5, 60, 2))


def test_an_origin_that_is_said_twice_is_one(
    state: State, capsys: pytest.CaptureFixture[str]
) -> None:
    asked(state, "--origin", "https://site.example", "--origin", "https://SITE.example/")
    assert said(capsys)["origins"] == ["https://site.example"]


def test_what_is_not_named_stays(state: State) -> None:
    asked(state, "--origin", "https://site.example", "--webhook", URL)
    before = kept(state)
    asked(state, "--limit", "tokens=7/60s")
    assert kept(state).webhook == before.webhook
    assert kept(state).origins == before.origins
    assert kept(state).limits.tokens == Rate(7, 60, 7)


def test_a_secret_is_shown_once(state: State, capsys: pytest.CaptureFixture[str]) -> None:
    asked(state, "--webhook", URL)
    webhook = kept(state).webhook
    assert webhook is not None
    assert said(capsys)["webhook"] == {"url": URL, "secret": webhook.secret}
    for words in (["--show"], ["--webhook", f"{URL}/2"], []):
        asked(state, *words)
        assert webhook.secret not in capsys.readouterr().out


def test_a_webhook_may_move_and_keeps_its_secret(state: State) -> None:
    asked(state, "--webhook", URL)
    before = kept(state).webhook
    asked(state, "--webhook", f"{URL}/2")
    after = kept(state).webhook
    assert before is not None
    assert after is not None
    assert (after.url, after.secret, after.before) == (f"{URL}/2", before.secret, None)


def test_a_new_secret_leaves_the_old_one_for_a_while(
    state: State, capsys: pytest.CaptureFixture[str]
) -> None:
    asked(state, "--webhook", URL)
    first = kept(state).webhook
    capsys.readouterr()
    asked(state, "--new-webhook-secret")
    second = kept(state).webhook
    assert first is not None
    assert second is not None
    assert second.secrets == (second.secret, first.secret)
    told = capsys.readouterr().out
    assert second.secret in told
    assert first.secret not in told


def test_what_was_set_can_be_taken_back(state: State) -> None:
    asked(state, "--origin", "https://site.example", "--webhook", URL)
    asked(state, "--no-origin", "--no-webhook")
    assert kept(state) == SiteSettings()


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--origin", "http://site.example"], "https"),
        (["--webhook", "http://site.example"], "https"),
        (["--new-webhook-secret"], "no webhook"),
        (["--show", "--origin", "https://other.example"], "--show"),
    ],
)
def test_what_cannot_be_set_changes_nothing(state: State, words: list[str], why: str) -> None:
    asked(state, "--origin", "https://site.example")
    before = kept(state)
    with pytest.raises(UsageError, match=why):
        asked(state, *words)
    assert kept(state) == before


def test_a_site_that_is_not_there(state: State) -> None:
    with pytest.raises(UsageError, match=r"no site other\.example"):
        asked(state, site="other.example")


@pytest.mark.parametrize(
    "words", [["--limit", "launches=5"], ["--limit", "launches=0/60s"], ["--site", "A B"]]
)
def test_what_argparse_refuses(
    state: State, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        asked(state, *words)
    assert ended.value.code == 2
    assert repr(words[1]) in capsys.readouterr().err
