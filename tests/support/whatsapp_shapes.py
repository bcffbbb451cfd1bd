"""WhatsApp webhooks of every known shape, and ways in which they may be broken, as hypothesis strategies."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st

TABLE = Path(__file__).parents[1] / "data/payloads/whatsapp_messages.yaml"
CASES: list[dict[str, Any]] = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
DEFAULTS = {"from": "5215512345678", "id": "wamid.M1", "timestamp": "1763654395"}
# How the same JSON comes over the wire.
WIRE_FORMS: dict[str, Callable[[object], bytes]] = {
    "utf-8": lambda value: json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(errors="surrogatepass"),
    "escaped": lambda value: json.dumps(value).replace("/", "\\/").encode(),
    "indented": lambda value: json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True).encode(
        errors="surrogatepass"
    ),
}
STATUS = {
    "id": "wamid.OURS",
    "status": "failed",
    "timestamp": "1763654395",
    "recipient_id": "5215512345678",
    "biz_opaque_callback_data": "out_1",
    "errors": [{"code": 131026, "title": "Message undeliverable", "error_data": {"details": "x"}}],
    "pricing": {"billable": True, "pricing_model": "PMP", "category": "service"},
    "conversation": {"id": "1", "origin": {"type": "service"}},
}
_FIELDS = ["messages", "messages", "messages", "user_preferences", "user_id_update", "smb_message_echoes", "tomorrow"]

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=12),
    st.sampled_from(["\ud800", "\u0000", "5215512345678", "US.1", "text", "stop", "9" * 40, 10**30, "🌊" * 400]),
)
KEYS = st.sampled_from(
    """
    type id from from_user_id timestamp text body image audio caption context forwarded group_id system wa_id user_id
    interactive button_reply list_reply nfm_reply response_json button payload reaction message_id emoji order edit
    message revoke original_message_id location latitude longitude contacts phones name profile errors code title
    status biz_opaque_callback_data pricing metadata phone_number_id messages statuses user_preferences value
    user_id_update previous current to referral request_welcome
    """.split()  # noqa: SIM905 (a list of sixty quoted words is harder to read)
)
SHAPES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=5)),
    max_leaves=25,
)


def whole(case: dict[str, Any], number: int = 0, field: str = "messages") -> dict[str, Any]:
    """A webhook with the message of a case of the table, its contact, and a status."""
    message = {key: value for key, value in {**DEFAULTS, **case["message"]}.items() if value is not None}
    if "id" in message and number:
        message["id"] = f"{message['id']}.{number}"
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "+52 55 0000 0000", "phone_number_id": "100000000000001"},
        "contacts": [case["contact"]] if "contact" in case else [],
        "messages": [message],
        "statuses": [STATUS],
    }
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": "1", "changes": [{"field": field, "value": value}]}],
    }


@st.composite
def broken_webhooks(draw: st.DrawFn) -> object:
    """A whole webhook of which a few parts, wherever they are, were replaced, repeated or taken away."""
    case, number, field = draw(st.sampled_from(CASES)), draw(st.integers(0, 10**6)), draw(st.sampled_from(_FIELDS))
    payload: Any = json.loads(json.dumps(whole(case, number, field)))
    for _ in range(draw(st.integers(0, 4))):
        places = list(_places(payload))
        if not places:
            break
        holder, key = places[draw(st.integers(0, len(places) - 1))]
        _break(holder, key, draw(st.sampled_from(["replace", "remove", "repeat", "wrap"])), draw(SHAPES))
    return payload


def _places(value: Any) -> Any:
    """Every place in the JSON as (what holds it, key or index)."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else []
    for key in keys:
        yield value, key
        yield from _places(value[key])


def _break(holder: Any, key: Any, how: str, other: Any) -> None:
    match how:
        case "replace":
            holder[key] = other
        case "remove":
            del holder[key]
        case "repeat" if isinstance(holder, list):
            holder.append(json.loads(json.dumps(holder[key])))
        case _:
            holder[key] = [holder[key]]
