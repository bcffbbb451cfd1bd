"""The documented ports, what changes them, and what every process is told."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.addresses import Addresses
from deploy.local.certificates import issue_all, issue_missing
from deploy.local.errors import LocalError

_STORES = {"POSTGRES_URL": "postgresql://store", "REDIS_URL": "redis://store"}


@pytest.fixture
def busy_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def _environment_of(service: str, inherited: dict[str, str], *, number: int = 1, count: int = 1) -> dict[str, str]:
    addresses = Addresses.read(inherited, replicas={service: count})
    return addresses.environment_of(addresses.of(service)[number - 1], inherited=inherited, stores=_STORES)


def test_the_ports_are_the_documented_ones() -> None:
    addresses = Addresses.read({})
    assert {replica.name: [port.number for port in replica.ports] for replica in addresses.replicas} == {
        "gateway": [8000, 7001],
        "nlp": [7002, 7102],
        "session": [7003, 7103],
        "pms": [7004, 7104],
        "orchestrator": [7005, 7105],
    }


def test_every_process_is_told_its_ports_the_others_addresses_and_the_stores() -> None:
    told = _environment_of("pms", {})
    assert {name: told[name] for name in ("GRPC_PORT", "METRICS_PORT", "NLP_ADDRESS", "GATEWAY_ADDRESS", "ENV")} == {
        "GRPC_PORT": "7004",
        "METRICS_PORT": "7104",
        "NLP_ADDRESS": "127.0.0.1:7002",
        "GATEWAY_ADDRESS": "127.0.0.1:7001",
        "ENV": "dev",
    }
    assert _STORES.items() <= told.items()


def test_only_the_gateway_has_an_http_port_and_no_metrics_port_of_its_own() -> None:
    assert _environment_of("gateway", {"HTTP_PORT": "9000"})["HTTP_PORT"] == "9000"
    assert _environment_of("gateway", {})["METRICS_PORT"] == "0"
    assert "HTTP_PORT" not in _environment_of("pms", {"HTTP_PORT": "9000"})


def test_what_the_caller_set_wins_but_for_the_ports_that_differ_per_process() -> None:
    told = _environment_of(
        "pms", {"ENV": "staging", "NLP_ADDRESS": "nlp:8080", "GRPC_PORT": "1", "PMS_GRPC_PORT": "9004"}
    )
    assert (told["ENV"], told["NLP_ADDRESS"], told["GRPC_PORT"]) == ("staging", "nlp:8080", "9004")
    assert _environment_of("session", {"PMS_GRPC_PORT": "9004"})["PMS_ADDRESS"] == "127.0.0.1:9004"


def test_replicas_get_ports_ten_apart_and_everybody_is_told_all_of_them() -> None:
    second = _environment_of("pms", {}, number=2, count=2)
    assert (second["GRPC_PORT"], second["METRICS_PORT"]) == ("7014", "7114")
    assert second["PMS_ADDRESS"] == "ipv4:127.0.0.1:7004,127.0.0.1:7014"
    assert [replica.name for replica in Addresses.read({}, replicas={"pms": 2}).of("pms")] == ["pms", "pms-2"]


@pytest.mark.parametrize(
    ("variable", "who", "purpose"),
    [("HTTP_PORT", "gateway", "HTTP"), ("PMS_GRPC_PORT", "pms", "gRPC"), ("NLP_METRICS_PORT", "nlp", "metrics")],
)
def test_a_busy_port_is_told_with_port_service_and_variable(
    variable: str, who: str, purpose: str, busy_port: int
) -> None:
    told = [line for line in Addresses.read({variable: str(busy_port)}).busy() if str(busy_port) in line]
    assert len(told) == 1
    assert all(word in told[0] for word in (who, purpose, variable))


@pytest.mark.parametrize("text", ["http", "0", "65536", "-1", "²"])
def test_a_port_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(LocalError, match="PMS_GRPC_PORT"):
        Addresses.read({"PMS_GRPC_PORT": text})


def test_one_port_for_two_purposes_is_refused() -> None:
    with pytest.raises(LocalError, match=r"7002 is given twice.*NLP_GRPC_PORT.*PMS_GRPC_PORT"):
        Addresses.read({"PMS_GRPC_PORT": "7002"})


@pytest.mark.parametrize("replicas", [{"bar": 2}, {"pms": 0}, {"pms": 10}])
def test_impossible_replicas_are_refused(replicas: dict[str, int]) -> None:
    with pytest.raises(LocalError, match="replicas"):
        Addresses.read({}, replicas=replicas)


def test_in_single_mode_every_service_is_at_the_one_grpc_port() -> None:
    told = Addresses.read({}, single=True).mesh_environment()
    assert told["MESH_MODE"] == "single"
    assert {value for name, value in told.items() if name.endswith("_ADDRESS")} == {"127.0.0.1:7001"}


def test_replicas_in_single_mode_are_refused() -> None:
    with pytest.raises(LocalError, match="single"):
        Addresses.read({}, replicas={"pms": 2}, single=True)


def test_under_tls_each_process_is_asked_on_a_plaintext_port_of_its_own() -> None:
    addresses = Addresses.read({"MESH_TLS": "1"})
    assert [replica.health_address for replica in addresses.of("pms")] == ["127.0.0.1:7504"]
    told = addresses.environment_of(addresses.of("pms")[0], inherited={}, stores={})
    assert (told["GRPC_PORT"], told["HEALTH_PORT"], told["MESH_TLS"]) == ("7004", "7504", "1")
    plain = Addresses.read({})
    assert plain.of("pms")[0].health_address == "127.0.0.1:7004"
    assert plain.environment_of(plain.of("pms")[0], inherited={}, stores={})["HEALTH_PORT"] == "0"
    with pytest.raises(LocalError, match="MESH_TLS"):
        Addresses.read({"MESH_TLS": "1"}, single=True)


def test_certificates_are_made_once_and_changed_beside_the_old_ca(tmp_path: Path) -> None:
    issue_missing(tmp_path)
    first = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert {"ca.pem", "pms.pem", "pms.key", "gateway.pem", "outsider.key"} <= set(first)
    assert (tmp_path / "pms.key").stat().st_mode & 0o077 == 0
    issue_missing(tmp_path)
    assert (tmp_path / "pms.pem").read_bytes() == first["pms.pem"]
    for _ in range(2):
        before = (tmp_path / "ca.pem").read_bytes()
        issue_all(tmp_path)
        authorities = (tmp_path / "ca.pem").read_bytes()
        assert authorities.count(b"BEGIN CERTIFICATE") == 2
        newest_before = before.split(b"-----END CERTIFICATE-----\n")[-2]
        assert newest_before in authorities
    assert (tmp_path / "pms.pem").read_bytes() != first["pms.pem"]
