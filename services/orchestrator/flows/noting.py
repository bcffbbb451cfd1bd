"""Says back what was told beside the answer to the open question, so that the guest sees it was heard."""

from __future__ import annotations

from services.orchestrator.domain.effects import Reply
from services.orchestrator.domain.events import Told
from services.orchestrator.domain.guard import Moment
from services.orchestrator.domain.proof import Value
from services.orchestrator.domain.slots import STAY_SLOTS
from services.orchestrator.flows.speaking import plan_name, room_name, say, told

# Who comes and for how long, which a question for the days does not repeat.
PARTY = ("nights", "adults", "children")
# What is said back, in this order.
_SAID_BACK = ("room_type", *PARTY, "rate_plan", "guest_name")


def tells_stay(moment: Moment) -> bool:
    """Whether this message told something of the stay: its days, or who comes."""
    return isinstance(moment.event, Told) and bool(moment.state.turn.changed & set(STAY_SLOTS))


def noted(moment: Moment, *, party: bool = False) -> tuple[Reply, ...]:
    """What this message told. `party`: also who comes; a reply that says it itself is enough for all that was told."""
    changed = moment.state.turn.changed
    if not isinstance(moment.event, Told) or (tells_stay(moment) and not party):
        return ()
    names = (name for name in _SAID_BACK if name in changed and (party or name not in PARTY))
    heard = tuple(item for name in names if (item := _heard(moment, name)))
    return (say("stay.noted", heard=heard),) if heard else ()


def _heard(moment: Moment, name: str) -> dict[str, Value] | None:
    value, number = moment.state.value(name), moment.state.number(name)
    if not value or number == 0:
        return None
    if name == "room_type":
        return {"kind": name, "value": room_name(moment, value)}
    if name == "rate_plan":
        return {"kind": name, "value": plan_name(moment, value)}
    return {"kind": name, "value": told(moment, name, value if number is None else number)}
