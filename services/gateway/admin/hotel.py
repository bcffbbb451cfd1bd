"""The hotel as the receptionist knows it, conversations, guests' data, and what went wrong."""

# Annotations are values here, not text: FastAPI reads them, and `Caller` is made inside a function.
import json
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Response
from hotel.pms.v1 import property_pb2
from mesh.clock import Clock
from mesh.errors import Down

from services.gateway.admin.door import PROBLEMS, Door
from services.gateway.admin.models import (
    Cases,
    CaseView,
    Channels,
    ChannelView,
    DeadLetters,
    DeadLetterView,
    FactView,
    Flags,
    Id,
    Properties,
    PropertyView,
    Receipt,
    Replayed,
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


def hotel_routes(staff: Staff, door: Door, *, flags_file: str) -> APIRouter:
    """Properties with their facts, flags, conversations, guests."""
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

    @router.get("/flags", tags=["hotel"])
    async def read_flags(person: Caller) -> Flags:
        """The flags file; empty where there is none and the safe values hold. Needs the right `hotel`."""
        person.must(Right.HOTEL)
        if not flags_file:
            return Flags(flags={})
        try:
            return Flags(flags=json.loads(Path(flags_file).read_text(encoding="utf-8")).get("flags", {}))  # noqa: ASYNC240 (a small local file)
        except (OSError, ValueError) as error:
            raise Down("UNAVAILABLE", "the flags file cannot be read") from error

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


def _case(case: Case) -> CaseView:
    handoff = case.handoff
    assert handoff is not None, "a queue holds hand-offs"
    return CaseView(
        session_id=case.session_id,
        property_id=case.property_id,
        guest_id=case.guest_id,
        channel=case.identity.channel.value,
        language=case.language,
        intent=case.intent,
        state=handoff.state,
        priority=handoff.priority,
        desk=handoff.desk,
        reason=handoff.reason,
        agent=handoff.agent,
        due_time=handoff.due_time,
    )
