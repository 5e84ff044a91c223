"""What a store keeps and answers, as transcripts, on SQLite and on PostgreSQL."""

import asyncio
from dataclasses import replace

import pytest

from stored import ADDRESS, DAY, MINUTE, NOW, SECOND, SITE, code, digest, entry, hook, key, noting
from twocan_supernode.store import (
    CodeError,
    Expired,
    Revocation,
    Store,
    StoreAway,
    TooManyKeys,
    Unknown,
    Used,
)

ANN, BOB = digest("Ann's phone"), digest("Bob's phone")


async def actions(store: Store, site: str = SITE) -> list[str]:
    return [line.action for line in await store.entries(site, 0, 100)]


# --- codes -----------------------------------------------------------------------------------


async def test_a_code_is_redeemed_once(store: Store) -> None:
    issued = code(launch='{"reason": "\N{PARTY POPPER} \\u0000"}')
    assert await store.issue(issued, entry("launch")) == issued
    assert await store.redeem(issued.digest, ANN, NOW, noting("redeem")) == issued
    with pytest.raises(Used):
        await store.redeem(issued.digest, BOB, NOW, noting("redeem"))
    assert await actions(store) == ["launch", "redeem"]


async def test_the_same_phone_is_told_again_until_the_code_expires(store: Store) -> None:
    issued = await store.issue(code(), entry())
    await store.redeem(issued.digest, ANN, NOW, noting("redeem"))
    assert await store.redeem(issued.digest, ANN, issued.expires - 1, noting("redeem")) == issued
    with pytest.raises(Expired):
        await store.redeem(issued.digest, ANN, issued.expires, noting("redeem"))
    assert await actions(store) == ["launch", "redeem"]


async def test_an_expired_code_and_one_that_nobody_issued(store: Store) -> None:
    issued = await store.issue(code(), entry())
    with pytest.raises(Expired):
        await store.redeem(issued.digest, ANN, issued.expires, noting("redeem"))
    with pytest.raises(Unknown):
        await store.redeem(digest("another"), ANN, NOW, noting("redeem"))
    assert await actions(store) == ["launch"]


async def test_a_code_that_stands_is_not_issued_anew(store: Store) -> None:
    first = await store.issue(code(launch='{"callee": "a"}'), entry())
    other = code(launch='{"callee": "b"}', issued=NOW + SECOND)
    assert await store.issue(other, entry()) == first
    assert await actions(store) == ["launch"]


async def test_a_code_that_stands_under_another_digest_is_not_issued_anew(store: Store) -> None:
    first = await store.issue(code("of the hour before"), entry())
    asked = (store.issue(code("new"), entry(), [first.digest]) for _ in range(2))
    assert await asyncio.gather(*asked) == [first, first]
    with pytest.raises(Unknown):
        await store.redeem(code("new").digest, ANN, NOW, noting())
    assert await actions(store) == ["launch"]


async def test_what_fails_among_many_fails_alone(store: Store) -> None:
    issued = [await store.issue(code(f"{n}"), entry()) for n in range(4)]
    await store.redeem(issued[0].digest, BOB, NOW, noting("redeem"))
    answers = await asyncio.gather(
        *(store.redeem(one.digest, ANN, NOW, noting("redeem")) for one in issued),
        store.redeem(digest("another"), ANN, NOW, noting("redeem")),
        return_exceptions=True,
    )
    assert answers[1:4] == issued[1:]
    assert [type(one) for one in (answers[0], answers[4])] == [Used, Unknown]


async def test_what_the_database_cannot_take_fails_alone(store: Store) -> None:
    impossible = replace(code("impossible"), expires=2**70)
    answers = await asyncio.gather(
        store.issue(code("before"), entry("before")),
        store.issue(impossible, entry("never")),
        store.issue(code("after"), entry("after")),
        return_exceptions=True,
    )
    assert [answers[0], answers[2]] == [code("before"), code("after")]
    assert isinstance(answers[1], Exception)
    assert not isinstance(answers[1], StoreAway | CodeError)
    assert "impossible" not in str(answers[1])
    assert sorted(await actions(store)) == ["after", "before"]


# --- site keys -------------------------------------------------------------------------------


async def test_a_site_has_two_valid_keys_at_most(store: Store) -> None:
    old, new = key("oldoldol"), key("newnewne", made=NOW + 1)
    await store.add_key(old, entry("key-made"))
    await store.add_key(new, entry("key-made"))
    with pytest.raises(TooManyKeys, match=r"site\.example has 2 valid keys"):
        await store.add_key(key("third"), entry("key-made"))
    assert await store.keys(SITE) == (old, new)

    assert await store.retire_key(old.id, NOW + 5, entry("key-retired"))
    await store.add_key(key("third", made=NOW + 6), entry("key-made"))
    assert await store.key(old.id) == replace(old, retired=NOW + 5)
    assert [one.id for one in await store.keys(SITE)] == ["oldoldol", "newnewne", "third"]
    assert await actions(store) == ["key-made", "key-made", "key-retired", "key-made"]


async def test_a_key_is_of_one_site_and_retired_once(store: Store) -> None:
    await store.add_key(key(), entry("key-made"))
    assert await store.keys("other.example") == ()
    assert await store.key("nosuchke") is None
    assert await store.retire_key("abcdefgh", NOW + 1, entry("key-retired"))
    assert not await store.retire_key("abcdefgh", NOW + 2, entry("key-retired"))
    assert not await store.retire_key("nosuchke", NOW + 2, entry("key-retired"))
    assert await store.key("abcdefgh") == replace(key(), retired=NOW + 1)
    assert await actions(store) == ["key-made", "key-retired"]


def test_no_digest_is_shown() -> None:
    assert "digest" not in repr(key()) + repr(code())
    assert "launch" not in repr(code(launch='{"callee": "ann"}'))


# --- revocations and proofs ------------------------------------------------------------------


async def test_a_revocation_stands_until_its_end_and_never_moves_back(store: Store) -> None:
    assert await store.revoked(ADDRESS) is None
    await store.revoke(SITE, ADDRESS, NOW, NOW + MINUTE, entry("delete"))
    await store.revoke(SITE, ADDRESS, NOW - 5, NOW + 10, entry("delete"))
    assert await store.revoked(ADDRESS) == NOW
    await store.revoke(SITE, ADDRESS, NOW + 7, NOW + 2 * MINUTE, entry("delete"))
    assert await store.revoked(ADDRESS) == NOW + 7
    await store.purge(NOW + 2 * MINUTE)
    assert await store.revoked(ADDRESS) == NOW + 7
    await store.purge(NOW + 2 * MINUTE + 1)
    assert await store.revoked(ADDRESS) is None
    assert await actions(store) == ["delete"] * 3


async def test_the_revocations_of_a_time(store: Store) -> None:
    for number in range(4):
        await store.revoke(SITE, f"{number}{ADDRESS}", NOW - number, NOW + DAY, entry("delete"))

    found = await store.revocations(NOW - 2, NOW)

    assert found == (Revocation(f"2{ADDRESS}", NOW - 2), Revocation(f"1{ADDRESS}", NOW - 1))


async def test_a_proof_is_spent_once(store: Store) -> None:
    proof, until = digest("jti"), NOW + 5 * MINUTE
    assert sorted(await asyncio.gather(*(store.spend(proof, until) for _ in range(3)))) == [
        False,
        False,
        True,
    ]
    assert not await store.spend(proof, until)
    await store.purge(until + 1)
    assert await store.spend(proof, until)


# --- audit -----------------------------------------------------------------------------------


async def test_the_audit_is_read_in_order_by_site_and_in_pages(store: Store) -> None:
    for number in range(5):
        await store.note(entry(f"{number}", at=NOW + number))
    await store.note(entry("elsewhere", site="other.example"))
    assert [line.at - NOW for line in await store.entries(SITE, NOW + 1, 3)] == [1, 2, 3]
    assert await store.entries("other.example", 0, 9) == (entry("elsewhere", site="other.example"),)


# --- webhooks --------------------------------------------------------------------------------


async def test_a_webhook_is_claimed_by_one_and_comes_back(store: Store) -> None:
    await store.post(hook())
    await store.post(hook(body="a second time"))
    assert await store.claim(NOW - 1, NOW + MINUTE, 10) == ()
    assert await store.claim(NOW, NOW + MINUTE, 10) == (hook(),)
    assert await store.claim(NOW, NOW + MINUTE, 10) == ()

    again = await store.claim(NOW + MINUTE, NOW + 2 * MINUTE, 10)  # whoever had it is gone
    assert again == (replace(hook(), due=NOW + MINUTE),)
    await store.again(hook().id, NOW + 5 * MINUTE)
    assert await store.claim(NOW + 4 * MINUTE, NOW + 9 * MINUTE, 10) == ()
    (third,) = await store.claim(NOW + 5 * MINUTE, NOW + 9 * MINUTE, 10)
    assert third.tries == 1


async def test_a_delivered_webhook_is_never_told_again(store: Store) -> None:
    await store.post(hook())
    await store.delivered(hook().id)
    await store.post(hook())
    await store.again(hook().id, NOW)
    assert await store.claim(NOW + DAY, NOW + DAY, 10) == ()


async def test_the_oldest_webhooks_are_claimed_first(store: Store) -> None:
    for number in (3, 1, 2):
        await store.post(hook(f"{number}", due=NOW + number))
    assert [one.id for one in await store.claim(NOW + 9, NOW + MINUTE, 2)] == ["1", "2"]


# --- housekeeping ----------------------------------------------------------------------------


async def test_what_has_ended_is_forgotten_in_time_and_not_before(store: Store) -> None:
    issued = await store.issue(code(), entry("launch"))
    await store.redeem(issued.digest, ANN, NOW, noting("redeem"))
    await store.post(hook())
    forgotten = issued.expires + 10 * MINUTE

    await store.purge(forgotten)
    with pytest.raises(Expired):
        await store.redeem(issued.digest, ANN, forgotten, noting())
    await store.purge(forgotten + 1)
    with pytest.raises(Unknown):
        await store.redeem(issued.digest, ANN, NOW, noting())

    await store.purge(NOW + 3 * DAY)
    assert len(await store.claim(NOW, NOW, 1)) == 1
    await store.purge(NOW + 3 * DAY + 1)
    assert await store.claim(NOW, NOW, 1) == ()
    await store.purge(NOW + 30 * DAY)
    assert await actions(store) == ["launch", "redeem"]
    await store.purge(NOW + 30 * DAY + 1)
    assert await actions(store) == []


async def test_much_is_forgotten_in_pieces(store: Store) -> None:
    await asyncio.gather(*(store.spend(digest(f"{n}"), NOW + n) for n in range(1201)))
    await store.purge(NOW + 1200)
    assert not await store.spend(digest("1200"), NOW)
    assert await store.spend(digest("1199"), NOW)


async def test_a_closed_store_says_so(store: Store) -> None:
    await store.ready()
    await store.close()
    await store.close()
    with pytest.raises(StoreAway, match="closed"):
        await store.ready()
    with pytest.raises(StoreAway, match="closed"):
        await store.issue(code(), entry())
