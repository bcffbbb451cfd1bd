"""The flags of all services, from the code: `python docs/generate_flags.py`, run by `make gen`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from services.nlp import features as nlp
from services.orchestrator.domain import features as orchestrator
from services.pms.app import PREDICTIVE_PRICING
from services.pms.settings import Settings as PmsSettings

ROOT = Path(__file__).parents[1]
SHIPPED = ROOT / "hotel" / "flags.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """What a flag does in one service. `tests` are those that see it on and off, as pytest names them."""

    on: str
    off: str
    reads: str
    by: str
    tests: tuple[str, ...]


_PEOPLE = "tests/unit/orchestrator/test_features.py"
_EVERY = f"{_PEOPLE}::test_every_flag_of_the_service_makes_a_difference_and_is_tried_both_ways"

# By service and name: what each service declares is what stands here, says `rows`.
FLAGS: Mapping[tuple[str, str], Flag] = {
    ("orchestrator", orchestrator.AUDIO): Flag(
        on="what a voice note says is taken as words",
        off="the guest is asked to write",
        reads="services/orchestrator/listening.py",
        by="guest, property, channel",
        tests=(_EVERY, f"{_PEOPLE}::test_a_voice_note_is_understood_or_the_guest_is_asked_to_write"),
    ),
    ("nlp", nlp.AUDIO): Flag(
        on="voice notes are heard and spoken",
        off="`SPEECH_NOT_AVAILABLE`",
        reads="services/nlp/features.py",
        by="guest, property",
        tests=("tests/service/test_nlp_speech.py::test_voice_is_on_and_off_by_property_through_one_flag",),
    ),
    ("nlp", nlp.ADVANCED): Flag(
        on="where the first model is unsure a second one is asked, and one outside where it is set up",
        off="the first model alone",
        reads="services/nlp/features.py",
        by="guest, property",
        tests=(
            "tests/service/test_nlp_features.py::test_the_second_opinion_is_off_unless_it_is_turned_on",
            "tests/service/test_nlp_features.py::test_the_second_opinion_is_rolled_out_by_property_and_by_guest",
        ),
    ),
    ("pms", PREDICTIVE_PRICING): Flag(
        on="nights that will fill up cost more, within the hotel's limits",
        off="list prices",
        reads="services/pms/app.py",
        by="property",
        tests=(
            "tests/service/test_pms_demand.py"
            "::test_with_the_flag_on_nights_that_will_fill_up_cost_more_within_the_owners_ceiling",
            "tests/service/test_pms_demand.py::test_the_flags_file_decides_by_property",
        ),
    ),
    ("orchestrator", orchestrator.MANY_LANGUAGES): Flag(
        on="guests are answered in their own language",
        off="in the hotel's first language",
        reads="services/orchestrator/domain/understanding.py",
        by="guest, property, channel",
        tests=(_EVERY, f"{_PEOPLE}::test_the_language_is_followed_or_not"),
    ),
    ("orchestrator", orchestrator.UPSELLING): Flag(
        on="one thing more of the hotel's is offered after a booking, once",
        off="nothing is offered",
        reads="services/orchestrator/flows/upselling.py",
        by="guest, property, channel",
        tests=(_EVERY, f"{_PEOPLE}::test_without_the_feature_nothing_is_offered"),
    ),
}


def safe() -> dict[tuple[str, str], bool]:
    """What holds in each service where no file says anything."""
    pricing = bool(PmsSettings.model_fields["predictive_pricing"].default)
    declared = {("pms", PREDICTIVE_PRICING): pricing}
    declared |= {("nlp", name): on for name, on in nlp.SAFE.items()}
    return declared | {("orchestrator", name): on for name, on in orchestrator.SAFE.items()}


def shipped() -> dict[str, str]:
    """The variant that `hotel/flags.json` gives everybody, by flag."""
    flags = json.loads(SHIPPED.read_text(encoding="utf-8"))["flags"]
    return {name: str(flag["defaultVariant"]) for name, flag in flags.items()}


def document() -> str:
    """The page. Raises ValueError when a service declares a flag that is not told of, or the other way round."""
    declared, variants = safe(), shipped()
    if set(declared) != set(FLAGS) or {name for _, name in declared} != set(variants):
        raise ValueError("flags of the services, of hotel/flags.json and of this page are not the same")
    rows = [
        f"| `{name}` | {service} | {flag.on} | {flag.off} | {'on' if declared[service, name] else 'off'} "
        f"| {variants[name]} | {flag.by} | `{flag.reads}` |"
        for (service, name), flag in FLAGS.items()
    ]
    tests = [
        f"- `{name}` in {service}: {', '.join(f'`{test}`' for test in flag.tests)}"
        for (service, name), flag in FLAGS.items()
    ]
    return "\n".join([_HEAD, *rows, _TESTS, *tests, ""])


_HEAD = """# Flags

Written by `docs/generate_flags.py` from the services' declarations and `hotel/flags.json`: change those, then
`make gen`.

Flags are OpenFeature's, from one file in flagd's format (`FLAGS_FILE`) that every service looks at every two seconds; a
broken file is reported and the flags stay as they were. A rule may give a variant to a share of guests (`fractional`
on the targeting key: a stable hash, and a larger share keeps those who had it), to a `property_id` or to a `channel`,
where the table says so. Without the file, or where it is silent, the safe value holds. Each decision counts in
`mesh_flag_evaluations_total{service,flag,variant}`; a turn keeps its variants in its outcome.

| flag | service | on | off | safe | shipped | decided by | read in |
| --- | --- | --- | --- | --- | --- | --- | --- |"""

_TESTS = """
## Seen both ways by

Shares, rules by property and channel, and the file read again: `tests/unit/mesh/test_mesh_flags.py`.
"""

if __name__ == "__main__":
    print(document(), end="")
