"""Guests with something in mind, in both languages: they ask, book, change, cancel, want a person, or write in bursts.

Each writes signed WhatsApp webhooks, again and again until one has its 200, waits for an answer, and goes on without
one when none comes, as people do.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import httpx
from babel.dates import format_date

from deploy.local.demo import english, spanish
from deploy.local.whatsapp_guest import signed, webhook_of
from tests.chaos.channel_api import ChannelApi
from tests.chaos.history import Said

SECRET = b"dev-app-secret"
FIRST_OFFSET_DAYS = 30
ANSWER_SECONDS = 6.0
POST_SECONDS = 60.0
_CALL_SECONDS = 2.0
_PAUSE_SECONDS = 0.1
_THINKING_SECONDS = (0.2, 0.9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Messages that go out together; most often one. `person`: they ask for one."""

    messages: tuple[str, ...]
    person: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One guest: a number, what they will say, and when they begin, in seconds."""

    wa_id: str
    lines: tuple[Line, ...]
    begins: float = 0.0


def plans(seed: int, *, today: date, guests: int, within: float) -> list[Plan]:
    """The guests of a round. All who book want the same few nights, which no other of a hundred rounds wants."""
    chance = random.Random(f"guests {seed}")
    arrival = today + timedelta(days=FIRST_OFFSET_DAYS + seed % 100 * 4)
    made = []
    for number in range(guests):
        script = _SCRIPTS[(seed + number) % len(_SCRIPTS)]
        lines = script(arrival, arrival + timedelta(days=2))
        wa_id = f"5255{seed % 10_000:04d}{number:04d}"
        made.append(Plan(wa_id=wa_id, lines=lines, begins=chance.uniform(0, within)))
    return made


def _say(*words: str) -> tuple[Line, ...]:
    return tuple(Line(messages=(one,)) for one in words)


def _books_es(check_in: date, check_out: date) -> tuple[Line, ...]:
    return _say(*spanish(check_in, check_out).lines)


def _books_en(check_in: date, check_out: date) -> tuple[Line, ...]:
    return _say(*english(check_in, check_out).lines)


def _cancels_es(check_in: date, check_out: date) -> tuple[Line, ...]:
    return _books_es(check_in, check_out) + _say("quiero cancelar mi reserva", "sí, cancélala")


def _cancels_en(check_in: date, check_out: date) -> tuple[Line, ...]:
    return _books_en(check_in, check_out) + _say("please cancel my booking", "yes, cancel it")


def _changes_en(check_in: date, check_out: date) -> tuple[Line, ...]:
    later = [format_date(day + timedelta(days=1), "MMMM d", "en") for day in (check_in, check_out)]
    return _books_en(check_in, check_out) + _say(
        f"I need to change my booking to {later[0]} to {later[1]}", "yes, please change it"
    )


def _asks_es(_: date, __: date) -> tuple[Line, ...]:
    burst = Line(messages=("hola", "¿a qué hora es el check-in?", "¿aceptan mascotas?"))
    return (burst, *_say("¿hay estacionamiento?", "gracias"))


def _asks_en(_: date, __: date) -> tuple[Line, ...]:
    return (*_say("hi", "what time is breakfast?"), Line(messages=("do you have a pool?", "and parking?")))


def _person_es(_: date, __: date) -> tuple[Line, ...]:
    return (*_say("hola"), Line(messages=("quiero hablar con una persona",), person=True))


def _person_en(_: date, __: date) -> tuple[Line, ...]:
    return (*_say("hello"), Line(messages=("I want to speak to a human please",), person=True))


_SCRIPTS = (_books_es, _asks_es, _cancels_en, _person_es, _books_en, _changes_en, _cancels_es, _asks_en, _person_en)


class Phones:
    """Everybody's phone: posts to any of the gateways, and remembers what was said."""

    def __init__(self, urls: Sequence[str], api: ChannelApi, *, seed: int) -> None:
        self.said: list[Said] = []
        self.unclear = 0
        self._urls = [f"{url}/webhooks/whatsapp" for url in urls]
        self._api = api
        self._chance = random.Random(f"phones {seed}")
        self._http = httpx.AsyncClient(timeout=_CALL_SECONDS)

    async def __aenter__(self) -> Phones:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def play(self, plan: Plan, *, until: float) -> None:
        """Says all of it, line by line; begins no line after `until` (of the loop's clock)."""
        loop = asyncio.get_running_loop()
        await asyncio.sleep(plan.begins)
        for window, line in enumerate(plan.lines):
            if loop.time() > until:
                return
            await asyncio.gather(
                *(self._say(plan, window, number, line) for number, _ in enumerate(line.messages)),
            )
            await self._api.heard(plan.wa_id, seconds=ANSWER_SECONDS)
            await asyncio.sleep(self._chance.uniform(*_THINKING_SECONDS))

    async def _say(self, plan: Plan, window: int, number: int, line: Line) -> None:
        message_id = f"wamid.{plan.wa_id}.{window}.{number}"
        words = line.messages[number]
        accepted = await self._post(webhook_of(plan.wa_id, message_id, {"type": "text", "text": {"body": words}}))
        said = Said(
            guest=plan.wa_id,
            message_id=message_id,
            words=words,
            window=window,
            accepted=accepted,
            asks_for_person=line.person,
        )
        self.said.append(said)

    async def _post(self, body: bytes) -> bool:
        """Whether it had its 200 in the end. Raises AssertionError for an answer that no webhook may have."""
        headers = signed(body, SECRET)
        deadline = asyncio.get_running_loop().time() + POST_SECONDS
        while asyncio.get_running_loop().time() < deadline:
            try:
                answer = await self._http.post(self._chance.choice(self._urls), content=body, headers=headers)
            except httpx.TransportError:
                self.unclear += 1
            else:
                if answer.status_code == 200:
                    return True
                if answer.status_code not in (500, 503):
                    raise AssertionError(f"a webhook was answered {answer.status_code}: {answer.text}")
                self.unclear += 1
            await asyncio.sleep(_PAUSE_SECONDS)
        return False
