"""Webhooks repeated, batched and out of order at two gateway replicas, while every process and store dies in turn.

Meta's part is played as Meta plays it: a webhook is posted again, at whichever replica, until it has its 200. In the
end every message was in exactly one answered turn, each guest's in order, and every reply went out once.
"""

import asyncio
import itertools
import json
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import asyncpg
import httpx
import redis

from deploy.local.whatsapp_guest import signed
from services.gateway.adapters.sealing import TURN
from tests.support.gateway import eventually
from tests.support.gateway_stores import new_sealing
from tests.support.local_mesh import LocalMesh
from tests.support.polling import until

GATEWAYS = ("gateway", "gateway-2")
VICTIMS = (*GATEWAYS, "postgres", "orchestrator", "valkey", "session", "nlp", "pms")
# No guest is made to wait: this is about loss and order, and thousands of messages come within minutes.
SETTINGS = {
    "RATE_LIMIT_ENABLED": "false",
    "WHATSAPP_NUMBER_RATE": "1000",
    "WHATSAPP_GUEST_BURST": "1000",
    "QUIET_PERIOD_SECONDS": "0.2",
}
_SECRET = b"dev-app-secret"
_NUMBER = "100000000000001"
_LINES = (
    "Hola, buenas tardes",
    "¿A qué hora es el check-in?",
    "¿Tienen estacionamiento?",
    "What time is breakfast?",
    "¿Aceptan mascotas?",
    "Do you have a pool?",
)
_MESSAGES_A_WINDOW = (1, 1, 2, 4)
_TIMES = (1, 2, 2, 3)
_WEBHOOKS_A_GUEST = 50
_AT_ONCE = 24
_POST_SECONDS = 120.0
_SETTLE_SECONDS = 240.0
_AT_REST = """
    SELECT NOT EXISTS (SELECT FROM inbound_messages WHERE state IN ('pending', 'turn'))
        AND NOT EXISTS (SELECT FROM outbox WHERE state = 'queued')
"""


@dataclass(frozen=True, slots=True)
class Window:
    """Messages of one guest that are on their way at the same time, and the webhooks that carry them, with repeats."""

    messages: tuple[str, ...]
    webhooks: tuple[bytes, ...]


@dataclass(slots=True)
class Outcome:
    """What was posted, who was killed, and what the tables say afterwards."""

    webhooks: int = 0
    retries: int = 0
    killed: list[str] = field(default_factory=list)
    accepted: int = 0
    seconds: float = 0.0
    turns: int = 0
    repeated_tries: int = 0
    replies: int = 0
    marked: int = 0
    sent_twice: int = 0
    problems: list[str] = field(default_factory=list)


async def storm(mesh: LocalMesh, *, webhooks: int, victims: Sequence[str] = VICTIMS, seed: int = 1) -> Outcome:
    """One storm. Raises TimeoutError when a webhook is never taken or the mesh does not come to rest."""
    chance = random.Random(seed)
    outcome = Outcome()
    plans = list(_plan(webhooks, chance))
    accepted: Counter[str] = Counter()
    began = time.monotonic()
    async with _Meta(mesh, chance, outcome) as meta, asyncio.TaskGroup() as group:
        killing = group.create_task(_kill_in_turn(mesh, victims, webhooks, outcome))
        posting = [group.create_task(_write(meta, windows, accepted)) for windows in plans]
        await asyncio.wait(posting)
        await killing
    outcome.accepted = len(accepted)
    async with _tables(mesh) as tables:
        await _settle(tables)
        outcome.seconds = time.monotonic() - began
        await _read_inbox(tables, plans, outcome)
        await _read_outbox(tables, outcome)
    async with _Meta(mesh, chance, Outcome()) as meta:
        await _tell_statuses(mesh, meta, chance)
    async with _tables(mesh) as tables:
        unread = await tables.fetchval("SELECT count(*) FROM outbox WHERE state <> 'read'")
        if unread:
            outcome.problems.append(f"{unread} messages are not read, whatever order their statuses came in")
    return outcome


def _plan(webhooks: int, chance: random.Random) -> Iterator[list[Window]]:
    """What each guest's phone makes Meta send: so many webhooks over all of them."""
    left = webhooks
    for guest in itertools.count():
        windows: list[Window] = []
        of_guest = min(left, _WEBHOOKS_A_GUEST)
        left -= of_guest
        numbers = itertools.count()
        while of_guest > 0:
            window = _window(guest, [next(numbers) for _ in range(chance.choice(_MESSAGES_A_WINDOW))], chance)
            windows.append(Window(window.messages, window.webhooks[: max(of_guest, 1)]))
            of_guest -= len(window.webhooks)
        yield windows
        if left <= 0:
            return


def _window(guest: int, numbers: Sequence[int], chance: random.Random) -> Window:
    """One webhook with all of its messages, and repeats of it or of parts, in any order."""
    messages = [_message(guest, number) for number in numbers]
    whole = _webhook(guest, chance.sample(messages, len(messages)))
    bodies = [whole] * chance.choice(_TIMES)
    bodies += [_webhook(guest, [message]) for message in messages if len(messages) > 1 and chance.random() < 0.5]
    return Window(tuple(message["id"] for message in messages), tuple(bodies))


def _message(guest: int, number: int) -> dict[str, Any]:
    text = {"body": _LINES[(guest + number) % len(_LINES)]}
    when = str(int(time.time()) - 600 + number)
    return {"from": _phone(guest), "id": f"wamid.{guest}.{number}", "timestamp": when, "type": "text", "text": text}


def _phone(guest: int) -> str:
    return f"5255{80_000_000 + guest}"


def _webhook(guest: int, messages: Sequence[dict[str, Any]]) -> bytes:
    contacts = [{"profile": {"name": f"Guest {guest}"}, "wa_id": _phone(guest)}]
    return _body({"contacts": contacts, "messages": list(messages)})


def _body(parts: dict[str, Any]) -> bytes:
    value = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": _NUMBER}, **parts}
    entry = {"id": "1", "changes": [{"field": "messages", "value": value}]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


class _Meta:
    """Posts signed webhooks, at either replica, until each has its 200."""

    def __init__(self, mesh: LocalMesh, chance: random.Random, outcome: Outcome) -> None:
        port = int(mesh.told["HTTP_PORT"])
        self._urls = [f"http://127.0.0.1:{port}/webhooks/whatsapp", f"http://127.0.0.1:{port + 10}/webhooks/whatsapp"]
        self._http = httpx.AsyncClient(timeout=10.0)
        self._places = asyncio.Semaphore(_AT_ONCE)
        self._chance = chance
        self._outcome = outcome

    async def __aenter__(self) -> "_Meta":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def post(self, body: bytes) -> None:
        headers = signed(body, _SECRET)
        async with self._places, asyncio.timeout(_POST_SECONDS):
            while not await self._is_taken(body, headers):
                self._outcome.retries += 1
                await asyncio.sleep(0.1)
        self._outcome.webhooks += 1

    async def _is_taken(self, body: bytes, headers: dict[str, str]) -> bool:
        try:
            answer = await self._http.post(self._chance.choice(self._urls), content=body, headers=headers)
        except httpx.TransportError:
            return False
        if answer.status_code not in (200, 500, 503):
            raise AssertionError(f"a webhook was answered {answer.status_code}: {answer.text}")
        return answer.status_code == 200


async def _write(meta: _Meta, windows: Sequence[Window], accepted: Counter[str]) -> None:
    for window in windows:
        await asyncio.gather(*(meta.post(body) for body in window.webhooks))
        accepted.update(window.messages)


async def _kill_in_turn(mesh: LocalMesh, victims: Sequence[str], webhooks: int, outcome: Outcome) -> None:
    """One after the other, spread over the storm; the next only when the one before is back."""
    for number, victim in enumerate(victims, start=1):
        enough = webhooks * number / (len(victims) + 1)
        await until(partial(_has, outcome, enough), seconds=_POST_SECONDS, what=f"the {enough:.0f}th webhook")
        before = _pid(mesh, victim)
        os.kill(before, signal.SIGKILL)
        outcome.killed.append(victim)
        await until(partial(_is_back, mesh, victim, before), seconds=60.0, what=f"another {victim}")


def _has(outcome: Outcome, webhooks: float) -> bool:
    return outcome.webhooks >= webhooks


def _is_back(mesh: LocalMesh, name: str, before: int) -> bool:
    return _pid(mesh, name) not in (0, before)


def _pid(mesh: LocalMesh, name: str) -> int:
    """0 while there is none."""
    try:
        if name == "postgres":
            [path] = mesh.folder.glob("postgres/**/postmaster.pid")
            return int(path.read_text().split()[0])
        if name == "valkey":
            with redis.Redis.from_url(mesh.told["REDIS_URL"]) as client:
                return int(client.info("server")["process_id"])
        return mesh.pid(name)
    except (OSError, ValueError, IndexError, redis.RedisError):
        return 0


class _tables:  # noqa: N801 (a context manager)
    """A connection to the gateway's tables."""

    def __init__(self, mesh: LocalMesh) -> None:
        self._url = mesh.told["POSTGRES_URL"]

    async def __aenter__(self) -> Any:
        self._connection = await asyncpg.connect(self._url, server_settings={"search_path": "gateway"})
        return self._connection

    async def __aexit__(self, *_: object) -> None:
        await self._connection.close()


async def _settle(tables: Any) -> None:
    """Until nothing is pending, open or queued."""

    async def at_rest() -> bool:
        return bool(await tables.fetchval(_AT_REST))

    await eventually(at_rest, seconds=_SETTLE_SECONDS, what="the mesh at rest")


async def _read_inbox(tables: Any, plans: Sequence[Sequence[Window]], outcome: Outcome) -> None:
    """Every accepted message in exactly one turn that was answered, windows of a guest one after the other."""
    sealing = new_sealing()
    rows = await tables.fetch(
        "SELECT t.turn_id, t.payload, t.state, t.tries, c.conversation_id, c.key_id, c.master, c.wrapped "
        "FROM turns t JOIN conversations c USING (conversation_id) ORDER BY t.create_time, t.turn_id"
    )
    outcome.turns = len(rows)
    outcome.repeated_tries = sum(row["tries"] - 1 for row in rows)
    if bad := Counter(row["state"] for row in rows if row["state"] != "done"):
        outcome.problems.append(f"turns that are not done: {dict(bad)}")
    for row in rows:
        sealing.learn(row)
    payloads = [sealing.open(row["payload"], f"{TURN}:{row['turn_id']}") for row in rows]
    handled = [message["message_id"] for payload in payloads for message in json.loads(payload)]
    times = Counter(handled)
    wanted = [message for windows in plans for window in windows for message in window.messages]
    if lost := [message for message in wanted if not times[message]]:
        outcome.problems.append(f"{len(lost)} messages were lost, such as {lost[:3]}")
    if twice := [message for message, number in times.items() if number > 1]:
        outcome.problems.append(f"{len(twice)} messages were handled twice, such as {twice[:3]}")
    place = {message: number for number, message in enumerate(handled)}
    for windows in plans:
        for one, other in itertools.pairwise(windows):
            if max(place.get(m, 0) for m in one.messages) > min(place.get(m, 1 << 40) for m in other.messages):
                outcome.problems.append(f"{one.messages} were handled after {other.messages}")


async def _read_outbox(tables: Any, outcome: Outcome) -> None:
    """Every reply at the Graph API once; more often only where no answer came, and then it is marked."""
    rows = await tables.fetch(
        "SELECT message_id, conversation_id, state, possibly_repeated FROM outbox ORDER BY conversation_id, sequence"
    )
    outcome.replies = len(rows)
    outcome.marked = sum(row["possibly_repeated"] for row in rows)
    if failed := [row["message_id"] for row in rows if row["state"] in ("queued", "failed")]:
        outcome.problems.append(f"{len(failed)} replies were not sent, such as {failed[:3]}")
    calls = await tables.fetch("SELECT payload FROM sandbox_messages ORDER BY sequence")
    sent = [json.loads(row["payload"]).get("biz_opaque_callback_data") for row in calls]
    times = Counter(sent)
    marked = {row["message_id"] for row in rows if row["possibly_repeated"]}
    outcome.sent_twice = sum(number > 1 for message, number in times.items() if message)
    for row in rows:
        number = times[row["message_id"]]
        if number == 0 or (number > 1 and row["message_id"] not in marked):
            outcome.problems.append(f"{row['message_id']} was sent {number} times")
    first = {message: place for place, message in reversed(list(enumerate(sent)))}
    for one, other in itertools.pairwise(rows):
        same = one["conversation_id"] == other["conversation_id"]
        if same and first.get(one["message_id"], 0) > first.get(other["message_id"], 0):
            outcome.problems.append(f"{one['message_id']} was sent after {other['message_id']}")


async def _tell_statuses(mesh: LocalMesh, meta: _Meta, chance: random.Random) -> None:
    """What became of every message, told twice and in any order."""
    async with _tables(mesh) as tables:
        rows = await tables.fetch("SELECT channel_message_id FROM sandbox_messages")
    statuses = [
        {"id": row[0], "status": word, "timestamp": str(int(time.time())), "recipient_id": "1"}
        for row in rows
        for word in ("sent", "delivered", "read")
    ] * 2
    chance.shuffle(statuses)
    batches = [statuses[start : start + 100] for start in range(0, len(statuses), 100)]
    await asyncio.gather(*(meta.post(_body({"statuses": batch})) for batch in batches))
