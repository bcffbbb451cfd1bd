"""Where every service of the mesh listens on this machine, and the environment each process gets.

The ports are documented and fixed; HTTP_PORT, <NAME>_GRPC_PORT and <NAME>_METRICS_PORT change them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Self

from deploy.local.errors import LocalError
from deploy.local.ports import LOOPBACK, is_busy
from deploy.local.run_folder import REPOSITORY

SERVICES = ("gateway", "nlp", "session", "pms", "orchestrator")
MIGRATING = ("gateway", "session", "pms")

_HTTP_PORT = 8000
_GRPC_PORTS = {"gateway": 7001, "nlp": 7002, "session": 7003, "pms": 7004, "orchestrator": 7005}
# The gateway serves its metrics on the HTTP port.
_METRICS_PORTS = {"nlp": 7102, "session": 7103, "pms": 7104, "orchestrator": 7105}
_STEP_BETWEEN_REPLICAS = 10
_HEALTH_BESIDE = 500
_MOST_REPLICAS = 9
_DEVELOPMENT = {
    "ENV": "dev",
    # Nobody balances over these processes, so nobody needs time to notice that one is leaving.
    "DRAIN_SECONDS": "0",
    "PYTHONUNBUFFERED": "1",
    "FLAGS_FILE": str(REPOSITORY / "hotel" / "flags.json"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Port:
    """A port, what it is for ("gRPC"), and the environment variable that changes it."""

    number: int
    purpose: str
    variable: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Replica:
    """One process of a service. The first is called after the service, the second `pms-2`, and so on."""

    service: str
    number: int
    grpc: Port
    metrics: Port | None
    http: Port | None
    health: Port | None = None

    @property
    def name(self) -> str:
        return self.service if self.number == 1 else f"{self.service}-{self.number}"

    @property
    def ports(self) -> tuple[Port, ...]:
        return tuple(port for port in (self.http, self.grpc, self.metrics, self.health) if port is not None)

    @property
    def http_url(self) -> str:
        """Base address of a gateway, without a slash at the end."""
        assert self.http is not None
        return f"http://{LOOPBACK}:{self.http.number}"

    @property
    def grpc_address(self) -> str:
        return f"{LOOPBACK}:{self.grpc.number}"

    @property
    def health_address(self) -> str:
        """Where it is asked how it is: under TLS a plaintext port of its own."""
        return f"{LOOPBACK}:{(self.health or self.grpc).number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """All processes of the mesh with their ports.

    In single mode there is one: it has the gateway's ports, and all services answer on its gRPC port.
    """

    replicas: tuple[Replica, ...]
    single: bool = False
    tls: bool = False

    @classmethod
    def read(
        cls, environment: Mapping[str, str], *, replicas: Mapping[str, int] | None = None, single: bool = False
    ) -> Self:
        """Raises LocalError for a port that is none, one given twice, or an impossible number of replicas."""
        counts = replicas or {}
        tls = _wants_tls(environment)
        if tls and single:
            raise LocalError("MESH_TLS makes no sense with --single: there are no sockets between the services.")
        if counts and single:
            raise LocalError("--replicas makes no sense with --single: there all services share one process.")
        for service, count in counts.items():
            if service not in SERVICES or not 1 <= count <= _MOST_REPLICAS:
                raise LocalError(
                    f"--replicas {service}={count}: give one of {', '.join(SERVICES)} and 1 to {_MOST_REPLICAS}."
                )
        found = cls(
            replicas=tuple(
                _replica(service, number, environment)
                for service in (SERVICES[:1] if single else SERVICES)
                for number in range(1, counts.get(service, 1) + 1)
            ),
            single=single,
            tls=tls,
        )
        found._refuse_shared_ports()
        return found

    @property
    def http_url(self) -> str:
        """Base address of the first gateway."""
        return self.of("gateway")[0].http_url

    def of(self, service: str) -> tuple[Replica, ...]:
        return tuple(replica for replica in self.replicas if replica.service == service)

    def mesh_environment(self) -> dict[str, str]:
        """What every process is told about all of them: each service's address, and its first port by name."""
        environment = {}
        for service in SERVICES:
            replicas = self.of("gateway" if self.single else service)
            addresses = ",".join(replica.grpc_address for replica in replicas)
            environment[f"{service.upper()}_ADDRESS"] = addresses if len(replicas) == 1 else f"ipv4:{addresses}"
            environment |= {port.variable: str(port.number) for port in replicas[0].ports}
        environment["MESH_MODE"] = "single" if self.single else "mesh"
        environment["MESH_TLS"] = str(int(self.tls))
        return environment

    def shared_environment(self, *, inherited: Mapping[str, str], stores: Mapping[str, str]) -> dict[str, str]:
        """What any command of the mesh is given; what the caller set wins."""
        return _DEVELOPMENT | self.mesh_environment() | dict(stores) | dict(inherited)

    def environment_of(
        self, replica: Replica, *, inherited: Mapping[str, str], stores: Mapping[str, str]
    ) -> dict[str, str]:
        """The environment of one process: the shared one, with its own ports whatever the caller set."""
        environment = self.shared_environment(inherited=inherited, stores=stores)
        environment["MESH_MODE"] = "single" if self.single else "mesh"
        environment["GRPC_PORT"] = str(replica.grpc.number)
        environment["METRICS_PORT"] = str(replica.metrics.number if replica.metrics else 0)
        environment["HEALTH_PORT"] = str(replica.health.number if replica.health else 0)
        environment.pop("HTTP_PORT", None)
        if replica.http is not None:
            environment["HTTP_PORT"] = str(replica.http.number)
        return environment

    def busy(self) -> list[str]:
        """One sentence for each port that somebody else already listens on."""
        return [
            f"Port {port.number} is taken, and {replica.name} needs it for {port.purpose}: "
            f"stop what listens there, or set {port.variable} to another port."
            for replica, port in self._ports()
            if is_busy(port.number)
        ]

    def _ports(self) -> Iterator[tuple[Replica, Port]]:
        for replica in self.replicas:
            for port in replica.ports:
                yield replica, port

    def _refuse_shared_ports(self) -> None:
        seen: dict[int, str] = {}
        for replica, port in self._ports():
            user = f"{port.purpose} of {replica.name} ({port.variable})"
            if port.number in seen:
                raise LocalError(f"Port {port.number} is given twice: {seen[port.number]} and {user}.")
            seen[port.number] = user


def port_from(environment: Mapping[str, str], variable: str) -> int | None:
    """The port a variable names; None when it is not set. Raises LocalError when it is no port."""
    text = environment.get(variable, "")
    if not text:
        return None
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise LocalError(f"{variable} is {text!r}; it must be a port number from 1 to 65535.")
    return int(text)


def _wants_tls(environment: Mapping[str, str]) -> bool:
    return environment.get("MESH_TLS", "") not in ("", "0")


def _replica(service: str, number: int, environment: Mapping[str, str]) -> Replica:
    def port(variable: str, default: int | None, purpose: str) -> Port | None:
        if default is None:
            return None
        chosen = port_from(environment, variable) or default
        return Port(number=chosen + (number - 1) * _STEP_BETWEEN_REPLICAS, purpose=purpose, variable=variable)

    grpc = port(f"{service.upper()}_GRPC_PORT", _GRPC_PORTS[service], "gRPC")
    assert grpc is not None
    tls = _wants_tls(environment)
    return Replica(
        service=service,
        number=number,
        grpc=grpc,
        health=port(f"{service.upper()}_HEALTH_PORT", _GRPC_PORTS[service] + _HEALTH_BESIDE if tls else None, "health"),
        metrics=port(f"{service.upper()}_METRICS_PORT", _METRICS_PORTS.get(service), "metrics"),
        http=port("HTTP_PORT", _HTTP_PORT if service == "gateway" else None, "HTTP"),
    )
