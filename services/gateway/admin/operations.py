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
    Id,
    OpenedLetterView,
    PageSize,
    Replayed,
    Text,
)
from services.gateway.staff.adapters.operations import PostgresOperations
from services.gateway.staff.compose import Staff
from services.gateway.staff.domain.role import Right
from services.gateway.staff.domain.user import Person


def operation_routes(staff: Staff, door: Door, *, operations: PostgresOperations, clock: Clock) -> APIRouter:
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
        """Turns that were put aside, and why, without their words. Needs the right `recovery`."""
        page, token = await staff.recovery.listed(person, after=page_token, size=page_size)
        letters = [DeadLetterView.model_validate(letter) for letter in page]
        return DeadLetters(dead_letters=letters, next_page_token=token)

    @router.get("/dead-letters/{turn_id}", tags=["operations"])
    async def read_dead_letter(turn_id: Id, person: Caller) -> OpenedLetterView:
        """One with its guest's address, name and words. Needs the right `recovery`."""
        opened = await staff.recovery.open(person, turn_id)
        letter = DeadLetterView.model_validate(opened.letter).model_dump()
        return OpenedLetterView(**letter, address=opened.sender.address, name=opened.name, said=list(opened.said))

    @router.post("/dead-letters/{turn_id}/replay", tags=["operations"], status_code=204)
    async def replay_one(turn_id: Id, person: Caller) -> None:
        """Gives it its tries again, under its own id: what was done in an earlier try is not done twice. 409 while
        another turn of its conversation is being answered. Needs the right `recovery`.
        """
        await staff.recovery.replay(person, turn_id)

    @router.post("/dead-letters/{turn_id}/discard", tags=["operations"], status_code=204)
    async def discard(turn_id: Id, person: Caller) -> None:
        """Lets it go: nobody is answered, and its messages go with others of their age. Needs the right `recovery`."""
        await staff.recovery.discard(person, turn_id)

    @router.post("/dead-letters/replay", tags=["operations"])
    async def replay(person: Caller) -> Replayed:
        """Opens up to 100 of them again, the oldest first. Repeating is harmless. Needs the right `recovery`."""
        return Replayed(replayed=await staff.recovery.replay_all(person))

    return router
