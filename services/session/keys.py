"""`python -m services.session rotate-keys`: wraps guests' keys under the first of DATA_MASTER_KEYS."""

from __future__ import annotations

import asyncio
import sys

from mesh.errors import Down
from mesh.process import EX_UNAVAILABLE, EX_USAGE, load_or_exit
from mesh.store import postgres

from services.session.adapters.postgres.rotation import count_old_keys, rewrap_keys
from services.session.adapters.vault import KeyMissing
from services.session.settings import Settings


def rotate_keys() -> int:
    """The exit code: 0 when all keys are under the first master key, 2 when one does not open, 69 without a store."""
    settings = load_or_exit(Settings)
    try:
        asyncio.run(_rotate(settings))
    except KeyMissing as error:
        print(f"not rotated: {error}", file=sys.stderr)  # noqa: T201
        return EX_USAGE
    except Down as error:
        print(f"not rotated: {error}", file=sys.stderr)  # noqa: T201
        return EX_UNAVAILABLE
    return 0


async def _rotate(settings: Settings) -> None:
    pool = await postgres.connect_pool(
        settings.postgres_url.get_secret_value(), application_name="rotate-keys", schema="session", size=1, overflow=0
    )
    try:
        vault = settings.vault()
        wrapped, left = await rewrap_keys(pool, vault), await count_old_keys(pool, vault)
    finally:
        await pool.close()
    print(f"session: {wrapped} keys wrapped under {vault.current_master}, {left} under others")  # noqa: T201
