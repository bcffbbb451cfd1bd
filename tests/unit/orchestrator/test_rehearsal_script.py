"""The format of dialogue files: what is not known is refused by name, before anything is played."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from services.orchestrator.rehearse.__main__ import main
from services.orchestrator.rehearse.plain_yaml import loads
from services.orchestrator.rehearse.script import ScriptError, parse

CLOCK = "2026-11-20T10:00:00-06:00"


def dialogue(*turns: Any, **more: Any) -> dict[str, Any]:
    return {"meta": {"default_clock": CLOCK}, "dialogues": [{"id": "D1", "turns": list(turns), **more}]}


def problems(content: Any) -> str:
    with pytest.raises(ScriptError) as refused:
        parse(content, "file")
    return "\n".join(refused.value.problems)


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (dialogue({"g": "hi", "wont": {}}), "D1 turn 1: unknown wont"),
        (dialogue({"g": "hi", "want": {"sayz": []}}), "D1 turn 1.want: unknown sayz"),
        (dialogue({"g": "hi", "want": {"handoff": {"desk": "x"}}}), "want.handoff: unknown desk"),
        (dialogue({"event": {"staff_sings": True}}), "D1 turn 1.event: unknown staff_sings"),
        (dialogue({"event": {"scheduled": "pre_arrival_message"}}), "scheduled needs for"),
        (dialogue({"g": "hi"}, faults={"pmz": "unavailable"}), "D1.faults: unknown pmz"),
        (dialogue({"g": "hi"}, faults={"pms": "sleepy"}), "must be one of unavailable, slow, unknown_outcome, timeout"),
        (dialogue({"event": {"fault": {"pms": "sleepy"}}}), "event.faults.pms: must be one of"),
        (dialogue({"g": "hi"}, mood="bad"), "D1: unknown mood"),
        (dialogue({"voice": "hi", "confidense": 1}), "unknown confidense"),
        (dialogue({"g": "hi", "voice": "hi"}), "must have one of"),
        (dialogue({"edit": {"text": "hi"}}), "must have of and text"),
        (dialogue({"g": "hi", "wnat": {}}), "unknown wnat (did you mean want?)"),
        (dialogue({"location": "here"}), "must be [latitude, longitude]"),
        (dialogue({"voice": "hi", "confidence": "high"}), "must be a number from 0 to 1"),
        (dialogue({"event": {"advance_minutes": "many"}}), "advance_minutes: must be a number"),
        (dialogue({"event": {"advance_to": "2026-11-20T10:00"}}), "is no time with its offset"),
        (dialogue({"g": "hi", "want": {"replies": "one"}}), "replies: must be a number"),
        (dialogue({"g": "hi", "deliver_times": 0}), "deliver_times: must be"),
        (dialogue({"burst": ["a", {"g": "b", "hm": 1}]}), "burst[2]: unknown hm"),
        (dialogue({"g": "hi"}, clock="noon"), "clock 'noon' is no time"),
        (dialogue(), "turns are missing"),
        ({"dialogues": [{"turns": [{"g": "hi"}]}]}, "id is missing"),
        ({"dialogues": [{"id": "A", "turns": ["hi"]}, {"id": "A", "turns": ["hi"]}]}, "A is there twice"),
        ({"dialogue": []}, "has no list of dialogues"),
    ],
)
def test_what_is_not_known_is_refused_by_its_name(content: Any, named: str) -> None:
    assert named in problems(content)


def test_every_problem_of_a_file_is_told_at_once() -> None:
    told = problems(dialogue({"g": "hi", "a": 1}, {"event": {"b": 1}}))
    assert "unknown a" in told
    assert "unknown b" in told


def test_meta_gives_what_a_dialogue_leaves_out() -> None:
    content = dialogue({"g": ["a", "b"]}, {"g": "c", "deliver_times": 3, "from": "+1"})
    content["meta"]["default_channel"] = "sms"
    (read,) = parse(content, "file")
    assert (read.channel, read.clock.isoformat()) == ("sms", CLOCK)
    assert [part.content for part in read.turns[0].parts] == ["a", "b"]
    assert (read.turns[1].times, read.turns[1].sender) == (3, "+1")


def test_a_file_that_cannot_be_played_ends_the_command_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text(yaml.safe_dump(dialogue({"g": "hi", "wont": {}})))
    assert main([str(path)]) == 2
    assert "unknown wont" in capsys.readouterr().err
    assert main([str(tmp_path / "nowhere.yaml")]) == 2
    path.write_text(yaml.safe_dump(dialogue({"g": "hi"})))
    assert main([str(path), "-k", "nothing-of-that-name"]) == 2


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ({"event": "staff_claims"}, {"staff_claims": True}),
        ({"event": {"staff_takes": "Ana"}}, {"staff_claims": "Ana"}),
        ({"event": {"staff_replies": "Hi", "staff_release": "yes"}}, {"staff_says": "Hi", "staff_releases": True}),
        ({"event": {"staff_acks": "no"}}, {"staff_ack": False}),
        ({"event": "redeliver"}, {"redeliver": True}),
        ({"event": {"duplicate_webhook": 3}}, {"redeliver": 3}),
        ({"event": {"advance": "16m"}}, {"advance_minutes": 16}),
        ({"event": {"advance": {"hours": 2}}}, {"advance_hours": 2}),
        ({"event": {"pms": "down", "advance_minutes": 1}}, {"advance_minutes": 1, "faults": {"pms": "unavailable"}}),
        ({"event": {"faults": "none"}}, {"faults": {}}),
        ({"event": {"fault": "pms"}}, {"faults": {"pms": "unavailable"}}),
        ({"event": {"recover": ["pms", "db"]}}, {"faults": {"pms": "available", "database": "available"}}),
        ({"event": {"fault": {"cache": None}}}, {"faults": {"redis": "available"}}),
        ({"event": {"faults": {"postgres": "Timed out"}}}, {"faults": {"database": "timeout"}}),
    ],
)  # fmt: skip
def test_an_event_may_be_spelled_in_several_ways(written: Any, meant: dict[str, Any]) -> None:
    (read,) = parse(dialogue(written), "file")
    assert read.turns[0].content == [meant]


@pytest.mark.parametrize(
    ("written", "kind", "content", "options"),
    [
        ({"text": "hi"}, "g", "hi", {}),
        ({"audio": {"transcript": "hi", "confidence": 0.4}}, "voice", "hi", {"confidence": 0.4}),
        ({"image": {"caption": "my pass"}}, "image", "my pass", {}),
        ({"location": {"lat": 19.4, "lng": -99.1}}, "location", [19.4, -99.1], {}),
        ({"reaction": {"emoji": "👍", "of": 1}}, "reaction", "👍", {"of": 1}),
        ({"button": {"id": "yes:1", "title": "Yes"}}, "button", "yes:1", {"title": "Yes"}),
        ({"edit": "hello", "of": 1}, "edit", {"of": 1, "text": "hello"}, {}),
        ({"revoke": {"of": 2}}, "revoke", 2, {}),
    ],
)
def test_so_may_what_a_guest_sends(written: Any, kind: str, content: Any, options: dict[str, Any]) -> None:
    (read,) = parse(dialogue(written), "file")
    assert (read.turns[0].kind, read.turns[0].content, read.turns[0].options) == (kind, content, options)


def test_one_value_stands_for_a_list_of_one() -> None:
    want = {"asks": "confirm", "says": 0, "pms": "none", "never_pms": None, "handoff": "none"}
    (read,) = parse(dialogue({"g": "hi", "want": want}, never_pms="reservation.create"), "file")
    assert read.turns[0].want == {"asks": ["confirm"], "says": [0], "pms": [], "never_pms": [], "handoff": False}
    assert read.never_pms == ("reservation.create",)


def test_addresses_are_read_as_people_write_them() -> None:
    turns = [{"g": "a", "from": address} for address in ("+52 55 1234-5678", "María <m@example.com>", "visitor 1")]
    (read,) = parse(dialogue(*turns), "file")
    assert [turn.sender for turn in read.turns] == ["+525512345678", "m@example.com", "visitor 1"]


def test_a_dialogue_may_have_a_hotel_that_differs() -> None:
    content = dialogue({"g": "hi"}, hotel={"currency": "EUR"})
    content["meta"]["hotel"] = {"name": "Alameda", "currency": "MXN"}
    (read,) = parse(content, "file")
    assert read.meta["hotel"] == {"name": "Alameda", "currency": "EUR"}


def test_what_ever_has_a_fault_is_known_beforehand() -> None:
    (read,) = parse(dialogue("hi", {"event": {"redis": "down"}}, faults={"pms": "slow"}), "file")
    assert read.troubled == {"redis", "pms"}


def test_words_of_a_file_are_words() -> None:
    content = loads("{a: yes, b: no, c: 15:00, d: 007, e: +52551, f: 2026-12-03, g: 4284.00, h: true, i: ~, j: -3}")
    assert content == {
        "a": "yes", "b": "no", "c": "15:00", "d": "007", "e": "+52551", "f": "2026-12-03",
        "g": 4284.0, "h": True, "i": None, "j": -3,
    }  # fmt: skip
    assert loads("{x: &o {a: 1}, y: {<<: *o, b: 2}}")["y"] == {"a": 1, "b": 2}
    with pytest.raises(yaml.YAMLError, match="written twice: a"):
        loads("{a: 1, a: 2}")


def test_a_hotel_that_cannot_be_built_ends_the_command_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = dialogue({"g": "hi"})
    content["meta"]["hotel"] = {"name": "Nowhere"}
    path = tmp_path / "hotel.yaml"
    path.write_text(yaml.safe_dump(content))
    assert main([str(path)]) == 2
    told = capsys.readouterr().err
    assert "D1: meta: room_types: is missing" in told
    assert "D1: meta: hotel.timezone: is missing" in told
