"""The format of dialogue files: what is not known is refused by name, before anything is played."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from services.orchestrator.rehearse.__main__ import main
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
        (dialogue({"g": "hi"}, faults={"pms": "slow"}), "must be one of unavailable, available"),
        (dialogue({"g": "hi"}, mood="bad"), "D1: unknown mood"),
        (dialogue({"voice": "hi", "confidense": 1}), "unknown confidense"),
        (dialogue({"g": "hi", "voice": "hi"}), "must have one of"),
        (dialogue({"edit": "hi"}), "must have of and text"),
        (dialogue({"burst": ["a", {"g": "b", "hm": 1}]}), "burst[2]: unknown hm"),
        (dialogue({"g": "hi", "want": {"says": "x"}}), "says: must be a list"),
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
