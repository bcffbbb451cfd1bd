"""Paths in metrics: one label for what we serve, none for what somebody makes up."""

from collections.abc import Iterator

import httpx
from prometheus_client import REGISTRY
from starlette.responses import PlainTextResponse
from starlette.routing import Route, Router

from services.gateway.http_guard import HttpGuard, families_of


def _labels() -> Iterator[str]:
    for metric in REGISTRY.collect():
        if metric.name == "request_duration_seconds":
            yield from (sample.labels["endpoint"] for sample in metric.samples if sample.name.endswith("_count"))


def test_families_are_the_fixed_beginnings_of_paths() -> None:
    paths = ["/", "/metrics", "/webhooks/generic/{name}", "/webchat/chat.js", "/admin/v1/users/{id}"]
    assert families_of(paths) == {"/", "/metrics", "/webhooks/generic", "/webchat/chat.js", "/admin/v1"}


async def _pong(_: object) -> PlainTextResponse:
    return PlainTextResponse("pong")


async def test_a_made_up_path_gets_no_label_of_its_own() -> None:
    guarded = HttpGuard(Router([Route("/ping/{who}", _pong)]), families=families_of(["/ping/{who}"]))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(guarded), base_url="http://gateway") as client:
        for path in ("/ping/maria", "/ping/john", "/.env", "/ping2"):
            await client.get(path)
    seen = set(_labels())
    assert {"/ping", "other"} <= seen
    assert not any("maria" in label or ".env" in label for label in seen)
