"""Webhook → 200 at one gateway process: a steady rate, a large batch, and as fast as it takes them."""

from deploy.local.terminal import say
from tests.bench import webhook_load
from tests.bench.report import PERCENTILES, Options, Outcome, in_ms, named, show

RATE = 100.0


def section(options: Options) -> Outcome:
    """One process on a real PostgreSQL with fsync."""
    say("\nstarting PostgreSQL, Valkey and a gateway …")
    result = webhook_load.run(options.scratch / "webhook", rate=RATE, seconds=options.seconds)
    show(
        "webhook → 200, one gateway process",
        ["load", *(f"{name} ms" for name in PERCENTILES), "webhooks/s", "gateway CPU ms each"],
        [
            [f"{RATE:g}/s", *in_ms(result.steady_ms), f"{RATE:g}", f"{result.steady_cpu_ms:.1f}"],
            [f"one webhook of {webhook_load.BATCH} messages", *in_ms(result.batch_ms), "-", "-"],
            [
                f"as fast as it goes, {webhook_load.CONNECTIONS} connections",
                *("-" for _ in PERCENTILES),
                f"{result.saturated_per_second:.0f}",
                f"{result.saturated_cpu_ms:.1f}",
            ],
        ],
    )
    figures: dict[str, object] = {
        "steady_ms": named(result.steady_ms),
        "batch_ms": named(result.batch_ms),
        "saturated_per_second": result.saturated_per_second,
        "cpu_ms": {"steady": result.steady_cpu_ms, "saturated": result.saturated_cpu_ms},
        "refused": result.refused,
    }
    return Outcome(figures=figures, failed=bool(result.refused))
