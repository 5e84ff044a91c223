"""Everything that can be wrong with a request, and what is answered: RFC 9457, and no secret."""

import json
from collections.abc import AsyncIterator

import httpx
import pytest

from site_api import Phone, SiteApi, fields, problem
from twocan_supernode.site.limits import Rate
from twocan_supernode.site.settings import Limits, SiteSettings
from twocan_supernode.store import StoreAway

LAUNCH: dict[str, object] = {"caller": "ann", "callee": "ben"}


async def sent(
    api: SiteApi, body: bytes | AsyncIterator[bytes], content_type: str = "application/json"
) -> httpx.Response:
    headers = {"Content-Type": content_type}
    return await api.ask("POST", "/v1/launches", content=body, headers=headers)


NO_OBJECTS = [
    (b"", "empty"),
    (b"{", "no JSON"),
    (b"[]", "no JSON object"),
    (b'"ann"', "no JSON object"),
    (b'{"caller": "ann", "caller": "ben"}', "twice"),
    (b'{"caller": NaN}', "no number"),
    (b'{"caller": "\xff"}', "not UTF-8 from byte 12"),
    (b"\xef\xbb\xbf{}", "no JSON"),
    (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "no JSON"),
    (b'{"a":' + b"9" * 5_000 + b"}", "no JSON"),
]


async def test_what_is_no_json_object(api: SiteApi) -> None:
    for body, detail in NO_OBJECTS:
        answer = await sent(api, body)
        assert problem(answer) == (400, "malformed")
        assert detail in answer.json()["detail"], body[:40]


async def test_what_does_not_say_that_it_is_json(api: SiteApi) -> None:
    for content_type in ("", "text/plain", "application/jsonp", "multipart/form"):
        answer = await sent(api, json.dumps(LAUNCH).encode(), content_type)
        assert problem(answer) == (415, "wrong-content-type")


async def test_a_charset_means_nothing(api: SiteApi) -> None:
    answer = await sent(api, json.dumps(LAUNCH).encode(), "Application/JSON; charset=latin-1")

    assert answer.status_code == 201


async def test_a_body_of_64_kib_is_the_longest(api: SiteApi) -> None:
    async def content(size: int) -> AsyncIterator[bytes]:
        yield b"x" * (size - 1)
        yield b"x"

    for size, expected in ((64 * 1024, (400, "malformed")), (64 * 1024 + 1, (413, "too-large"))):
        assert problem(await sent(api, b"x" * size)) == expected
        assert problem(await sent(api, content(size))) == expected


LONG = "n" * 101
SOMEBODY: dict[str, object] = {"person": "ann"}


WRONG_FIELDS: list[tuple[dict[str, object], dict[str, str]]] = [
    ({}, {"caller": "is missing", "callee": "is missing"}),
    ({"caller": 5, "callee": None}, {"caller": "object", "callee": "object"}),
    (LAUNCH | {"video": "true"}, {"video": "neither true nor false"}),
    (LAUNCH | {"video": 1}, {"video": "neither true nor false"}),
    (LAUNCH | {"colour": "red"}, {"colour": "no field that is known"}),
    (LAUNCH | {"caller": SOMEBODY | {"age": 3}}, {"caller.age": "no field that is known"}),
    (LAUNCH | {"caller": {"name": "Ann"}}, {"caller.person": "is missing"}),
    (LAUNCH | {"caller": ""}, {"caller": "is empty"}),
    (LAUNCH | {"caller": "x" * 201}, {"caller": "more than 200"}),
    (LAUNCH | {"caller": "a\nb"}, {"caller": "control character"}),
    (LAUNCH | {"caller": "\ud800"}, {"caller": "half a character"}),
    (LAUNCH | {"caller": SOMEBODY | {"name": LONG}}, {"caller.name": "more than 100"}),
    (LAUNCH | {"caller": SOMEBODY | {"name": "n" * 10_000}}, {"caller.name": "more than 100"}),
    (LAUNCH | {"caller": SOMEBODY | {"name": " \t "}}, {"caller.name": "is empty"}),
    (LAUNCH | {"caller": SOMEBODY | {"name": "\u200b"}}, {"caller.name": "nothing that can be"}),
    (LAUNCH | {"caller": SOMEBODY | {"name": "A\u202eB"}}, {"caller.name": "direction"}),
    (LAUNCH | {"caller": SOMEBODY | {"name": "A\x1bB"}}, {"caller.name": "control"}),
    (LAUNCH | {"caller": SOMEBODY | {"name": "A\u2028B"}}, {"caller.name": "control"}),
    (LAUNCH | {"caller": SOMEBODY | {"name": 7}}, {"caller.name": "no text"}),
    (LAUNCH | {"reason": "r" * 201}, {"reason": "more than 200"}),
    (LAUNCH | {"answer": ""}, {"answer": "is empty"}),
]


async def test_fields_that_are_wrong_are_named(api: SiteApi) -> None:
    for said, wrong in WRONG_FIELDS:
        found = fields(await sent(api, json.dumps(said).encode()))
        assert set(found) == set(wrong)
        for field, detail in wrong.items():
            assert detail in found[field]


NO_PICTURES = [
    "http://site.example/a.jpg",
    "javascript:alert(1)",
    "https://",
    "https://user:secret@site.example/a.jpg",
    "https://site.example/a b",
    "https://site.example:0/",
    "https://[::1/a",
    "https://sité.example/a.jpg",
    f"https://site.example/{'a' * 2048}",
]


async def test_a_picture_is_an_https_url(api: SiteApi) -> None:
    for picture in NO_PICTURES:
        said = {"person": "ann", "name": "Ann", "picture": picture}
        assert list(fields(await api.post("/v1/shadow-accounts", said))) == ["picture"], picture


async def test_many_wrong_fields_are_not_all_told(api: SiteApi) -> None:
    said = LAUNCH | {f"{'field' * 50}{number}": number for number in range(100)}

    errors = (await api.post("/v1/launches", said)).json()["errors"]

    assert len(errors) == 20
    assert max(len(error["field"]) for error in errors) == 100


async def test_what_was_sent_is_not_repeated(api: SiteApi, phone: Phone) -> None:
    secret = "s3cret-" * 5
    asked = (
        await api.post("/v1/launches", LAUNCH | {"caller": {"person": 5, "name": f"\n{secret}"}}),
        await api.post("/v1/launches/redeem", {"code": secret + "!", "key": {"kty": secret}}, ""),
        await api.redeem(secret, phone.jwk),
        await api.post("/v1/tokens/refresh", {"refresh_token": secret}, ""),
        await api.ask("GET", f"/v1/{secret}?{secret}"),
        await api.post("/v1/launches", LAUNCH, f"tck_{secret[:8]}_{'x' * 43}"),
    )

    for answer in asked:
        assert answer.status_code >= 400
        assert "s3cret" not in answer.text


# --- where, how, how often


async def test_what_is_not_there(api: SiteApi) -> None:
    for path in ("/", "/v1/nothing", "/v1/launches/", "/redoc", "/static"):
        assert problem(await api.ask("GET", path)) == (404, "not-found")


async def test_what_cannot_be_done(api: SiteApi) -> None:
    for method, path, allowed in (
        ("GET", "/v1/launches", "POST"),
        ("PUT", "/v1/shadow-accounts/ann", "DELETE, GET"),
        ("POST", "/healthz", "GET"),
        ("OPTIONS", "/v1/launches", "POST"),
    ):
        answer = await api.ask(method, path)
        assert problem(answer) == (405, "wrong-method")
        assert answer.headers["allow"] == allowed


async def test_one_person_dials_only_so_often(api: SiteApi) -> None:
    said = [await api.post("/v1/launches", LAUNCH) for _ in range(11)]

    assert [answer.status_code for answer in said] == [201] * 10 + [429]
    assert problem(said[-1]) == (429, "too-many")
    assert said[-1].headers["retry-after"] == "2"
    # Somebody else is not held up, nor is the same ID of another site.
    assert (await api.post("/v1/launches", LAUNCH | {"caller": "cat"})).status_code == 201
    assert (await api.post("/v1/launches", LAUNCH, api.other_key)).status_code == 201
    api.clock.advance(seconds=2)
    assert (await api.post("/v1/launches", LAUNCH)).status_code == 201


async def test_a_site_sets_limits_of_its_own(api: SiteApi) -> None:
    SiteSettings(limits=Limits(launches=Rate(1, 60, 1))).save(api.state.site("site.example").folder)

    said = [(await api.post("/v1/launches", LAUNCH)).status_code for _ in range(2)]

    assert said == [201, 429]


async def test_one_network_redeems_only_so_often(api: SiteApi, phone: Phone) -> None:
    async with api.asking_from("203.0.113.7") as http:
        said = {"code": "x" * 43, "key": phone.jwk}
        answers = [await http.post("/v1/launches/redeem", json=said) for _ in range(31)]

    assert [answer.status_code for answer in answers] == [404] * 30 + [429]
    assert problem(answers[-1]) == (429, "too-many")
    assert problem(await api.redeem("x" * 43, phone.jwk)) == (404, "code-unknown")


# --- what is away, or broken


async def test_a_database_that_is_away(
    api: SiteApi, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = await api.launch()

    async def away(*_: object) -> None:
        raise StoreAway("postgresql://user:secret@db is away")

    with monkeypatch.context() as broken:
        for name in ("issue", "redeem", "revoked", "ready", "note", "revoke"):
            broken.setattr(type(api.store), name, away)
        for answer in (
            await api.post("/v1/launches", LAUNCH),
            await api.post("/v1/shadow-accounts", {"person": "ann", "name": "Ann"}),
            await api.ask("DELETE", "/v1/shadow-accounts/ann"),
            await api.redeem(code, phone.jwk),
            await api.ask("GET", "/healthz", ""),
        ):
            assert problem(answer) == (503, "away")
            assert answer.headers["retry-after"] == "2"
            assert "secret" not in answer.text

    assert (await api.redeem(code, phone.jwk)).status_code == 200


@pytest.mark.expects_log
async def test_our_own_mistakes_tell_nothing(
    api: SiteApi, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError(f"the password is {'hunter'}2")

    monkeypatch.setattr(type(api.store), "issue", broken)

    answer = await api.post("/v1/launches", LAUNCH)

    assert problem(answer) == (500, "internal")
    assert "hunter2" not in answer.text + caplog.text
    assert "RuntimeError" in caplog.text
    assert "nosniff" in answer.headers["x-content-type-options"]
