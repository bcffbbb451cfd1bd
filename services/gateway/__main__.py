"""`python -m services.gateway`: serve, migrate, settings."""

from pathlib import Path

from mesh.process import main

from services.gateway.app import build
from services.gateway.settings import Settings

if __name__ == "__main__":
    main(
        name="gateway",
        settings_class=Settings,
        build=build,
        migrations=Path(__file__).parent / "migrations",
    )
