"""Zero downtime, shown: a release goes out under load, with 0 failed requests and 0 lost messages.

Two replicas of every service. Guests write by signed webhooks, another system asks for prices over gRPC, both balancing
over the replicas that say they are ready, as a Service and a gRPC client do. Meanwhile the next release's migrations
run, then every replica of every service is ended and started again.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import httpx
import pytest
from google.type import date_pb2
from hotel.common.v1 import stay_pb2
from hotel.pms.v1 import pms_pb2, pms_pb2_grpc
from mesh.client import Channel, dial
from mesh.errors import DomainError
from mesh.store.migrations import await_schema, migrate

from deploy.local.addresses import SERVICES
from deploy.local.rolling import restart
from deploy.local.run_folder import REPOSITORY, RunFolder
from deploy.local.whatsapp_guest import WhatsAppGuest
from tests.support.local_mesh import LocalMesh, local_mesh
from tests.support.polling import until

GUESTS = 6
THINKING_SECONDS = 0.5
SETTINGS = {
    "DRAIN_SECONDS": "1",
    # These guests write faster than people do.
    "RATE_LIMIT_ENABLED": "false",
    "WHATSAPP_NUMBER_RATE": "1000",
    "WHATSAPP_GUEST_BURST": "1000",
}
WORDS = ("hola", "¿a qué hora es el check-in?", "¿hay estacionamiento?", "gracias")
NEXT_RELEASE = """
from alembic import op

revision, down_revision, branch_labels, depends_on = "9999_next", "{head}", None, None


def upgrade() -> None:
    op.execute("ALTER TABLE {table} ADD COLUMN next_release text NOT NULL DEFAULT ''")
    op.execute("CREATE INDEX next_release ON {table} (next_release)")


def downgrade() -> None:
    op.execute("ALTER TABLE {table} DROP COLUMN next_release")
"""
TABLES = {"gateway": "inbound_messages", "session": "sessions", "pms": "reservation"}


@dataclass(slots=True)
class Load:
    """What was asked and what came of it. `failed` has a line for each request that was not answered well."""

    sent: int = 0
    answered: int = 0
    searches: int = 0
    failed: list[str] = field(default_factory=list)
    over: bool = False


class Balancer(httpx.AsyncBaseTransport):
    """Takes gateways in turn that say they are ready: what a Service and its endpoints do on Kubernetes."""

    def __init__(self, urls: list[str]) -> None:
        self._urls = [httpx.URL(url) for url in urls]
        self._ready = dict.fromkeys(self._urls, True)
        self._inner = httpx.AsyncHTTPTransport()
        self._turn = 0

    async def watch(self) -> None:
        """Asks each ten times a second."""
        while True:
            for url in self._urls:
                try:
                    answer = await self._inner.handle_async_request(httpx.Request("GET", url.join("/health/ready")))
                    await answer.aread()
                    self._ready[url] = answer.status_code == 200
                except httpx.TransportError:
                    self._ready[url] = False
            await asyncio.sleep(0.1)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        ready = [url for url in self._urls if self._ready[url]]
        self._turn += 1
        chosen = ready[self._turn % len(ready)]
        request.url = request.url.copy_with(host=chosen.host, port=chosen.port)
        return await self._inner.handle_async_request(request)


async def _guest(http: httpx.AsyncClient, number: int, load: Load) -> None:
    """Says something, waits for the one answer, goes on. A post that fails is not tried again: it counts."""
    guest = WhatsAppGuest(http, wa_id=f"52551000{number:04d}", name="Guest", app_secret="dev-app-secret")
    turn = 0
    while not load.over:
        words = WORDS[turn % len(WORDS)]
        body = guest.webhook(f"wamid.{number}.{turn}", {"type": "text", "text": {"body": words}})
        turn += 1
        try:
            response = await guest.post(body)
        except httpx.TransportError as error:
            load.failed.append(f"webhook: {type(error).__name__}")
            continue
        if response.status_code != 200:
            load.failed.append(f"webhook: {response.status_code}")
            continue
        load.sent += 1
        replies: list[object] = []
        async with asyncio.timeout(30):
            while not replies:
                await asyncio.sleep(0.05)
                replies += await guest.new_replies()
        load.answered += len(replies)
        await asyncio.sleep(THINKING_SECONDS)


async def _other_system(address: str, load: Load) -> None:
    """Asks for rooms, ten times a second."""
    check_in = datetime.now(UTC).date() + timedelta(days=40)
    night = check_in + timedelta(days=1)
    request = pms_pb2.SearchAvailabilityRequest(
        property_id="alameda",
        stay=stay_pb2.Stay(
            check_in_date=date_pb2.Date(year=check_in.year, month=check_in.month, day=check_in.day),
            check_out_date=date_pb2.Date(year=night.year, month=night.month, day=night.day),
        ),
        rooms=[stay_pb2.Occupancy(adults=2)],
    )
    async with Channel(dial(address, None), caller="orchestrator") as channel:
        pms = pms_pb2_grpc.PmsServiceStub(channel)
        while not load.over:
            try:
                await pms.SearchAvailability(request, timeout=5.0)
                load.searches += 1
            except DomainError as error:
                load.failed.append(f"search: {error.reason}")
            await asyncio.sleep(0.1)


@asynccontextmanager
async def _under_load(mesh: LocalMesh) -> AsyncIterator[Load]:
    load = Load()
    port = int(mesh.told["HTTP_PORT"])
    balancer = Balancer([f"http://127.0.0.1:{number}" for number in (port, port + 10)])
    watching = asyncio.create_task(balancer.watch())
    async with (
        httpx.AsyncClient(base_url=mesh.http_url, transport=balancer, timeout=10.0) as http,
        asyncio.TaskGroup() as group,
    ):
        for number in range(GUESTS):
            group.create_task(_guest(http, number, load))
        group.create_task(_other_system(mesh.told["PMS_ADDRESS"], load))
        await until(lambda: load.answered >= 2 * GUESTS, what="guests being answered")
        yield load
        load.over = True
    watching.cancel()


def _next_release(service: str, folder: Path) -> Path:
    """The service's migrations and one more, which adds a column and an index to its busiest table."""
    shutil.copytree(REPOSITORY / "services" / service / "migrations", folder / service)
    versions = folder / service / "versions"
    head = sorted(path.stem for path in versions.glob("[0-9]*.py"))[-1]
    revision = next(
        line.split('"')[1] for line in (versions / f"{head}.py").read_text().splitlines() if line.startswith("revision")
    )
    (versions / "9999_next.py").write_text(NEXT_RELEASE.format(head=revision, table=TABLES[service]))
    return folder / service


@pytest.mark.slow
async def test_a_release_goes_out_under_load_and_nothing_fails_or_is_lost(store_folder: Path, tmp_path: Path) -> None:
    two_of_each = [f"--replicas={service}=2" for service in SERVICES]
    with local_mesh(store_folder / "run", *two_of_each, **SETTINGS) as mesh:
        url = mesh.told["POSTGRES_URL"]
        async with _under_load(mesh) as load:
            for service in TABLES:
                folder = _next_release(service, tmp_path)
                await asyncio.to_thread(migrate, url, schema=service, directory=folder)
            before = load.answered
            renewed = await restart(RunFolder(mesh.folder))
            during = load.answered - before
        assert len(renewed) == 2 * len(SERVICES)
        assert load.failed == []
        assert load.answered == load.sent, "each message has exactly one answer"
        assert during >= len(renewed), "guests were answered all the while"
        assert load.searches > 50
        # The release before it starts on the migrated schema: that is what was running all the time, and still would.
        for service in TABLES:
            directory = REPOSITORY / "services" / service / "migrations"
            assert await await_schema(url, schema=service, directory=directory, seconds=0) == "9999_next"
        assert await _unanswered(url) == 0
        print(f"{load.sent} messages, {load.searches} searches, {len(renewed)} restarts: 0 failed, 0 lost")


async def _unanswered(url: str) -> int:
    connection = await asyncpg.connect(url)
    try:
        return int(await connection.fetchval("SELECT count(*) FROM gateway.inbound_messages WHERE state <> 'done'"))
    finally:
        await connection.close()
