"""What a rehearsal tells: to people on the terminal, to machines as JSON, to a pipeline as JUnit XML."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from xml.etree import ElementTree as ET

from services.orchestrator.rehearse.player import Played
from services.orchestrator.rehearse.replay import Replayed

_NOT_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def failure(played: Played) -> str:
    """Transcript and problems of a dialogue that failed."""
    lines = [f"FAILED {played.dialogue.id}: {played.dialogue.title} ({played.dialogue.source})"]
    lines += [f"    {line}" for entry in played.transcript for line in entry.splitlines() if line.strip()]
    return "\n".join([*lines, *(f"  ✗ {problem}" for problem in played.problems)])


def summary(results: Sequence[Played]) -> str:
    passed = sum(result.passed for result in results)
    return f"{passed} passed, {len(results) - passed} failed"


def as_json(results: Sequence[Played]) -> str:
    """One object: the figures and every dialogue with its problems and transcript."""
    passed = sum(result.passed for result in results)
    dialogues = [
        {
            "id": result.dialogue.id,
            "title": result.dialogue.title,
            "file": result.dialogue.source,
            "passed": result.passed,
            "seconds": round(result.seconds, 3),
            "problems": result.problems,
            "transcript": result.transcript,
        }
        for result in results
    ]
    return json.dumps(
        {"passed": passed, "failed": len(results) - passed, "dialogues": dialogues}, ensure_ascii=False, indent=2
    )


def write_junit(results: Sequence[Played], path: Path) -> None:
    """A test suite with a case for each dialogue."""
    failed = sum(not result.passed for result in results)
    seconds = sum(result.seconds for result in results)
    suite = ET.Element(
        "testsuite", name="rehearse", tests=str(len(results)), failures=str(failed), time=f"{seconds:.3f}"
    )
    for result in results:
        name = f"{result.dialogue.id} {result.dialogue.title}".strip()
        case = ET.SubElement(
            suite, "testcase", classname=Path(result.dialogue.source).stem, name=name, time=f"{result.seconds:.3f}"
        )
        if not result.passed:
            problem = ET.SubElement(case, "failure", message=_NOT_XML.sub("", result.problems[0]))
            problem.text = _NOT_XML.sub("", failure(result))
    ET.ElementTree(suite).write(path, encoding="utf-8", xml_declaration=True)


def differences(replayed: Replayed) -> str:
    """What is not as it was in a conversation, turn by turn."""
    story = replayed.story
    lines = [f"DIFFERS {story.session_id}: {story.identity.address} at {story.property_id}"]
    for one in replayed.differences:
        lines += [f"  turn {one.turn} {one.words!r}: {one.what}", f"    - {one.before}", f"    + {one.now}"]
    return "\n".join(lines)


def replay_summary(results: Sequence[Replayed]) -> str:
    """One line over all conversations that were held again."""
    differ = sum(bool(result.differences) for result in results)
    repeated, left_out = (sum(getattr(result, name) for result in results) for name in ("repeated", "left_out"))
    return (
        f"{len(results) - differ} conversations as they were, {differ} differ "
        f"({repeated} turns repeated, {left_out} without words left out)"
    )


def replay_as_json(results: Sequence[Replayed]) -> str:
    """The same for programs."""
    content = [
        {
            "session_id": result.story.session_id,
            "property_id": result.story.property_id,
            "repeated": result.repeated,
            "left_out": result.left_out,
            "differences": [asdict(one) for one in result.differences],
        }
        for result in results
    ]
    return json.dumps(
        {"same": not any(result.differences for result in results), "conversations": content},
        ensure_ascii=False,
        indent=1,
    )
