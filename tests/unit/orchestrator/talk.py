"""A conversation in memory: scripted understanding, real flows, executor and wording, the hotel's rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from mesh.clock import ManualClock

from services.orchestrator.adapters.memory import MemoryPms
from services.orchestrator.adapters.memory_sessions import MemorySessions
from services.orchestrator.adapters.scripted import ScriptedNlp
from services.orchestrator.answers import Outcome
from services.orchestrator.domain.analysis import Analysis, Entity, Intent
from services.orchestrator.domain.events import External, Input
from services.orchestrator.domain.machine import Machine
from services.orchestrator.domain.state import Contact
from services.orchestrator.executor import Executor
from services.orchestrator.flows import ALL
from services.orchestrator.listening import Words
from services.orchestrator.ports import Nlp, Pms, Sessions
from services.orchestrator.turns import Turns
from services.orchestrator.wording import Wording
from tests.unit.orchestrator import alameda

WORDING = Wording()
MACHINE = Machine(ALL)


def heard(*intents: str | Intent, lang: str = "es", **entities: str | Sequence[str]) -> Analysis:
    """An analysis in short: intents by name (`name/topic`), entities as type=value; dates by their role."""
    found: list[Entity] = []
    for kind, values in entities.items():
        for value in [values] if isinstance(values, str) else values:
            if kind in ("check_in", "check_out", "night", "date"):
                found.append(Entity(type="date", role=kind, value=value))
            else:
                found.append(Entity(type=kind, value=value))
    return Analysis(language=lang, intents=tuple(_intent(item) for item in intents), entities=tuple(found))


def _intent(item: str | Intent) -> Intent:
    if isinstance(item, Intent):
        return item
    name, _, topic = item.partition("/")
    return Intent(name=name, topic=topic)


@dataclass(slots=True)
class Turn:
    """What one turn did, with the checks that tests make most."""

    outcome: Outcome | None
    replayed: bool = False

    @property
    def text(self) -> str:
        return "\n".join(self.outcome.texts) if self.outcome else ""

    @property
    def asks(self) -> tuple[str, ...]:
        return self.outcome.state.asked if self.outcome else ()

    @property
    def pms(self) -> list[str]:
        return [item.name for item in self.outcome.operations if not item.error] if self.outcome else []

    @property
    def slots(self) -> dict[str, str]:
        return {name: slot.value for name, slot in self.outcome.state.slots.items()} if self.outcome else {}

    @property
    def state(self):  # type: ignore[no-untyped-def]
        assert self.outcome is not None
        return self.outcome.state


@dataclass(slots=True)
class Talk:
    """One guest and the hotel."""

    contact: Contact = field(
        default_factory=lambda: Contact(channel="whatsapp", address="525500000001", phone="+525500000001")
    )
    clock: ManualClock = field(default_factory=lambda: ManualClock(alameda.START))
    pms: MemoryPms = None  # type: ignore[assignment]
    nlp: ScriptedNlp = field(default_factory=ScriptedNlp)
    sessions: MemorySessions = field(default_factory=MemorySessions)
    number: int = 0
    encoded: dict[bytes, Outcome] = field(default_factory=dict)
    through: Pms | None = None
    understanding: Nlp | None = None
    store: Sessions | None = None
    machine: Machine = MACHINE
    features: Any = None

    def __post_init__(self) -> None:
        if self.pms is None:
            self.pms = alameda.pms(self.clock)

    def turns(self) -> Turns:
        hotel = self.through or self.pms
        return Turns(
            nlp=self.understanding or self.nlp,
            pms=hotel,
            sessions=self.store or self.sessions,
            executor=Executor(machine=self.machine, pms=hotel, records=self.sessions, repeat_after=0),
            wording=WORDING,
            clock=self.clock,
            features=self.features,
        )

    async def say(self, text: str, analysis: Analysis, *, turn_id: str = "") -> Turn:
        self.nlp.script[text] = analysis
        return await self.send(Words(message_id=f"m{self.number + 1}", text=text), turn_id=turn_id)

    async def send(self, *inputs: Words | Input, turn_id: str = "") -> Turn:
        self.number += 1
        answer = await self.turns().guest_turn(
            turn_id=turn_id or f"t{self.number}",
            property_id="alameda",
            contact=self.contact,
            inputs=inputs,
            received=None,
            encode=self.encode,
        )
        return Turn(outcome=self.encoded.get(answer.stored), replayed=answer.replayed)

    async def event(self, event: External) -> Turn:
        self.number += 1
        conversation = await self.sessions.open("alameda", self.contact)
        answer = await self.turns().event(
            request_id=f"t{self.number}", session_id=conversation.session_id, event=event, encode=self.encode
        )
        return Turn(outcome=self.encoded.get(answer.stored), replayed=answer.replayed)

    def later(self, **span: float) -> None:
        self.clock.advance(timedelta(**span))

    def encode(self, outcome: Outcome) -> bytes:
        key = f"{self.number}:{len(self.encoded)}".encode()
        self.encoded[key] = outcome
        return key
