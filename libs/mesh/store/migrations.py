"""Runs a service's Alembic migrations: its own schema, its own history, nothing shared but the database."""

from __future__ import annotations

import re
from pathlib import Path

from alembic import command
from alembic.config import Config


def migrate(url: str, *, schema: str, directory: Path, revision: str = "head") -> None:
    """Moves `schema` to `revision`: `head` or an id to go up, `-1` or `base` to go down. Blocks."""
    if not re.fullmatch(r"[a-z_]+", schema):
        raise ValueError(f"{schema!r} is not a schema name")
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "alembic"))
    config.set_main_option("version_locations", str(directory / "versions"))
    config.set_main_option("path_separator", "os")
    config.attributes.update(schema=schema, url=re.sub(r"^postgres(ql)?://", "postgresql+asyncpg://", url))
    downwards = revision == "base" or revision.startswith("-")
    (command.downgrade if downwards else command.upgrade)(config, revision)
