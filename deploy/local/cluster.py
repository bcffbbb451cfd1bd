"""Makes the data folder of an embedded PostgreSQL: cluster, password and the one database in it."""

import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from deploy.local.account import Account
from deploy.local.errors import StoreFailedError
from deploy.local.leash import leashed
from deploy.local.programs import PostgresPrograms

USER = DATABASE = "hotel"
_SECONDS = 120.0


class Cluster:
    """The files under `folder`: `data` (the cluster) and `password` (readable by its owner only)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._password_file = folder / "password"
        self.data = folder / "data"

    @property
    def password(self) -> str:
        return self._password_file.read_text().strip()

    def prepare(self, programs: PostgresPrograms, account: Account, *, fsync: bool) -> None:
        """Makes the cluster unless it is there, and gives it to `account`. Raises StoreFailedError."""
        if not self.data.exists():
            self._make(programs, account, fsync=fsync)
        made_by = (self.data / "PG_VERSION").read_text().strip()
        if made_by != str(programs.major):
            raise StoreFailedError(
                f"The data in {self._folder} was made by PostgreSQL {made_by}, and version {programs.major} was found "
                f"({programs.postgres}).\nInstall version {made_by}, or delete that folder to begin with an empty one."
            )
        account.take_over(self._folder)

    def _make(self, programs: PostgresPrograms, account: Account, *, fsync: bool) -> None:
        """Builds it beside its final place, so that an interrupted start leaves no half-made cluster."""
        for left in self._folder.glob("new-*"):
            shutil.rmtree(left)
        new = Path(tempfile.mkdtemp(prefix="new-", dir=self._folder))
        self._password_file.unlink(missing_ok=True)
        self._password_file.touch(mode=0o600)
        self._password_file.write_text(secrets.token_hex(16))
        for path in (self._folder, new, self._password_file):
            account.take_over(path)
        initdb = [str(programs.initdb), "-D", str(new), f"--username={USER}", f"--pwfile={self._password_file}"]
        self._run([*initdb, *_options(programs.major, fsync=fsync)], account)
        # Single-user mode needs no port and no client program.
        single = [str(programs.postgres), "--single", "-D", str(new), "postgres"]
        self._run(single, account, text=f"CREATE DATABASE {DATABASE};\n")
        new.rename(self.data)

    def _run(self, command: Sequence[str], account: Account, *, text: str = "") -> None:
        argv = leashed(command, parent_death_signal=signal.SIGKILL, user=account.user, prefix=account.prefix)
        done = subprocess.run(
            argv,
            input=text,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
            cwd="/",
            start_new_session=True,
        )
        if done.returncode != 0:
            words = done.stderr.strip() or done.stdout.strip()
            raise StoreFailedError(f"PostgreSQL could not make its data folder in {self._folder}:\n{words}")


def _options(major: int, *, fsync: bool) -> list[str]:
    options = ["--auth=scram-sha-256", "--encoding=UTF8"]
    if major >= 17:
        # Folds the case of accented letters the same way on every platform.
        options += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    else:
        options += ["--locale=C.UTF-8" if sys.platform == "linux" else "--locale=C"]
    if major >= 16:
        # The password is 128 random bits: stretching it protects nothing and costs every connection its time.
        options += ["-c", "scram_iterations=1"]
    return options if fsync else [*options, "--no-sync"]
