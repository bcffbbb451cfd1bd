"""HTTP to one QloApps: no cookies, no redirects, its own Host, a total time for every call, retries where nothing can
have been written, a circuit breaker and our own pace."""

from __future__ import annotations

import asyncio
import json
import logging
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, TypeVar
from xml.etree import ElementTree

import httpx
from mesh import deadline
from mesh.breaker import CircuitBreaker
from mesh.errors import DeadlineExceeded
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_attempt
from tenacity.stop import stop_base
from tenacity.wait import wait_base

from services.pms.adapters.qloapps import answers
from services.pms.adapters.qloapps.connection import Connection
from services.pms.adapters.qloapps.failures import AskedTooOften, UnknownOutcome, Unreachable
from services.pms.adapters.qloapps.metrics import PMS_HTTP_SECONDS
from services.pms.adapters.qloapps.pace import Pace, Sleep

T = TypeVar("T")
Row = dict[str, Any]
ATTEMPTS = 3
BASE_SECONDS, FACTOR, MOST_SECONDS = 1.0, 2.0, 60.0
# With less time left than this a write is not begun: its outcome could not even be looked up.
LEAST_SECONDS_TO_WRITE = 1.0
JSON_OUT = {"output_format": "JSON"}
XLINK = "http://www.w3.org/1999/xlink"
ElementTree.register_namespace("xlink", XLINK)


class QloAppsClient:
    """Calls that say what was answered, or raise one of `failures`."""

    def __init__(
        self,
        connection: Connection,
        *,
        breaker: CircuitBreaker | None = None,
        pace: Pace | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._connection = connection
        self._breaker = breaker or CircuitBreaker("pms_adapter", reason="PMS_UNAVAILABLE")
        self._pace = pace or Pace(per_second=connection.requests_per_second, sleep=sleep)
        self._sleep = sleep
        # httpx would log every address, and addresses contain guests' e-mail addresses.
        logging.getLogger("httpx").setLevel(logging.WARNING)
        self._http = httpx.AsyncClient(
            base_url=connection.base_url.rstrip("/") + "/api/",
            auth=httpx.BasicAuth(connection.api_key, ""),
            headers={"Host": connection.host} if connection.host else {},
            # Every answer sets a session cookie; coming back with it would share one cart between guests.
            cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=[])),
            follow_redirects=False,
            trust_env=False,
            limits=httpx.Limits(max_connections=16),
        )

    async def close(self) -> None:
        await self._http.aclose()

    async def rows(self, resource: str, query: Mapping[str, str]) -> list[Row]:
        """A list; nothing found is an empty one. Filters as QloApps writes them: `filter[id]`, `display`, `sort`."""
        content = await self._read("GET", resource, answers.content_of_read, params={**query, **JSON_OUT})
        if isinstance(content, dict):
            # The name of the list is not always that of the resource.
            return [row for value in content.values() if isinstance(value, list) for row in value]
        return list(content or [])

    async def row(self, resource: str, key: int, *, attempts: int = ATTEMPTS) -> Row | None:
        """One row, or None."""
        path = f"{resource}/{key}"
        content = await self._read("GET", path, answers.content_of_read, attempts=attempts, params=JSON_OUT)
        return next((value for value in content.values() if isinstance(value, dict)), None) if content else None

    async def row_as_xml(self, resource: str, key: int) -> ElementTree.Element | None:
        """One row as XML, to be changed and put back whole."""
        return await self._read("GET", f"{resource}/{key}", answers.xml_of_read)

    async def availability(self, wish: str) -> Row:
        """`hotel_ari`, which takes XML only: a question although it is a POST."""
        content = await self._read(
            "POST", "hotel_ari", answers.content_of_read, params=JSON_OUT, content=wish.encode(), headers=_xml()
        )
        return dict(content or {})

    async def post_booking(self, booking: Row) -> Row:
        """Enters a booking. Not idempotent: an UnknownOutcome must be looked up by `source`."""
        return await self._write("POST", "bookings", json.dumps({"booking": booking}), {})

    async def put_booking(self, order_id: int, booking: Row) -> Row:
        """Replaces a booking; the id in the body decides."""
        return await self._write(
            "PUT", f"bookings/{order_id}", json.dumps({"booking": {**booking, "id": order_id}}), {}
        )

    async def post_state(self, order_id: int, state: int) -> None:
        """Enters a state of an order. May be repeated."""
        fields = f"<id_order>{order_id}</id_order><id_order_state>{state}</id_order_state>"
        body = f"<qloapps><order_history>{fields}</order_history></qloapps>"
        # An unknown order is answered 200 with plain text: only JSON counts.
        await self._write("POST", "order_histories", body, _xml())

    async def put_row(self, resource: str, key: int, root: ElementTree.Element) -> None:
        """Puts a changed row back. May be repeated."""
        await self._write("PUT", f"{resource}/{key}", ElementTree.tostring(root, encoding="unicode"), _xml())

    # How calls are made.

    async def _read(
        self,
        method: str,
        path: str,
        meaning: Callable[[httpx.Response], T],
        *,
        attempts: int = ATTEMPTS,
        **request: Any,
    ) -> T:
        seconds = self._connection.read_seconds

        async def once() -> T:
            try:
                return meaning(await self._send(method, path, deadline.shaved(seconds), **request))
            except UnknownOutcome as error:
                raise Unreachable(error.message) from error  # asking again does no harm

        return await self._retrying(lambda: self._guarded(once), attempts)

    async def _write(self, method: str, path: str, body: str, headers: Mapping[str, str]) -> Row:
        async def once() -> Row:
            left = deadline.remaining()
            if left is not None and left < LEAST_SECONDS_TO_WRITE:
                raise DeadlineExceeded("too little time is left to begin a write")
            budget = deadline.shaved(self._connection.write_seconds)
            response = await self._send(method, path, budget, params=JSON_OUT, content=body.encode(), headers=headers)
            return dict(answers.content_of_write(response))

        # Only what surely wrote nothing is tried again.
        return await self._retrying(lambda: self._guarded(once))

    async def _guarded(self, call: Callable[[], Awaitable[T]]) -> T:
        async with self._breaker.guard(_is_trouble):
            try:
                return await call()
            except AskedTooOften as error:
                self._pace.hold_back(error.retry_after)
                raise

    async def _send(self, method: str, path: str, seconds: float, **request: Any) -> httpx.Response:
        """One request within a total time. Raises Unreachable when it surely was not sent, else UnknownOutcome."""
        await self._pace.turn()
        started, outcome = time.perf_counter(), "lost"
        try:
            async with asyncio.timeout(seconds):
                response = await self._http.request(method, path, timeout=seconds, **request)
            outcome = str(response.status_code)
            return response
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise Unreachable(f"QloApps cannot be reached: {type(error).__name__}") from error
        except (httpx.HTTPError, TimeoutError) as error:
            raise UnknownOutcome(f"QloApps did not answer: {type(error).__name__}") from error
        finally:
            resource = path.partition("/")[0]
            PMS_HTTP_SECONDS.labels(method, resource, outcome).observe(time.perf_counter() - started)

    async def _retrying(self, call: Callable[[], Awaitable[T]], attempts: int = ATTEMPTS) -> T:
        retrying = AsyncRetrying(
            sleep=self._sleep,
            stop=stop_after_attempt(attempts) | _OutOfTime(),
            wait=_Wait(),
            retry=retry_if_exception(_may_be_repeated),
            reraise=True,
        )
        async for attempt in retrying:
            with attempt:
                return await call()
        raise AssertionError("the last attempt raises")


class _Wait(wait_base):
    """Grows by the factor, jittered downward; never shorter than QloApps asked for."""

    def __call__(self, retry_state: RetryCallState) -> float:
        grown = min(MOST_SECONDS, BASE_SECONDS * FACTOR ** (retry_state.attempt_number - 1))
        jittered = grown * random.uniform(0.5, 1.0)  # noqa: S311 - not a secret
        error = retry_state.outcome.exception() if retry_state.outcome else None
        return max(jittered, error.retry_after) if isinstance(error, AskedTooOften) else jittered


class _OutOfTime(stop_base):
    """Stops when the caller would be gone before the next attempt could end."""

    def __call__(self, retry_state: RetryCallState) -> bool:
        left = deadline.remaining()
        return left is not None and retry_state.upcoming_sleep + deadline.MARGIN_SECONDS >= left


def _may_be_repeated(error: BaseException) -> bool:
    """What surely wrote nothing and may go better next time."""
    if isinstance(error, AskedTooOften):
        return error.retry_after <= MOST_SECONDS
    return isinstance(error, Unreachable) and not 300 <= int(error.metadata.get("status", 0)) < 400


def _is_trouble(error: BaseException) -> bool:
    """What counts for the breaker: silence, not refusals, and not the 500s of a strict PHP."""
    if isinstance(error, UnknownOutcome):
        return not error.finished
    return isinstance(error, (Unreachable, OSError, TimeoutError)) and not isinstance(error, DeadlineExceeded)


def _xml() -> dict[str, str]:
    return {"Content-Type": "application/xml"}
