"""The nlp service over gRPC: one message at a time, many at once, batches."""

from deploy.local.terminal import say
from tests.bench import nlp_load
from tests.bench.report import PERCENTILES, Options, Outcome, in_ms, named, show


def section(options: Options) -> Outcome:
    """One process of it."""
    say("\nstarting the nlp service …")
    result = nlp_load.run(options.scratch / "nlp", seconds=options.seconds / 2)
    measures = (
        ("Analyze, one caller", result.alone_ms, result.alone_cpu_ms, 0.0),
        (
            f"Analyze, {nlp_load.CALLERS} callers",
            result.together_ms,
            result.together_cpu_ms,
            result.together_per_second,
        ),
        (f"AnalyzeBatch of {nlp_load.BATCH}", result.batch_ms, result.batch_cpu_ms, 0.0),
    )
    show(
        "nlp over gRPC",
        ["call", "calls", *(f"{name} ms" for name in PERCENTILES), "processor ms a message", "calls/s"],
        [
            [name, str(len(values)), *in_ms(values), f"{cpu:.2f}", f"{rate:.0f}" if rate else "-"]
            for name, values, cpu, rate in measures
        ],
    )
    say(
        f"\nresident {result.resident_mib:.0f} MiB; {result.cores:.2f} cores in use with {nlp_load.CALLERS} callers; "
        f"{result.repeated:.0%} of the messages had been sent before"
    )
    figures: dict[str, object] = {
        "times_ms": {name: named(values) for name, values, _, _ in measures},
        "calls_per_second": result.together_per_second,
        "processor_ms": {name: cpu for name, _, cpu, _ in measures},
        "cores": result.cores,
        "resident_mib": result.resident_mib,
        "repeated": result.repeated,
    }
    return Outcome(figures=figures)
