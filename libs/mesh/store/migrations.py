"""Runs a service's Alembic migrations: its own schema, its own history, nothing shared but the database."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from mesh.errors import Down
from mesh.store.postgres import translate
from mesh.telemetry import get_logger

_LOOK_SECONDS = 2.0
log = get_logger(__name__)


def migrate(url: str, *, schema: str, directory: Path, revision: str = "head") -> None:
    """Moves `schema` to `revision`: `head` or an id to go up, `-1` or `base` to go down. Blocks."""
    config = _config(schema, directory)
    config.attributes.update(schema=schema, url=url)
    downwards = revision == "base" or revision.startswith("-")
    (command.downgrade if downwards else command.upgrade)(config, revision)


async def await_schema(url: str, *, schema: str, directory: Path, seconds: float) -> str:
    """Returns the schema's revision once this code can work on it. Raises Down when it is not there in time.

    That is its own latest revision, or one it does not know: a newer release has migrated already, and every migration
    leaves the schema usable for the release before it.
    """
    scripts = ScriptDirectory.from_config(_config(schema, directory))
    latest = scripts.get_current_head()
    older = {script.revision for script in scripts.walk_revisions()} - {latest}
    deadline = asyncio.get_running_loop().time() + seconds
    told = None
    while True:
        present = await _present(url, schema)
        if present and present not in older:
            return present
        if asyncio.get_running_loop().time() > deadline:
            raise Down("UNAVAILABLE", f"schema {schema} is at {present or 'nothing'} and not at {latest}")
        if present != told or told is None:
            log.info("schema_awaited", schema=schema, present=present or "nothing", wanted=latest)
            told = present
        await asyncio.sleep(_LOOK_SECONDS)


async def _present(url: str, schema: str) -> str:
    """The revision the schema is at; empty while there is none or PostgreSQL does not answer."""
    try:
        with translate():
            connection = await asyncpg.connect(url, timeout=5)
            try:
                return str(await connection.fetchval(f'SELECT version_num FROM "{schema}".alembic_version') or "")  # noqa: S608 (checked by _config)
            finally:
                await connection.close(timeout=5)
    except (Down, asyncpg.UndefinedTableError, asyncpg.InvalidCatalogNameError):
        return ""


def _config(schema: str, directory: Path) -> Config:
    if not re.fullmatch(r"[a-z_]+", schema):
        raise ValueError(f"{schema!r} is not a schema name")
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "alembic"))
    config.set_main_option("version_locations", str(directory / "versions"))
    config.set_main_option("path_separator", "os")
    return config
