"""One node with two sites for whole calls, and the people who make them."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack

import pytest

from calling import Person, person
from running import Supernode

SITES = ("calls.localhost", "elsewhere.localhost")


@pytest.fixture(scope="session")
def supernode(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Supernode]:
    with Supernode(tmp_path_factory.mktemp("supernode"), SITES) as node:
        yield node


@pytest.fixture
async def people() -> AsyncIterator[AsyncExitStack]:
    """Who enters here is gone at the end of the test."""
    async with AsyncExitStack() as stack:
        yield stack


@pytest.fixture
async def caller(
    supernode: Supernode, people: AsyncExitStack, request: pytest.FixtureRequest
) -> Person:
    return await people.enter_async_context(
        person(supernode.mint(f"caller of {request.node.name}", SITES[0]), 440.0)
    )


@pytest.fixture
async def callee(
    supernode: Supernode, people: AsyncExitStack, request: pytest.FixtureRequest
) -> Person:
    return await people.enter_async_context(
        person(supernode.mint(f"callee of {request.node.name}", SITES[0]), 660.0)
    )
