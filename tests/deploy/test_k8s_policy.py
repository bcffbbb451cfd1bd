"""What a schema does not see and an API server or an operator would: admission, probes, resources, references."""

import re
import shutil
from pathlib import Path

import pytest

from deploy.local.run_folder import REPOSITORY
from tests.support.manifests import (
    K8S,
    OVERLAYS,
    SERVICES,
    Pod,
    label,
    named,
    of_kind,
    pods,
    render,
    rendered,
    service_container,
)

KUSTOMIZATIONS = (*OVERLAYS, "observability")
_RESTRICTED_VOLUMES = {"configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected"}
_RESTRICTED_VOLUMES |= {"secret"}


def _refused_by_restricted(pod: Pod) -> list[str]:
    """What PodSecurity admission "restricted" says: kubernetes.io/docs/concepts/security/pod-security-standards."""
    problems = []
    whole = pod.spec.get("securityContext", {})
    problems += [key for key in ("hostNetwork", "hostPID", "hostIPC") if pod.spec.get(key)]
    for volume in pod.spec.get("volumes", []):
        problems += [f"volume {kind}" for kind in set(volume) - {"name"} - _RESTRICTED_VOLUMES]
    for container in pod.containers:
        own = container.get("securityContext", {})
        rules = {
            "allowPrivilegeEscalation": own.get("allowPrivilegeEscalation") is False,
            "privileged": not own.get("privileged"),
            "capabilities.drop": own.get("capabilities", {}).get("drop") == ["ALL"],
            "capabilities.add": set(own.get("capabilities", {}).get("add", [])) <= {"NET_BIND_SERVICE"},
            "runAsNonRoot": own.get("runAsNonRoot", whole.get("runAsNonRoot")) is True,
            "runAsUser": own.get("runAsUser", whole.get("runAsUser", 0)) > 0,
            "seccompProfile": own.get("seccompProfile", whole.get("seccompProfile", {})).get("type")
            in ("RuntimeDefault", "Localhost"),
            "hostPort": all("hostPort" not in port for port in container.get("ports", [])),
        }
        problems += [f"{container['name']}: {rule}" for rule, kept in rules.items() if not kept]
    return problems


@pytest.mark.parametrize("overlay", KUSTOMIZATIONS)
def test_every_pod_is_admitted_by_pod_security_restricted(overlay: str) -> None:
    refused = {label(pod.owner): problems for pod in pods(overlay) if (problems := _refused_by_restricted(pod))}
    assert refused == {}


@pytest.mark.parametrize("overlay", KUSTOMIZATIONS)
def test_the_namespace_enforces_it(overlay: str) -> None:
    (namespace,) = of_kind(overlay, "Namespace")
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"


@pytest.mark.parametrize("overlay", KUSTOMIZATIONS)
def test_every_container_is_confined_and_sized(overlay: str) -> None:
    for pod in pods(overlay):
        assert pod.spec["automountServiceAccountToken"] is (label(pod.owner) == "Deployment prometheus")
        assert pod.spec["enableServiceLinks"] is False
        for container in pod.containers:
            where = f"{label(pod.owner)}: {container['name']}"
            resources = container["resources"]
            assert container["securityContext"]["readOnlyRootFilesystem"] is True, where
            assert resources["requests"]["memory"] == resources["limits"]["memory"], where
            assert "cpu" in resources["requests"], where
            assert "cpu" not in resources["limits"], f"{where}: a CPU limit throttles where there is CPU to be had"


def test_with_speech_the_language_model_has_its_image_and_the_memory_it_takes(tmp_path: Path) -> None:
    """The overlay as its owner turns it on: one line without its comment sign."""
    shutil.copytree(K8S, tmp_path / "deploy/k8s")
    shutil.copytree(REPOSITORY / "hotel", tmp_path / "hotel")
    kustomization = tmp_path / "deploy/k8s/overlays/prod/kustomization.yaml"
    kustomization.write_text(
        kustomization.read_text().replace("# - ../../components/speech", "- ../../components/speech")
    )
    plain, hearing = service_container("prod", "nlp"), None
    for manifest in render(kustomization.parent):
        if label(manifest) == "Deployment nlp":
            (hearing,) = manifest["spec"]["template"]["spec"]["containers"]
    assert hearing is not None
    assert hearing["image"] == plain["image"].replace("/nlp:", "/nlp-speech:")
    assert (hearing["resources"]["requests"]["memory"], hearing["resources"]["limits"]["memory"]) == ("1Gi", "1Gi")
    same = hearing | {"image": plain["image"], "resources": plain["resources"]}
    assert same == plain, "nothing else differs"


@pytest.mark.parametrize("overlay", KUSTOMIZATIONS)
def test_images_are_pinned_to_a_version(overlay: str) -> None:
    for pod in pods(overlay):
        for container in pod.containers:
            name, _, tag = container["image"].rpartition(":")
            assert name, container["image"]
            assert re.search(r"\d+\.\d+", tag), f"{container['image']} is not pinned"


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_service_has_a_budget_an_autoscaler_a_policy_and_an_account(overlay: str) -> None:
    deployments = {manifest["metadata"]["name"] for manifest in of_kind(overlay, "Deployment")}
    assert deployments == set(SERVICES)
    for service in SERVICES:
        selector = {"app.kubernetes.io/name": service}
        assert named(overlay, "PodDisruptionBudget", service)["spec"]["selector"]["matchLabels"] == selector
        assert named(overlay, "NetworkPolicy", service)["spec"]["podSelector"]["matchLabels"] == selector
        assert named(overlay, "ServiceAccount", service)["automountServiceAccountToken"] is False
        target = named(overlay, "HorizontalPodAutoscaler", service)["spec"]["scaleTargetRef"]
        assert target == {"apiVersion": "apps/v1", "kind": "Deployment", "name": service}
        # Replicas are the autoscaler's: a number here would undo its work at every apply.
        assert "replicas" not in named(overlay, "Deployment", service)["spec"]


@pytest.mark.parametrize("overlay", ["staging", "prod", "prod-operators"])
def test_there_are_two_of_everything_and_more_where_guests_wait(overlay: str) -> None:
    for scaler in of_kind(overlay, "HorizontalPodAutoscaler"):
        assert scaler["spec"]["minReplicas"] >= 2
        metrics = [metric["type"] for metric in scaler["spec"]["metrics"]]
        waits = scaler["metadata"]["name"] in ("gateway", "orchestrator")
        assert metrics == (["Resource", "External"] if waits else ["Resource"])


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_rollouts_take_no_replica_away_before_another_is_there(overlay: str) -> None:
    for service in SERVICES:
        spec = named(overlay, "Deployment", service)["spec"]
        assert spec["strategy"]["rollingUpdate"] == {"maxUnavailable": 0, "maxSurge": 1}
        assert spec["minReadySeconds"] == 5
        assert len(spec["template"]["spec"]["topologySpreadConstraints"]) == 2
        assert spec["template"]["metadata"]["labels"].items() >= spec["selector"]["matchLabels"].items()


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_a_rollout_waits_for_the_releases_own_migration(overlay: str) -> None:
    for service in ("gateway", "session", "pms"):
        template = named(overlay, "Deployment", service)["spec"]["template"]["spec"]
        (gate,) = template["initContainers"]
        assert gate["args"] == ["await-schema"]
        jobs = [job for job in of_kind(overlay, "Job") if job["metadata"]["name"].startswith(f"migrate-{service}-")]
        assert len(jobs) == 1
        (migration,) = jobs[0]["spec"]["template"]["spec"]["containers"]
        version = migration["image"].rpartition(":")[2]
        assert {gate["image"], migration["image"]} == {service_container(overlay, service)["image"]}
        assert jobs[0]["metadata"]["name"] == f"migrate-{service}-{version.replace('.', '-')}"
        # An existing Job cannot be changed, so nothing in it may change within a release.
        assert migration["envFrom"] == [{"secretRef": {"name": f"migrate-{service}"}}]
        assert [entry["name"] for entry in migration["env"]] == ["ENV"]


@pytest.mark.parametrize("overlay", KUSTOMIZATIONS)
def test_what_is_referred_to_is_there(overlay: str) -> None:
    here = {(manifest["kind"], manifest["metadata"]["name"]) for manifest in rendered(overlay)}
    if overlay == "prod-operators":
        here |= {("Secret", m["spec"]["target"]["name"]) for m in of_kind(overlay, "ExternalSecret")}
        here |= {("Secret", m["spec"]["secretName"]) for m in of_kind(overlay, "Certificate")}
    missing = [
        f"{label(pod.owner)}: {kind} {name}"
        for pod in pods(overlay)
        for kind, name in _references(pod)
        if (kind, name) not in here
    ]
    assert missing == []


def _references(pod: Pod) -> list[tuple[str, str]]:
    found = [("ServiceAccount", name) for name in [pod.spec.get("serviceAccountName")] if name]
    for volume in pod.spec.get("volumes", []):
        match volume:
            case {"configMap": {"name": name}}:
                found.append(("ConfigMap", name))
            case {"secret": {"secretName": name}}:
                found.append(("Secret", name))
            case {"persistentVolumeClaim": {"claimName": name}}:
                found.append(("PersistentVolumeClaim", name))
    for container in pod.containers:
        for source in container.get("envFrom", []):
            kind = "ConfigMap" if "configMapRef" in source else "Secret"
            found.append((kind, source.get("configMapRef", source.get("secretRef"))["name"]))
        for entry in container.get("env", []):
            if secret := entry.get("valueFrom", {}).get("secretKeyRef"):
                found.append(("Secret", secret["name"]))
    return found


@pytest.mark.parametrize("overlay", KUSTOMIZATIONS)
def test_names_fit_into_labels_and_dns(overlay: str) -> None:
    for manifest in rendered(overlay):
        assert re.fullmatch(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?", manifest["metadata"]["name"]), label(manifest)


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_a_changed_configuration_or_secret_rolls_out(overlay: str) -> None:
    """Names carry a hash of the content, so a change changes the pods. Flags are read while the services run."""
    for manifest in of_kind(overlay, "ConfigMap", "Secret"):
        name = manifest["metadata"]["name"]
        if name not in ("feature-flags", "postgres") and not name.startswith("migrate-"):
            assert re.search(r"-[a-z0-9]{10}$", name), name
