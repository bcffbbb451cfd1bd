"""What guests say under load: bookings, word by word or all at once, in both languages, each with dates of its own."""

from datetime import date, timedelta

from deploy.local.demo import english, spanish

FIRST_OFFSET_DAYS = 60
SPREAD_DAYS = 400


def lines_of(guest: int, today: date) -> tuple[str, ...]:
    """The lines of the n-th guest. Dates are spread so that guests rarely want the same rooms."""
    check_in = today + timedelta(days=FIRST_OFFSET_DAYS + guest * 7 % SPREAD_DAYS)
    script = spanish if guest % 2 else english
    return script(check_in, check_in + timedelta(days=2)).lines
