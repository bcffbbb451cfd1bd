"""`up --detach`: the same run in the background, its progress shown here until it is ready."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence

from deploy.local.run_folder import RunFolder
from deploy.local.terminal import say

# Not a line that anything else prints.
_READY = "\x06"
BACKGROUND = "--in-background"


def start_in_background(command: Sequence[str], *, environment: Mapping[str, str]) -> int:
    """Copies the background process's output until it is ready (0) or has ended (its exit code)."""
    process = subprocess.Popen(
        [*command, BACKGROUND],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=dict(environment),
        start_new_session=True,
    )
    assert process.stdout is not None
    try:
        for line in process.stdout:
            if line.rstrip("\n") == _READY:
                say("It runs in the background.")
                return 0
            print(line, end="", flush=True)
    except KeyboardInterrupt:
        process.terminate()
    return process.wait()


def tell_ready_and_let_go(run: RunFolder) -> None:
    """In the background process: tells the one in front, and writes to a log file from then on."""
    print(_READY, flush=True)
    with run.log("supervisor").open("ab") as log:
        for stream in (sys.stdout, sys.stderr):
            os.dup2(log.fileno(), stream.fileno())
