"""One more stay like the one that is booked: "and another one like it for my sister"."""

from __future__ import annotations

from services.orchestrator.domain.phrases import wants_same_again
from services.orchestrator.domain.state import DialogueState, Slot


def like_the_last(state: DialogueState, text: str) -> DialogueState:
    """The state with the guest's own stay as the wish, when it is wanted once more; under whose name is asked anew."""
    booked = state.reservation
    if booked is None or state.flow or not wants_same_again(text):
        return state
    ages = ",".join(str(age) for room in booked.rooms for age in room.child_ages)
    values = {
        "check_in": booked.stay.check_in.isoformat(),
        "check_out": booked.stay.check_out.isoformat(),
        "nights": str(booked.stay.nights),
        "adults": str(sum(room.adults for room in booked.rooms)),
        "children": str(sum(len(room.child_ages) for room in booked.rooms)),
        "child_ages": ages,
        "rooms": str(len(booked.rooms)) if len(booked.rooms) > 1 else "",
        "room_type": booked.room_type,
        "rate_plan": booked.rate_plan,
    }
    source = f"reservation:{booked.code}"
    told = {name: Slot(value=value, source=source) for name, value in values.items() if value}
    return state.without_slots(*values, "guest_name", "reservation").with_slots(**told)
