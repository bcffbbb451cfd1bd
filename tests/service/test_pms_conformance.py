"""The conformance kit against this project's own service, and against the same service with its promises broken."""

from __future__ import annotations

import asyncio
import itertools
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import grpc
import grpc.aio
import pytest
from hotel.pms.v1 import pms_pb2, reservation_pb2
from hotel.pms.v1.pms_pb2_grpc import PmsServiceStub
from mesh.testing.mesh import running

from services.pms.app import build
from services.pms.settings import Settings
from tests.conformance.checking import Kit, all_checks
from tests.contract.pms_house import HOTEL_FILE, prepare_database, restore_books
from tests.support.qloapps.demo import KEY, demo_shop
from tests.support.qloapps.server import FakeQloApps, opened
from tests.support.stores import Databases

PRIME = Path(__file__).parents[1] / "data" / "qloapps" / "prime.yaml"
# Given a method, its request, and a way to ask the real service; answers or raises what the client is to see.
Twist = Callable[[str, Any, Callable[[], Awaitable[Any]]], Awaitable[Any]]


@pytest.fixture(scope="module")
def one_database(postgres_databases: Databases) -> Iterator[str]:
    postgres_databases.template("pms_alameda", prepare_database)
    url = postgres_databases.create("pms_alameda")
    yield url
    postgres_databases.drop(url)


@asynccontextmanager
async def served(settings: Settings) -> AsyncIterator[str]:
    """The service over gRPC on a free port; yields its address."""
    async with running({"pms": (build, settings)}, transport="grpc") as mesh:
        yield f"127.0.0.1:{mesh.runtimes['pms'].port}"


@asynccontextmanager
async def in_memory() -> AsyncIterator[str]:
    async with served(Settings(pms_backend="memory", hotel_files=str(HOTEL_FILE), watch_poll_seconds=0.05)) as address:
        yield address


async def lines_of(address: str, **options: Any) -> tuple[list[str], Kit]:
    lines: list[str] = []
    async with grpc.aio.insecure_channel(address) as channel:
        kit = Kit(channel, **options)
        await kit.run(lines.append)
    return lines, kit


def at_qloapps(folder: Path, shop: FakeQloApps) -> Settings:
    """A hotel whose rooms are in QloApps; our own limit on requests is lifted, or the kit would take a minute."""
    file = folder / "prime.yaml"
    ours = "  hotel_id: 1\n  host: hotel.example\n  requests_per_second: 1000\n"
    file.write_text(PRIME.read_text().replace("  hotel_id: 1\n", ours))
    return Settings(
        pms_backend="memory",
        hotel_files=str(file),
        pms_base_url=shop.url,
        pms_api_key=KEY,
        pms_follow_seconds=0.05,
        watch_poll_seconds=0.05,
    )


@pytest.fixture
async def shop() -> AsyncIterator[FakeQloApps]:
    # A shop has no time zone on its clock.
    async with opened(demo_shop(lambda: datetime.now(UTC).replace(tzinfo=None)), host="hotel.example") as running_shop:
        yield running_shop


@pytest.fixture(params=["memory", "builtin", "qloapps"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    common: dict[str, Any] = {"hotel_files": str(HOTEL_FILE), "watch_poll_seconds": 0.05}
    match request.param:
        case "memory":
            return Settings(pms_backend="memory", **common)
        case "qloapps":
            return at_qloapps(tmp_path, request.getfixturevalue("shop"))
    url = restore_books(request.getfixturevalue("one_database"))
    return Settings(postgres_url=url, postgres_pool_size=10, **common)


@pytest.mark.slow
async def test_the_service_does_everything_the_kit_asks_on_every_backend(settings: Settings) -> None:
    async with served(settings) as address:
        before = await confirmed_codes(address)
        lines, kit = await lines_of(address, staff=True)
        assert [line for line in lines if not line.startswith("ok")] == []
        assert (kit.passed, kit.failed) == (len(all_checks()), 0)
        assert await confirmed_codes(address) == before  # what the kit made was taken back


async def confirmed_codes(address: str) -> set[str]:
    async with grpc.aio.insecure_channel(address) as channel:
        pms = PmsServiceStub(channel)
        (hotel,) = (await pms.ListProperties(pms_pb2.ListPropertiesRequest(), timeout=20)).properties
        confirmed = [reservation_pb2.RESERVATION_STATE_CONFIRMED]
        request = pms_pb2.ListReservationsRequest(property_id=hotel.property_id, states=confirmed, page_size=200)
        listed = await pms.ListReservations(request, timeout=20)
    return {each.confirmation_code for each in listed.reservations}


async def run_command(*arguments: str) -> tuple[int | None, str, str]:
    """Exit code, output and errors of the kit as people start it."""
    command = [sys.executable, "-m", "tests.conformance", *arguments]
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=PIPE)
    out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


async def test_the_command_prints_a_line_a_check_and_a_plain_count() -> None:
    async with in_memory() as address:
        code, out, _ = await run_command(address, "--property", "alameda", "--only", "holding")
    *lines, last = out.splitlines()
    assert (code, last) == (0, f"{len(lines)} passed, 0 failed")
    assert len(lines) >= 10
    assert all(line.startswith("ok    holding: ") for line in lines)


async def test_a_property_or_a_service_that_is_not_there_is_nothing_to_check() -> None:
    async with in_memory() as address:
        for arguments in ([address, "--property", "nowhere"], ["127.0.0.1:1"]):
            code, _, err = await run_command(*arguments)
            assert (code, "nothing to check" in err) == (2, True)


async def test_the_kit_needs_nothing_of_this_project_but_the_contracts() -> None:
    code = (
        "import sys; from tests.conformance.checking import all_checks; all_checks();"
        "print(*sorted({name.split('.')[0] for name in sys.modules} & {'mesh', 'services', 'deploy', 'asyncpg'}))"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=PIPE)
    out, _ = await process.communicate()
    assert (process.returncode, out.decode().strip()) == (0, "")


# A kit that passes everything would prove nothing.


class Twisted(grpc.GenericRpcHandler):
    """Passes calls on to the real service, after a twist to the request or to what comes back."""

    def __init__(
        self, channel: grpc.aio.Channel, twist: Callable[[str, Any, Callable[[], Awaitable[Any]]], Any]
    ) -> None:
        self._channel = channel
        self._twist = twist

    def service(self, details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler:
        name = details.method.rpartition("/")[2]
        request_class = getattr(pms_pb2, f"{name}Request")
        response_class = getattr(pms_pb2, f"{name}Response")
        ask = self._channel.unary_unary(details.method, request_class.SerializeToString, response_class.FromString)

        async def handle(request: Any, context: grpc.aio.ServicerContext) -> Any:
            try:
                return await self._twist(name, request, lambda: ask(request, timeout=20))
            except grpc.aio.AioRpcError as error:
                await context.abort(error.code(), error.details() or "", tuple(error.trailing_metadata() or ()))

        return grpc.unary_unary_rpc_method_handler(handle, request_class.FromString, response_class.SerializeToString)


async def forgets_request_ids(_name: str, request: Any, ask: Any) -> Any:
    if "request_id" in request.DESCRIPTOR.fields_by_name and request.request_id:
        request.request_id += f"-{next(NUMBERS)}"
    return await ask()


async def hides_reasons(_name: str, _request: Any, ask: Any) -> Any:
    try:
        return await ask()
    except grpc.aio.AioRpcError as error:
        raise grpc.aio.AioRpcError(error.code(), grpc.aio.Metadata(), grpc.aio.Metadata(), error.details()) from None


async def breaks_on_nonsense(_name: str, _request: Any, ask: Any) -> Any:
    try:
        return await ask()
    except grpc.aio.AioRpcError as error:
        code = error.code()
        if code is grpc.StatusCode.INVALID_ARGUMENT:
            code = grpc.StatusCode.INTERNAL
        raise grpc.aio.AioRpcError(code, grpc.aio.Metadata(), error.trailing_metadata(), error.details()) from None


async def sells_the_departure_too(name: str, _request: Any, ask: Any) -> Any:
    answer = await ask()
    if name == "ListInventory":
        by_type: dict[str, Any] = {}
        for night in answer.nights:
            before = by_type.get(night.room_type_id)
            by_type[night.room_type_id] = (night, night.sold)
            if before is not None:
                night.sold = max(night.sold, before[1])
    return answer


async def lets_prices_drift(name: str, _request: Any, ask: Any) -> Any:
    answer = await ask()
    if name == "CreateReservation":
        answer.reservation.total.units += 1
    return answer


async def pages_without_order(name: str, _request: Any, ask: Any) -> Any:
    answer = await ask()
    if name == "ListReservations":
        kept = list(answer.reservations)[::-1]
        del answer.reservations[:]
        answer.reservations.extend(kept)
    return answer


NUMBERS = itertools.count()


@pytest.mark.parametrize(
    ("twist", "only"),
    [
        (forgets_request_ids, "holding: the same request again gives the same hold"),
        (forgets_request_ids, "booking: the same request again"),
        (forgets_request_ids, "booking: the same request many times at once"),
        (forgets_request_ids, "holding: the same request id with another body"),
        (hides_reasons, "holding: an unknown hold"),
        (hides_reasons, "searching: unknown room types"),
        (breaks_on_nonsense, "malformed: nonsense"),
        (breaks_on_nonsense, "malformed: what is missing"),
        (sells_the_departure_too, "booking: the night of departure stays free"),
        (lets_prices_drift, "booking: a booking with a hold"),
        (pages_without_order, "listing: pages hold"),
    ],
)
async def test_the_kit_notices_a_broken_promise(twist: Twist, only: str) -> None:
    async with in_memory() as address, grpc.aio.insecure_channel(address) as channel:
        server = grpc.aio.server()
        server.add_generic_rpc_handlers((Twisted(channel, twist),))
        port = server.add_insecure_port("127.0.0.1:0")
        await server.start()
        try:
            lines, kit = await lines_of(f"127.0.0.1:{port}", only=only)
        finally:
            await server.stop(None)
    assert (kit.passed, kit.failed) == (0, 1), lines
