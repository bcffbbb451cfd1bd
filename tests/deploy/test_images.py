"""The Dockerfile: clean by hadolint, one stage for each service, nothing in an image but the service and its lock."""

import re
import subprocess

import pytest

from deploy.local.run_folder import REPOSITORY
from deploy.tools.fetch import ToolMissing, tool
from tests.support.code_facts import SERVICES

DOCKERFILE = (REPOSITORY / "Dockerfile").read_text()


def test_hadolint_has_nothing_to_say() -> None:
    try:
        program = tool("hadolint")
    except ToolMissing as missing:
        pytest.skip(f"hadolint cannot be had on this machine: {missing}")
    done = subprocess.run([program, REPOSITORY / "Dockerfile"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_is_process_one_of_its_own_stage(service: str) -> None:
    stage = DOCKERFILE.partition(f"FROM runtime AS {service}\n")[2].partition("\nFROM ")[0]
    assert f'ENTRYPOINT ["python", "-m", "services.{service}"]' in stage


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_has_a_lock_with_hashes(service: str) -> None:
    lock = (REPOSITORY / "requirements" / f"{service}.lock").read_text()
    pinned = re.findall(r"^[\w.-]+(?:\[[\w,-]+\])?==\S+", lock, re.MULTILINE)
    assert pinned
    assert lock.count("--hash=sha256:") >= len(pinned)
    assert "--require-hashes" in DOCKERFILE


def test_an_image_holds_one_service_and_what_all_share() -> None:
    copied = re.findall(r"^COPY (?!--from)(\S+) ", DOCKERFILE, re.MULTILINE)
    assert copied == [
        "requirements/${LOCK}.lock",
        "libs",
        "services/__init__.py",
        "services/${SERVICE}",
    ]
    ignored = (REPOSITORY / ".dockerignore").read_text().splitlines()
    assert {line[1:] for line in ignored if line.startswith("!")} == {"libs", "services", "requirements"}
    assert "*" in ignored


def test_an_image_takes_itself_for_production_until_told_otherwise() -> None:
    assert re.search(r"^ENV ENV=prod\b", DOCKERFILE, re.MULTILINE)


def test_an_image_runs_as_a_number_that_is_not_root() -> None:
    assert re.search(r"^USER (\d+):\d+$", DOCKERFILE, re.MULTILINE)
    assert "USER 0" not in DOCKERFILE
    assert "HEALTHCHECK" in DOCKERFILE
    assert 'CMD ["python", "-m", "mesh.probe"]' in DOCKERFILE
