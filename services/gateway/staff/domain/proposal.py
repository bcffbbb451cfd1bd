"""Corrections by staff: what the receptionist should have understood or known, for somebody to review.

Nothing here changes the receptionist by itself. An accepted proposal is a line of training data or a fact, and a
dialogue that fails until it is right: files that are put into the repository and the hotel file, and released.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from mesh.errors import Invalid

from services.gateway.domain.cleaning import clean_line, clean_text

_NAME = re.compile(r"[a-z][a-z0-9_]{1,60}")


class Kind(StrEnum):
    """What is corrected."""

    INTENT = "intent"
    FACT = "fact"


class State(StrEnum):
    """Where a proposal stands."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A correction. `was` and `should_be` are an intent or a topic; `words` are a fact's, as guests should read it."""

    proposal_id: str
    kind: Kind
    state: State
    property_id: str
    session_id: str
    turn_id: str
    language: str
    guest_text: str
    was: str
    should_be: str
    words: str
    author: str
    create_time: datetime
    reviewer: str = ""
    review_time: datetime | None = None


def check(proposal: Proposal) -> Proposal:
    """The proposal, cleaned. Raises Invalid for one that nobody could put into a file."""
    faults = {}
    if not _NAME.fullmatch(proposal.should_be):
        faults["should_be"] = "must be a name in lower case with underscores"
    if not proposal.guest_text:
        faults["turn_id"] = "must be a turn in which the guest wrote words"
    if proposal.kind is Kind.FACT and not clean_text(proposal.words, limit=1_000):
        faults["words"] = "are required for a fact"
    if proposal.kind is Kind.INTENT and proposal.should_be == proposal.was:
        faults["should_be"] = "is what was understood"
    if faults:
        raise Invalid("the correction cannot be used", fields=faults)
    return proposal


def files_of(proposals: Sequence[Proposal]) -> dict[str, object]:
    """The proposals as the content of the files they belong into, by path: training data, facts, dialogues."""
    training: dict[str, list[str]] = {}
    facts: dict[str, dict[str, dict[str, str]]] = {}
    dialogues = []
    for proposal in proposals:
        text = clean_line(proposal.guest_text, limit=500)
        if proposal.kind is Kind.INTENT:
            path = f"services/nlp/data/{proposal.language}/{proposal.should_be}.yaml"
            training.setdefault(path, []).append(text)
            want: dict[str, object] = {"intent": proposal.should_be, "lang": proposal.language}
        else:
            topic = facts.setdefault(f"hotel/{proposal.property_id}.yaml", {}).setdefault(proposal.should_be, {})
            topic[proposal.language] = clean_text(proposal.words, limit=1_000)
            want = {"intent": "general_inquiry", "lang": proposal.language}
        dialogues.append(
            {
                "id": f"S{proposal.proposal_id[-8:].upper()}",
                "title": f"staff: {proposal.kind} {proposal.was or 'none'} should be {proposal.should_be}",
                "turns": [{"g": text, "want": want}],
            }
        )
    return {
        **{path: {"plain": "\n".join(lines) + "\n"} for path, lines in sorted(training.items())},
        **{path: {"facts": topics} for path, topics in sorted(facts.items())},
        "tests/data/dialogues/staff.yaml": {"dialogues": dialogues},
    }
