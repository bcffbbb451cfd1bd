"""Which processes a run has and how to ask each whether it is ready: one per service, or one with all five in it."""

import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from deploy.local.addresses import Addresses, Replica
from deploy.local.certificates import OUTSIDER, tls_environment
from deploy.local.child import Child
from deploy.local.orphans import PidFile
from deploy.local.readiness import ask_grpc, ask_http
from deploy.local.run_folder import RunFolder
from deploy.local.supervisor import STOP_ORDER, Probe

SINGLE = "mesh"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Processes and probes by name, and the names in the order to stop them."""

    children: Mapping[str, Child]
    probes: Mapping[str, Probe]
    order: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What every process of a run is given: `code` is the folder that holds the package `services`."""

    addresses: Addresses
    run: RunFolder
    code: Path
    inherited: Mapping[str, str]
    stores: Mapping[str, str]
    report: Callable[[str], None]

    def shared_environment(self) -> dict[str, str]:
        """What a command that serves nothing needs: a migration, the demo."""
        return self._with_code(self.addresses.shared_environment(inherited=self.inherited, stores=self.stores))

    def environment_of(self, replica: Replica) -> dict[str, str]:
        environment = self.addresses.environment_of(replica, inherited=self.inherited, stores=self.stores)
        if self.addresses.tls:
            # The demo and people with a client of their own come with a certificate of this name.
            others = environment.get("ALLOWED_CALLERS", "")
            environment["ALLOWED_CALLERS"] = f"{others},{OUTSIDER}" if others else OUTSIDER
            environment |= tls_environment(self.run.certificates, replica.service)
        return self._with_code(environment)

    def _with_code(self, environment: dict[str, str]) -> dict[str, str]:
        paths = [str(self.code), str(self.code / "libs"), environment.get("PYTHONPATH", "")]
        environment["PYTHONPATH"] = ":".join(path for path in paths if path)
        return environment

    def child(self, name: str, *, module: str, environment: Mapping[str, str]) -> Child:
        return Child(
            name=name,
            command=[sys.executable, "-m", module],
            mark=f"-m {module}",
            environment=environment,
            folder=self.code,
            log=self.run.log(name),
            pid_file=PidFile(self.run.pids / f"{name}.pid"),
            report=self.report,
        )


def five_processes(around: Surroundings) -> Plan:
    """One process for each replica of each service."""
    children, probes = {}, {}
    for replica in around.addresses.replicas:
        children[replica.name] = around.child(
            replica.name, module=f"services.{replica.service}", environment=around.environment_of(replica)
        )
        probes[replica.name] = _probe(replica)
    order = tuple(replica.name for service in STOP_ORDER for replica in around.addresses.of(service))
    return Plan(children=children, probes=probes, order=order)


def one_process(around: Surroundings) -> Plan:
    """All services in one process without sockets between them; it is asked like a gateway."""
    gateway = around.addresses.of("gateway")[0]
    child = around.child(SINGLE, module="services", environment=around.environment_of(gateway))
    return Plan(children={SINGLE: child}, probes={SINGLE: _probe(gateway)}, order=(SINGLE,))


def _probe(replica: Replica) -> Probe:
    grpc_probe = partial(_says_yes_over_grpc, replica.health_address)
    if replica.http is None:
        return grpc_probe
    http_probe = _probe_http(replica)

    async def both() -> bool:
        return await grpc_probe() and await http_probe()

    return both


async def _says_yes_over_grpc(address: str) -> bool:
    return (await ask_grpc(address)).serving


def _probe_http(replica: Replica) -> Callable[[], Awaitable[bool]]:
    url = f"{replica.http_url}/health/ready"

    async def ready() -> bool:
        return (await ask_http(url)).serving

    return ready
