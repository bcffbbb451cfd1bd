"""What each route of the console and the admin API writes into the audit log, or why it writes nothing.

The table in docs/security.md is made from here; a test holds it against the routes that there are, and others make each
of these calls and read the log.
"""

from __future__ import annotations

from collections.abc import Mapping

from services.gateway.staff.domain.audit import Action

_CONVERSATION = "/console/conversations/{session_id}"

AUDITED: Mapping[str, Action] = {
    "POST /console/login": Action.SIGN_IN,
    "POST /console/logout": Action.SIGN_OUT,
    "POST /console/account/password": Action.PASSWORD_CHANGED,
    "GET /console/queue": Action.SESSIONS_LISTED,
    "GET /console/queue/rows": Action.SESSIONS_LISTED,
    f"GET {_CONVERSATION}": Action.SESSION_READ,
    f"GET {_CONVERSATION}/live": Action.SESSION_READ,
    f"POST {_CONVERSATION}/claim": Action.SESSION_CLAIMED,
    f"POST {_CONVERSATION}/take-over": Action.SESSION_TAKEN_OVER,
    f"POST {_CONVERSATION}/answer": Action.SESSION_ANSWERED,
    f"POST {_CONVERSATION}/note": Action.SESSION_NOTED,
    f"POST {_CONVERSATION}/correct": Action.PROPOSED,
    f"POST {_CONVERSATION}/release": Action.SESSION_RELEASED,
    f"POST {_CONVERSATION}/close": Action.SESSION_CLOSED,
    "GET /console/stays": Action.STAYS_READ,
    "GET /console/search": Action.SEARCHED,
    "GET /console/proposals": Action.SESSION_READ,
    "GET /console/proposals/accepted.yaml": Action.SESSION_READ,
    "POST /console/proposals/{id}/{verdict}": Action.REVIEWED,
    "POST /console/canned": Action.CANNED_CHANGED,
    "POST /console/canned/{id}/remove": Action.CANNED_REMOVED,
    "GET /console/dead-letters": Action.DEAD_LETTERS_LISTED,
    "GET /console/dead-letters/{turn_id}": Action.DEAD_LETTER_READ,
    "POST /console/dead-letters/{turn_id}/replay": Action.DEAD_LETTERS_REPLAYED,
    "POST /console/dead-letters/{turn_id}/discard": Action.DEAD_LETTER_DISCARDED,
    "POST /admin/v1/tokens": Action.SIGN_IN,
    "DELETE /admin/v1/tokens": Action.SIGN_OUT,
    "POST /admin/v1/users": Action.USER_CREATED,
    "PATCH /admin/v1/users/{user_id}": Action.USER_CHANGED,
    "GET /admin/v1/audit-log": Action.AUDIT_READ,
    "PATCH /admin/v1/flags/{key}": Action.FLAG_CHANGED,
    "PUT /admin/v1/templates/{template_id}": Action.CANNED_CHANGED,
    "DELETE /admin/v1/templates/{template_id}": Action.CANNED_REMOVED,
    "POST /admin/v1/properties/{property_id}/facts/{topic}/proposals": Action.PROPOSED,
    "GET /admin/v1/proposals": Action.SESSION_READ,
    "POST /admin/v1/proposals/{proposal_id}/verdict": Action.REVIEWED,
    "GET /admin/v1/handoffs": Action.SESSIONS_LISTED,
    "GET /admin/v1/sessions": Action.SESSIONS_LISTED,
    "GET /admin/v1/sessions/{session_id}/notes": Action.SESSION_READ,
    "POST /admin/v1/sessions/{session_id}/notes": Action.SESSION_NOTED,
    "POST /admin/v1/sessions/{session_id}/take-over": Action.SESSION_TAKEN_OVER,
    "POST /admin/v1/sessions/{session_id}/answers": Action.SESSION_ANSWERED,
    "POST /admin/v1/sessions/{session_id}/release": Action.SESSION_RELEASED,
    "GET /admin/v1/guests/{guest_id}/export": Action.GUEST_EXPORTED,
    "DELETE /admin/v1/guests/{guest_id}": Action.GUEST_ERASED,
    "GET /admin/v1/dead-letters": Action.DEAD_LETTERS_LISTED,
    "GET /admin/v1/dead-letters/{turn_id}": Action.DEAD_LETTER_READ,
    "POST /admin/v1/dead-letters/{turn_id}/replay": Action.DEAD_LETTERS_REPLAYED,
    "POST /admin/v1/dead-letters/{turn_id}/discard": Action.DEAD_LETTER_DISCARDED,
    "POST /admin/v1/dead-letters/replay": Action.DEAD_LETTERS_REPLAYED,
}

_NOTHING_OF_GUESTS = "shows nothing of a guest"
UNWRITTEN: Mapping[str, str] = {
    "GET /console": "leads to the queue",
    "GET /console/login": _NOTHING_OF_GUESTS,
    "GET /console/account": "shows one's own account",
    "POST /console/account/language": "changes the language of one's own pages",
    "GET /console/figures": "shows sums",
    "GET /console/figures/live": "shows sums",
    "GET /console/canned": _NOTHING_OF_GUESTS,
    "GET /console/events": "tells ids of what changed",
    "POST /admin/v1/tokens/refresh": "goes on with a sign-in; an old token used again is `account.token_reused`",
    "GET /admin/v1/users": "shows accounts of staff to those who make them",
    "GET /admin/v1/users/{user_id}": "shows accounts of staff to those who make them",
    "GET /admin/v1/properties": _NOTHING_OF_GUESTS,
    "GET /admin/v1/properties/{property_id}": _NOTHING_OF_GUESTS,
    "GET /admin/v1/flags": _NOTHING_OF_GUESTS,
    "GET /admin/v1/templates": _NOTHING_OF_GUESTS,
    "GET /admin/v1/channels": "shows sums",
}
