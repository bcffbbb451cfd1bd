"""What is known of a reservation, told only to whom it belongs. Room numbers are for reception to tell."""

from __future__ import annotations

from dataclasses import replace

from services.orchestrator.domain.flow import END, Done, Flow
from services.orchestrator.domain.guard import Moment
from services.orchestrator.flows.identifying import WAITING, Next, identify
from services.orchestrator.flows.speaking import done, fact, room_name, say, stay_values


def tell(moment: Moment) -> Done:
    booked = moment.state.reservation
    assert booked is not None
    source = f"reservation:{booked.code}"
    reply = say(
        "reservation.tell",
        asks=(),
        code=fact(booked.code, source, booked.read_time),
        room=room_name(moment, booked.room_type),
        total=fact(booked.total, source, booked.read_time),
        arrive_from=fact(moment.hotel.check_in_time, "property:check_in_time", moment.hotel.read_time),
        in_house=booked.in_house,
        **stay_values(booked.stay, source, booked.read_time),
    )
    return done(replace(moment.state, asked=()), reply)


FLOW = Flow(name="lookup", start="begin", waiting=WAITING, transitions=identify((Next(do=tell, to=END),)))
