"""Alembic runs this; the connection, in its transaction, comes from core.study.server."""

from alembic import context

# one transaction for all: a migration that fails changes nothing
context.configure(
    connection=context.config.attributes["connection"],
    version_table=context.config.attributes["version_table"],
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
