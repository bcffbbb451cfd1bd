"""What a hotel knows about a guest."""

import grpc
from hotel.pms.v1 import pms_pb2, reservation_pb2

from tests.conformance.checking import check
from tests.conformance.expecting import expect, expect_equal, expect_refused
from tests.conformance.visit import READ_SECONDS, WRITE_SECONDS, Visit


async def _profile(visit: Visit, **lookup: str) -> reservation_pb2.GuestProfile:
    request = pms_pb2.GetGuestProfileRequest(property_id=visit.property_id, **lookup)
    return (await visit.pms.GetGuestProfile(request, timeout=READ_SECONDS)).profile


@check("who booked is known by phone and by e-mail, with their live codes")
async def _(visit: Visit) -> None:
    made = await visit.book(await visit.offer())
    by_phone = await _profile(visit, phone_number=visit.booker.phone_number)
    expect_equal((by_phone.given_name, by_phone.email), ("Conformance", visit.booker.email), "name and e-mail")
    expect_equal(list(by_phone.live_confirmation_codes), [made.confirmation_code], "the live codes")
    expect_equal(await _profile(visit, email=visit.booker.email), by_phone, "the profile found by e-mail")
    await visit.cancel(made.reservation_id)
    after = await _profile(visit, phone_number=visit.booker.phone_number)
    expect_equal(list(after.live_confirmation_codes), [], "the live codes after the cancellation")


@check("an update changes what is given and leaves the rest alone, once a request")
async def _(visit: Visit) -> None:
    await visit.book(await visit.offer())
    before = await _profile(visit, phone_number=visit.booker.phone_number)
    change = reservation_pb2.GuestProfile(
        profile_id=before.profile_id, property_id=visit.property_id, family_name="Checked"
    )
    request = pms_pb2.UpdateGuestProfileRequest(request_id=visit.request_id(), profile=change)
    updated = (await visit.pms.UpdateGuestProfile(request, timeout=WRITE_SECONDS)).profile
    expect_equal(updated.family_name, "Checked", "the family name")
    rest = (updated.given_name, updated.email, updated.phone_number)
    expect_equal(rest, (before.given_name, before.email, before.phone_number), "what was not given")
    again = (await visit.pms.UpdateGuestProfile(request, timeout=WRITE_SECONDS)).profile
    expect_equal(again, updated, "the answer to the repeat")
    request.profile.family_name = "Other"
    call = visit.pms.UpdateGuestProfile(request, timeout=WRITE_SECONDS)
    await expect_refused(call, grpc.StatusCode.INVALID_ARGUMENT, "REQUEST_ID_REUSED")


@check("an unknown guest is GUEST_NOT_FOUND")
async def _(visit: Visit) -> None:
    for lookup in ({"phone_number": "+12025550199"}, {"email": "nobody-at-all@example.com"}):
        await expect_refused(_profile(visit, **lookup), grpc.StatusCode.NOT_FOUND, "GUEST_NOT_FOUND")
    unknown = reservation_pb2.GuestProfile(profile_id="no-such-guest", property_id=visit.property_id, given_name="A")
    request = pms_pb2.UpdateGuestProfileRequest(request_id=visit.request_id(), profile=unknown)
    call = visit.pms.UpdateGuestProfile(request, timeout=WRITE_SECONDS)
    await expect_refused(call, grpc.StatusCode.NOT_FOUND, "GUEST_NOT_FOUND")


@check("a malformed phone or e-mail in an update is INVALID_ARGUMENT, by field")
async def _(visit: Visit) -> None:
    await visit.book(await visit.offer())
    known = await _profile(visit, phone_number=visit.booker.phone_number)
    for field, value in (("phone_number", "call me"), ("email", "nowhere")):
        change = reservation_pb2.GuestProfile(
            profile_id=known.profile_id, property_id=visit.property_id, **{field: value}
        )
        request = pms_pb2.UpdateGuestProfileRequest(request_id=visit.request_id(), profile=change)
        call = visit.pms.UpdateGuestProfile(request, timeout=WRITE_SECONDS)
        refusal = await expect_refused(call, grpc.StatusCode.INVALID_ARGUMENT, "INVALID_ARGUMENT")
        expect(any(path.endswith(field) for path in refusal.fields), f"BadRequest does not name {field}")
