"""What the Cloud API's error codes mean and what is done about each. Matched by number; the titles change."""

from __future__ import annotations

from services.gateway.channels.answers import by_http_status
from services.gateway.domain.outbox import Advice

# 131026 and 131047 reach the guest on another channel or by a template, which is for whoever wrote the message to do.
TABLE: dict[int, tuple[str, Advice]] = {
    4: ("app throughput", Advice.RETRY),
    80007: ("account throughput", Advice.RETRY),
    130429: ("throughput", Advice.RETRY),
    131056: ("too many to this guest", Advice.RETRY_PACED),
    131048: ("seen as spam", Advice.STOP_PROACTIVE),
    131064: ("messaging limit", Advice.STOP_PROACTIVE),
    131047: ("window closed", Advice.GIVE_UP),
    131026: ("undeliverable", Advice.GIVE_UP),
    131049: ("marketing withheld", Advice.GIVE_UP),
    131050: ("marketing stopped", Advice.GIVE_UP),
    130472: ("marketing experiment", Advice.GIVE_UP),
    131051: ("type unsupported", Advice.GIVE_UP),
    131052: ("media download failed", Advice.RETRY),
    131053: ("media upload failed", Advice.RETRY),
    131062: ("user id not allowed here", Advice.GIVE_UP),
    131000: ("trouble at Meta", Advice.RETRY),
    131016: ("Meta overloaded", Advice.RETRY),
    133016: ("too many registrations", Advice.RETRY),
    1: ("trouble at Meta", Advice.RETRY),
    2: ("trouble at Meta", Advice.RETRY),
    131008: ("parameter missing", Advice.FIX),
    131009: ("parameter invalid", Advice.FIX),
    100: ("parameter invalid", Advice.FIX),
    131031: ("account locked", Advice.PAGE),
    131042: ("payment trouble", Advice.PAGE),
    368: ("policy block", Advice.PAGE),
    190: ("token expired", Advice.PAGE),
    0: ("token refused", Advice.PAGE),
    3: ("permission missing", Advice.PAGE),
    10: ("permission missing", Advice.PAGE),
    200: ("permission missing", Advice.PAGE),
}
# A file that Meta could not fetch or take: worth one more try.
MEDIA_CODES = frozenset({"131052", "131053"})
_TEMPLATE_CODES = range(132_000, 133_000)


def meaning_of(code: int | None, http_status: int) -> tuple[str, Advice]:
    """Our word and what to do, by the code; by the HTTP status where there is none or nobody knows it."""
    if code is not None and code in TABLE:
        return TABLE[code]
    if code is not None and code in _TEMPLATE_CODES:
        return "template trouble", Advice.FIX
    return by_http_status(http_status)
