"""The tables. `migrations/` makes them, and a test holds the two together.

A row is inserted or deleted and rarely changed: who redeemed a code is a row of its own, whose
primary key lets in one only, on whichever node. Nothing is stored per person.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)

# What a database of this program says in its table `alembic_version`.
REVISION = "0001"

metadata = MetaData()

# SQLite numbers rows by itself only where the column is called INTEGER.
_NUMBER = BigInteger().with_variant(Integer, "sqlite")

keys = Table(
    "keys",
    metadata,
    Column("id", Text, primary_key=True),
    Column("site", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("made", BigInteger, nullable=False),
    Column("retired", BigInteger),
    Index("keys_by_site", "site"),
)

codes = Table(
    "codes",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("site", Text, nullable=False),
    Column("launch", Text, nullable=False),
    Column("issued", BigInteger, nullable=False),
    Column("expires", BigInteger, nullable=False),
    Index("codes_by_expires", "expires"),
)

# `by` is who redeemed it; `expires` is the code's.
redeemed = Table(
    "redeemed",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("by", LargeBinary, nullable=False),
    Column("expires", BigInteger, nullable=False),
    Index("redeemed_by_expires", "expires"),
)

# Tokens and codes of `address` that were made until `at` are refused.
revocations = Table(
    "revocations",
    metadata,
    Column("address", Text, primary_key=True),
    Column("site", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
    Index("revocations_by_until", "until"),
)

# Proofs of possession that were shown.
proofs = Table(
    "proofs",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("until", BigInteger, nullable=False),
    Index("proofs_by_until", "until"),
)

audit = Table(
    "audit",
    metadata,
    Column("number", _NUMBER, primary_key=True, autoincrement=True),
    Column("at", BigInteger, nullable=False),
    Column("site", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Index("audit_by_at", "at"),
    Index("audit_by_site", "site", "at"),
    implicit_returning=False,  # nobody asks for the number
)

# One that was delivered stays without `due` and body, so that its event is not told again.
hooks = Table(
    "hooks",
    metadata,
    Column("id", Text, primary_key=True),
    Column("site", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("due", BigInteger),
    Column("tries", Integer, nullable=False),
    Column("posted", BigInteger, nullable=False),
    Index("hooks_by_due", "due"),
    Index("hooks_by_posted", "posted"),
)
