"""Corrections: made at the desk, looked at by a manager; and the canned answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mesh.clock import Clock
from mesh.errors import NotFound
from mesh.values import derived_id

from services.gateway.domain.cleaning import clean_text
from services.gateway.staff.adapters.conversations import GrpcConversations
from services.gateway.staff.adapters.corrections import PostgresCanned, PostgresProposals
from services.gateway.staff.domain.audit import Action
from services.gateway.staff.domain.canned import Canned, read_canned
from services.gateway.staff.domain.proposal import Kind, Proposal, State, check, files_of
from services.gateway.staff.domain.role import Right
from services.gateway.staff.domain.user import Person
from services.gateway.staff.logbook import Logbook


class Review:
    """One for the process. Every method raises NotAllowed without the right."""

    def __init__(
        self,
        *,
        conversations: GrpcConversations,
        proposals: PostgresProposals,
        canned: PostgresCanned,
        logbook: Logbook,
        clock: Clock,
    ) -> None:
        self._conversations = conversations
        self._proposals = proposals
        self._canned = canned
        self._logbook = logbook
        self._clock = clock

    async def propose(
        self, person: Person, session_id: str, *, turn_id: str, kind: Kind, should_be: str, words: str
    ) -> Proposal:
        """What the receptionist should have understood, or known, in a turn. The same again is the same.

        Raises NotFound without such a turn, Invalid for what nobody could use.
        """
        person.must(Right.CONVERSATIONS)
        conversation = await self._conversations.read(session_id)
        turn = next((one for one in await self._conversations.exchanges(session_id) if one.turn_id == turn_id), None)
        if turn is None:
            raise NotFound("RECORD_NOT_FOUND", "there is no such turn")
        understood = turn.understanding.intents if turn.understanding else ()
        name, _, topic = understood[0] if understood else ("", 0.0, "")
        return await self._proposed(
            person,
            session_id,
            Proposal(
                proposal_id=derived_id("prp", session_id, turn_id, kind, should_be, words),
                kind=kind,
                state=State.PROPOSED,
                property_id=conversation.case.property_id,
                session_id=session_id,
                turn_id=turn_id,
                language=(conversation.case.language or "es")[:2],
                guest_text="\n".join(turn.said),
                was=name if kind is Kind.INTENT else topic,
                should_be=should_be,
                words=words if kind is Kind.FACT else "",
                author=person.user.user_id,
                create_time=self._clock.now(),
            ),
        )

    async def propose_fact(
        self, person: Person, property_id: str, *, topic: str, language: str, question: str, words: str
    ) -> Proposal:
        """A fact that guests ask for and nobody was told. `question` is how a guest would ask. The same again is the
        same. Raises Invalid for what nobody could use.
        """
        person.must(Right.CONVERSATIONS)
        return await self._proposed(
            person,
            property_id,
            Proposal(
                proposal_id=derived_id("prp", property_id, topic, language, question, words),
                kind=Kind.FACT,
                state=State.PROPOSED,
                property_id=property_id,
                session_id="",
                turn_id="",
                language=language,
                guest_text=clean_text(question, limit=500),
                was="",
                should_be=topic,
                words=words,
                author=person.user.user_id,
                create_time=self._clock.now(),
            ),
        )

    async def _proposed(self, person: Person, subject: str, proposal: Proposal) -> Proposal:
        """Written into the log, then kept. `subject` is what it is about."""
        check(proposal)
        await self._logbook.did(person, Action.PROPOSED, subject, proposal_id=proposal.proposal_id)
        await self._proposals.add(proposal)
        return proposal

    async def listed(self, person: Person, state: State) -> Sequence[Proposal]:
        """Proposals in a state, the latest first. They hold guests' words."""
        person.must(Right.REVIEW)
        found = await self._proposals.in_state(state)
        await self._logbook.saw(person, Action.SESSION_READ, "proposals")
        return found

    async def decide(self, person: Person, proposal_id: str, state: State) -> None:
        """Accepts or rejects. Raises NotFound."""
        person.must(Right.REVIEW)
        await self._logbook.did(person, Action.REVIEWED, proposal_id, state=state.value)
        await self._proposals.review(proposal_id, state, reviewer=person.user.user_id, now=self._clock.now())

    async def files(self, person: Person) -> Mapping[str, object]:
        """What was accepted, as the content of files by path."""
        return files_of(list(reversed(await self.listed(person, State.ACCEPTED))))

    async def canned(self, person: Person) -> Sequence[Canned]:
        """Every canned answer."""
        person.must(Right.CONVERSATIONS)
        return await self._canned.all()

    async def put_canned(self, person: Person, canned_id: str, title: str, texts: Mapping[str, str]) -> None:
        """Stores one. Raises Invalid."""
        person.must(Right.REVIEW)
        canned = read_canned(canned_id, title, texts)
        await self._logbook.did(person, Action.CANNED_CHANGED, canned_id)
        await self._canned.put(canned, now=self._clock.now())

    async def remove_canned(self, person: Person, canned_id: str) -> None:
        """Raises NotFound."""
        person.must(Right.REVIEW)
        await self._logbook.did(person, Action.CANNED_REMOVED, canned_id)
        await self._canned.remove(canned_id)
