"""Every shape of call in the table becomes what the table says."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.gateway.channels.sms.naming import calls_in, parameters_of
from services.gateway.channels.sms.parse import read_webhook
from services.gateway.domain.message import Body, Button, Location, Media, Structured, Text, Unsupported, Voice

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
OWNERS = {"+15005550006": "alameda", "MG1": "jacarandas"}
TABLE = Path(__file__).parents[2] / "data/payloads/twilio_calls.yaml"
CASES: list[dict[str, Any]] = yaml.safe_load(TABLE.read_text(encoding="utf-8"))


def calls_of(case: dict[str, Any]) -> list[dict[str, str]]:
    if "json" in case:
        return [parameters_of(fields) for fields in calls_in(case["json"])]
    form = case["form"]
    return [parameters_of(list(form.items()) if isinstance(form, dict) else form)]


def told(body: Body) -> list[str]:
    match body:
        case Text(text=what) | Voice(media_id=what) | Button(button_id=what) | Structured(json=what):
            pass
        case Media(kind=what) | Unsupported(kind=what) | Location(label=what):
            pass
        case _:
            raise AssertionError(body)
    return [type(body).__name__, str(what)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_each_call_of_the_table_becomes_what_it_says(case: dict[str, Any]) -> None:
    delivery = read_webhook(calls_of(case), owners=OWNERS, message_id="out_1", now=NOW)
    found = {
        "messages": [message.message_id for message in delivery.messages],
        "bodies": [told(message.body) for message in delivery.messages],
        "statuses": [[s.channel_message_id, s.status, s.price_category, s.billable] for s in delivery.statuses],
        "events": [event.kind for event in delivery.events],
        "consents": [[consent.identity.address, consent.stopped] for consent in delivery.consents],
    }
    assert {name: rows for name, rows in found.items() if rows} == case["want"]
