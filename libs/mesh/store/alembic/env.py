"""Alembic's environment for every service: one schema and one history each, over the same asyncpg driver."""

import asyncio

import asyncpg
from alembic import context
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

config = context.config
schema = config.attributes["schema"]
url = config.attributes["url"]

# One lock for all replicas that start at once; the number only has to be the same everywhere.
_MIGRATION_LOCK = 7_203_941


def run(connection: Connection) -> None:
    # A session lock, so that replicas migrating at once wait for each other instead of racing to create the schema.
    connection.execute(text(f"SELECT pg_advisory_lock({_MIGRATION_LOCK})"))
    connection.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{schema}"'))
    connection.execute(text(f'SET search_path TO "{schema}"'))
    connection.commit()
    try:
        context.configure(connection=connection, version_table_schema=schema, transaction_per_migration=True)
        with context.begin_transaction():
            context.run_migrations()
    finally:
        connection.rollback()
        connection.execute(text(f"SELECT pg_advisory_unlock({_MIGRATION_LOCK})"))
        connection.commit()


async def main() -> None:
    # asyncpg reads the URL itself, as the services' pools do: SQLAlchemy would refuse its `sslmode`.
    engine = create_async_engine(
        "postgresql+asyncpg://",
        async_creator=lambda: asyncpg.connect(url),
        poolclass=NullPool,
        hide_parameters=True,  # a migration that fails on guests' rows must not log them
    )
    async with engine.connect() as connection:
        await connection.run_sync(run)
    await engine.dispose()


asyncio.run(main())
