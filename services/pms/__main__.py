"""`python -m services.pms [serve | migrate | settings | load-hotel FILE… | backtest | rotate-keys]`."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from mesh.clock import SystemClock
from mesh.errors import DomainError, Down
from mesh.process import EX_UNAVAILABLE, EX_USAGE, exit_with_problems, load_or_exit, main
from mesh.settings import ConfigurationError
from mesh.store import postgres
from mesh.store.rotation import rotate_keys

from services.pms.adapters.builtin import PostgresLedger
from services.pms.adapters.opening_books import open_books
from services.pms.app import build, configurations_of
from services.pms.backtest import backtest_report, parse_backtest
from services.pms.settings import KEY_TABLES, Settings, VaultSettings


def load_hotel(paths: list[str]) -> int:
    """Brings the books in line with hotel files; a running service sees it within PROPERTY_CACHE_SECONDS."""
    if not paths:
        print("usage: python -m services.pms load-hotel FILE...", file=sys.stderr)
        return EX_USAGE
    settings = load_or_exit(Settings)
    try:
        asyncio.run(_load(settings, paths))
    except ConfigurationError as error:
        exit_with_problems(error.problems)
    except Down as error:
        print(f"cannot load: {error}", file=sys.stderr)
        return EX_UNAVAILABLE
    return 0


async def _load(settings: Settings, paths: list[str]) -> None:
    configurations = configurations_of(paths)
    url = settings.postgres_url.get_secret_value()
    pool = await postgres.connect_pool(url, application_name="pms-load-hotel", schema="pms", size=1, overflow=1)
    ledger = PostgresLedger(pool=pool, vault=settings.vault())
    try:
        for configuration in configurations:
            changed = await open_books(ledger, SystemClock(), configuration)
            print(f"{configuration.hotel.property_id}: {'loaded' if changed else 'nothing new'}")
    finally:
        await pool.close()


def backtest(arguments: list[str]) -> int:
    """Prints what the pricing rules would have done on past bookings."""
    options = parse_backtest(arguments)
    settings = load_or_exit(Settings)
    try:
        print(asyncio.run(backtest_report(settings, options)))
    except ConfigurationError as error:
        exit_with_problems(error.problems)
    except DomainError as error:
        print(f"cannot test: {error}", file=sys.stderr)
        return EX_UNAVAILABLE
    return 0


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["load-hotel", *files]:
            sys.exit(load_hotel(files))
        case ["backtest", *options]:
            sys.exit(backtest(options))
        case ["rotate-keys"]:
            sys.exit(rotate_keys(VaultSettings, tables=KEY_TABLES))
    main(
        name="pms",
        settings_class=Settings,
        build=build,
        migrations=Path(__file__).parent / "migrations",
        migration_settings=VaultSettings,
    )
