"""`make bench`: starts what it measures, loads it, prints tables, writes JSON. Figures, not verdicts.

Ratios between figures of one run are compared with tests/bench/baseline.json; `--keep` writes the present ones there.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from deploy.local.terminal import say
from tests.bench import console, cost, growth, nlp, orchestrator, parts, path, pms, scale, webhook
from tests.bench.report import Options, Outcome, show

SECTIONS: Mapping[str, Callable[[Options], Outcome]] = {
    "path": path.section,
    "cost": cost.section,
    "parts": parts.section,
    "webhook": webhook.section,
    "orchestrator": orchestrator.section,
    "pms": pms.section,
    "nlp": nlp.section,
    "growth": growth.section,
    "scale": scale.section,
    "console": console.section,
}
BASELINE = Path(__file__).with_name("baseline.json")


def main(arguments: Sequence[str]) -> int:
    """The exit code: 1 when messages were refused or never answered."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--only", choices=[*SECTIONS, "all"], nargs="+", default=["all"], help="these sections (all)")
    parser.add_argument("--rate", type=float, nargs="+", default=[10.0, 20.0, 50.0], help="turns a second (10 20 50)")
    parser.add_argument("--seconds", type=float, default=20.0, help="length of each run (20)")
    parser.add_argument("--out", type=Path, default=Path(".run/bench.json"), help="where the JSON goes")
    parser.add_argument("--keep", action="store_true", help="make these ratios the baseline")
    given = parser.parse_args(arguments)
    wanted = [name for name in SECTIONS if "all" in given.only or name in given.only]
    outcomes: dict[str, Outcome] = {}
    with tempfile.TemporaryDirectory() as scratch:
        # PostgreSQL may have to run as another user, who must be able to enter.
        Path(scratch).chmod(0o755)
        options = Options(scratch=Path(scratch), rates=tuple(given.rate), seconds=given.seconds)
        for name in wanted:
            outcomes[name] = SECTIONS[name](options)
    ratios = {name: value for outcome in outcomes.values() for name, value in outcome.ratios.items()}
    _compare(ratios)
    if given.keep:
        _write(BASELINE, _baseline() | {name: round(value, 3) for name, value in ratios.items()})
    _write(given.out, {"time": datetime.now(UTC).isoformat()} | {n: o.figures | o.ratios for n, o in outcomes.items()})
    say(f"\nwritten to {given.out}")
    return int(any(outcome.failed for outcome in outcomes.values()))


def _compare(ratios: Mapping[str, float]) -> None:
    if not ratios:
        return
    known = _baseline()
    rows = [
        [name, f"{value:.2f}", f"{known[name]:.2f}", f"{(value / known[name] - 1) * 100:+.0f} %"]
        if name in known
        else [name, f"{value:.2f}", "-", "-"]
        for name, value in ratios.items()
    ]
    show("Ratios", ["ratio", "now", "baseline", "change"], rows)


def _baseline() -> dict[str, float]:
    return dict(json.loads(BASELINE.read_text())) if BASELINE.exists() else {}


def _write(file: Path, content: Mapping[str, object]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content, indent=2) + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
