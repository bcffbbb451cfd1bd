"""Understanding from a script: every text has its analysis beforehand. For tests of flows without a model."""

from __future__ import annotations

from dataclasses import dataclass, field

from services.orchestrator.domain.analysis import Analysis
from services.orchestrator.ports import Reading


@dataclass(slots=True, kw_only=True)
class ScriptedNlp:
    """Answers each text with the analysis written for it; a text without one means nothing."""

    script: dict[str, Analysis] = field(default_factory=dict)
    readings: list[Reading] = field(default_factory=list)

    async def analyze(self, text: str, reading: Reading) -> Analysis:
        self.readings.append(reading)
        return self.script.get(text, Analysis())
