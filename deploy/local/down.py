"""`down`: asks the running mesh to stop and waits until it has."""

import contextlib
import os
import signal
import time

from deploy.local.errors import LocalError
from deploy.local.run_folder import RunFolder
from deploy.local.terminal import say

_POLL_SECONDS = 0.1
# Five processes with half a minute each, and the stores.
_SECONDS = 240.0


def down(run: RunFolder) -> None:
    """Does nothing when nothing runs. Raises LocalError when the mesh does not stop in time."""
    holder = run.claim.holder()
    if holder is None:
        say(f"Nothing is running in {run.path}.")
        return
    say(f"Stopping the mesh (process {holder}) …")
    with contextlib.suppress(ProcessLookupError):
        os.kill(holder, signal.SIGTERM)
    deadline = time.monotonic() + _SECONDS
    while run.claim.holder() is not None:
        if time.monotonic() > deadline:
            raise LocalError(f"Process {holder} has not stopped after {_SECONDS:.0f} s. See {run.logs}.")
        time.sleep(_POLL_SECONDS)
    say("Stopped. The data is kept.")
