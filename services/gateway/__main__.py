"""`python -m services.gateway`: serve, migrate, settings; `replay` for parked turns; `admin` for accounts of staff;
`rotate-keys` for the keys of conversations.
"""

import sys
from pathlib import Path

from mesh.process import load_or_exit, main
from mesh.store.rotation import rotate_keys

from services.gateway.app import build
from services.gateway.replay import replay
from services.gateway.settings import KEY_TABLES, Settings, VaultSettings
from services.gateway.staff.command import run as run_admin

if __name__ == "__main__":
    if sys.argv[1:2] == ["replay"]:
        print(f"gateway: {replay(load_or_exit(Settings), sys.argv[2:])} parked turns are open again")
        sys.exit(0)
    if sys.argv[1:2] == ["admin"]:
        sys.exit(run_admin(load_or_exit(Settings), sys.argv[2:]))
    if sys.argv[1:] == ["rotate-keys"]:
        sys.exit(rotate_keys(VaultSettings, tables=KEY_TABLES))
    main(
        name="gateway",
        settings_class=Settings,
        build=build,
        migrations=Path(__file__).parent / "migrations",
        migration_settings=VaultSettings,
    )
