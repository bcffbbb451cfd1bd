"""What tests do with a running mesh as a person would."""

import os
import subprocess
import sys

from tests.support.local_mesh import LocalMesh


def run_demo(mesh: LocalMesh) -> None:
    """Two guests book, in Spanish and in English. Raises AssertionError with its words when they cannot."""
    done = subprocess.run(
        [sys.executable, "-m", "deploy.local", "demo"],
        env={**os.environ, "RUN_DIR": str(mesh.folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
