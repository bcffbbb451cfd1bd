"""The hotel as the receptionist knows it, conversations, guests' data, and what went wrong."""

# Annotations are values here, not text: FastAPI reads them, and `Caller` is made inside a function.
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Response
from hotel.pms.v1 import property_pb2
from mesh.clock import Clock

from services.gateway.admin.door import PROBLEMS, Door
from services.gateway.admin.models import (
    Cases,
    CaseView,
    Channels,
    ChannelView,
    DeadLetters,
    DeadLetterView,
    FactView,
    Id,
    Properties,
    PropertyView,
    Receipt,
    Replayed,
    Sessions,
    SessionView,
    Text,
)
from services.gateway.ports import Inbox
from services.gateway.staff.adapters.operations import PostgresOperations
from services.gateway.staff.compose import Staff
from services.gateway.staff.domain.audit import Action
from services.gateway.staff.domain.conversation import Case
from services.gateway.staff.domain.role import Right
from services.gateway.staff.domain.user import Person

PageSize = Annotated[int, Query(ge=1, le=200)]
_AT_ONCE = 100


def hotel_routes(staff: Staff, door: Door) -> APIRouter:
    """Properties with their facts, conversations, guests."""
    router = APIRouter(responses=PROBLEMS)  # type: ignore[arg-type]
    Caller = Annotated[Person, Depends(door)]  # noqa: N806 (a type, of this door)

    @router.get("/properties", tags=["hotel"])
    async def list_properties(person: Caller, page_size: PageSize = 50, page_token: Text = "") -> Properties:
        """Properties with their facts, as the pms service has them from the hotels' files. Needs the right `hotel`."""
        person.must(Right.HOTEL)
        found, token = await staff.hotel.properties(size=page_size, token=page_token)
        return Properties(properties=[_property(item) for item in found], next_page_token=token)

    @router.get("/properties/{property_id}", tags=["hotel"])
    async def read_property(property_id: Id, person: Caller) -> PropertyView:
        """A property. Needs the right `hotel`."""
        person.must(Right.HOTEL)
        return _property(await staff.hotel.property(property_id))

    @router.get("/handoffs", tags=["conversations"])
    async def list_handoffs(person: Caller, page_size: PageSize = 50, page_token: Text = "") -> Cases:
        """Conversations for a person, the most urgent first. Needs the right `conversations`."""
        queue = await staff.desk.queue(person, state="", mine=False, token=page_token, size=page_size)
        return Cases(
            cases=[_case(case) for case in queue.cases],
            next_page_token=queue.next_token,
            open_count=queue.open_count,
            claimed_count=queue.claimed_count,
        )

    @router.get("/sessions", tags=["conversations"])
    async def list_sessions(
        person: Caller,
        *,
        q: Text = "",
        property_id: Text = "",
        active: bool = False,
        page_size: PageSize = 50,
        page_token: Text = "",
    ) -> Sessions:
        """Conversations, newest activity first. With `q` those of the guest with this phone number, e-mail address,
        confirmation code or session id, or who wrote these words or this name, on one page. Needs the right
        `conversations`.
        """
        if not q.strip():
            page = await staff.lookup.sessions(
                person, property_id=property_id, active=active, size=page_size, token=page_token
            )
            return Sessions(sessions=[_session(case) for case in page[0]], next_page_token=page[1])
        known, _ = await staff.hotel.properties(size=200)
        found = await staff.lookup.search(person, q, [item.property_id for item in known])
        return Sessions(sessions=[_session(case) for case in found], next_page_token="")

    @router.get("/guests/{guest_id}/export", tags=["guests"])
    async def export_guest(guest_id: Id, person: Caller) -> Response:
        """Everything stored about a guest, as one JSON document. Needs the right `guest_data`."""
        person.must(Right.GUEST_DATA)
        await staff.logbook.did(person, Action.GUEST_EXPORTED, guest_id)
        document = await staff.conversations.export(guest_id)
        headers = {"Cache-Control": "no-store", "Content-Disposition": 'attachment; filename="guest.json"'}
        return Response(document, media_type="application/json", headers=headers)

    @router.delete("/guests/{guest_id}", tags=["guests"])
    async def erase_guest(
        guest_id: Id,
        person: Caller,
        idempotency_key: Annotated[str, Header(pattern=r"^[A-Za-z0-9_-]{8,128}$")],
    ) -> Receipt:
        """Forgets a guest; the same `Idempotency-Key`, the same receipt. Needs the right `erasure`."""
        person.must(Right.ERASURE)
        await staff.logbook.did(person, Action.GUEST_ERASED, guest_id, request_id=idempotency_key)
        sessions = [case.session_id for case in await staff.conversations.of_guest_if_known(guest_id)]
        receipt = await staff.conversations.erase(guest_id, idempotency_key)
        await staff.proposals.forget(sessions)
        return Receipt(receipt_id=receipt.receipt_id, erased=list(receipt.erased), retained=list(receipt.retained))

    return router


def operation_routes(
    staff: Staff, door: Door, *, operations: PostgresOperations, inbox: Inbox, clock: Clock
) -> APIRouter:
    """Channels and dead letters."""
    router = APIRouter(responses=PROBLEMS)  # type: ignore[arg-type]
    Caller = Annotated[Person, Depends(door)]  # noqa: N806 (a type, of this door)

    @router.get("/channels", tags=["operations"])
    async def list_channels(person: Caller) -> Channels:
        """How each channel is. Needs the right `hotel`."""
        person.must(Right.HOTEL)
        found = await operations.channels(now=clock.now())
        return Channels(channels=[ChannelView.model_validate(item) for item in found])

    @router.get("/dead-letters", tags=["operations"])
    async def list_dead_letters(person: Caller, page_size: PageSize = 50, page_token: Text = "") -> DeadLetters:
        """Turns that were put aside, without their words. Needs the right `recovery`."""
        person.must(Right.RECOVERY)
        await staff.logbook.saw(person, Action.DEAD_LETTERS_LISTED)
        found = list(await operations.dead_letters(after=page_token, size=page_size + 1))
        page = found[:page_size]
        return DeadLetters(
            dead_letters=[DeadLetterView.model_validate(item) for item in page],
            next_page_token=page[-1].turn_id if len(found) > page_size else "",
        )

    @router.post("/dead-letters/replay", tags=["operations"])
    async def replay(person: Caller) -> Replayed:
        """Opens up to 100 of them again, the oldest first. Repeating is harmless. Needs the right `recovery`."""
        person.must(Right.RECOVERY)
        await staff.logbook.did(person, Action.DEAD_LETTERS_REPLAYED, "")
        return Replayed(replayed=await inbox.replay_parked(now=clock.now(), limit=_AT_ONCE))

    return router


def _property(item: property_pb2.Property) -> PropertyView:
    return PropertyView(
        property_id=item.property_id,
        display_name=item.display_name,
        time_zone=item.time_zone,
        currency_code=item.currency_code,
        languages=list(item.languages),
        backend=item.backend,
        facts=[
            FactView(topic=fact.topic, text_by_language=dict(fact.text_by_language), version=fact.version)
            for fact in item.facts
        ],
    )


def _conversation(case: Case) -> dict[str, str]:
    return {
        "session_id": case.session_id,
        "property_id": case.property_id,
        "guest_id": case.guest_id,
        "channel": case.identity.channel.value,
        "language": case.language,
        "intent": case.intent,
    }


def _session(case: Case) -> SessionView:
    return SessionView(
        **_conversation(case),
        handoff=case.handoff.state if case.handoff else "",
        last_activity_time=case.last_activity,
    )


def _case(case: Case) -> CaseView:
    handoff = case.handoff
    assert handoff is not None, "a queue holds hand-offs"
    return CaseView(
        **_conversation(case),
        state=handoff.state,
        priority=handoff.priority,
        desk=handoff.desk,
        reason=handoff.reason,
        agent=handoff.agent,
        due_time=handoff.due_time,
    )
