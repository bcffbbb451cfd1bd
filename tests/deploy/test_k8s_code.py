"""The manifests say what the code says: ports, probes, paths, files, and who talks to whom."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from mesh.health import LIVENESS

from deploy.local.run_folder import REPOSITORY
from tests.support.code_facts import SERVICES, callees_of, callers_of, settings_of, stores_of
from tests.support.manifests import OVERLAYS, Pod, named, of_kind, pods, service_container

_PATH = r"/[a-z][a-z0-9-]*(/[\w{}.:-]*)*"
METRICS_PORT, GRPC_PORT, HTTP_PORT, HEALTH_PORT = 9090, 8080, 8000, 8081


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_ports_are_those_the_settings_say(overlay: str) -> None:
    for service in SERVICES:
        container = service_container(overlay, service)
        ports = {port["name"]: port["containerPort"] for port in container["ports"]}
        http = {"http": HTTP_PORT} if service == "gateway" else {}
        assert ports == {"grpc": GRPC_PORT, "metrics": METRICS_PORT, **http}
    told = named(overlay, "ConfigMap", _settings_name(overlay))["data"]
    assert (told["GRPC_PORT"], told["METRICS_PORT"]) == (str(GRPC_PORT), str(METRICS_PORT))
    assert told.get("HEALTH_PORT") == (str(HEALTH_PORT) if overlay == "prod-operators" else None)
    for service in SERVICES:
        scheme, _, target = told[f"{service.upper()}_ADDRESS"].partition(":///")
        host, _, port = target.partition(":")
        found = named(overlay, "Service", host)["spec"]
        assert scheme == "dns"
        assert found["clusterIP"] == "None", "balancing by the client needs every replica's address"
        assert found["selector"] == {"app.kubernetes.io/name": service}
        assert [str(one["port"]) for one in found["ports"]] == [port]


def _settings_name(overlay: str) -> str:
    source = service_container(overlay, "nlp")["envFrom"][0]
    return source["configMapRef"]["name"]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_probes_ask_for_names_that_the_code_answers(overlay: str) -> None:
    port = HEALTH_PORT if overlay == "prod-operators" else GRPC_PORT
    for service in SERVICES:
        container = service_container(overlay, service)
        asked = {kind: container[f"{kind}Probe"] for kind in ("startup", "readiness", "liveness")}
        if service == "gateway":
            paths = {kind: (probe["httpGet"]["path"], probe["httpGet"]["port"]) for kind, probe in asked.items()}
            ready, live = ("/health/ready", "http"), ("/health/live", "http")
            assert paths == {"startup": ready, "readiness": ready, "liveness": live}
        else:
            names = {kind: (probe["grpc"]["service"], probe["grpc"]["port"]) for kind, probe in asked.items()}
            assert names == {"startup": ("", port), "readiness": ("", port), "liveness": (LIVENESS, port)}


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_a_pod_has_the_time_to_drain(overlay: str) -> None:
    for service in SERVICES:
        defaults = settings_of(service)
        drain = float(str(defaults["DRAIN_SECONDS"])) + float(str(defaults["DRAIN_GRACE_SECONDS"]))
        template = named(overlay, "Deployment", service)["spec"]["template"]["spec"]
        assert template["terminationGracePeriodSeconds"] >= drain + 10


@pytest.mark.parametrize("service", SERVICES)
def test_allow_lists_and_channels_of_the_code_agree(service: str) -> None:
    for callee in callees_of(service):
        assert service in callers_of(callee), f"{service} calls {callee}, which does not let it"


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("overlay", OVERLAYS)
def test_policies_open_exactly_the_edges_of_the_call_graph(overlay: str, service: str) -> None:
    spec = named(overlay, "NetworkPolicy", service)["spec"]
    assert set(spec["policyTypes"]) == {"Ingress", "Egress"}
    incoming = {name for rule in spec["ingress"] for name in _peers(rule, "from", GRPC_PORT)}
    outgoing = {name for rule in spec["egress"] for name in _peers(rule, "to", GRPC_PORT)}
    assert incoming == callers_of(service), f"ingress of base/{service}/network-policy.yaml: CALLERS says otherwise"
    assert outgoing == callees_of(service), (
        f"egress of base/{service}/network-policy.yaml: runtime.channel says otherwise"
    )


def _peers(rule: dict[str, list[dict[str, dict[str, dict[str, str]]]]], side: str, port: int) -> Iterator[str]:
    if any(entry["port"] == port for entry in rule["ports"]):
        for peer in rule[side]:
            yield peer["podSelector"]["matchLabels"]["app.kubernetes.io/name"]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_stores_are_open_to_those_who_use_them(overlay: str) -> None:
    for pod in pods(overlay):
        name = pod.labels["app.kubernetes.io/name"]
        if name in SERVICES:
            labelled = {store for store in ("postgres", "redis") if pod.labels.get(f"agente-hotelero/uses-{store}")}
            assert labelled == stores_of(name), f"labels of base/{name}/deployment.yaml"
    for store, port in (("postgres", 5432), ("redis", 6379)):
        spec = named(overlay, "NetworkPolicy", f"to-{store}")["spec"]
        assert spec["podSelector"]["matchLabels"] == {f"agente-hotelero/uses-{store}": "true"}
        assert [entry["port"] for rule in spec["egress"] for entry in rule["ports"]] == [port]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_nothing_is_open_but_what_a_policy_opens(overlay: str) -> None:
    denied = named(overlay, "NetworkPolicy", "default-deny")["spec"]
    assert denied == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    assert named(overlay, "NetworkPolicy", "dns")["spec"]["podSelector"] == {}
    for policy in of_kind(overlay, "NetworkPolicy"):
        for rule in policy["spec"].get("ingress", []):
            assert rule.get("from"), f"{policy['metadata']['name']} is open to everybody"
            assert rule.get("ports"), f"{policy['metadata']['name']} opens every port"


def test_the_ingress_shows_the_public_paths_and_nothing_else() -> None:
    """A new family of routes has to be let in here, or to stay inside, and somebody has to say which."""
    inside = {"/health", "/metrics"}
    (rule,) = named("prod", "Ingress", "gateway")["spec"]["rules"]
    shown = {path["path"] for path in rule["http"]["paths"]}
    assert _first_parts() == (shown - {"/"}) | inside, (
        "routes of the gateway and paths of base/gateway/ingress.yaml (or `inside` of this test) differ"
    )
    nginx = (REPOSITORY / "deploy/nginx/nginx.conf").read_text()
    families = {f"/{name}" for group in re.findall(r"location ~ \^/\(([\w|]+)\)", nginx) for name in group.split("|")}
    assert families == shown - {"/"}, "deploy/nginx/nginx.conf shows other paths than the Ingress"


def _first_parts() -> set[str]:
    """The first part of every path in the gateway's files that make routes: `/webhooks` of "/webhooks/whatsapp"."""
    found = set()
    for path in (REPOSITORY / "services/gateway").rglob("*.py"):
        code = path.read_text()
        # The sandbox is there in development alone; routers of the admin API are below its mount.
        inner = "sandbox" in path.parts or ("admin" in path.parts and "APIRouter(" in code)
        if not inner and any(f"{kind}(" in code for kind in ("Route", "APIRouter", "Mount")):
            found |= {f"/{text.split('/')[1]}" for text in _beginnings(ast.parse(code)) if re.fullmatch(_PATH, text)}
    return found


def _beginnings(tree: ast.AST) -> Iterator[str]:
    """Every text of a program; of an f-string only what it begins with."""
    later = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values[1:]}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in later:
            yield node.value


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_hotel_files_and_flags_are_where_the_settings_say(overlay: str) -> None:
    for service in SERVICES:
        container = service_container(overlay, service)
        told = named(overlay, "ConfigMap", _settings_name(overlay))["data"]
        for source in container["envFrom"]:
            if "configMapRef" in source:
                told = told | named(overlay, "ConfigMap", source["configMapRef"]["name"])["data"]
        template = named(overlay, "Deployment", service)["spec"]["template"]
        files = set(_mounted_files(overlay, Pod({}, template), container))
        if service == "pms":
            assert set(told["HOTEL_FILES"].split(",")) <= files
        if _asks_for_flags(service):
            assert told["FLAGS_FILE"] in files, f"mount feature-flags in base/{service}/deployment.yaml"


def _asks_for_flags(service: str) -> bool:
    return any("runtime.flags(" in path.read_text() for path in (REPOSITORY / "services" / service).rglob("*.py"))


def _mounted_files(overlay: str, pod: Pod, container: dict[str, list[dict[str, str]]]) -> Iterator[str]:
    maps = {v["name"]: v["configMap"]["name"] for v in pod.spec["volumes"] if "configMap" in v}
    for mount in container["volumeMounts"]:
        if mount["name"] in maps:
            for file in named(overlay, "ConfigMap", maps[mount["name"]])["data"]:
                yield str(Path(mount["mountPath"]) / file)


def test_every_overlay_file_is_yaml_that_says_what_it_is_for() -> None:
    for path in (REPOSITORY / "deploy/k8s").rglob("kustomization.yaml"):
        assert yaml.safe_load(path.read_text())["kind"] in ("Kustomization", "Component"), path
