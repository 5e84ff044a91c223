"""Which database a command means, and how its password stays out of the list of processes."""

import argparse
import os
from collections.abc import Mapping
from urllib.parse import urlsplit

from twocan_supernode.errors import UsageError
from twocan_supernode.state import State

VARIABLE = "TWOCAN_DATABASE"


def add_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--database",
        metavar="URL",
        help=f"the sites' database (site.sqlite in DIR; also in {VARIABLE}, where passwords go): "
        "postgresql://USER@HOST/NAME",
    )


def url(
    given: argparse.Namespace, state: State, environment: Mapping[str, str] = os.environ
) -> str:
    """The URL of the database. Raises UsageError for a password that everybody could read."""
    said: str | None = given.database
    if said is None:
        from twocan_supernode.store.urls import url_of

        return environment.get(VARIABLE) or url_of(state.folder)
    if has_password(said):
        raise UsageError(
            "--database has a password, and whoever is on this machine can read the command line: "
            f"put the URL into the environment as {VARIABLE}, or the password into ~/.pgpass"
        )
    return said


def has_password(text: str) -> bool:
    try:
        return urlsplit(text).password is not None or "password=" in urlsplit(text).query
    except ValueError:  # no URL at all: the store says what is wrong with it
        return False
