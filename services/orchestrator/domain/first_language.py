"""The language somebody is answered in who has not yet said anything that tells it: a sticker, "stop", nlp away."""

from __future__ import annotations

from services.orchestrator.domain.hotel import Hotel
from services.orchestrator.domain.state import Contact

# Codes of countries by what is mostly spoken there; longer ones tell islands from the rest of their code.
_CODES = {
    "es": (
        *("+34", "+51", "+52", "+53", "+54", "+56", "+57", "+58", "+502", "+503", "+504", "+505", "+506", "+507"),
        *("+591", "+593", "+595", "+598", "+1787", "+1809", "+1829", "+1849", "+1939"),
    ),
    "pt": ("+55", "+351", "+244", "+258"),
}
_ELSEWHERE = "en"


def first_language(contact: Contact, hotel: Hotel) -> str:
    """That of their app, else of their telephone's country, among the hotel's languages; else the hotel's first one."""
    told = contact.language.partition("-")[0].lower()
    if told in hotel.languages:
        return told
    spoken = next((name for name, codes in _CODES.items() if contact.phone.startswith(codes)), _ELSEWHERE)
    if contact.phone and spoken in hotel.languages:
        return spoken
    return hotel.languages[0] if hotel.languages else "es"
