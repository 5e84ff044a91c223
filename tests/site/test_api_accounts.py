"""Shadow accounts over the API: signing in, presence, and the end."""

from urllib.parse import quote

import jwt

from site_api import NOON, OF_ANOTHER_DAY, OTHER, SITE, Phone, SiteApi, fields, problem
from twocan_supernode.sessions import Device

ANN = {"person": "ann", "name": "Ann"}


async def test_a_person_gets_an_address_and_a_token_for_the_page(api: SiteApi) -> None:
    answer = await api.post("/v1/shadow-accounts", ANN)

    assert answer.status_code == 200
    said = answer.json()
    assert said["address"] == api.address_of("ann")
    assert said["expires"] == "2027-01-15T08:05:00Z"
    assert said["websocket"] == "wss://calls.site.example/ws"
    key = jwt.PyJWK(said["names_key"])
    token = jwt.decode(said["token"], key, algorithms=["ES256"], options=OF_ANOTHER_DAY)
    assert token == {"jid": said["address"], "iat": 1_800_000_000, "exp": 1_800_000_300}


async def test_the_same_person_keeps_the_address_and_no_other_site_has_it(api: SiteApi) -> None:
    first = (await api.post("/v1/shadow-accounts", ANN)).json()["address"]
    renamed = {"person": "ann", "name": "Ann-Marie", "picture": "https://site.example/a.jpg"}
    again = (await api.post("/v1/shadow-accounts", renamed)).json()["address"]
    other = (await api.post("/v1/shadow-accounts", ANN, api.other_key)).json()["address"]

    assert first == again != other
    assert other.endswith(f"@{OTHER}")


async def test_an_id_is_taken_as_it_is(api: SiteApi) -> None:
    for person in ("a/b", "ann?x=1#y", "Äñ é", "\U0001f41d", "%2F", "n" * 200):
        posted = (await api.post("/v1/shadow-accounts", {"person": person, "name": "N"})).json()
        asked = (await api.ask("GET", f"/v1/shadow-accounts/{quote(person, safe='')}")).json()
        at_once = await api.ask("GET", "/v1/presence", params={"person": person})
        assert posted["address"] == asked["address"] == api.address_of(person)
        assert at_once.json() == {"presence": {person: "unreachable"}}


# --- presence


PRESENCES: list[tuple[list[str], str]] = [
    ([], "unreachable"),
    (["away"], "away"),
    (["away", "free"], "free"),
    (["free", "in-a-call", "away"], "in-a-call"),
]


async def test_a_person_is_where_their_devices_are(api: SiteApi) -> None:
    for devices, presence in PRESENCES:
        api.people.devices[api.address_of("ann")] = tuple(
            Device(f"device-{number}", one, NOON) for number, one in enumerate(devices)
        )
        said = (await api.ask("GET", "/v1/shadow-accounts/ann")).json()
        assert said["presence"] == presence
        assert [device["presence"] for device in said["devices"]] == devices
        assert all(device["since"] == NOON for device in said["devices"])


async def test_many_people_are_asked_about_at_once(api: SiteApi) -> None:
    api.people.devices[api.address_of("ann")] = (Device("phone", "free", 0),)

    answer = await api.ask("GET", "/v1/presence?person=ann&person=ben")

    assert answer.json() == {"presence": {"ann": "free", "ben": "unreachable"}}


NOBODY = [
    ("", {"person": "is missing"}),
    ("?person=", {"person.0": "is empty"}),
    ("?person=a%00b", {"person.0": "has a control character"}),
    ("?person=%ff", {"person.0": "has U+FFFD: it was not sent as UTF-8"}),
    ("?" + "&".join(["person=a"] * 101), {"person": "has more than 100"}),
]


async def test_nobody_can_be_asked_about_so(api: SiteApi) -> None:
    for query, wrong in NOBODY:
        assert fields(await api.ask("GET", f"/v1/presence{query}")) == wrong


async def test_a_supernode_that_is_away_is_said_to_be(api: SiteApi) -> None:
    api.people.away = True

    for method, path in (("GET", "/v1/shadow-accounts/ann"), ("DELETE", "/v1/shadow-accounts/ann")):
        answer = await api.ask(method, path)
        assert problem(answer) == (503, "away")
        assert answer.headers["retry-after"] == "2"


# --- the end of a person


async def test_who_is_deleted_is_thrown_out_and_begins_anew_later(either: SiteApi) -> None:
    address = either.address_of("ann")
    either.people.devices[address] = (Device("phone", "free", 0),)

    assert (await either.ask("DELETE", "/v1/shadow-accounts/ann")).status_code == 204

    assert either.people.ended == [address]
    refused = await either.post("/v1/shadow-accounts", ANN)
    assert problem(refused) == (409, "deleted-just-now")
    assert refused.headers["retry-after"] == "600"
    either.clock.advance(minutes=9, seconds=59)
    assert (await either.post("/v1/shadow-accounts", ANN)).headers["retry-after"] == "1"
    assert either.people.readmitted == []
    either.clock.advance(seconds=1)
    again = await either.post("/v1/shadow-accounts", ANN)
    assert again.json()["address"] == address
    assert either.people.readmitted == [address]


async def test_deleting_nobody_or_twice_is_no_mistake(api: SiteApi) -> None:
    for _ in range(2):
        assert (await api.ask("DELETE", "/v1/shadow-accounts/nobody")).status_code == 204


async def test_a_deletion_that_the_supernode_missed_is_asked_for_again(
    api: SiteApi, phone: Phone
) -> None:
    code = await api.launch("ann", "ben")
    api.people.away = True
    assert problem(await api.ask("DELETE", "/v1/shadow-accounts/ann")) == (503, "away")

    # Refused already, although the sessions go on for now.
    assert problem(await api.redeem(code, phone.jwk)) == (410, "person-deleted")

    api.people.away = False
    assert (await api.ask("DELETE", "/v1/shadow-accounts/ann")).status_code == 204
    assert api.people.ended == [api.address_of("ann")]


async def test_what_changes_something_is_noted(api: SiteApi) -> None:
    await api.post("/v1/shadow-accounts", ANN)
    await api.ask("DELETE", "/v1/shadow-accounts/ann")

    noted = await api.store.entries(SITE, 0, 10)

    assert [(entry.action, entry.subject, entry.outcome) for entry in noted][1:] == [
        ("account.signed-in", api.address_of("ann"), "ok"),
        ("account.deleted", api.address_of("ann"), "ok"),
    ]
    assert {entry.actor for entry in noted[1:]} == {api.key.split("_")[1]}
