"""A person, when the guest wants one: announced once, with a time that can be kept. Slots survive it."""

from __future__ import annotations

from dataclasses import replace

from services.orchestrator.domain.desk import hand_over, human_request, opening
from services.orchestrator.domain.flow import Done, at_once
from services.orchestrator.domain.guard import Moment
from services.orchestrator.domain.phrases import wants_manager
from services.orchestrator.flows.speaking import done, fact, of_property, say


def to_person(moment: Moment) -> Done:
    hotel = moment.hotel
    case = human_request(hotel, moment.now)
    manager = wants_manager(moment.state.turn.text)
    if manager:
        # What is urgent stays so.
        waiting = moment.state.awaiting
        urgent = waiting is not None and waiting.priority == "urgent"
        case = replace(case, desk="manager", priority="urgent" if urgent else case.priority)
    state = hand_over(moment.state, case, moment.now)
    staffed = hotel.staffed(moment.now)
    opens = of_property(moment, "staff_start", hotel.staff_start) if hotel.staff_start and not staffed else None
    minutes = fact(state.handoff.sla_minutes if state.handoff else case.minutes, "handoff:human_request")
    reply = say("handoff.person", opens=opens, minutes=minutes, manager=manager)
    return done(state, reply, opening(case))


FLOW = at_once("handoff", to_person, returns=False)
