"""What a rehearsal tells: to people on the terminal, to machines as JSON, to a pipeline as JUnit XML."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

from services.orchestrator.rehearse.player import Played

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
