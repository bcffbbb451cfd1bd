"""What Twilio's error codes mean and what is done about each. Matched by number; the wording changes."""

from __future__ import annotations

from services.gateway.channels.answers import by_http_status
from services.gateway.domain.outbox import Advice

OPTED_OUT = "21610"
WINDOW_CLOSED = "63016"

_TABLE: dict[str, tuple[str, Advice]] = {
    OPTED_OUT: ("the guest opted out", Advice.GIVE_UP),
    "14107": ("throughput", Advice.RETRY),
    "20003": ("credentials refused", Advice.PAGE),
    "20005": ("account not active", Advice.PAGE),
    "20006": ("access denied", Advice.PAGE),
    "20429": ("throughput", Advice.RETRY),
    "20500": ("trouble at Twilio", Advice.RETRY),
    "20503": ("trouble at Twilio", Advice.RETRY),
    "21211": ("not a number", Advice.GIVE_UP),
    "21214": ("number not reachable", Advice.GIVE_UP),
    "21217": ("not a number", Advice.GIVE_UP),
    "21265": ("short code not reachable", Advice.GIVE_UP),
    "21408": ("country not enabled", Advice.FIX),
    "21602": ("no words", Advice.FIX),
    "21603": ("no sender", Advice.FIX),
    "21604": ("no recipient", Advice.FIX),
    "21606": ("sender not ours or cannot send", Advice.FIX),
    "21611": ("queue of our number full", Advice.RETRY),
    "21612": ("no route", Advice.GIVE_UP),
    "21614": ("not a mobile", Advice.GIVE_UP),
    "21617": ("too long", Advice.FIX),
    "21620": ("file address invalid", Advice.FIX),
    "21623": ("too many files", Advice.FIX),
    "21656": ("parameter invalid", Advice.FIX),
    "21659": ("sender not ours", Advice.FIX),
    "21703": ("messaging service without numbers", Advice.PAGE),
    "30001": ("queue overflow", Advice.RETRY),
    "30002": ("account suspended", Advice.PAGE),
    "30003": ("handset unreachable", Advice.GIVE_UP),
    "30004": ("blocked", Advice.GIVE_UP),
    "30005": ("unknown handset", Advice.GIVE_UP),
    "30006": ("landline or unreachable carrier", Advice.GIVE_UP),
    "30007": ("filtered by the carrier", Advice.STOP_PROACTIVE),
    "30008": ("unknown trouble of the carrier", Advice.GIVE_UP),
    "30011": ("no MMS to this number", Advice.GIVE_UP),
    "30019": ("file too large for the carrier", Advice.GIVE_UP),
    "30022": ("throughput of the campaign", Advice.RETRY_PACED),
    "30023": ("daily cap of the campaign", Advice.STOP_PROACTIVE),
    "30032": ("toll-free number not verified", Advice.PAGE),
    "30034": ("number not registered", Advice.PAGE),
    "63003": ("recipient not on this channel", Advice.GIVE_UP),
    "63007": ("sender not known to the channel", Advice.PAGE),
    WINDOW_CLOSED: ("window closed", Advice.GIVE_UP),
    "63018": ("throughput", Advice.RETRY),
    "63019": ("file not fetched", Advice.GIVE_UP),
    "63021": ("file or words not accepted", Advice.FIX),
    "63024": ("recipient not valid", Advice.GIVE_UP),
    "63034": ("file too large", Advice.GIVE_UP),
    "63038": ("daily cap of the account", Advice.PAGE),
}


def meaning_of(code: str, http_status: int) -> tuple[str, Advice]:
    """Our word and what to do, by the code; by the HTTP status where there is none or nobody knows it."""
    return _TABLE.get(code) or by_http_status(http_status)
