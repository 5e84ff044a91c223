"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Makes all of them."""
    _keys_and_codes()
    _revocations_and_proofs()
    _audit_and_hooks()


def _keys_and_codes() -> None:
    op.create_table(
        "keys",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("made", sa.BigInteger(), nullable=False),
        sa.Column("retired", sa.BigInteger()),
    )
    op.create_index("keys_by_site", "keys", ["site"])
    op.create_table(
        "codes",
        sa.Column("digest", sa.LargeBinary(), primary_key=True),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("launch", sa.Text(), nullable=False),
        sa.Column("issued", sa.BigInteger(), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=False),
    )
    op.create_index("codes_by_expires", "codes", ["expires"])
    op.create_table(
        "redeemed",
        sa.Column("digest", sa.LargeBinary(), primary_key=True),
        sa.Column("by", sa.LargeBinary(), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=False),
    )
    op.create_index("redeemed_by_expires", "redeemed", ["expires"])


def _revocations_and_proofs() -> None:
    op.create_table(
        "revocations",
        sa.Column("address", sa.Text(), primary_key=True),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
    )
    op.create_index("revocations_by_until", "revocations", ["until"])
    op.create_table(
        "proofs",
        sa.Column("digest", sa.LargeBinary(), primary_key=True),
        sa.Column("until", sa.BigInteger(), nullable=False),
    )
    op.create_index("proofs_by_until", "proofs", ["until"])


def _audit_and_hooks() -> None:
    op.create_table(
        "audit",
        sa.Column("number", _NUMBER, primary_key=True, autoincrement=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
    )
    op.create_index("audit_by_at", "audit", ["at"])
    op.create_index("audit_by_site", "audit", ["site", "at"])
    op.create_table(
        "hooks",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("due", sa.BigInteger()),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("posted", sa.BigInteger(), nullable=False),
    )
    op.create_index("hooks_by_due", "hooks", ["due"])
    op.create_index("hooks_by_posted", "hooks", ["posted"])
