"""Feature flags: safe without a file, a share of guests by a stable hash, rules by property and channel, hot reload."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from mesh.flags import Flags
from mesh.settings import ConfigurationError

SAFE = {"ai_upselling": False, "multi_language_support": True}


def write(path: Path, **flags: dict[str, Any]) -> Path:
    """A flags file; its time moves on even when it is rewritten within one tick of the clock."""
    before = path.stat().st_mtime_ns if path.exists() else 0
    defined = {
        name: {"state": "ENABLED", "variants": {"on": True, "off": False}, "defaultVariant": "off", **rule}
        for name, rule in flags.items()
    }
    path.write_text(json.dumps({"flags": defined}))
    os.utime(path, ns=(before + 1_000_000, before + 1_000_000))
    return path


def on(flags: Flags, guest: str, **attributes: str) -> bool:
    return flags.decide("ai_upselling", guest=guest, **attributes).enabled


def test_without_a_file_the_safe_values_hold() -> None:
    flags = Flags(SAFE)
    assert {name: decision.enabled for name, decision in flags.decide_all(guest="g").items()} == SAFE


def test_a_flag_the_file_does_not_have_is_safe(tmp_path: Path) -> None:
    flags = Flags(SAFE, write(tmp_path / "flags.json", ai_upselling={"defaultVariant": "on"}))
    assert on(flags, "g")
    decision = flags.decide("multi_language_support", guest="g")
    assert (decision.enabled, decision.variant) == (True, "default")


def test_a_flag_that_is_switched_off_is_safe(tmp_path: Path) -> None:
    rule = {"state": "DISABLED", "defaultVariant": "on"}
    assert not on(Flags(SAFE, write(tmp_path / "flags.json", ai_upselling=rule)), "g")


def test_a_share_of_guests_is_stable_and_about_as_large_as_asked(tmp_path: Path) -> None:
    rule = {"targeting": {"fractional": [["on", 20], ["off", 80]]}}
    flags = Flags(SAFE, write(tmp_path / "flags.json", ai_upselling=rule))
    first = [on(flags, f"guest-{n}") for n in range(2000)]
    assert [on(flags, f"guest-{n}") for n in range(2000)] == first
    assert 300 < sum(first) < 500


def test_growing_the_share_keeps_those_who_had_it(tmp_path: Path) -> None:
    def share(percent: int) -> dict[str, Any]:
        return {"targeting": {"fractional": [["on", percent], ["off", 100 - percent]]}}

    path = write(tmp_path / "flags.json", ai_upselling=share(10))
    flags = Flags(SAFE, path)
    before = {n for n in range(500) if on(flags, f"guest-{n}")}
    write(path, ai_upselling=share(40))
    flags.refresh()
    assert before < {n for n in range(500) if on(flags, f"guest-{n}")}


def test_a_rule_can_name_a_property_and_a_channel(tmp_path: Path) -> None:
    here = {"and": [{"==": [{"var": "property_id"}, "alameda"]}, {"==": [{"var": "channel"}, "whatsapp"]}]}
    flags = Flags(SAFE, write(tmp_path / "flags.json", ai_upselling={"targeting": {"if": [here, "on", "off"]}}))
    assert on(flags, "g", property_id="alameda", channel="whatsapp")
    assert not on(flags, "g", property_id="alameda", channel="sms")
    assert not on(flags, "g", property_id="other", channel="whatsapp")


def test_a_changed_file_is_taken_up_and_a_broken_one_is_not(tmp_path: Path) -> None:
    path = write(tmp_path / "flags.json", ai_upselling={"defaultVariant": "on"})
    flags = Flags(SAFE, path)
    assert on(flags, "g")
    path.write_text("{")
    flags.refresh()
    assert on(flags, "g")
    write(path, ai_upselling={"defaultVariant": "off"})
    flags.refresh()
    assert not on(flags, "g")


@pytest.mark.parametrize("text", ["{", "[]", '{"flags": {"x": {"state": "ENABLED"}}}', None])
def test_a_file_that_cannot_be_used_stops_the_start(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "flags.json"
    if text is not None:
        path.write_text(text)
    with pytest.raises(ConfigurationError, match="FLAGS_FILE"):
        Flags(SAFE, path)


def test_asking_for_a_flag_that_was_not_declared_is_a_bug() -> None:
    with pytest.raises(KeyError):
        Flags(SAFE).decide("free_breakfast", guest="g")
