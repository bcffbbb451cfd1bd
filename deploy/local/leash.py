"""Starts a program that dies with the process that started it, even when that one is killed with SIGKILL.

Run as a script it arms the kernel's parent-death signal on itself and then becomes the program, so it must stay
free of imports from this project. Where the kernel has no such signal the program starts all the same.
"""

import ctypes
import os
import pwd
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_KEEP_USER = "-"


def leashed(
    command: Sequence[str], *, parent_death_signal: signal.Signals, user: str | None = None, prefix: Sequence[str] = ()
) -> list[str]:
    """The command line that runs `command` on a leash held by this process.

    `prefix` goes before the leash because a change of identity clears the parent-death signal: it has to be armed last.
    The same holds for `user` (only root can change to one), which the leash itself applies first.
    """
    python = [sys.executable, "-I", "-S", str(Path(__file__).resolve())]
    return [*prefix, *python, str(os.getpid()), str(int(parent_death_signal)), user or _KEEP_USER, *command]


def _become_user(name: str) -> None:
    entry = pwd.getpwnam(name)
    os.setgroups([])
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)


def _arm(death_signal: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, death_signal, 0, 0, 0)


def _main(arguments: Sequence[str]) -> None:
    parent, death_signal, user, *command = arguments
    if user != _KEEP_USER:
        _become_user(user)
    _arm(int(death_signal))
    if os.getppid() != int(parent):
        # The parent died before the signal was armed, so the signal will never come.
        sys.exit(f"not started: process {parent}, which asked for it, is gone")
    os.execvp(command[0], command)  # noqa: S606 - becoming the program is what this file is for


if __name__ == "__main__":
    _main(sys.argv[1:])
