"""What the manifests tell containers is what the code's settings ask for, and what production refuses is refused."""

import os
import re
import subprocess
import sys

import pytest
import yaml
from mesh.process import EX_USAGE
from mesh.settings import load
from pydantic import SecretStr

from deploy.local.run_folder import REPOSITORY
from tests.support.code_facts import SERVICES, SETTINGS, optional_secrets_of, secrets_of, settings_of
from tests.support.manifests import PLAIN, environment, folder_of, of_kind, pods, service_container


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("overlay", PLAIN)
def test_every_variable_is_a_setting_of_the_service(overlay: str, service: str) -> None:
    told = environment(overlay, service_container(overlay, service))
    unknown = sorted(told.keys() - settings_of(service).keys())
    assert unknown == [], f"{service} has no such settings: remove them from base/{service} or overlays/{overlay}"


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("overlay", PLAIN)
def test_every_setting_that_a_cluster_needs_is_set(overlay: str, service: str) -> None:
    """Defaults are for one machine: what names this machine, and every secret, has to be told. The rest may stay."""
    told = environment(overlay, service_container(overlay, service))
    local = {name for name, default in settings_of(service).items() if "127.0.0.1" in str(default)}
    missing = sorted(local - told.keys())
    assert missing == [], f"add them to deploy/k8s/base/mesh.env, or to base/{service}/settings.env"


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("overlay", PLAIN)
def test_every_secret_of_the_service_is_in_its_secret_and_no_other(overlay: str, service: str) -> None:
    file = REPOSITORY / f"deploy/k8s/overlays/{overlay}/secrets/{service}.env"
    text = file.read_text() if file.exists() else ""
    given = set(re.findall(r"^([A-Z0-9_]+)=", text, re.MULTILINE))
    offered = set(re.findall(r"^# ([A-Z0-9_]+)=", text, re.MULTILINE))
    wanted, optional = secrets_of(service), optional_secrets_of(service)
    advice = f"put it into deploy/k8s/overlays/*/secrets/{service}.env"
    assert sorted(wanted - optional - given - offered) == [], f"secrets that are not set: {advice}"
    assert sorted(optional - given - offered) == [], f"optional secrets that nobody would find: {advice}, commented out"
    assert sorted((given | offered) - wanted) == [], f"not secrets of {service}: take them out of {file.name}"


@pytest.mark.parametrize("service", SERVICES)
def test_no_secret_is_in_a_config_map(service: str) -> None:
    for overlay in PLAIN:
        for manifest in of_kind(overlay, "ConfigMap"):
            assert not manifest["data"].keys() & secrets_of(service), manifest["metadata"]["name"]


def test_production_as_checked_in_refuses_to_start() -> None:
    """Placeholders must never serve a guest: each secret of ours is one that ENV=prod refuses."""
    for service in SERVICES:
        told = environment("prod", service_container("prod", service))
        assert told["ENV"] == "prod"
        for name, value in told.items():
            if name in secrets_of(service) and not name.endswith("_URL"):
                assert isinstance(settings_of(service)[name], SecretStr)
                assert value.startswith("dev-"), f"{name} in overlays/prod is not a placeholder"


@pytest.mark.parametrize("service", SERVICES)
def test_production_starts_once_the_placeholders_are_secrets(service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that production demands is missing from the overlay."""
    for name, value in environment("prod", service_container("prod", service)).items():
        named_key = name == "DATA_MASTER_KEYS"
        monkeypatch.setenv(name, ("key:" if named_key else "") + "x" * 40 if value.startswith("dev-") else value)
    assert load(SETTINGS[service]).env == "prod"


@pytest.mark.parametrize("overlay", PLAIN)
def test_every_container_of_a_services_image_has_the_env_and_the_secrets_of_the_service(overlay: str) -> None:
    """Jobs and init containers too: what takes itself for dev seals guests' data under a key that everybody knows."""
    env = yaml.safe_load((folder_of(overlay) / "release.yaml").read_text())["data"]["env"]
    seen = []
    for pod in pods(overlay):
        for container in pod.containers:
            service = container["image"].rpartition(":")[0].rpartition("/")[2]
            if service in SERVICES:
                told, own = (environment(overlay, one) for one in (container, service_container(overlay, service)))
                assert told.items() >= {name: own[name] for name in own if name in secrets_of(service)}.items()
                assert told["ENV"] == own["ENV"] == env == overlay
                seen.append(container["name"])
    assert sorted(seen) == ["migrate"] * 3 + ["schema"] * 3 + ["service"] * 5


def test_with_external_secrets_a_migration_gets_what_its_service_gets() -> None:
    extracted = {
        manifest["spec"]["target"]["name"]: manifest["spec"]["dataFrom"]
        for manifest in of_kind("prod-operators", "ExternalSecret")
    }
    for service in ("gateway", "session", "pms"):
        assert extracted[f"migrate-{service}"] == extracted[f"{service}-secrets"]


@pytest.mark.parametrize("service", ["gateway", "session", "pms"])
def test_a_migration_refuses_keys_that_everybody_knows(service: str) -> None:
    """The Job as production has it checked in, with placeholders: before it touches a database."""
    (job,) = [job for job in of_kind("prod", "Job") if job["metadata"]["name"].startswith(f"migrate-{service}-")]
    (container,) = job["spec"]["template"]["spec"]["containers"]
    done = subprocess.run(
        [sys.executable, "-m", f"services.{service}", *container["args"]],
        env={"PATH": os.environ["PATH"]} | environment("prod", container),
        capture_output=True,
        text=True,
        check=False,
        cwd=REPOSITORY,
    )
    assert done.returncode == EX_USAGE, done.stderr
    assert "DATA_MASTER_KEYS" in done.stderr
    assert "DATA_INDEX_KEY" in done.stderr
