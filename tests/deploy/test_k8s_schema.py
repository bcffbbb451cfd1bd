"""Every overlay renders, and what it renders fits the schemas of four Kubernetes versions."""

import kubernetes_validate
import pytest

from tests.support.manifests import OVERLAYS, PLAIN, Manifest, label, rendered

# The oldest that has gRPC probes without a feature gate, some between, and the newest there is a schema of.
VERSIONS = ("1.27", "1.31", "1.35", "1.37")
BUILT_IN_GROUPS = ("", "apps", "batch", "autoscaling", "policy", "networking.k8s.io", "rbac.authorization.k8s.io")
KUSTOMIZATIONS = (*OVERLAYS, "observability")


def _group(manifest: Manifest) -> str:
    return manifest["apiVersion"].rpartition("/")[0]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("overlay", KUSTOMIZATIONS)
def test_every_object_is_valid(overlay: str, version: str) -> None:
    problems = []
    for manifest in rendered(overlay):
        if _group(manifest) in BUILT_IN_GROUPS:
            try:
                kubernetes_validate.validate(manifest, version, strict=True)
            except kubernetes_validate.ValidationError as error:
                problems.append(f"{label(manifest)}: {'.'.join(map(str, error.path))}: {error.message}")
    assert problems == []


@pytest.mark.parametrize("overlay", [*PLAIN, "observability"])
def test_plain_overlays_need_no_operators(overlay: str) -> None:
    foreign = {label(manifest) for manifest in rendered(overlay) if _group(manifest) not in BUILT_IN_GROUPS}
    assert foreign == set(), "kinds that a plain cluster does not know belong into overlays/prod-operators"


@pytest.mark.parametrize("overlay", KUSTOMIZATIONS)
def test_no_object_is_there_twice_and_each_has_its_namespace(overlay: str) -> None:
    seen = set()
    namespaces = {m["metadata"]["name"] for m in rendered(overlay) if m["kind"] == "Namespace"}
    assert len(namespaces) == 1
    for manifest in rendered(overlay):
        key = (manifest["apiVersion"], manifest["kind"], manifest["metadata"]["name"])
        assert key not in seen
        seen.add(key)
        if manifest["kind"] not in ("Namespace", "ClusterRole", "ClusterRoleBinding"):
            assert manifest["metadata"].get("namespace") in namespaces, label(manifest)


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_operators_kinds_are_those_the_overlay_tells(overlay: str) -> None:
    groups = {_group(manifest) for manifest in rendered(overlay)} - set(BUILT_IN_GROUPS)
    expected = {"cert-manager.io", "external-secrets.io", "monitoring.coreos.com", "postgresql.cnpg.io"}
    assert groups == (expected if overlay == "prod-operators" else set())
