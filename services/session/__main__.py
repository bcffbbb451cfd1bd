"""`python -m services.session`: serve (default), migrate, settings."""

from pathlib import Path

from mesh.process import main

from services.session.app import build
from services.session.settings import Settings

if __name__ == "__main__":
    main(name="session", settings_class=Settings, build=build, migrations=Path(__file__).parent / "migrations")
