import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.type import date_pb2 as _date_pb2
from google.type import money_pb2 as _money_pb2
from google.type import timeofday_pb2 as _timeofday_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class AnalyzeRequest(_message.Message):
    __slots__ = ("text", "language_hint", "allowed_languages", "reference_time", "time_zone", "region", "context", "catalogue", "property_id", "guest_id")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_HINT_FIELD_NUMBER: _ClassVar[int]
    ALLOWED_LANGUAGES_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_TIME_FIELD_NUMBER: _ClassVar[int]
    TIME_ZONE_FIELD_NUMBER: _ClassVar[int]
    REGION_FIELD_NUMBER: _ClassVar[int]
    CONTEXT_FIELD_NUMBER: _ClassVar[int]
    CATALOGUE_FIELD_NUMBER: _ClassVar[int]
    PROPERTY_ID_FIELD_NUMBER: _ClassVar[int]
    GUEST_ID_FIELD_NUMBER: _ClassVar[int]
    text: str
    language_hint: str
    allowed_languages: _containers.RepeatedScalarFieldContainer[str]
    reference_time: _timestamp_pb2.Timestamp
    time_zone: str
    region: str
    context: ConversationContext
    catalogue: Catalogue
    property_id: str
    guest_id: str
    def __init__(self, text: _Optional[str] = ..., language_hint: _Optional[str] = ..., allowed_languages: _Optional[_Iterable[str]] = ..., reference_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., time_zone: _Optional[str] = ..., region: _Optional[str] = ..., context: _Optional[_Union[ConversationContext, _Mapping]] = ..., catalogue: _Optional[_Union[Catalogue, _Mapping]] = ..., property_id: _Optional[str] = ..., guest_id: _Optional[str] = ...) -> None: ...

class ConversationContext(_message.Message):
    __slots__ = ("asked_slots", "known_slots", "flow")
    class KnownSlotsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    ASKED_SLOTS_FIELD_NUMBER: _ClassVar[int]
    KNOWN_SLOTS_FIELD_NUMBER: _ClassVar[int]
    FLOW_FIELD_NUMBER: _ClassVar[int]
    asked_slots: _containers.RepeatedScalarFieldContainer[str]
    known_slots: _containers.ScalarMap[str, str]
    flow: str
    def __init__(self, asked_slots: _Optional[_Iterable[str]] = ..., known_slots: _Optional[_Mapping[str, str]] = ..., flow: _Optional[str] = ...) -> None: ...

class Catalogue(_message.Message):
    __slots__ = ("room_types", "rate_plans")
    ROOM_TYPES_FIELD_NUMBER: _ClassVar[int]
    RATE_PLANS_FIELD_NUMBER: _ClassVar[int]
    room_types: _containers.RepeatedCompositeFieldContainer[CatalogueItem]
    rate_plans: _containers.RepeatedCompositeFieldContainer[CatalogueItem]
    def __init__(self, room_types: _Optional[_Iterable[_Union[CatalogueItem, _Mapping]]] = ..., rate_plans: _Optional[_Iterable[_Union[CatalogueItem, _Mapping]]] = ...) -> None: ...

class CatalogueItem(_message.Message):
    __slots__ = ("id", "names")
    ID_FIELD_NUMBER: _ClassVar[int]
    NAMES_FIELD_NUMBER: _ClassVar[int]
    id: str
    names: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, id: _Optional[str] = ..., names: _Optional[_Iterable[str]] = ...) -> None: ...

class AnalyzeResponse(_message.Message):
    __slots__ = ("language", "intents", "entities", "out_of_scope_score", "model_version", "content")
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    INTENTS_FIELD_NUMBER: _ClassVar[int]
    ENTITIES_FIELD_NUMBER: _ClassVar[int]
    OUT_OF_SCOPE_SCORE_FIELD_NUMBER: _ClassVar[int]
    MODEL_VERSION_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    language: LanguageGuess
    intents: _containers.RepeatedCompositeFieldContainer[Intent]
    entities: _containers.RepeatedCompositeFieldContainer[Entity]
    out_of_scope_score: float
    model_version: str
    content: str
    def __init__(self, language: _Optional[_Union[LanguageGuess, _Mapping]] = ..., intents: _Optional[_Iterable[_Union[Intent, _Mapping]]] = ..., entities: _Optional[_Iterable[_Union[Entity, _Mapping]]] = ..., out_of_scope_score: _Optional[float] = ..., model_version: _Optional[str] = ..., content: _Optional[str] = ...) -> None: ...

class LanguageGuess(_message.Message):
    __slots__ = ("code", "confidence")
    CODE_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    code: str
    confidence: float
    def __init__(self, code: _Optional[str] = ..., confidence: _Optional[float] = ...) -> None: ...

class Intent(_message.Message):
    __slots__ = ("name", "confidence", "topic", "urgency")
    NAME_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    TOPIC_FIELD_NUMBER: _ClassVar[int]
    URGENCY_FIELD_NUMBER: _ClassVar[int]
    name: str
    confidence: float
    topic: str
    urgency: float
    def __init__(self, name: _Optional[str] = ..., confidence: _Optional[float] = ..., topic: _Optional[str] = ..., urgency: _Optional[float] = ...) -> None: ...

class Entity(_message.Message):
    __slots__ = ("type", "role", "start", "end", "value", "date", "count", "money", "time_of_day", "confidence", "ambiguous", "alternatives", "problem", "content_start", "content_end")
    TYPE_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    START_FIELD_NUMBER: _ClassVar[int]
    END_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    DATE_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    MONEY_FIELD_NUMBER: _ClassVar[int]
    TIME_OF_DAY_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    AMBIGUOUS_FIELD_NUMBER: _ClassVar[int]
    ALTERNATIVES_FIELD_NUMBER: _ClassVar[int]
    PROBLEM_FIELD_NUMBER: _ClassVar[int]
    CONTENT_START_FIELD_NUMBER: _ClassVar[int]
    CONTENT_END_FIELD_NUMBER: _ClassVar[int]
    type: str
    role: str
    start: int
    end: int
    value: str
    date: _date_pb2.Date
    count: int
    money: _money_pb2.Money
    time_of_day: _timeofday_pb2.TimeOfDay
    confidence: float
    ambiguous: bool
    alternatives: _containers.RepeatedScalarFieldContainer[str]
    problem: str
    content_start: int
    content_end: int
    def __init__(self, type: _Optional[str] = ..., role: _Optional[str] = ..., start: _Optional[int] = ..., end: _Optional[int] = ..., value: _Optional[str] = ..., date: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., count: _Optional[int] = ..., money: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., time_of_day: _Optional[_Union[_timeofday_pb2.TimeOfDay, _Mapping]] = ..., confidence: _Optional[float] = ..., ambiguous: _Optional[bool] = ..., alternatives: _Optional[_Iterable[str]] = ..., problem: _Optional[str] = ..., content_start: _Optional[int] = ..., content_end: _Optional[int] = ...) -> None: ...

class AnalyzeBatchRequest(_message.Message):
    __slots__ = ("requests",)
    REQUESTS_FIELD_NUMBER: _ClassVar[int]
    requests: _containers.RepeatedCompositeFieldContainer[AnalyzeRequest]
    def __init__(self, requests: _Optional[_Iterable[_Union[AnalyzeRequest, _Mapping]]] = ...) -> None: ...

class AnalyzeBatchResponse(_message.Message):
    __slots__ = ("responses",)
    RESPONSES_FIELD_NUMBER: _ClassVar[int]
    responses: _containers.RepeatedCompositeFieldContainer[AnalyzeResponse]
    def __init__(self, responses: _Optional[_Iterable[_Union[AnalyzeResponse, _Mapping]]] = ...) -> None: ...

class TranscribeRequest(_message.Message):
    __slots__ = ("config", "audio_chunk")
    CONFIG_FIELD_NUMBER: _ClassVar[int]
    AUDIO_CHUNK_FIELD_NUMBER: _ClassVar[int]
    config: TranscriptionConfig
    audio_chunk: bytes
    def __init__(self, config: _Optional[_Union[TranscriptionConfig, _Mapping]] = ..., audio_chunk: _Optional[bytes] = ...) -> None: ...

class TranscriptionConfig(_message.Message):
    __slots__ = ("mime_type", "language", "phrases", "property_id", "guest_id")
    MIME_TYPE_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    PHRASES_FIELD_NUMBER: _ClassVar[int]
    PROPERTY_ID_FIELD_NUMBER: _ClassVar[int]
    GUEST_ID_FIELD_NUMBER: _ClassVar[int]
    mime_type: str
    language: str
    phrases: _containers.RepeatedScalarFieldContainer[str]
    property_id: str
    guest_id: str
    def __init__(self, mime_type: _Optional[str] = ..., language: _Optional[str] = ..., phrases: _Optional[_Iterable[str]] = ..., property_id: _Optional[str] = ..., guest_id: _Optional[str] = ...) -> None: ...

class TranscribeResponse(_message.Message):
    __slots__ = ("text", "language", "confidence", "words", "duration_seconds", "model_version")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    WORDS_FIELD_NUMBER: _ClassVar[int]
    DURATION_SECONDS_FIELD_NUMBER: _ClassVar[int]
    MODEL_VERSION_FIELD_NUMBER: _ClassVar[int]
    text: str
    language: str
    confidence: float
    words: _containers.RepeatedCompositeFieldContainer[TranscribedWord]
    duration_seconds: float
    model_version: str
    def __init__(self, text: _Optional[str] = ..., language: _Optional[str] = ..., confidence: _Optional[float] = ..., words: _Optional[_Iterable[_Union[TranscribedWord, _Mapping]]] = ..., duration_seconds: _Optional[float] = ..., model_version: _Optional[str] = ...) -> None: ...

class TranscribedWord(_message.Message):
    __slots__ = ("text", "confidence", "start_seconds", "end_seconds")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    START_SECONDS_FIELD_NUMBER: _ClassVar[int]
    END_SECONDS_FIELD_NUMBER: _ClassVar[int]
    text: str
    confidence: float
    start_seconds: float
    end_seconds: float
    def __init__(self, text: _Optional[str] = ..., confidence: _Optional[float] = ..., start_seconds: _Optional[float] = ..., end_seconds: _Optional[float] = ...) -> None: ...

class SynthesizeRequest(_message.Message):
    __slots__ = ("text", "language", "mime_type", "property_id", "guest_id")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    MIME_TYPE_FIELD_NUMBER: _ClassVar[int]
    PROPERTY_ID_FIELD_NUMBER: _ClassVar[int]
    GUEST_ID_FIELD_NUMBER: _ClassVar[int]
    text: str
    language: str
    mime_type: str
    property_id: str
    guest_id: str
    def __init__(self, text: _Optional[str] = ..., language: _Optional[str] = ..., mime_type: _Optional[str] = ..., property_id: _Optional[str] = ..., guest_id: _Optional[str] = ...) -> None: ...

class SynthesizeResponse(_message.Message):
    __slots__ = ("audio", "mime_type")
    AUDIO_FIELD_NUMBER: _ClassVar[int]
    MIME_TYPE_FIELD_NUMBER: _ClassVar[int]
    audio: bytes
    mime_type: str
    def __init__(self, audio: _Optional[bytes] = ..., mime_type: _Optional[str] = ...) -> None: ...
