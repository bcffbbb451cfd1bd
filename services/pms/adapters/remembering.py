"""Who books, in the books of guests."""

from __future__ import annotations

from services.pms.adapters.ledger import Transaction
from services.pms.domain.guest import GuestProfile
from services.pms.domain.phone import email_key, match_key
from services.pms.domain.reservation import Booker


async def remembered(tx: Transaction, property_id: str, booker: Booker) -> GuestProfile:
    """The booker's profile, made or completed; what was known of a guest is not overwritten by a booking."""
    phone, email = match_key(booker.phone_number), email_key(booker.email)
    known = await tx.guest(property_id, phone_key=phone, email_key=email)
    profile = known.filled_in(booker) if known else tx.new_guest(property_id, booker)
    if profile != known:
        await tx.put_guest(profile)
    return profile
