"""`python -m services.orchestrator`: serve (default), settings."""

from mesh.process import main

from services.orchestrator.app import build
from services.orchestrator.settings import Settings

if __name__ == "__main__":
    main(name="orchestrator", settings_class=Settings, build=build)
