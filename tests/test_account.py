"""Accounts: what a file may say, and the one line that tells what is wrong with it."""

import base64
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from twocan.account import (
    MOST_SERVERS,
    VARIABLE,
    Account,
    AccountError,
    Refresh,
    Server,
    dump,
    load,
    on_our_clock,
    parse,
    renewed,
)
from twocan.jws import new_key, public_half, public_key

SECRET = "s3cret-never-to-be-shown"
WHOLE = {"address": "person@site.example", "password": SECRET}
KEY = new_key()
URL = "https://calls.site.example/v1/tokens/refresh"
RENEWABLE = {
    "password": None,
    "servers": [
        {"host": "node1.site.example", "port": 5223},
        {"host": "2001:db8::1", "port": 443},
    ],
    "refresh": {"url": URL, "token": SECRET},
    "key": json.loads(KEY),
    "card": "a-card",
    "names_key": public_half(KEY),
}
"""All that a site may give beside the token."""


def token(claims: Any) -> str:
    body = claims if isinstance(claims, str) else json.dumps(claims)
    return f"e30.{base64.urlsafe_b64encode(body.encode()).decode().rstrip('=')}.{SECRET}"


def said(**changes: Any) -> str:
    """An account file's text: a whole one but for the changes; None leaves something out."""
    return json.dumps({k: v for k, v in {**WHOLE, **changes}.items() if v is not None})


def with_token(**changes: Any) -> str:
    return said(**{**RENEWABLE, "token": token({}), **changes})


# --- What is read -------------------------------------------------------------------------------


def test_an_account_of_any_provider(tmp_path: Path) -> None:
    file = tmp_path / "account.json"
    file.write_text(said())
    assert load(str(file), {}) == Account("person@site.example", SECRET, is_token=False)


def test_a_shadow_account_with_everything(tmp_path: Path) -> None:
    ca = tmp_path / "ca.pem"
    ca.touch()
    text = said(
        password=None,
        token=token({"exp": 1700000000}),
        host="127.0.0.1",
        port=5223,
        ca=str(ca),
        address="person@site.example/desk",
        comment="what nobody knows is passed over",
    )
    assert parse(text, "it") == Account(
        address="person@site.example",
        secret=token({"exp": 1700000000}),
        is_token=True,
        host="127.0.0.1",
        port=5223,
        ca=ca,
        expires=1700000000.0,
    )


def test_an_account_whose_token_is_renewed() -> None:
    assert parse(said(**RENEWABLE, token=token({"exp": 1700000000})), "it") == Account(
        address="person@site.example",
        secret=token({"exp": 1700000000}),
        is_token=True,
        host="node1.site.example",
        port=5223,
        expires=1700000000.0,
        servers=(Server("node1.site.example", 5223), Server("2001:db8::1", 443)),
        refresh=Refresh(URL, SECRET, KEY),
        card="a-card",
        names_key=public_key(json.loads(KEY)),
    )


def test_the_first_of_the_servers_goes_before_a_host_that_is_named_as_well() -> None:
    account = parse(said(**{**RENEWABLE, "host": "old.site.example", "port": 1}, token="t"), "it")
    assert (account.host, account.port) == ("node1.site.example", 5223)


def test_of_many_servers_some_are_known() -> None:
    many = [{"host": f"node{number}.site.example", "port": 5223} for number in range(50)]
    assert len(parse(said(servers=many), "it").servers) == MOST_SERVERS


def test_a_new_token_comes_with_whatever_is_new() -> None:
    before = parse(said(**RENEWABLE, token=token({"exp": 1}), ca=__file__), "it")
    assert before.refresh is not None

    after = renewed(before, {"token": token({"exp": 2}), "card": None}, "it")
    assert after == replace(before, secret=token({"exp": 2}), expires=2.0)

    other = public_half(new_key())
    servers = [{"host": "node3.site.example", "port": 5223}]
    given = {"token": "t", "refresh_token": "r", "servers": servers, "names_key": other}
    assert renewed(before, {**given, "card": "c", "address": "x", "ca": "/x"}, "it") == replace(
        before,
        secret="t",
        expires=None,
        host="node3.site.example",
        servers=(Server("node3.site.example", 5223),),
        refresh=replace(before.refresh, token="r"),
        card="c",
        names_key=public_key(other),
    )


def test_what_is_no_new_token_is_said() -> None:
    before = parse(said(**RENEWABLE, token="t"), "it")
    wrong: list[dict[str, object]] = [
        {},
        {"token": None},
        {"token": 5},
        {"token": "t", "refresh_token": []},
    ]
    for given in wrong:
        with pytest.raises(AccountError):
            renewed(before, given, "it")
    with pytest.raises(AccountError):
        renewed(parse(said(), "it"), {"token": "t"}, "it")


def test_a_token_lasts_as_long_as_it_says_whatever_our_clock_shows() -> None:
    account = parse(said(password=None, token=token({"iat": 1000, "exp": 1600})), "it")
    assert (account.expires, on_our_clock(account, 50).expires) == (1600, 650)
    for odd in ({"exp": 1600}, {"iat": "now", "exp": 1600}, {"iat": 1000}):
        unknown = parse(said(password=None, token=token(odd)), "it")
        assert on_our_clock(unknown, 50) == unknown


CHANGES: list[dict[str, Any]] = [
    {},
    {"host": "127.0.0.1", "port": 5223},
    {"ca": __file__},
    RENEWABLE,
]


@pytest.mark.parametrize("changes", CHANGES)
def test_what_is_written_is_read_again(changes: dict[str, Any]) -> None:
    for secret in ({"password": SECRET}, {"password": None, "token": token({"exp": 1700000000})}):
        account = parse(said(**{**changes, **secret}), "it")
        assert parse(dump(account), "it") == account


def test_the_environment_holds_the_account_or_names_its_file(tmp_path: Path) -> None:
    file = tmp_path / "account.json"
    file.write_text(said())

    assert load(None, {VARIABLE: said()}) == load(None, {VARIABLE: f" {file}\n"})


def test_an_option_goes_before_the_environment(tmp_path: Path) -> None:
    file = tmp_path / "account.json"
    file.write_text(said())
    assert load(str(file), {VARIABLE: "nothing that is there"}).secret == SECRET


def test_an_editor_that_begins_its_files_with_a_mark_is_forgiven(tmp_path: Path) -> None:
    file = tmp_path / "account.json"
    file.write_text(said(), encoding="utf-8-sig")
    assert load(str(file), {}).secret == SECRET
    assert load(None, {VARIABLE: "\ufeff" + said()}).secret == SECRET


@pytest.mark.parametrize(
    "odd",
    [
        "not.a.jwt",
        "nodots",
        "e30.e30.x",
        "a.!!.b",
        "a.ü.b",
        token([]),
        token({"exp": None}),
        token({"exp": "soon"}),
        token({"exp": [1]}),
        token("not json"),
        token('{"exp": 1' + "0" * 400 + "}"),
        token("[" * 100_000),
    ],
)
def test_a_token_that_cannot_be_read_may_still_be_good(odd: str) -> None:
    account = parse(said(password=None, token=odd), "it")
    assert account.secret == odd
    assert account.expires is None


def test_the_secret_is_not_shown() -> None:
    for account in (
        parse(said(), "it"),
        parse(said(password=None, token=token({"exp": 1})), "it"),
        parse(said(**RENEWABLE, token=token({"exp": 1})), "it"),
    ):
        shown = f"{account} {account!r}"
        assert SECRET not in shown
        assert json.loads(KEY)["d"] not in shown


# --- What is refused ----------------------------------------------------------------------------

REFUSED = [
    ("", "is not JSON"),
    ("not json " + SECRET, "is not JSON"),
    ('{"password": "' + SECRET, "is not JSON"),
    ("[" * 100_000, "is not JSON"),
    (f'["{SECRET}"]', "is not a JSON object"),
    (f'"{SECRET}"', "is not a JSON object"),
    ("null", "is not a JSON object"),
    ("{}", 'needs either a "token" or a "password"'),
    (said(password=None), 'needs either a "token" or a "password"'),
    (said(token=token({})), 'needs either a "token" or a "password"'),
    (said(password=""), 'the "password" in .* is not text'),
    (said(password=[SECRET]), 'the "password" in .* is not text'),
    (said(password=None, token={"it": SECRET}), 'the "token" in .* is not text'),
    (said(address=None), 'needs an "address"'),
    (said(address=5), 'the "address" in .* is not text'),
    (said(address="person"), 'the "address" in .* is wrong'),
    (said(address="per son@site.example"), 'the "address" in .* is wrong'),
    (said(host="127.0.0.1"), 'needs both "host" and "port"'),
    (said(port=5222), 'needs both "host" and "port"'),
    (said(host=5, port=5222), 'the "host" in .* is not text'),
    (said(host="h", port="5222"), 'the "port" in .* is not a number from 1 to 65535'),
    (said(host="h", port=0), 'the "port" in .* is not a number from 1 to 65535'),
    (said(host="h", port=65536), 'the "port" in .* is not a number from 1 to 65535'),
    (said(host="h", port=1.5), 'the "port" in .* is not a number from 1 to 65535'),
    (said(host="h", port=True), 'the "port" in .* is not a number from 1 to 65535'),
    (with_token(servers={}), 'the "servers" in .* are not a list'),
    (with_token(servers=["node.site.example"]), 'the "servers" in .* are not {"host"'),
    (with_token(servers=[{"host": "h"}]), 'the "servers" in .* need "host" and "port"'),
    (with_token(servers=[{"host": 5, "port": 5}]), 'the "host" in "servers" in .* is not text'),
    (with_token(servers=[{"host": "h", "port": 0}]), 'the "port" in "servers" in .* is not a num'),
    (with_token(servers=[{"host": "h\n", "port": 5}]), 'one of the "servers" in .* has a char'),
    (with_token(servers=[{"host": "a@b", "port": 5}]), 'one of the "servers" in .* names a user'),
    (with_token(servers=[{"host": "h/", "port": 5}]), 'one of the "servers" in .* names no host'),
    (with_token(refresh=URL), 'the "refresh" in .* is not {"url"'),
    (with_token(refresh={"url": URL}), 'the "refresh" in .* needs "url" and "token"'),
    (with_token(refresh={"url": 5, "token": SECRET}), 'the "url" in "refresh" in .* is not text'),
    (with_token(refresh={"url": "http://site.example", "token": SECRET}), "is not secure"),
    (with_token(refresh={"url": f"{URL}#a", "token": SECRET}), "has a fragment"),
    (with_token(key=None), 'the "key" in .* is not a JWK'),
    (with_token(key=public_half(KEY)), 'the "key" in .* has no "d"'),
    (with_token(names_key=SECRET), 'the "names_key" in .* is not a JWK'),
    (with_token(names_key={"kty": "EC", "crv": "P-256"}), 'the "names_key" in .* has no "x"'),
    (with_token(card={"it": SECRET}), 'the "card" in .* is not text'),
    (said(ca=5), 'the "ca" in .* is not text'),
    (said(ca="nowhere.pem"), "names 'nowhere.pem', which is not a file"),
    (said(ca="."), "names '.', which is not a file"),
    (said(ca="x" * 5000), "xxx', which is not a file"),
    (said(ca="a\x00b"), "which is not a file"),
]


@pytest.mark.parametrize(("text", "why"), REFUSED, ids=[why for _, why in REFUSED])
def test_what_is_no_account_is_told_in_one_line(text: str, why: str) -> None:
    with pytest.raises(AccountError, match=why) as caught:
        parse(text, "'account.json'")

    line = str(caught.value)
    assert line.isprintable()
    assert "'account.json'" in line
    assert SECRET not in f"{line} {caught.value!r} {caught.value.__cause__}"


def refused(file: str | None, environment: dict[str, str]) -> str:
    with pytest.raises(AccountError) as caught:
        load(file, environment)
    line = str(caught.value)
    assert line.isprintable()
    assert SECRET not in f"{line} {caught.value!r}"
    return line


def test_without_any_account_it_says_where_to_name_one() -> None:
    for environment in ({}, {VARIABLE: ""}, {VARIABLE: "  "}):
        assert refused(None, environment) == (
            "no account: name its file with --account or in TWOCAN_ACCOUNT"
        )


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    assert refused(str(tmp_path / "gone.json"), {}).endswith(
        "gone.json': No such file or directory"
    )
    assert refused(str(tmp_path), {}).endswith("Is a directory")
    odd = tmp_path / "odd.json"
    odd.write_bytes(b"\xff\xfe\x00")
    assert refused(str(odd), {}).endswith("odd.json': it is not text")
    assert refused("nul\x00byte", {}).endswith("byte': this cannot be a name")


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    file = tmp_path / "account.json"
    file.write_text(said())
    file.chmod(0)
    assert refused(str(file), {}).endswith("Permission denied")


@pytest.mark.parametrize(
    "given", [SECRET, token({"exp": 1}), f'["{SECRET}"]', f"person@site.example:{SECRET}"]
)
def test_a_secret_in_the_place_of_a_file_is_not_shown(given: str) -> None:
    assert VARIABLE in refused(None, {VARIABLE: given})


def test_what_is_wrong_in_the_environment_is_called_by_its_name() -> None:
    assert refused(None, {VARIABLE: "{}"}).startswith(f"{VARIABLE} needs either")
