"""The catalogue: what a guest can want, and the topics of questions, complaints and services."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentLabel:
    """A name of the catalogue and what it covers."""

    name: str
    covers: str
    topics: tuple[str, ...] = ()


INQUIRY_TOPICS = (
    "breakfast",
    "parking",
    "wifi",
    "pool",
    "jacuzzi",
    "pets",
    "late_checkout",
    "early_checkin",
    "arrival_time",
    "check_in_time",
    "check_out_time",
    "airport",
    "smoking",
    "payment",
    "location",
    "restaurant",
    "gym",
    "spa",
    "accessibility",
    "luggage",
    "price",
    "policy",
    "invoice",
    "children",
    "amenities",
    "tourism",
    "reservation_details",
    "room_details",
    "discount",
    "transport",
    "laundry",
    "events",
)
COMPLAINT_TOPICS = (
    "air_conditioning",
    "heating",
    "noise",
    "cleanliness",
    "hot_water",
    "plumbing",
    "wifi",
    "television",
    "pests",
    "smell",
    "billing",
    "staff",
    "room_mismatch",
    "food",
    "elevator",
    "key",
    "bed",
    "electricity",
    "safety",
    "waiting",
    "theft",
    "smoking",
)
SERVICE_TOPICS = (
    "towels",
    "housekeeping",
    "room_service",
    "taxi",
    "wake_up_call",
    "luggage",
    "extra_bed",
    "crib",
    "maintenance",
    "toiletries",
    "bedding",
    "iron",
    "laundry",
    "restaurant",
    "water",
    "key",
    "do_not_disturb",
    "events",
)

CATALOGUE: tuple[IntentLabel, ...] = (
    IntentLabel(name="reservation_request", covers="wants to book, or names what to book"),
    IntentLabel(name="availability_check", covers="asks whether rooms are free, or what they would cost on dates"),
    IntentLabel(name="modification_request", covers="wants to change an existing booking"),
    IntentLabel(name="cancellation_request", covers="wants to give up a booking, or asks for its refund"),
    IntentLabel(name="general_inquiry", covers="asks for a fact about the hotel or a booking", topics=INQUIRY_TOPICS),
    IntentLabel(name="complaint", covers="something is wrong or was wrong", topics=COMPLAINT_TOPICS),
    IntentLabel(name="compliment", covers="praises the hotel, a stay or a person"),
    IntentLabel(name="greeting", covers="opens the conversation"),
    IntentLabel(name="goodbye", covers="closes the conversation, thanks included"),
    IntentLabel(name="confirm", covers="says yes to what was asked"),
    IntentLabel(name="deny", covers="says no to what was asked"),
    IntentLabel(name="provide_info", covers="gives dates, counts, names or other details that were asked"),
    IntentLabel(name="human_request", covers="wants to deal with a person"),
    IntentLabel(name="service_request", covers="wants something brought, done or fetched", topics=SERVICE_TOPICS),
    IntentLabel(name="emergency", covers="danger to life, health or safety, now"),
    IntentLabel(name="opt_out", covers="wants no more messages"),
    IntentLabel(name="opt_in", covers="wants messages again"),
    IntentLabel(name="privacy_request", covers="wants personal data shown, corrected or erased"),
    IntentLabel(name="out_of_scope", covers="is not for a hotel"),
)
INTENTS: tuple[str, ...] = tuple(label.name for label in CATALOGUE)
