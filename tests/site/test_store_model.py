"""Codes against a model: whatever is asked in whatever order, on two nodes of one database."""

import asyncio
import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from stored import NOW, SECOND, SITE, digest, entry, noting
from twocan_supernode.store import Code, CodeError, Expired, Store, Unknown, Used
from twocan_supernode.store.facade import CODES_KEPT

NAMES = st.sampled_from("abc")
PHONES = st.sampled_from("xy")
NODES = st.integers(0, 1)
LIFE = 120 * SECOND
WAITS = st.sampled_from([1, LIFE - 1, LIFE, CODES_KEPT])


class Codes(RuleBasedStateMachine):
    """The model: the codes there are, and who redeemed each."""

    runner: asyncio.Runner
    stores: list[Store]

    @initialize()
    def begin(self) -> None:
        self.salt = os.urandom(8).hex()  # a database of its own, as good as
        self.now = NOW
        self.codes: dict[str, Code] = {}
        self.winners: dict[str, str] = {}

    @rule(node=NODES, name=NAMES, launch=st.text(max_size=3).map(repr))
    def issue(self, node: int, name: str, launch: str) -> None:
        asked = Code(self.key(name), SITE, launch, self.now, self.now + LIFE)
        stands = self.codes.setdefault(name, asked)
        assert self.ask(self.stores[node].issue(asked, entry())) == stands

    @rule(node=NODES, name=NAMES, phones=st.lists(PHONES, min_size=1, max_size=3))
    def redeem(self, node: int, name: str, phones: list[str]) -> None:
        answers = self.ask(self.all_redeem(node, name, phones))
        for phone, answer in zip(phones, answers, strict=True):
            assert answer == self.expected(name, phone) or type(answer) is self.expected(
                name, phone
            )

    @rule(wait=WAITS)
    def wait(self, wait: int) -> None:
        self.now += wait

    @rule(node=NODES)
    def purge(self, node: int) -> None:
        self.ask(self.stores[node].purge(self.now))
        gone = [name for name, one in self.codes.items() if one.expires + CODES_KEPT < self.now]
        for name in gone:
            self.codes.pop(name)
            self.winners.pop(name, None)

    def expected(self, name: str, phone: str) -> Code | type[CodeError]:
        if name not in self.codes:
            return Unknown
        if self.now >= self.codes[name].expires:
            return Expired
        won = self.winners.setdefault(name, phone) == phone
        return self.codes[name] if won else Used

    async def all_redeem(self, node: int, name: str, phones: list[str]) -> list[Any]:
        by = [digest(phone) for phone in phones]
        store = self.stores[node]
        asked = (store.redeem(self.key(name), one, self.now, noting()) for one in by)
        return await asyncio.gather(*asked, return_exceptions=True)

    def key(self, name: str) -> bytes:
        return digest(self.salt + name)

    def ask(self, asked: Any) -> Any:
        return self.runner.run(asked)


@pytest.fixture
def machine(database: str) -> Iterator[type[Codes]]:
    with asyncio.Runner() as runner:
        stores = [runner.run(Store.open(database)) for _ in range(2)]
        yield type("CodesHere", (Codes,), {"runner": runner, "stores": stores})
        for store in stores:
            runner.run(store.close())


def test_codes_do_what_the_model_does(machine: type[Codes]) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=12,
            stateful_step_count=20,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
