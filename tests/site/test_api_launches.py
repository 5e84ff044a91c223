"""Links: issued by a site, redeemed by a phone, once."""

import asyncio
from pathlib import Path

import jwt

from site_api import OF_ANOTHER_DAY, OTHER, SITE, URL, Phone, SiteApi, code_in, fields, problem
from twocan.links import parse

ANN, BEN = {"person": "ann", "name": "Ann"}, {"person": "ben", "name": "Ben"}


async def test_a_link_leads_a_phone_to_its_account_and_to_the_callee(
    api: SiteApi, phone: Phone
) -> None:
    picture = "https://site.example/ben.jpg"
    answer = await api.post(
        "/v1/launches",
        {"caller": ANN, "callee": BEN | {"picture": picture}, "video": True, "reason": "Bicycle"},
    )

    assert answer.status_code == 201
    said = answer.json()
    link = parse(said["link"])
    assert link.redeem == f"{URL}/v1/launches/redeem"
    assert "redeem=https%3A%2F%2Fcalls.site.example%2Fv1%2F" in said["link"]
    assert said["page"] == f"{URL}/launch#{link.code}"
    assert said["expires"] == "2027-01-15T08:02:00Z"
    assert said["caller"] == {"address": api.address_of("ann")}
    assert said["downloads"] == {}

    redeemed = (await api.redeem(link.code, phone.jwk)).json()

    assert redeemed["caller"] == {"address": api.address_of("ann"), "name": "Ann"}
    assert redeemed["callee"] == {
        "address": api.address_of("ben"),
        "name": "Ben",
        "picture": picture,
    }
    assert (redeemed["video"], redeemed["reason"]) == (True, "Bicycle")
    assert "answer" not in redeemed
    account = redeemed["account"]
    assert account["address"] == api.address_of("ann")
    assert account["expires"] == "2027-01-15T08:10:00Z"
    assert account["servers"] == [{"host": "calls.site.example", "port": 5223}]
    assert (account["host"], account["port"]) == ("calls.site.example", 5223)
    assert account["refresh"]["url"] == api.refresh_url
    assert "ca" not in account


async def test_its_card_and_token_are_signed_by_the_site(api: SiteApi, phone: Phone) -> None:
    code = await api.launch(ANN, BEN)
    account = (await api.redeem(code, phone.jwk)).json()["account"]

    key = jwt.PyJWK(account["names_key"])
    card = jwt.decode(account["card"], key, algorithms=["ES256"], options=OF_ANOTHER_DAY)
    assert (card["sub"], card["name"]) == (api.address_of("ann"), "Ann")
    token = jwt.decode(account["token"], key, algorithms=["ES256"], options=OF_ANOTHER_DAY)
    assert token["jid"] == api.address_of("ann")
    assert token["exp"] - token["iat"] == 600


async def test_whoever_answers_is_the_callee(api: SiteApi, phone: Phone) -> None:
    code = await api.launch(ANN, BEN, answer="3f1d0a52")

    redeemed = (await api.redeem(code, phone.jwk)).json()

    assert redeemed["account"]["address"] == api.address_of("ben")
    assert redeemed["answer"] == "3f1d0a52"


async def test_people_without_names_are_addresses(api: SiteApi, phone: Phone) -> None:
    redeemed = (await api.redeem(await api.launch("ann", "ben"), phone.jwk)).json()

    assert redeemed["caller"] == {"address": api.address_of("ann")}
    assert "reason" not in redeemed


# --- a code works once


async def test_a_code_that_is_shown_again_was_used(either: SiteApi, phone: Phone) -> None:
    code = await either.launch()
    assert (await either.redeem(code, phone.jwk)).status_code == 200

    for again in (phone, Phone()):
        assert problem(await either.redeem(code, again.jwk)) == (410, "code-used")


async def test_of_several_at_once_one_has_it(either: SiteApi) -> None:
    code = await either.launch()

    answers = await asyncio.gather(*(either.redeem(code, Phone().jwk) for _ in range(8)))

    assert sorted(answer.status_code for answer in answers) == [200, *[410] * 7]


async def test_a_code_is_good_for_two_minutes(api: SiteApi, phone: Phone) -> None:
    early, late = await api.launch(), await api.launch()

    api.clock.advance(seconds=119)
    assert (await api.redeem(early, phone.jwk)).status_code == 200
    api.clock.advance(seconds=1)
    assert problem(await api.redeem(late, phone.jwk)) == (410, "code-expired")


async def test_a_code_that_nobody_issued_is_unknown(api: SiteApi, phone: Phone) -> None:
    assert problem(await api.redeem("x" * 43, phone.jwk)) == (404, "code-unknown")


async def test_a_phone_that_heard_no_answer_may_ask_again(either: SiteApi, phone: Phone) -> None:
    code = await either.launch()
    named = {"Idempotency-Key": "first click"}

    first = await either.redeem(code, phone.jwk, headers=named)
    again = await either.redeem(code, phone.jwk, headers=named)

    assert first.status_code == again.status_code == 200
    assert again.json()["callee"] == first.json()["callee"]
    # Neither another phone that knows the name, nor this one by another name.
    stranger = await either.redeem(code, Phone().jwk, headers=named)
    assert problem(stranger) == (410, "code-used")
    renamed = await either.redeem(code, phone.jwk, headers={"Idempotency-Key": "another"})
    assert problem(renamed) == (410, "code-used")


async def test_a_key_that_is_wrong_spends_no_code(api: SiteApi, phone: Phone) -> None:
    code = await api.launch()

    private = await api.redeem(code, phone.jwk | {"d": "A" * 43})
    assert "private" in fields(private)["key"]
    nowhere = await api.redeem(code, phone.jwk | {"x": "A" * 43})
    assert fields(nowhere) == {"key": "the key is no point on P-256"}

    assert (await api.redeem(code, phone.jwk)).status_code == 200


# --- asking twice for one link


async def test_the_same_request_has_the_same_link(api: SiteApi, phone: Phone) -> None:
    asked = {"caller": ANN, "callee": BEN, "video": True}
    named = {"Idempotency-Key": "click 17"}
    first = await api.post("/v1/launches", asked, headers=named)
    api.clock.advance(seconds=30)

    again = await api.post("/v1/launches", asked, headers=named)

    assert again.json() == first.json()
    assert (await api.redeem(code_in(again.json()["link"]), phone.jwk)).status_code == 200


async def test_several_at_once_have_the_same_link(either: SiteApi) -> None:
    answers = await asyncio.gather(
        *(
            either.post(
                "/v1/launches",
                {"caller": ANN, "callee": BEN},
                headers={"Idempotency-Key": "click"},
            )
            for _ in range(6)
        )
    )

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1


async def test_a_name_has_its_link_for_ten_minutes_more_and_never_again(
    either: SiteApi, phone: Phone
) -> None:
    asked, named = {"caller": ANN, "callee": BEN}, {"Idempotency-Key": "click 17"}

    async def link() -> str:
        await either.store.purge(either.clock.now)
        answer = await either.post("/v1/launches", asked, headers=named)
        said: str = answer.json()["link"]
        return said

    either.clock.advance(minutes=9, seconds=30)  # late in its window
    links = [await link()]
    assert (await either.redeem(code_in(links[0]), phone.jwk)).status_code == 200
    for seconds in (120, 480, 120):  # it expires, and is forgotten after that
        either.clock.advance(seconds=seconds)
        assert await link() == links[0]
    for _ in range(8):
        either.clock.advance(seconds=1, minutes=12)
        links.append(await link())

    assert len(set(links)) == len(links)


async def test_whose_name_is_asked_again_by_a_node_whose_clock_is_behind(api: SiteApi) -> None:
    asked, named = {"caller": ANN, "callee": BEN}, {"Idempotency-Key": "click 17"}
    first = await api.post("/v1/launches", asked, headers=named)

    api.clock.advance(seconds=-1)
    again = await api.post("/v1/launches", asked, headers=named)

    assert again.json() == first.json()


async def test_its_name_is_not_for_another_launch(api: SiteApi) -> None:
    named = {"Idempotency-Key": "click 17"}
    await api.post("/v1/launches", {"caller": "ann", "callee": "ben"}, headers=named)

    other = await api.post("/v1/launches", {"caller": "ann", "callee": "cat"}, headers=named)

    assert problem(other) == (422, "idempotency-key-reused")


async def test_a_name_is_printable_ascii(api: SiteApi) -> None:
    for name in ("", " ", "x" * 201, "caf\xe9", "tab\tbed", "trailing "):
        header = (b"Idempotency-Key", name.encode("latin-1"))
        answer = await api.http.post(
            "/v1/launches",
            json={"caller": "ann", "callee": "ben"},
            headers=[(b"Authorization", f"Bearer {api.key}".encode()), header],
        )
        assert list(fields(answer)) == ["Idempotency-Key"]


# --- people


async def test_nobody_calls_themselves(api: SiteApi) -> None:
    answer = await api.post("/v1/launches", {"caller": "ann", "callee": ANN})

    assert "nobody calls themselves" in fields(answer)["callee"]


async def test_a_code_of_somebody_who_was_deleted_is_worthless(
    either: SiteApi, phone: Phone
) -> None:
    codes = [await either.launch("ann", "ben"), await either.launch("ben", "ann")]
    either.clock.advance(seconds=1)
    assert (await either.ask("DELETE", "/v1/shadow-accounts/ann")).status_code == 204
    # Nor is one that was made since, as long as an old token could still sign in.
    codes.append(await either.launch("ann", "ben"))

    for code in codes:
        assert problem(await either.redeem(code, phone.jwk)) == (410, "person-deleted")

    either.clock.advance(minutes=10)
    assert (await either.redeem(await either.launch("ann", "ben"), phone.jwk)).status_code == 200
    assert either.people.readmitted == [either.address_of("ann")]


async def test_launches_are_noted_without_their_codes(api: SiteApi, phone: Phone) -> None:
    code = await api.launch("ann", "ben")
    await api.redeem(code, phone.jwk)

    noted = await api.store.entries(SITE, 0, 10)

    assert [entry.action for entry in noted][-2:] == ["launch.issued", "launch.redeemed"]
    issued = noted[-2]
    assert [entry.subject for entry in noted[-2:]] == [api.address_of("ann")] * 2
    assert issued.actor == api.key.split("_")[1]
    assert code not in repr(noted)
    assert [entry.action for entry in await api.store.entries(OTHER, 0, 10)] == ["key.made"]


async def test_no_code_is_stored(api: SiteApi, tmp_path: Path) -> None:
    code = await api.launch()

    assert [file for file in files(tmp_path) if code.encode() in file.read_bytes()] == []
    assert [file for file in files(tmp_path) if file.suffix == ".sqlite"]


def files(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file()]
