"""One living owner per folder: a lock that the kernel lets go of when its holder dies, however it dies."""

import fcntl
import os
from pathlib import Path

from deploy.local.errors import FolderInUseError
from deploy.local.orphans import read_pid


class FolderClaim:
    """Exclusive use of a folder by this object; a second claim, in this process or another, is refused.

    The file `name` in the folder carries the lock and the owner's process number.
    """

    def __init__(self, folder: Path, *, name: str = "owner.lock") -> None:
        self._folder = folder
        self._file = folder / name
        self._descriptor: int | None = None

    def take(self) -> None:
        """Raises FolderInUseError when a living process (or another object of this one) holds the folder."""
        if self._descriptor is not None:
            return
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            owner = os.read(descriptor, 32).decode(errors="replace").strip() or "unknown"
            os.close(descriptor)
            raise FolderInUseError(
                f"{self._folder} is already in use by the running process {owner}.\n"
                "Stop that one first (`make down`), or give this one another folder with RUN_DIR."
            ) from None
        os.ftruncate(descriptor, 0)
        os.write(descriptor, str(os.getpid()).encode())
        self._descriptor = descriptor

    def holder(self) -> int | None:
        """The process that holds the folder now (0 when it has not written its number yet), or None."""
        try:
            descriptor = os.open(self._file, os.O_RDWR)
        except FileNotFoundError:
            return None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return read_pid(self._file) or 0
        finally:
            os.close(descriptor)
        return None

    def release(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
