"""A real API server takes every overlay, twice: what no schema tells (selectors, mounts, lengths, what cannot change).

Runs where `etcd` and `kube-apiserver` are: in KUBEBUILDER_ASSETS (`setup-envtest use -p path`) or on the PATH.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.local.ports import free_port
from deploy.tools.fetch import tool
from tests.support.manifests import OVERLAYS, Manifest, named, rendered
from tests.support.polling import wait_until

KUSTOMIZATIONS = (*OVERLAYS, "observability")
OPERATORS = ("cert-manager.io", "external-secrets.io", "monitoring.coreos.com", "postgresql.cnpg.io")
# What a server older than 1.25 calls them; they have the fields that we use.
BEFORE = {"policy/v1": "policy/v1beta1", "autoscaling/v2": "autoscaling/v2beta2"}


def _program(name: str) -> str | None:
    return shutil.which(name, path=os.pathsep.join([os.environ.get("KUBEBUILDER_ASSETS", ""), os.environ["PATH"]]))


pytestmark = pytest.mark.skipif(
    not (_program("etcd") and _program("kube-apiserver")),
    reason="no API server: put etcd and kube-apiserver on the PATH, or their folder into KUBEBUILDER_ASSETS",
)


@dataclass(frozen=True, slots=True)
class ApiServer:
    """How to reach it, and how old it is."""

    port: int
    minor: int = 99

    def kubectl(self, *arguments: str, manifests: Sequence[Manifest] = ()) -> subprocess.CompletedProcess[str]:
        reach = ["--server", f"https://127.0.0.1:{self.port}", "--insecure-skip-tls-verify", "--token", "test"]
        text = yaml.safe_dump_all(self._as_known(manifest) for manifest in manifests)
        return subprocess.run(
            [tool("kubectl"), *reach, *arguments], input=text, capture_output=True, text=True, check=False
        )

    def apply(self, manifests: Sequence[Manifest]) -> subprocess.CompletedProcess[str]:
        own = [manifest for manifest in manifests if not manifest["apiVersion"].partition("/")[0].endswith(OPERATORS)]
        strict = "strict" if self.minor >= 25 else "false"
        return self.kubectl("apply", f"--validate={strict}", "-f", "-", manifests=own)

    def _as_known(self, manifest: Manifest) -> Manifest:
        if self.minor >= 25:
            return manifest
        older = "batch/v1beta1" if manifest["kind"] == "CronJob" else BEFORE.get(manifest["apiVersion"])
        return _without_grpc_probes(manifest) | ({"apiVersion": older} if older else {})


def _without_grpc_probes(part: Any) -> Any:
    match part:
        case {"grpc": {"port": port}, **rest}:
            return rest | {"tcpSocket": {"port": port}}
        case dict():
            return {name: _without_grpc_probes(inner) for name, inner in part.items()}
        case list():
            return [_without_grpc_probes(inner) for inner in part]
    return part


@contextmanager
def _running(name: str, options: Mapping[str, object], log: Path) -> Iterator[None]:
    program = _program(name)
    assert program is not None
    with log.open("w") as output:
        process = subprocess.Popen(
            [program, *(f"--{option}={value}" for option, value in options.items())], stdout=output, stderr=output
        )
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=60)


@pytest.fixture(scope="module")
def api_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiServer]:
    folder = tmp_path_factory.mktemp("api-server")
    store, peers, port = free_port(), free_port(), free_port()
    subprocess.run(["openssl", "genrsa", "-out", folder / "key", "2048"], capture_output=True, check=True)
    (folder / "tokens").write_text('test,test,test,"system:masters"\n')
    etcd = {
        "data-dir": folder / "etcd",
        "listen-client-urls": f"http://127.0.0.1:{store}",
        "advertise-client-urls": f"http://127.0.0.1:{store}",
        "listen-peer-urls": f"http://127.0.0.1:{peers}",
        "initial-advertise-peer-urls": f"http://127.0.0.1:{peers}",
        "initial-cluster": f"default=http://127.0.0.1:{peers}",
    }
    server = {
        "etcd-servers": f"http://127.0.0.1:{store}",
        "cert-dir": folder / "certificates",
        "bind-address": "127.0.0.1",
        "secure-port": port,
        "service-account-issuer": "https://kubernetes",
        "service-account-signing-key-file": folder / "key",
        "service-account-key-file": folder / "key",
        "token-auth-file": folder / "tokens",
        "service-cluster-ip-range": "10.0.0.0/16",
        # No controller makes accounts' tokens here, and no pod runs.
        "disable-admission-plugins": "ServiceAccount",
    }
    with ExitStack() as stack:
        for name, options in (("etcd", etcd), ("kube-apiserver", server)):
            stack.enter_context(_running(name, options, folder / f"{name}.log"))
        reach = ApiServer(port)
        wait_until(lambda: reach.kubectl("get", "--raw", "/readyz").returncode == 0, seconds=120, what="a ready server")
        version = yaml.safe_load(reach.kubectl("version", "-o", "yaml").stdout)["serverVersion"]
        yield ApiServer(port, int(version["gitVersion"].split(".")[1]))


@pytest.mark.parametrize("overlay", KUSTOMIZATIONS)
def test_the_server_takes_it_and_takes_it_again(api_server: ApiServer, overlay: str) -> None:
    """The second time what cannot change (Jobs, selectors) must be as it was."""
    for _ in range(2):
        applied = api_server.apply(rendered(overlay))
        assert applied.returncode == 0, applied.stderr


def test_a_server_that_takes_anything_would_be_seen(api_server: ApiServer) -> None:
    odd = deepcopy(named("dev", "Deployment", "pms")) | {"metadata": {"name": "odd", "namespace": "default"}}
    odd["spec"]["template"]["spec"]["containers"][0]["volumeMounts"] += [{"name": "nowhere", "mountPath": "/odd"}]
    assert 'Not found: "nowhere"' in api_server.apply([odd]).stderr
