"""The pms service over gRPC: looking, quoting, holding, booking."""

from deploy.local.terminal import say
from tests.bench import pms_load
from tests.bench.report import PERCENTILES, Options, Outcome, in_ms, named, show


def section(options: Options) -> Outcome:
    """One process of it on a real PostgreSQL."""
    say("\nstarting PostgreSQL and the pms service …")
    result = pms_load.run(options.scratch / "pms", seconds=options.seconds / 4)
    times = {
        "availability, remembered": result.cached_ms,
        "availability, from the books": result.uncached_ms,
        "create quote": result.quote_ms,
        "place hold": result.hold_ms,
        "create reservation": result.booking_ms,
    }
    rates = {
        "availability, remembered": result.cached_per_second,
        "availability, from the books": result.uncached_per_second,
    }
    show(
        "pms over gRPC, built-in books",
        ["call", "calls", *(f"{name} ms" for name in PERCENTILES), f"calls/s with {pms_load.CALLERS} callers"],
        [
            [name, str(len(values)), *in_ms(values), f"{rates[name]:.0f}" if name in rates else "-"]
            for name, values in times.items()
        ],
    )
    figures: dict[str, object] = {
        "times_ms": {name: named(values) for name, values in times.items()},
        "calls_per_second": rates,
    }
    return Outcome(figures=figures)
