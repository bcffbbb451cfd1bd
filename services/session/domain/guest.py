"""A guest: a person, with every identity known for them."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import datetime

from mesh.errors import NotFound

from services.session.domain.identity import ChannelIdentity, email_of, phone_of
from services.session.domain.phone import e164


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """A person, as told. `display_name` is what a channel showed at first contact: a claim, for staff."""

    guest_id: str
    given_name: str = ""
    family_name: str = ""
    email: str = ""
    phone_number: str = ""
    language: str = ""
    display_name: str = ""
    identities: tuple[ChannelIdentity, ...] = ()
    opted_out: bool = False
    version: int = 1
    create_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestDetails:
    """What a guest told us about themselves. Empty fields leave what is known alone; None leaves the opt-out alone."""

    given_name: str = ""
    family_name: str = ""
    email: str = ""
    phone_number: str = ""
    language: str = ""
    opted_out: bool | None = None

    def known(self) -> dict[str, str | bool]:
        """What was told, by field, without what was left open."""
        return {name: value for name, value in asdict(self).items() if value not in ("", None)}


def first_contact(
    *, guest_id: str, identity: ChannelIdentity, display_name: str, opted_out: bool, now: datetime
) -> Guest:
    """A guest who writes for the first time: known by what the channel discloses and nothing else."""
    return Guest(
        guest_id=guest_id,
        email=email_of(identity),
        phone_number=phone_of(identity),
        display_name=display_name,
        identities=(identity,),
        opted_out=opted_out,
        create_time=now,
    )


def updated(guest: Guest, details: GuestDetails) -> Guest:
    """The guest with what they told us; a write, so one version on."""
    return replace(
        guest,
        given_name=details.given_name or guest.given_name,
        family_name=details.family_name or guest.family_name,
        email=details.email or guest.email,
        phone_number=e164(details.phone_number) or guest.phone_number,
        language=details.language or guest.language,
        opted_out=guest.opted_out if details.opted_out is None else details.opted_out,
        version=guest.version + 1,
    )


def linked(guest: Guest, identity: ChannelIdentity) -> Guest:
    """The guest with one more identity and what it discloses; a write."""
    return replace(
        guest,
        email=guest.email or email_of(identity),
        phone_number=guest.phone_number or phone_of(identity),
        version=guest.version + 1,
    )


def absorbed(guest: Guest, former: Guest) -> Guest:
    """The guest with what another one told us who turned out to be the same.

    What the guest told us wins over what the former one did; a stop by either is a stop.
    """
    return replace(
        guest,
        given_name=guest.given_name or former.given_name,
        family_name=guest.family_name or former.family_name,
        email=guest.email or former.email,
        phone_number=guest.phone_number or former.phone_number,
        language=guest.language or former.language,
        display_name=guest.display_name or former.display_name,
        opted_out=guest.opted_out or former.opted_out,
        create_time=min(guest.create_time, former.create_time),
    )


def no_guest(guest_id: str = "") -> NotFound:
    """No guest has this id or identity."""
    return NotFound("GUEST_NOT_FOUND", "no guest has this id or identity", guest_id=guest_id)
