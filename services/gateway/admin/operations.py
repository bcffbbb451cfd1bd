"""How channels are, and what went wrong: turns put aside, one by one."""

# Annotations are values here, not text: FastAPI reads them, and `Caller` is made inside a function.
from typing import Annotated

from fastapi import APIRouter, Depends
from mesh.clock import Clock

from services.gateway.admin.door import PROBLEMS, Door
from services.gateway.admin.models import (
    Channels,
    ChannelView,
    DeadLetters,
    DeadLetterView,
    PageSize,
    Replayed,
    Text,
)
from services.gateway.ports import Inbox
from services.gateway.staff.adapters.operations import PostgresOperations
from services.gateway.staff.compose import Staff
from services.gateway.staff.domain.audit import Action
from services.gateway.staff.domain.role import Right
from services.gateway.staff.domain.user import Person

_AT_ONCE = 100


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
