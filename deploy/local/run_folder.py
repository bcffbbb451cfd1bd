"""The folder of a run (`.run` under the repository, or RUN_DIR): data, logs, and who is running there."""

import os
from collections.abc import Mapping
from pathlib import Path

from deploy.local.claim import FolderClaim
from deploy.local.errors import LocalError

REPOSITORY = Path(__file__).resolve().parents[2]
_ENVIRONMENT_FILE = "mesh.env"


class RunFolder:
    """Paths of a run, its claim (`supervisor.pid`), and the addresses it told (`mesh.env`, private: has passwords)."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self.claim = FolderClaim(self.path, name="supervisor.pid")
        self.logs = self.path / "logs"
        self.pids = self.path / "pids"
        self.certificates = self.path / "certs"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "RunFolder":
        return cls(Path(environment.get("RUN_DIR") or REPOSITORY / ".run"))

    def prepare(self) -> None:
        """Makes the folders. Open to read, because PostgreSQL may have to reach its own part as another user."""
        try:
            for folder in (self.path, self.logs, self.pids):
                folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LocalError(f"{self.path} cannot be used: {error.strerror}. Set RUN_DIR to another folder.") from None

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def tell(self, environment: Mapping[str, str]) -> None:
        """Writes down where everything is, for `health`, `demo` and people with psql."""
        file = self.path / _ENVIRONMENT_FILE
        file.unlink(missing_ok=True)
        file.touch(mode=0o600)
        file.write_text("".join(f"{name}={value}\n" for name, value in sorted(environment.items())))

    def forget(self) -> None:
        (self.path / _ENVIRONMENT_FILE).unlink(missing_ok=True)

    def told(self) -> dict[str, str]:
        """What the running mesh wrote down; empty when none runs."""
        if self.claim.holder() is None:
            return {}
        try:
            lines = (self.path / _ENVIRONMENT_FILE).read_text().splitlines()
        except FileNotFoundError:
            return {}
        return dict(line.split("=", 1) for line in lines)

    def environment(self) -> dict[str, str]:
        """What the running mesh wrote down, under this process's own environment."""
        return self.told() | dict(os.environ)
