"""Every shape of webhook in the table, in each form JSON comes over the wire, becomes what the table says."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.gateway.channels.events import MAX_LENGTH
from services.gateway.channels.whatsapp.parse import read_webhook
from tests.support.whatsapp_shapes import WIRE_FORMS

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
NUMBERS = {"100000000000001": "alameda", "100000000000002": "jacarandas"}
METADATA = {"display_phone_number": "+52 55 0000 0000", "phone_number_id": "100000000000001"}
TABLE = Path(__file__).parents[2] / "data/payloads/whatsapp_webhooks.yaml"
CASES: list[dict[str, Any]] = yaml.safe_load(TABLE.read_text(encoding="utf-8"))


def payload_of(case: dict[str, Any]) -> object:
    if "payload" in case:
        return case["payload"]
    change = {"value": {"messaging_product": "whatsapp", "metadata": METADATA, **case["value"]}}
    if "field" in case:
        change["field"] = case["field"]
    return {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]}


@pytest.mark.parametrize("form", WIRE_FORMS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_each_webhook_of_the_table_becomes_what_it_says(case: dict[str, Any], form: str) -> None:
    delivery = read_webhook(json.loads(WIRE_FORMS[form](payload_of(case))), numbers=NUMBERS, now=NOW)
    found = {
        "messages": [message.message_id for message in delivery.messages],
        "statuses": [[s.channel_message_id, s.status, s.price_category, s.billable] for s in delivery.statuses],
        "events": [event.kind for event in delivery.events],
        "consents": [[consent.identity.address, consent.stopped] for consent in delivery.consents],
        "changes": [[change.previous, change.current] for change in delivery.address_changes],
    }
    assert {name: rows for name, rows in found.items() if rows} == case["want"]
    assert all(message.property_id in NUMBERS.values() for message in delivery.messages)


def test_history_too_large_for_a_row_keeps_its_beginning_and_stays_apart_from_another() -> None:
    def history(last: str) -> object:
        threads = [{"id": str(number), "messages": [{"text": "x" * 100}]} for number in range(1_000)]
        return payload_of({"field": "history", "value": {"history": [{"threads": [*threads, last]}]}})

    [one], [again], [other] = (read_webhook(history(x), numbers=NUMBERS, now=NOW).events for x in "aab")
    assert one.event_id == again.event_id != other.event_id
    kept = json.loads(one.payload)
    assert len(one.payload) <= MAX_LENGTH < kept["too_large"]
    assert kept["begins"].startswith('{"history":[{"threads":[{"id":"0"')
