"""What a manager accepts can be put into the files as it is: the rehearsal reads its dialogues."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from services.gateway.staff.domain.proposal import Kind, Proposal, State, check, files_of
from services.orchestrator.rehearse import script


def proposal(kind: Kind, number: int, text: str, *, was: str, should_be: str, words: str = "") -> Proposal:
    return check(
        Proposal(
            proposal_id=f"prp_{number:020x}",
            kind=kind,
            state=State.ACCEPTED,
            property_id="alameda",
            session_id="ses_1",
            turn_id="trn_1",
            language="es",
            guest_text=text,
            was=was,
            should_be=should_be,
            words=words,
            author="usr_1",
            create_time=datetime(2026, 11, 20, tzinfo=UTC),
        )
    )


def test_accepted_corrections_are_dialogues_that_the_rehearsal_reads(tmp_path: Path) -> None:
    hostile = '¿y la alberca: "fría"? # - {no}'
    files: dict[str, Any] = yaml.safe_load(
        yaml.safe_dump(
            files_of(
                [
                    proposal(Kind.INTENT, 1, "me urge un plomero", was="general_inquiry", should_be="service_request"),
                    proposal(Kind.FACT, 2, hostile, was="", should_be="pool", words="Está a 28 grados.\nSiempre."),
                ]
            ),
            allow_unicode=True,
            sort_keys=False,
        )
    )
    assert files["services/nlp/data/es/service_request.yaml"] == {"plain": "me urge un plomero\n"}
    assert files["hotel/alameda.yaml"]["facts"]["pool"] == {"es": "Está a 28 grados.\nSiempre."}
    dialogues = tmp_path / "staff.yaml"
    dialogues.write_text(yaml.safe_dump(files["tests/data/dialogues/staff.yaml"], allow_unicode=True, sort_keys=False))
    read = script.read(dialogues)
    assert [dialogue.id for dialogue in read] == ["S00000001", "S00000002"]
