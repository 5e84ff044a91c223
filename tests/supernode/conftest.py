"""One node with two sites for all tests here that leave it as it was."""

from collections.abc import Iterator

import pytest

from running import Supernode
from twocan_supernode.site.settings import SiteSettings
from twocan_supernode.state import State

SITES = ("near.localhost", "other.localhost")


@pytest.fixture(scope="session")
def supernode(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Supernode]:
    # In a home such as people have.
    state = State(tmp_path_factory.mktemp("söme 'where'"))
    for name in SITES:
        state.add_site(name)
    SiteSettings(origins=("https://near.example",)).save(state.site(SITES[0]).folder)
    with Supernode(state.folder) as node:
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
