"""What `kubectl apply -k` would send: the overlays rendered by kubectl itself, and what tests ask of them."""

import base64
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from deploy.local.run_folder import REPOSITORY
from deploy.tools.fetch import tool

K8S = REPOSITORY / "deploy" / "k8s"
PLAIN = ("dev", "staging", "prod")
OVERLAYS = (*PLAIN, "prod-operators")
SERVICES = ("gateway", "nlp", "session", "pms", "orchestrator")
CONTROLLERS = ("Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob")

Manifest: TypeAlias = Any  # what YAML holds


@cache
def rendered(folder: str) -> tuple[Manifest, ...]:
    """Every object of a kustomization, by its folder below deploy/k8s (or an overlay's name)."""
    return render(K8S / "overlays" / folder if folder in OVERLAYS else K8S / folder)


def render(path: Path) -> tuple[Manifest, ...]:
    """Every object of the kustomization in `path`."""
    done = subprocess.run([tool("kubectl"), "kustomize", path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{path} does not render:\n{done.stderr}"
    # A warning (a deprecated field, a patch that hit nothing) is a fault: nobody reads warnings.
    assert not done.stderr.strip(), f"{path} renders with warnings:\n{done.stderr}"
    return tuple(document for document in yaml.safe_load_all(done.stdout) if document)


def of_kind(overlay: str, *kinds: str) -> list[Manifest]:
    return [manifest for manifest in rendered(overlay) if manifest["kind"] in kinds]


def named(overlay: str, kind: str, name: str) -> Manifest:
    found = [manifest for manifest in of_kind(overlay, kind) if manifest["metadata"]["name"] == name]
    assert len(found) == 1, f"{overlay} has {len(found)} of {kind} {name}"
    return found[0]


def label(manifest: Manifest) -> str:
    """For the messages of tests: `Deployment pms`."""
    return f"{manifest['kind']} {manifest['metadata']['name']}"


@dataclass(frozen=True, slots=True)
class Pod:
    """A pod template and what makes pods of it."""

    owner: Manifest
    template: Manifest

    @property
    def spec(self) -> Manifest:
        return self.template["spec"]

    @property
    def labels(self) -> Manifest:
        return self.template["metadata"]["labels"]

    @property
    def containers(self) -> list[Manifest]:
        return [*self.spec.get("initContainers", []), *self.spec["containers"]]


def pods(overlay: str) -> Iterator[Pod]:
    for owner in of_kind(overlay, *CONTROLLERS):
        spec = owner["spec"]["jobTemplate"]["spec"] if owner["kind"] == "CronJob" else owner["spec"]
        yield Pod(owner, spec["template"])


def service_container(overlay: str, service: str) -> Manifest:
    return next(
        container
        for container in named(overlay, "Deployment", service)["spec"]["template"]["spec"]["containers"]
        if container["name"] == "service"
    )


def environment(overlay: str, container: Manifest) -> dict[str, str]:
    """The environment a container gets, later sources over earlier ones, as Kubernetes lays them."""
    told: dict[str, str] = {}
    for source in container.get("envFrom", []):
        told |= _source(overlay, source)
    for entry in container.get("env", []):
        told[entry["name"]] = entry.get("value", "(from elsewhere)")
    return told


def _source(overlay: str, source: Manifest) -> Manifest:
    if "configMapRef" in source:
        return named(overlay, "ConfigMap", source["configMapRef"]["name"])["data"]
    secret = named(overlay, "Secret", source["secretRef"]["name"])
    return secret.get("stringData", {}) | {
        key: base64.b64decode(value).decode() for key, value in secret.get("data", {}).items()
    }


def folder_of(overlay: str) -> Path:
    return K8S / "overlays" / overlay
