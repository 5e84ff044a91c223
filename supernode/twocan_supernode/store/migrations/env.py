"""What Alembic runs: all steps that lack, in the transaction that it is handed."""

from alembic import context

from twocan_supernode.store import tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables.metadata,
)
context.run_migrations()
