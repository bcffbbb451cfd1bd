"""`health`: asks every process of the running mesh whether it serves."""

import asyncio
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass

from deploy.local.addresses import Addresses
from deploy.local.readiness import Answer, ask_grpc, ask_http
from deploy.local.terminal import say, table


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    name: str
    how: str
    answer: Awaitable[Answer]


async def health(environment: Mapping[str, str]) -> int:
    """Prints one line for each; returns 0 when all serve, else 1."""
    questions = _questions(environment)
    answers = await asyncio.gather(*(question.answer for question in questions))
    rows = [("", "asked over", "state")]
    for question, answer in zip(questions, answers, strict=True):
        state = "serving" if answer.serving else f"NOT SERVING ({answer.detail})"
        rows.append((question.name, question.how, state))
    say(table(rows))
    return 0 if all(answer.serving for answer in answers) else 1


def _questions(environment: Mapping[str, str]) -> list[_Question]:
    addresses = Addresses.read(environment, single=environment.get("MESH_MODE") == "single")
    ready = f"{addresses.http_url}/health/ready"
    questions = [_Question(name="gateway", how=ready, answer=ask_http(ready))]
    return questions + [
        _Question(
            name="all services" if addresses.single else replica.name,
            how=f"grpc {replica.health_address}",
            answer=ask_grpc(replica.health_address),
        )
        for replica in addresses.replicas
    ]
