"""Which identity PostgreSQL runs under: it refuses root, and initdb refuses an identity without a name."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from deploy.local.errors import StoreMissingError


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """`prefix` goes before the command line; `user` is changed to inside it and must own the data."""

    prefix: tuple[str, ...] = ()
    user: str | None = None

    @property
    def owner(self) -> int:
        """The user number that the data folder must belong to."""
        return os.geteuid() if self.user is None else pwd.getpwnam(self.user).pw_uid

    def take_over(self, path: Path) -> None:
        """Gives a file, or a folder and all in it, to this account. Only root has anything to change here."""
        if os.geteuid() != 0 or path.stat().st_uid == self.owner:
            return
        for found in (path, *path.rglob("*")):
            os.chown(found, self.owner, -1, follow_symlinks=False)


def own_account() -> Account | None:
    """Simply ourselves, unless we are root or nameless (as in a container that picked a number for us)."""
    return Account() if os.geteuid() != 0 and _has_name(os.geteuid()) else None


def mapped_account() -> Account | None:
    """Ourselves under another name, in a user namespace: no change of owner, works inside private folders.

    The name must exist, so it is that of `nobody`, which every system has, rather than a number such as 1000.
    """
    unshare = shutil.which("unshare")
    if unshare is None or not _has_name("nobody"):
        return None
    number = pwd.getpwnam("nobody").pw_uid
    prefix = (unshare, "--user", f"--map-user={number}", f"--map-group={number}")
    try:
        probe = subprocess.run([*prefix, "true"], capture_output=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return Account(prefix=prefix) if probe.returncode == 0 else None


def nobody_account() -> Account | None:
    """Really another user; needs root, and a data folder that this user can reach."""
    return Account(user="nobody") if os.geteuid() == 0 and _has_name("nobody") else None


_IN_ORDER: tuple[Callable[[], Account | None], ...] = (own_account, mapped_account, nobody_account)


def choose_account() -> Account:
    """The first identity that works here. Raises StoreMissingError when there is none."""
    for candidate in _IN_ORDER:
        account = candidate()
        if account is not None:
            return account
    raise StoreMissingError(
        f"PostgreSQL cannot run as user number {os.geteuid()}: it has no name on this system, and user namespaces "
        "(`unshare --user`) are refused here. Two ways out:\n"
        "  1. run as a user with a name, or\n"
        "  2. set POSTGRES_URL to a running PostgreSQL."
    )


def _has_name(user: int | str) -> bool:
    try:
        pwd.getpwuid(user) if isinstance(user, int) else pwd.getpwnam(user)
    except KeyError:
        return False
    return True
