"""The whole mesh as `make up` starts it: guests book by signed webhooks, whatever dies meanwhile."""

import asyncio
import hashlib
import json
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import httpx
import pytest
from hotel.pms.v1 import pms_pb2, pms_pb2_grpc
from mesh import wire
from mesh.auth import ANONYMOUS
from mesh.client import Channel, dial
from mesh.store.postgres import connect_pool

from deploy.local import demo
from deploy.local.whatsapp_guest import WhatsAppGuest
from services.gateway.staff.adapters.figures_read import PostgresFiguresReader
from services.gateway.staff.adapters.hotel import GrpcHotel
from tests.fuzz.attack import SERVICES
from tests.fuzz.run import run
from tests.support.local_mesh import LocalMesh, local_mesh
from tests.support.otlp import Collector, collector

SECRET = "dev-app-secret"
NAME = "Ximena Otxotorena"
PATIENCE_SECONDS = 60.0
METERED = ("NLP", "SESSION", "PMS", "ORCHESTRATOR")


@pytest.fixture(scope="module")
def spans() -> Iterator[Collector]:
    with collector() as running:
        yield running


@pytest.fixture(scope="module")
def mesh(tmp_path_factory: pytest.TempPathFactory, spans: Collector) -> Iterator[LocalMesh]:
    traced = {"OTEL_EXPORTER_OTLP_ENDPOINT": spans.endpoint, "TRACE_SAMPLE_RATIO": "1"}
    # A slow machine needs longer than the usual NLP_SECONDS to start a killed nlp again. The guest would get a holding
    # answer and a person then (tests/data/dialogues/troubles.yaml); this demo is about going on by itself.
    patient = {"NLP_SECONDS": "30"}
    with local_mesh(tmp_path_factory.mktemp("mesh"), **traced, **patient) as running:
        yield running


@pytest.fixture
def told(mesh: LocalMesh, monkeypatch: pytest.MonkeyPatch) -> LocalMesh:
    """The mesh, with the environment the demo reads."""
    for name in ("HTTP_PORT", "PMS_ADDRESS"):
        monkeypatch.setenv(name, mesh.told[name])
    return mesh


def phone(http: httpx.AsyncClient, test: str) -> WhatsAppGuest:
    """A phone of this test's own."""
    number = int(hashlib.sha256(f"{test}{os.getpid()}".encode()).hexdigest(), 16) % 10**8
    return WhatsAppGuest(http, wa_id=f"5255{number:08d}", name="Guest", app_secret=SECRET)


async def test_two_guests_book_one_in_spanish_and_one_in_english(told: LocalMesh) -> None:
    assert await demo.main() == 0


@pytest.mark.parametrize("service", ["gateway", "nlp", "session", "pms", "orchestrator"])
async def test_the_demo_finishes_though_a_service_is_killed_and_nothing_happens_twice(
    told: LocalMesh, service: str
) -> None:
    script_lines = 7
    async with httpx.AsyncClient(base_url=told.http_url, timeout=10.0) as http:
        async with Channel(dial(told.told["PMS_ADDRESS"], None), caller=ANONYMOUS) as channel:
            pms = pms_pb2_grpc.PmsServiceStub(channel)
            check_in = await demo.free_stay(pms)
            script = demo.spanish(check_in, check_in + demo.timedelta(days=demo.NIGHTS))
            guest = phone(http, service)
            replies = 0
            for number, line in enumerate(script.lines):
                await guest.say(line)
                if number % 2:
                    told.kill(service)  # while the turn is under way
                replies += len(await demo.answered(guest))
            assert await demo.read_back(pms, guest.wa_id)  # exactly one reservation, says read_back
        later = await quiet(guest)
    assert replies + later == script_lines


async def quiet(guest: WhatsAppGuest) -> int:
    """Replies that came after all were answered: there must be none, also once another guest was served."""
    marker = WhatsAppGuest(guest._http, wa_id="525588888888", name="Marker", app_secret=SECRET)
    await marker.say("hola")
    await demo.answered(marker)
    return len(await guest.new_replies())


def text(words: str) -> dict[str, object]:
    return {"type": "text", "text": {"body": words}}


async def test_a_webhook_delivered_three_times_is_answered_once(told: LocalMesh) -> None:
    async with httpx.AsyncClient(base_url=told.http_url, timeout=10.0) as http:
        guest = phone(http, "three times")
        await guest.say("hola", times=3)
        first = len(await demo.answered(guest))
        assert first + await quiet(guest) == 1


async def test_a_wrong_signature_is_401_and_a_missing_one_too(told: LocalMesh) -> None:
    async with httpx.AsyncClient(base_url=told.http_url, timeout=10.0) as http:
        guest = phone(http, "signature")
        body = guest.webhook("wamid.x", text("hola"))
        for headers in ({}, {"X-Hub-Signature-256": "sha256=" + "0" * 64}, {"X-Hub-Signature-256": "dummy"}):
            response = await http.post("/webhooks/whatsapp", content=body, headers=headers)
            assert response.status_code == 401, headers


async def test_malformed_json_is_400_with_a_reason_and_no_stack(told: LocalMesh) -> None:
    async with httpx.AsyncClient(base_url=told.http_url, timeout=10.0) as http:
        response = await phone(http, "malformed").post(b'{"object": ')
    assert response.status_code == 400
    assert response.json()["error"]
    assert "Traceback" not in response.text


async def test_a_body_over_3_mb_is_413(told: LocalMesh) -> None:
    async with httpx.AsyncClient(base_url=told.http_url, timeout=10.0) as http:
        response = await phone(http, "large").post(b"x" * (3 * 1024 * 1024 + 1))
    assert response.status_code == 413


async def test_an_unknown_message_type_is_200_and_answered_politely_once(told: LocalMesh) -> None:
    async with httpx.AsyncClient(base_url=told.http_url, timeout=10.0) as http:
        guest = phone(http, "unknown type")
        body = guest.webhook("wamid.unknown", {"type": "hologram", "hologram": {"id": "1"}})
        for _ in range(2):
            assert (await guest.post(body)).status_code == 200
        replies = await demo.answered(guest)
        assert len(replies) + await quiet(guest) == 1
        assert replies[0].text


async def test_health_says_what_is_well(told: LocalMesh) -> None:
    async with httpx.AsyncClient(base_url=told.http_url, timeout=10.0) as http:
        assert (await http.get("/health/live")).status_code == 200
        ready = await http.get("/health/ready")
    assert ready.status_code == 200
    assert ready.json()["checks"]["database"]


async def test_one_trace_id_goes_from_the_webhook_through_every_service(told: LocalMesh) -> None:
    async with httpx.AsyncClient(base_url=told.http_url, timeout=10.0) as http:
        guest = phone(http, "trace")
        await guest.say("hola")
        await demo.answered(guest)
    turns = [json.loads(line) for line in told.log("orchestrator").splitlines() if '"HandleTurn"' in line]
    trace = turns[-1]["trace_id"]
    for service in ("nlp", "session"):
        assert trace in told.log(service), service


async def test_no_request_breaks_a_service_or_makes_it_grow(told: LocalMesh) -> None:
    outcome = await run(told, seed=7, seconds=8.0)  # for longer, and by other seeds: python -m tests.fuzz
    assert not outcome.faults, "\n".join(outcome.faults)
    sent = {method for method, _ in outcome.report.calls}
    assert sent == {f"{service.name}.{method.name}" for service in SERVICES.values() for method in service.methods}


async def test_nothing_personal_is_in_logs_spans_or_metrics(told: LocalMesh, spans: Collector) -> None:
    """After all of the above, and after a guest who books, has their data erased and asks for a person."""
    async with httpx.AsyncClient(base_url=told.http_url, timeout=10.0) as http:
        teller = phone(http, "teller")
        ports = [told.told["HTTP_PORT"], *(told.told[f"{name}_METRICS_PORT"] for name in METERED)]

        async def metered() -> str:
            return "".join([(await http.get(f"http://127.0.0.1:{port}/metrics")).text for port in ports])

        before = erased(await metered())
        said = await tell_everything(told, teller)
        async with asyncio.timeout(PATIENCE_SECONDS):
            while erased(metrics := await metered()) == before:  # noqa: ASYNC110 (another process counts)
                await asyncio.sleep(demo.POLL_SECONDS)
            # Spans come in batches: the last turn's are the last that are waited for.
            while newest_trace(told) not in {span.trace for span in spans.spans}:  # noqa: ASYNC110
                await asyncio.sleep(demo.POLL_SECONDS)
    logs = {path.stem: path.read_text(errors="replace") for path in (told.folder / "logs").glob("*.log")}
    assert set(SERVICES) <= {name for name, log in logs.items() if '"event"' in log}
    assert set(SERVICES) <= {span.service for span in spans.spans}
    assert metrics.count("\nprocess_start_time_seconds ") == len(SERVICES)
    scripts = (demo.spanish(date(2027, 3, 1), date(2027, 3, 4)), demo.english(date(2027, 3, 1), date(2027, 3, 4)))
    numbers = {teller.wa_id, f"521{teller.wa_id[2:]}", teller.wa_id[2:], phone(http, "three times").wa_id}
    names = {part for script in scripts for part in script.name.split()} | set(NAME.split())
    # Short words are everybody's.
    words = {line for line in (*said, *(line for script in scripts for line in script.lines)) if len(line) > 12}
    parts = {"ximena.teller", "4111 1111", "41111111", "cvv 739", "09/29", "para dos personas", "everybody@example.com"}
    denied = {*numbers, "525588888888", "5215512340777", "5512340778", *names, *words, *parts, SECRET}
    told_of = {**logs, "metrics": metrics, "spans": b"".join(spans.raw).decode(errors="replace")}
    leaks = {(place, one) for place, text in told_of.items() for one in denied if one.casefold() in text.casefold()}
    assert leaks == set()


async def tell_everything(told: LocalMesh, guest: WhatsAppGuest) -> list[str]:
    """What a guest said who told of a card and an address, booked, was erased, and then asked for a person."""
    async with Channel(dial(told.told["PMS_ADDRESS"], None), caller=ANONYMOUS) as channel:
        pms = pms_pb2_grpc.PmsServiceStub(channel)
        check_in = await demo.free_stay(pms)
        booking = demo.spanish(check_in, check_in + demo.timedelta(days=demo.NIGHTS))
        lines = [
            "mi tarjeta es 4111 1111 1111 1111, vence 09/29, cvv 739, y mi correo ximena.teller@example.com",
            *(line.replace(booking.name, NAME) for line in booking.lines),
            "quiero que borren todos mis datos personales",
            "sí, bórrenlos",
            "quiero hablar con una persona de recepción, por favor",
        ]
        for line in lines:
            await guest.say(line)
            replies = await demo.answered(guest)
            if line == lines[7]:
                await demo.read_back(pms, guest.wa_id)  # booked: there is something to be erased
    assert replies[0].text
    return lines


def erased(metrics: str) -> str:
    """How many guests the gateway has forgotten."""
    return metrics.partition("\nhotel_gateway_erased_guests_total ")[2].partition("\n")[0]


def newest_trace(told: LocalMesh) -> str:
    """The trace of the newest turn."""
    turns = [json.loads(line) for line in told.log("orchestrator").splitlines() if '"HandleTurn"' in line]
    return str(turns[-1]["trace_id"])


async def test_single_mode_books_too_and_the_managers_figures_are_the_reservations(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with local_mesh(tmp_path, "--single") as single:
        for name in ("HTTP_PORT", "PMS_ADDRESS"):
            monkeypatch.setenv(name, single.told[name])
        assert await demo.main() == 0
        assert await figures(single) == await reservations(single)


async def reservations(mesh: LocalMesh) -> tuple[int, list[tuple[str, Decimal]]]:
    """How many the PMS has from WhatsApp, and what they were sold for."""
    async with Channel(dial(mesh.told["PMS_ADDRESS"], None), caller=ANONYMOUS) as channel:
        request = pms_pb2.ListReservationsRequest(property_id=demo.PROPERTY, page_size=200)
        listed = (await pms_pb2_grpc.PmsServiceStub(channel).ListReservations(request, timeout=10.0)).reservations
    sold = [wire.money_from_proto(one.total) for one in listed if one.booker.identity.address]
    assert len(sold) >= 2
    return len(sold), [(sold[0].currency, sum((money.amount for money in sold), Decimal()))]


async def figures(mesh: LocalMesh) -> tuple[int, list[tuple[str, Decimal]]]:
    """What the manager's page says of the same: bookings, and their value by currency."""
    pool = await connect_pool(mesh.told["POSTGRES_URL"], application_name="test", schema="gateway", size=1, overflow=1)
    try:
        async with Channel(dial(mesh.told["PMS_ADDRESS"], None), caller="gateway") as channel:
            reader = PostgresFiguresReader(pool=pool, hotel=GrpcHotel(pms=channel))
            since = datetime.now(UTC) - timedelta(hours=1)
            async with asyncio.timeout(PATIENCE_SECONDS):
                # Figures are written behind the conversation.
                while True:
                    read = await reader.read(since=since, until=datetime.now(UTC))
                    if read.bookings >= 2 and not read.unvalued:
                        break
                    await asyncio.sleep(demo.POLL_SECONDS)
    finally:
        await pool.close()
    return read.bookings, list(read.value)
