"""`python -m services.session`: serve (default), migrate, settings, rotate-keys."""

import sys
from pathlib import Path

from mesh.process import main
from mesh.store.rotation import rotate_keys

from services.session.app import build
from services.session.settings import KEY_TABLES, Settings, VaultSettings

if __name__ == "__main__":
    if sys.argv[1:] == ["rotate-keys"]:
        sys.exit(rotate_keys(VaultSettings, tables=KEY_TABLES))
    main(
        name="session",
        settings_class=Settings,
        build=build,
        migrations=Path(__file__).parent / "migrations",
        migration_settings=VaultSettings,
    )
