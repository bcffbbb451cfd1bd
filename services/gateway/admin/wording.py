"""What the receptionist may do and say: flags, templates of staff's answers, facts and corrections to review."""

# Annotations are values here, not text: FastAPI reads them, and `Caller` is made inside a function.
from typing import Annotated

from fastapi import APIRouter, Depends

from services.gateway.admin.door import PROBLEMS, Door
from services.gateway.admin.models import (
    FactProposal,
    FlagChange,
    Flags,
    Id,
    Proposals,
    ProposalState,
    ProposalView,
    TemplateChange,
    Templates,
    TemplateView,
    Verdict,
)
from services.gateway.staff.compose import Staff
from services.gateway.staff.domain.audit import Action
from services.gateway.staff.domain.proposal import Proposal, State
from services.gateway.staff.domain.role import Right
from services.gateway.staff.domain.user import Person
from services.gateway.staff.flags_file import FlagsAsRead, FlagsFile


def flag_routes(staff: Staff, door: Door, *, file: FlagsFile) -> APIRouter:
    """Features turned on and off."""
    router = APIRouter(responses=PROBLEMS)  # type: ignore[arg-type]
    Caller = Annotated[Person, Depends(door)]  # noqa: N806 (a type, of this door)

    @router.get("/flags", tags=["hotel"])
    async def read_flags(person: Caller) -> Flags:
        """The flags file. Needs the right `hotel`."""
        person.must(Right.HOTEL)
        return _flags(await file.read())

    @router.patch("/flags/{key}", tags=["hotel"])
    async def change_flag(key: Id, body: FlagChange, person: Caller) -> Flags:
        """Changes what a flag says, for every service that reads this file, within seconds; 503 where the file is not
        ours to write. Needs the right `flags`.
        """
        person.must(Right.FLAGS)
        await staff.logbook.did(person, Action.FLAG_CHANGED, key, variant=body.variant[:64])
        return _flags(await file.change(key, variant=body.variant, version=body.version))

    return router


def wording_routes(staff: Staff, door: Door) -> APIRouter:
    """Templates and proposals."""
    router = APIRouter(responses=PROBLEMS)  # type: ignore[arg-type]
    Caller = Annotated[Person, Depends(door)]  # noqa: N806 (a type, of this door)

    @router.get("/templates", tags=["templates"])
    async def list_templates(person: Caller) -> Templates:
        """Answers that staff start from. Needs the right `conversations`."""
        found = await staff.review.canned(person)
        return Templates(
            templates=[
                TemplateView(template_id=item.canned_id, title=item.title, text_by_language=dict(item.texts))
                for item in found
            ]
        )

    @router.put("/templates/{template_id}", tags=["templates"])
    async def put_template(template_id: Id, body: TemplateChange, person: Caller) -> TemplateView:
        """Stores one, new or in the place of the old one. Needs the right `review`."""
        texts = {str(language): text for language, text in body.text_by_language.items()}
        await staff.review.put_canned(person, template_id, body.title, texts)
        return TemplateView(template_id=template_id, title=body.title, text_by_language=texts)

    @router.delete("/templates/{template_id}", tags=["templates"], status_code=204)
    async def remove_template(template_id: Id, person: Caller) -> None:
        """Removes one. Needs the right `review`."""
        await staff.review.remove_canned(person, template_id)

    @router.post("/properties/{property_id}/facts/{topic}/proposals", tags=["hotel"], status_code=201)
    async def propose_fact(property_id: Id, topic: Id, body: FactProposal, person: Caller) -> ProposalView:
        """Proposes what guests should be told. Facts are the hotel file's: what a reviewer accepts is downloaded for
        it, and nothing changes by itself. The same again is the same. Needs the right `conversations`.
        """
        person.must(Right.CONVERSATIONS)
        await staff.hotel.property(property_id)
        made = await staff.review.propose_fact(
            person, property_id, topic=topic, language=body.language, question=body.question, words=body.text
        )
        return _proposal(made)

    @router.get("/proposals", tags=["hotel"])
    async def list_proposals(person: Caller, state: ProposalState = "proposed") -> Proposals:
        """Corrections in a state, the latest first; they hold guests' words. Needs the right `review`."""
        return Proposals(proposals=[_proposal(item) for item in await staff.review.listed(person, State(state))])

    @router.post("/proposals/{proposal_id}/verdict", tags=["hotel"], status_code=204)
    async def review_proposal(proposal_id: Id, body: Verdict, person: Caller) -> None:
        """Accepts or rejects one. Needs the right `review`."""
        await staff.review.decide(person, proposal_id, State(body.state))

    return router


def _flags(read: FlagsAsRead) -> Flags:
    return Flags(flags=dict(read.flags), version=read.version)


def _proposal(item: Proposal) -> ProposalView:
    return ProposalView.model_validate(item)
