"""Conversations and their guests: looking, taking over, answering, giving back, exporting, forgetting."""

# Annotations are values here, not text: FastAPI reads them, and `Caller` is made inside a function.
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Response
from mesh.values import derived_id
from starlette.responses import JSONResponse

from services.gateway.admin.door import PROBLEMS, Door
from services.gateway.admin.models import (
    Cases,
    CaseView,
    Id,
    Notes,
    NoteView,
    PageSize,
    Receipt,
    Sessions,
    SessionView,
    StaffAnswer,
    StaffNote,
    Text,
)
from services.gateway.staff.compose import Staff
from services.gateway.staff.domain.audit import Action
from services.gateway.staff.domain.conversation import Case
from services.gateway.staff.domain.role import Right
from services.gateway.staff.domain.user import Person

_MARKUP = {ord(character): f"\\u{ord(character):04x}" for character in "<>&"}
Key = Annotated[str, Header(pattern=r"^[A-Za-z0-9_-]{8,128}$")]


class MarkupFreeJson(JSONResponse):
    """JSON with what HTML would read as markup escaped: harmless where somebody pastes or sniffs it."""

    def render(self, content: object) -> bytes:
        return bytes(super().render(content)).decode().translate(_MARKUP).encode()


def conversation_routes(staff: Staff, door: Door) -> APIRouter:
    """Conversations, and what is stored about guests."""
    router = APIRouter(responses=PROBLEMS)  # type: ignore[arg-type]
    Caller = Annotated[Person, Depends(door)]  # noqa: N806 (a type, of this door)

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

    @router.post("/sessions/{session_id}/take-over", tags=["conversations"], status_code=204)
    async def take_over(session_id: Id, person: Caller, idempotency_key: Key) -> None:
        """Takes a conversation, whether it waits for a person or not: the receptionist is silent until it is released.
        409 when a colleague has it. Needs the right `conversations`.
        """
        await staff.desk.take_over(person, session_id, _own(person, idempotency_key))

    @router.post("/sessions/{session_id}/answers", tags=["conversations"], status_code=204)
    async def answer(session_id: Id, answer: StaffAnswer, person: Caller, idempotency_key: Key) -> None:
        """Sends words to the guest of a conversation that the caller has; the same `Idempotency-Key`, once. 409 when
        the guest cannot be written to now. Needs the right `conversations`.
        """
        await staff.desk.answer(person, session_id, answer.text, _own(person, idempotency_key))

    @router.get("/sessions/{session_id}/notes", tags=["conversations"], response_class=MarkupFreeJson)
    async def read_notes(session_id: Id, person: Caller) -> Notes:
        """What the receptionist wrote down for the hand-off, and colleagues. Needs the right `conversations`."""
        found = await staff.desk.notes(person, session_id)
        handoff = found.handoff
        return Notes(
            handoff=handoff.state if handoff else "",
            reason=handoff.reason if handoff else "",
            summary=handoff.summary if handoff else "",
            notes=[
                NoteView(agent=note.agent, text="\n".join(note.answered), create_time=note.time) for note in found.notes
            ],
        )

    @router.post("/sessions/{session_id}/notes", tags=["conversations"], status_code=204)
    async def write_note(session_id: Id, note: StaffNote, person: Caller, idempotency_key: Key) -> None:
        """Writes down something for colleagues; the same `Idempotency-Key`, once. Needs the right `conversations`."""
        await staff.desk.note(person, session_id, note.text, _own(person, idempotency_key))

    @router.post("/sessions/{session_id}/release", tags=["conversations"], status_code=204)
    async def release(session_id: Id, person: Caller, idempotency_key: Key) -> None:
        """Gives a conversation that the caller has back to the receptionist. Needs the right `conversations`."""
        await staff.desk.release(person, session_id, _own(person, idempotency_key))

    @router.get("/guests/{guest_id}/export", tags=["guests"])
    async def export_guest(guest_id: Id, person: Caller) -> Response:
        """Everything kept about a guest, reservations too, as one JSON document. Needs the right `guest_data`."""
        person.must(Right.GUEST_DATA)
        await staff.logbook.did(person, Action.GUEST_EXPORTED, guest_id)
        document = await staff.guest_data.document(guest_id)
        headers = {"Cache-Control": "no-store", "Content-Disposition": 'attachment; filename="guest.json"'}
        return Response(document, media_type="application/json", headers=headers)

    @router.delete("/guests/{guest_id}", tags=["guests"])
    async def erase_guest(
        guest_id: Id,
        person: Caller,
        idempotency_key: Key,
    ) -> Receipt:
        """Forgets a guest; the same `Idempotency-Key`, the same receipt. Needs the right `erasure`."""
        person.must(Right.ERASURE)
        await staff.logbook.did(person, Action.GUEST_ERASED, guest_id, request_id=idempotency_key)
        sessions = [case.session_id for case in await staff.conversations.of_guest_if_known(guest_id)]
        receipt = await staff.conversations.erase(guest_id, idempotency_key)
        await staff.proposals.forget(sessions)
        return Receipt(receipt_id=receipt.receipt_id, erased=list(receipt.erased), retained=list(receipt.retained))

    return router


def _own(person: Person, key: str) -> str:
    """The caller's key as a request id: two callers who chose the same key mean two things."""
    return derived_id("req", person.user.user_id, key)


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
