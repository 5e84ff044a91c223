"""One node with two sites for all tests here that leave it as it was."""

from collections.abc import Iterator

import pytest

from running import Supernode

SITES = ("near.localhost", "other.localhost")


@pytest.fixture(scope="session")
def supernode(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Supernode]:
    with Supernode(tmp_path_factory.mktemp("supernode"), SITES) as node:
        yield node


@pytest.fixture
def near(supernode: Supernode) -> str:
    """The site that most tests are about."""
    assert supernode.site == SITES[0]
    return SITES[0]


@pytest.fixture
def other() -> str:
    """Another site of the same node."""
    return SITES[1]
