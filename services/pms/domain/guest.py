"""What the hotel knows about a guest, and what is on a guest's folio."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from mesh.values import Money, derived_id

from .phone import email_key, match_key
from .reservation import Booker


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestProfile:
    """A guest of one property. `past_stays` and `live_codes` are counted when it is read, never stored."""

    profile_id: str
    property_id: str
    given_name: str = ""
    family_name: str = ""
    email: str = ""
    phone_number: str = ""
    language: str = ""
    past_stays: int = 0
    live_codes: tuple[str, ...] = ()

    def filled_in(self, booker: Booker) -> GuestProfile:
        """What was not known, taken from a booking; what was known is never overwritten by one."""
        return replace(
            self,
            given_name=self.given_name or booker.given_name,
            family_name=self.family_name or (booker.family_name if not self.given_name else ""),
            email=self.email or booker.email,
            phone_number=self.phone_number or booker.phone_number,
            language=self.language or booker.language,
        )

    def updated(self, other: GuestProfile) -> GuestProfile:
        """With every field that `other` fills in."""
        return replace(
            self,
            given_name=other.given_name or self.given_name,
            family_name=other.family_name or self.family_name,
            email=other.email or self.email,
            phone_number=other.phone_number or self.phone_number,
            language=other.language or self.language,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """A sum on a reservation's folio."""

    charge_id: str
    reservation_id: str
    description: str
    amount: Money
    post_time: datetime


def profile_for(property_id: str, booker: Booker) -> GuestProfile:
    """A new profile for a booker. Its id follows from phone or e-mail, so two first bookings at once make one guest."""
    key = match_key(booker.phone_number) or email_key(booker.email)
    return GuestProfile(profile_id=derived_id("gst", property_id, key), property_id=property_id).filled_in(booker)
