"""One code, one proof, one webhook, and many who want it, in one process and in several."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from postgres import MADE, Postgres
from stored import MINUTE, NOW, SITE, code, digest, entry, hook, key, noting
from twocan_supernode.store import Store, TooManyKeys, Used

NODES = 3
EACH = 20

# Redeems every code, in an order of its own, and says which it got.
RIVAL = """
import asyncio, random, sys
from stored import NOW, code, digest, noting
from twocan_supernode.store import Code, Store

async def main():
    store = await Store.open(sys.argv[1])
    names = [str(number) for number in range(40)]
    random.Random(sys.argv[2]).shuffle(names)
    print("ready", flush=True)
    sys.stdin.readline()
    by = digest(sys.argv[2])
    asked = (store.redeem(code(name).digest, by, NOW, noting()) for name in names)
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert all(isinstance(one, Code) or type(one).__name__ == "Used" for one in answers), answers
    print(*(name for name, one in zip(names, answers) if isinstance(one, Code)))
    await store.close()

asyncio.run(main())
"""


@pytest.fixture
async def nodes(database: str) -> AsyncIterator[list[Store]]:
    async with AsyncExitStack() as opened:
        stores = [await Store.open(database) for _ in range(NODES)]
        for store in stores:
            opened.push_async_callback(store.close)
        yield stores


async def test_one_code_and_many_phones_on_several_nodes(nodes: list[Store]) -> None:
    issued = await nodes[0].issue(code(), entry())
    answers = await asyncio.gather(
        *(
            nodes[number % NODES].redeem(issued.digest, digest(f"{number}"), NOW, noting("redeem"))
            for number in range(NODES * EACH)
        ),
        return_exceptions=True,
    )
    winners = [number for number, one in enumerate(answers) if one == issued]
    assert len(winners) == 1
    assert all(isinstance(one, Used) for one in answers if one != issued)
    for node in nodes:
        again = await node.redeem(issued.digest, digest(f"{winners[0]}"), NOW, noting("redeem"))
        assert again == issued
    lines = await nodes[1].entries(SITE, 0, 100)
    assert [line.action for line in lines] == ["launch", "redeem"]


async def test_one_phone_that_asks_every_node_is_told_by_each(nodes: list[Store]) -> None:
    issued = await nodes[0].issue(code(), entry())
    by = digest("Ann's phone")
    asked = (node.redeem(issued.digest, by, NOW, noting("redeem")) for node in nodes * EACH)
    assert set(await asyncio.gather(*asked)) == {issued}
    assert len(await nodes[0].entries(SITE, 0, 100)) == 2


async def test_one_code_is_issued_once_however_many_ask(nodes: list[Store]) -> None:
    asked = (
        node.issue(code(launch=f"[{number}]"), entry()) for number, node in enumerate(nodes * EACH)
    )
    assert len(set(await asyncio.gather(*asked))) == 1
    assert len(await nodes[0].entries(SITE, 0, 100)) == 1


async def test_one_proof_is_spent_once_on_all_nodes(nodes: list[Store]) -> None:
    spent = await asyncio.gather(*(node.spend(digest("jti"), NOW) for node in nodes * EACH))
    assert spent.count(True) == 1


async def test_many_proofs_in_any_order_on_all_nodes(nodes: list[Store]) -> None:
    names = [f"{number}" for number in range(60)]
    orders = (names, names[::-1], names[30:] + names[:30])
    spent = await asyncio.gather(
        *(
            node.spend(digest(name), NOW)
            for node, order in zip(nodes, orders, strict=True)
            for name in order
        )
    )
    assert spent.count(True) == len(names)


async def test_a_third_key_is_refused_wherever_it_is_made(nodes: list[Store]) -> None:
    answers = await asyncio.gather(
        *(node.add_key(key(f"key{n}"), entry()) for n, node in enumerate(nodes * 2)),
        return_exceptions=True,
    )
    assert [type(one) for one in answers if one is not None] == [TooManyKeys] * 4
    assert len(await nodes[0].keys(SITE)) == 2


async def test_each_webhook_is_claimed_by_one_node(nodes: list[Store]) -> None:
    await asyncio.gather(*(nodes[0].post(hook(f"{number:02}")) for number in range(30)))
    batches = await asyncio.gather(*(node.claim(NOW, NOW + MINUTE, 7) for node in nodes * 3))
    claimed = [one.id for batch in batches for one in batch]
    assert sorted(claimed) == [f"{number:02}" for number in range(30)]


# --- the moment itself, in PostgreSQL --------------------------------------------------------


@pytest.fixture
async def one_node(postgres: Postgres, made: Path) -> AsyncIterator[Store]:
    store = await Store.open(postgres.url(MADE))
    yield store
    await store.close()
    postgres.empty(MADE)


async def somebody_waits(postgres: Postgres) -> None:
    while not postgres.tell("SELECT 1 FROM pg_locks WHERE NOT granted"):
        await asyncio.sleep(0.005)


async def test_another_node_that_is_a_moment_quicker(postgres: Postgres, one_node: Store) -> None:
    issued = await one_node.issue(code(), entry())
    with postgres.connected(MADE) as other:
        winner = (issued.digest, digest("Bob's phone"), issued.expires)
        other.execute("INSERT INTO redeemed VALUES (%s, %s, %s)", winner)
        ann = one_node.redeem(issued.digest, digest("Ann's phone"), NOW, noting("redeem"))
        asked = asyncio.create_task(ann)
        await somebody_waits(postgres)
    with pytest.raises(Used):
        await asked
    bob = await one_node.redeem(issued.digest, digest("Bob's phone"), NOW, noting("redeem"))
    assert bob == issued


async def test_two_nodes_never_wait_for_each_other(postgres: Postgres, one_node: Store) -> None:
    low, high = sorted((digest("a"), digest("b")))
    spend = "INSERT INTO proofs VALUES (%s, 0)"
    with postgres.connected(MADE) as other:
        other.execute(spend, [low])
        asked = asyncio.gather(one_node.spend(high, NOW), one_node.spend(low, NOW))
        await somebody_waits(postgres)
        other.execute("SET lock_timeout = '200ms'")
        other.execute(spend, [high])
    assert list(await asked) == [False, False]


# --- processes -------------------------------------------------------------------------------


async def test_several_processes_that_start_at_once_and_forty_codes(empty_database: str) -> None:
    async with AsyncExitStack() as ending:
        rivals = [await rival(ending, empty_database, name) for name in ("first", "second")]
        store = await Store.open(empty_database)
        ending.push_async_callback(store.close)
        await asyncio.gather(*(store.issue(code(str(number)), entry()) for number in range(40)))
        for one in rivals:
            assert one.stdout
            assert await one.stdout.readline() == b"ready\n"
        won = await asyncio.gather(*(one.communicate(b"go\n") for one in rivals))
    names = [name for out, _ in won for name in out.split()]
    assert sorted(names, key=int) == [b"%d" % number for number in range(40)]


async def rival(ending: AsyncExitStack, database: str, name: str) -> asyncio.subprocess.Process:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-c", RIVAL, database, name),
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )

    async def end() -> None:
        if process.returncode is None:
            process.kill()
            await process.wait()

    ending.push_async_callback(end)
    return process
