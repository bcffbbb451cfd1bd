"""Understanding over the nlp service."""

from __future__ import annotations

from hotel.nlp.v1 import nlp_pb2, nlp_pb2_grpc
from mesh.client import Channel
from mesh.wire import time_to_proto

from services.orchestrator.domain.analysis import Analysis, Entity, Intent
from services.orchestrator.domain.hotel import Hotel
from services.orchestrator.ports import Reading

MOST_CHARACTERS = 4000


class NlpClient:
    """`Nlp` on a channel to the service. `seconds` is the deadline of one message."""

    def __init__(self, *, channel: Channel, seconds: float) -> None:
        self._stub = nlp_pb2_grpc.NlpServiceStub(channel)
        self._seconds = seconds

    async def analyze(self, text: str, reading: Reading) -> Analysis:
        hotel = reading.hotel
        request = nlp_pb2.AnalyzeRequest(
            text=text[:MOST_CHARACTERS],
            language_hint=reading.language,
            allowed_languages=hotel.languages,
            reference_time=time_to_proto(reading.now),
            time_zone=hotel.time_zone,
            region=hotel.region,
            context=nlp_pb2.ConversationContext(
                asked_slots=reading.asked, known_slots=dict(reading.known), flow=reading.flow
            ),
            catalogue=catalogue(hotel),
            property_id=hotel.property_id,
            guest_id=reading.guest,
        )
        return analysis_from_proto(await self._stub.Analyze(request, timeout=self._seconds))


def catalogue(hotel: Hotel) -> nlp_pb2.Catalogue:
    """The words guests use for what the hotel sells."""
    return nlp_pb2.Catalogue(
        room_types=[
            nlp_pb2.CatalogueItem(id=item.id, names=(*item.names.values(), *item.synonyms)) for item in hotel.room_types
        ],
        rate_plans=[
            nlp_pb2.CatalogueItem(id=item.id, names=(*item.names.values(), *item.synonyms)) for item in hotel.rate_plans
        ],
    )


def analysis_from_proto(message: nlp_pb2.AnalyzeResponse) -> Analysis:
    return Analysis(
        language=message.language.code,
        language_confidence=message.language.confidence,
        intents=tuple(
            Intent(name=item.name, confidence=item.confidence, topic=item.topic, urgency=item.urgency)
            for item in message.intents
        ),
        entities=tuple(
            Entity(
                type=item.type,
                role=item.role,
                value=item.value,
                confidence=item.confidence,
                ambiguous=item.ambiguous,
                alternatives=tuple(item.alternatives),
                problem=item.problem,
                start=item.start,
                end=item.end,
                told_start=item.content_start,
                told_end=item.content_end,
            )
            for item in message.entities
        ),
        out_of_scope=message.out_of_scope_score,
        model_version=message.model_version,
        content=message.content,
    )
