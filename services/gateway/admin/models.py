"""What the admin API takes and gives, as its OpenAPI document describes it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

# Text that every store can hold: no NUL, no half of a surrogate pair.
Text = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=256)]
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,128}$")]
PageSize = Annotated[int, Query(ge=1, le=200)]
RoleName = Literal["agent", "manager", "admin"]
LanguageName = Literal["es", "en"]
ProposalState = Literal["proposed", "accepted", "rejected"]


class Model(BaseModel):
    """Unknown fields are refused: a typing mistake must not pass for a change."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)


class Problem(Model):
    """What went wrong (RFC 9457). Branch on `reason`."""

    type: str = Field("about:blank", description="Always `about:blank`.")
    title: str = Field(description="The reason in words, for developers.")
    status: int = Field(description="The HTTP status.")
    reason: str = Field(description="As in docs/errors.md.")
    fields: dict[str, str] = Field({}, description="What is wrong, by field.")


class SignIn(Model):
    """An account's address and password."""

    email: Text
    password: Annotated[str, StringConstraints(max_length=128)]


class Refresh(Model):
    """The newest refresh token of a sign-in."""

    refresh_token: Annotated[str, StringConstraints(max_length=128)]


class TokenPair(Model):
    """What was given. A refresh token is good once; using an older one ends the sign-in."""

    access_token: str
    refresh_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 (the kind of a token)
    expire_time: datetime


class UserView(Model):
    """An account."""

    user_id: str
    email: str
    name: str
    role: RoleName
    language: LanguageName
    active: bool
    version: int
    create_time: datetime
    update_time: datetime


class NewUser(Model):
    """An account to make."""

    email: Text
    name: Text
    role: RoleName
    language: LanguageName = "es"
    password: Annotated[str, StringConstraints(max_length=128)]


class UserChange(Model):
    """What changes; `version` must be the one that was read. Locking or a new password ends every sign-in."""

    version: Annotated[int, Field(ge=1, le=2**62)]
    name: Text | None = None
    role: RoleName | None = None
    language: LanguageName | None = None
    active: bool | None = None
    password: Annotated[str, StringConstraints(max_length=128)] | None = None


class Users(Model):
    """A page, by address."""

    users: list[UserView]
    next_page_token: str


class FactView(Model):
    """Something the hotel tells guests. Its source is the hotel's file: change it there, or propose a correction."""

    topic: str
    text_by_language: dict[str, str]
    version: int


class PropertyView(Model):
    """A property."""

    property_id: str
    display_name: str
    time_zone: str
    currency_code: str
    languages: list[str]
    backend: str
    facts: list[FactView]


class Properties(Model):
    """A page, by id."""

    properties: list[PropertyView]
    next_page_token: str


class Flags(Model):
    """The flags file as it is now, in flagd's format. Without a file there are none and the safe values hold."""

    flags: dict[str, object]
    version: str = Field(description="Goes with a change; empty without a file.")


class FlagChange(Model):
    """What a flag says to everybody whom no rule of its own names; `version` must be the one that was read."""

    version: Text
    variant: Text


class TemplateView(Model):
    """An answer that staff start from, in each language it is offered in."""

    template_id: str
    title: str
    text_by_language: dict[str, str]


class TemplateChange(Model):
    """The whole of a template."""

    title: Text
    text_by_language: dict[LanguageName, Annotated[str, StringConstraints(max_length=2_000)]]


class Templates(Model):
    """Every template, by title: a hotel has some dozens."""

    templates: list[TemplateView]


class FactProposal(Model):
    """A fact as guests should read it, and how one would ask for it."""

    language: LanguageName
    question: Text
    text: Annotated[str, StringConstraints(max_length=1_000)]


class ProposalView(Model):
    """A correction for somebody to review. What is accepted goes into the hotel's files and changes nothing before."""

    proposal_id: str
    kind: Literal["intent", "fact"]
    state: ProposalState
    property_id: str
    session_id: str
    language: str
    guest_text: str
    was: str
    should_be: str
    words: str
    author: str
    create_time: datetime


class Proposals(Model):
    """The latest 200 in a state."""

    proposals: list[ProposalView]


class Verdict(Model):
    """What a reviewer says."""

    state: Literal["accepted", "rejected"]


class ConversationView(Model):
    """A conversation, without its guest's name or words."""

    session_id: str
    property_id: str
    guest_id: str
    channel: str
    language: str
    intent: str


class SessionView(ConversationView):
    """A conversation, without its guest's name or words."""

    handoff: str = Field(description="State of its hand-off; empty without one.")
    last_activity_time: datetime


class Sessions(Model):
    """A page, newest activity first."""

    sessions: list[SessionView]
    next_page_token: str


class NoteView(Model):
    """Words of a colleague's for colleagues. The guest never sees them, and their erasure removes them."""

    agent: str = Field(description="The account that wrote it.")
    text: str
    create_time: datetime


class Notes(Model):
    """What is written down about a conversation, of its latest turns. It quotes guests: show it as text, never as
    markup. As JSON it has no `<`, `>` or `&`.
    """

    handoff: str = Field(description="State of the hand-off; empty without one.")
    reason: str = Field(description="Why a person was needed; empty without a hand-off.")
    summary: str = Field(description="What the receptionist wrote down for the person who takes it.")
    notes: list[NoteView] = Field(description="Oldest first.")


class StaffAnswer(Model):
    """Words for the guest, sent as they are."""

    text: Annotated[str, StringConstraints(pattern=r"^[^\x00]*\S[^\x00]*$", max_length=4_000)]


class StaffNote(StaffAnswer):
    """Words for colleagues."""


class ChannelView(Model):
    """A channel: what waits, and what came of the last hour's messages."""

    channel: str
    queued: int
    sent: int
    failed: int
    oldest: datetime | None


class Channels(Model):
    """Every open channel."""

    channels: list[ChannelView]


class DeadLetterView(Model):
    """A turn put aside after its last try, without its words."""

    turn_id: str
    conversation_id: str
    property_id: str
    channel: str
    tries: int
    reason: str
    create_time: datetime
    update_time: datetime


class OpenedLetterView(DeadLetterView):
    """The same with who wrote and what."""

    address: str
    name: str
    said: list[str] = Field(description="The messages of the turn in words, oldest first; in brackets what has none.")


class DeadLetters(Model):
    """A page, by id."""

    dead_letters: list[DeadLetterView]
    next_page_token: str


class Replayed(Model):
    """How many are open again."""

    replayed: int


class CaseView(ConversationView):
    """A conversation that waits for a person or is with one."""

    state: str
    priority: str
    desk: str
    reason: str
    agent: str
    due_time: datetime | None


class Cases(Model):
    """A page, the most urgent first."""

    cases: list[CaseView]
    next_page_token: str
    open_count: int
    claimed_count: int


class Receipt(Model):
    """What was erased and what had to be kept."""

    receipt_id: str
    erased: list[str]
    retained: list[str]


class EntryView(Model):
    """An entry of the audit log."""

    sequence: int
    time: datetime
    actor: str
    action: str
    subject: str
    details: dict[str, str]
    address: str


class AuditLog(Model):
    """A page, newest first."""

    entries: list[EntryView]
    next_page_token: str
