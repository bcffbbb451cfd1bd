"""The stream of what happens, from any point on."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import grpc
from hotel.pms.v1 import pms_pb2, reservation_pb2

from tests.conformance.checking import check
from tests.conformance.expecting import NotAsDocumentedError, expect, expect_equal, expect_refused
from tests.conformance.visit import Visit

EVENT_SECONDS = 10.0
ATTEMPTS = 10
Event = reservation_pb2.ReservationEvent


@asynccontextmanager
async def _watch(visit: Visit, resume_token: str = "") -> AsyncIterator[asyncio.Queue[Event]]:
    """Events as they come while inside."""
    events: asyncio.Queue[Event] = asyncio.Queue()
    request = pms_pb2.WatchReservationsRequest(property_id=visit.property_id, resume_token=resume_token)
    call = visit.pms.WatchReservations(request)

    async def follow() -> None:
        async for response in call:
            events.put_nowait(response.event)

    task = asyncio.create_task(follow())
    try:
        yield events
    finally:
        call.cancel()
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError, grpc.aio.AioRpcError):
            await task


async def _next(events: asyncio.Queue[Event], reservation_id: str, seconds: float = EVENT_SECONDS) -> Event:
    """The next event of one reservation; other guests' events are passed over."""
    try:
        async with asyncio.timeout(seconds):
            while True:
                event = await events.get()
                if event.reservation.reservation_id == reservation_id:
                    return event
    except TimeoutError:
        raise NotAsDocumentedError(f"no event of {reservation_id} within {seconds:g} s") from None


async def _first_event(visit: Visit, events: asyncio.Queue[Event]) -> Event:
    """The first event that is heard: a watch without a token begins some time after it was opened."""
    for _ in range(ATTEMPTS):
        made = await visit.book(await visit.offer(nights=1))
        try:
            return await _next(events, made.reservation_id, 1.0)
        except NotAsDocumentedError:
            continue
    raise NotAsDocumentedError(f"{ATTEMPTS} bookings and no event")


@check("what happens to a reservation is told in order, each time as it was after it")
async def _(visit: Visit) -> None:
    async with _watch(visit) as events:
        first = await _first_event(visit, events)
        expect_equal(first.type, Event.TYPE_CREATED, "the type of the first event")
        expect(bool(first.resume_token) and first.HasField("event_time"), "no resume_token or event_time")
        made = await visit.book(await visit.offer())
        canceled = await visit.cancel(made.reservation_id)
        told = [await _next(events, made.reservation_id) for _ in range(2)]
        expect_equal([event.type for event in told], [Event.TYPE_CREATED, Event.TYPE_CANCELED], "the types")
        expect_equal([event.reservation for event in told], [made, canceled], "the reservations")


@check("a watch goes on after its resume token, and misses nothing of what happened meanwhile")
async def _(visit: Visit) -> None:
    async with _watch(visit) as events:
        token = (await _first_event(visit, events)).resume_token
    made = await visit.book(await visit.offer())  # nobody watches
    await visit.cancel(made.reservation_id)
    for _ in range(2):  # a token may be used again
        async with _watch(visit, token) as events:
            told = [await _next(events, made.reservation_id) for _ in range(2)]
        expect_equal([event.type for event in told], [Event.TYPE_CREATED, Event.TYPE_CANCELED], "the types")
    async with _watch(visit, told[0].resume_token) as events:
        last = await _next(events, made.reservation_id)
        expect_equal(last.type, Event.TYPE_CANCELED, "what follows the token in the middle")


@check("a resume token that was never issued is INVALID_PAGE_TOKEN, an unknown property PROPERTY_NOT_FOUND")
async def _(visit: Visit) -> None:
    async def opened(request: pms_pb2.WatchReservationsRequest) -> None:
        async for _ in visit.pms.WatchReservations(request, timeout=EVENT_SECONDS):
            break

    bad = pms_pb2.WatchReservationsRequest(property_id=visit.property_id, resume_token="never-issued")
    await expect_refused(opened(bad), grpc.StatusCode.INVALID_ARGUMENT, "INVALID_PAGE_TOKEN")
    unknown = pms_pb2.WatchReservationsRequest(property_id="no-such-property")
    await expect_refused(opened(unknown), grpc.StatusCode.NOT_FOUND, "PROPERTY_NOT_FOUND")
