import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.type import date_pb2 as _date_pb2
from google.type import money_pb2 as _money_pb2
from google.type import timeofday_pb2 as _timeofday_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Property(_message.Message):
    __slots__ = ("property_id", "display_name", "time_zone", "currency_code", "region_code", "languages", "check_in_time", "check_out_time", "quiet_start", "quiet_end", "staff_start", "staff_end", "emergency_number", "taxes", "max_rooms_self_service", "booking_horizon_days", "hold_duration", "quote_duration", "facts", "read_time", "backend")
    PROPERTY_ID_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    TIME_ZONE_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_CODE_FIELD_NUMBER: _ClassVar[int]
    REGION_CODE_FIELD_NUMBER: _ClassVar[int]
    LANGUAGES_FIELD_NUMBER: _ClassVar[int]
    CHECK_IN_TIME_FIELD_NUMBER: _ClassVar[int]
    CHECK_OUT_TIME_FIELD_NUMBER: _ClassVar[int]
    QUIET_START_FIELD_NUMBER: _ClassVar[int]
    QUIET_END_FIELD_NUMBER: _ClassVar[int]
    STAFF_START_FIELD_NUMBER: _ClassVar[int]
    STAFF_END_FIELD_NUMBER: _ClassVar[int]
    EMERGENCY_NUMBER_FIELD_NUMBER: _ClassVar[int]
    TAXES_FIELD_NUMBER: _ClassVar[int]
    MAX_ROOMS_SELF_SERVICE_FIELD_NUMBER: _ClassVar[int]
    BOOKING_HORIZON_DAYS_FIELD_NUMBER: _ClassVar[int]
    HOLD_DURATION_FIELD_NUMBER: _ClassVar[int]
    QUOTE_DURATION_FIELD_NUMBER: _ClassVar[int]
    FACTS_FIELD_NUMBER: _ClassVar[int]
    READ_TIME_FIELD_NUMBER: _ClassVar[int]
    BACKEND_FIELD_NUMBER: _ClassVar[int]
    property_id: str
    display_name: str
    time_zone: str
    currency_code: str
    region_code: str
    languages: _containers.RepeatedScalarFieldContainer[str]
    check_in_time: _timeofday_pb2.TimeOfDay
    check_out_time: _timeofday_pb2.TimeOfDay
    quiet_start: _timeofday_pb2.TimeOfDay
    quiet_end: _timeofday_pb2.TimeOfDay
    staff_start: _timeofday_pb2.TimeOfDay
    staff_end: _timeofday_pb2.TimeOfDay
    emergency_number: str
    taxes: _containers.RepeatedCompositeFieldContainer[TaxRule]
    max_rooms_self_service: int
    booking_horizon_days: int
    hold_duration: _duration_pb2.Duration
    quote_duration: _duration_pb2.Duration
    facts: _containers.RepeatedCompositeFieldContainer[Fact]
    read_time: _timestamp_pb2.Timestamp
    backend: str
    def __init__(self, property_id: _Optional[str] = ..., display_name: _Optional[str] = ..., time_zone: _Optional[str] = ..., currency_code: _Optional[str] = ..., region_code: _Optional[str] = ..., languages: _Optional[_Iterable[str]] = ..., check_in_time: _Optional[_Union[_timeofday_pb2.TimeOfDay, _Mapping]] = ..., check_out_time: _Optional[_Union[_timeofday_pb2.TimeOfDay, _Mapping]] = ..., quiet_start: _Optional[_Union[_timeofday_pb2.TimeOfDay, _Mapping]] = ..., quiet_end: _Optional[_Union[_timeofday_pb2.TimeOfDay, _Mapping]] = ..., staff_start: _Optional[_Union[_timeofday_pb2.TimeOfDay, _Mapping]] = ..., staff_end: _Optional[_Union[_timeofday_pb2.TimeOfDay, _Mapping]] = ..., emergency_number: _Optional[str] = ..., taxes: _Optional[_Iterable[_Union[TaxRule, _Mapping]]] = ..., max_rooms_self_service: _Optional[int] = ..., booking_horizon_days: _Optional[int] = ..., hold_duration: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., quote_duration: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., facts: _Optional[_Iterable[_Union[Fact, _Mapping]]] = ..., read_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., backend: _Optional[str] = ...) -> None: ...

class Fact(_message.Message):
    __slots__ = ("topic", "text_by_language", "version")
    class TextByLanguageEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    TOPIC_FIELD_NUMBER: _ClassVar[int]
    TEXT_BY_LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    topic: str
    text_by_language: _containers.ScalarMap[str, str]
    version: int
    def __init__(self, topic: _Optional[str] = ..., text_by_language: _Optional[_Mapping[str, str]] = ..., version: _Optional[int] = ...) -> None: ...

class TaxRule(_message.Message):
    __slots__ = ("code", "rate", "amount", "included", "per", "exempt_below_age")
    class Per(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        PER_UNSPECIFIED: _ClassVar[TaxRule.Per]
        PER_STAY: _ClassVar[TaxRule.Per]
        PER_NIGHT: _ClassVar[TaxRule.Per]
        PER_PERSON_NIGHT: _ClassVar[TaxRule.Per]
    PER_UNSPECIFIED: TaxRule.Per
    PER_STAY: TaxRule.Per
    PER_NIGHT: TaxRule.Per
    PER_PERSON_NIGHT: TaxRule.Per
    CODE_FIELD_NUMBER: _ClassVar[int]
    RATE_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    INCLUDED_FIELD_NUMBER: _ClassVar[int]
    PER_FIELD_NUMBER: _ClassVar[int]
    EXEMPT_BELOW_AGE_FIELD_NUMBER: _ClassVar[int]
    code: str
    rate: str
    amount: _money_pb2.Money
    included: bool
    per: TaxRule.Per
    exempt_below_age: int
    def __init__(self, code: _Optional[str] = ..., rate: _Optional[str] = ..., amount: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., included: _Optional[bool] = ..., per: _Optional[_Union[TaxRule.Per, str]] = ..., exempt_below_age: _Optional[int] = ...) -> None: ...

class RoomType(_message.Message):
    __slots__ = ("room_type_id", "name_by_language", "synonyms", "beds_by_language", "max_occupancy", "units", "max_adults", "max_children")
    class NameByLanguageEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    class BedsByLanguageEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    ROOM_TYPE_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_BY_LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    SYNONYMS_FIELD_NUMBER: _ClassVar[int]
    BEDS_BY_LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    MAX_OCCUPANCY_FIELD_NUMBER: _ClassVar[int]
    UNITS_FIELD_NUMBER: _ClassVar[int]
    MAX_ADULTS_FIELD_NUMBER: _ClassVar[int]
    MAX_CHILDREN_FIELD_NUMBER: _ClassVar[int]
    room_type_id: str
    name_by_language: _containers.ScalarMap[str, str]
    synonyms: _containers.RepeatedScalarFieldContainer[str]
    beds_by_language: _containers.ScalarMap[str, str]
    max_occupancy: int
    units: int
    max_adults: int
    max_children: int
    def __init__(self, room_type_id: _Optional[str] = ..., name_by_language: _Optional[_Mapping[str, str]] = ..., synonyms: _Optional[_Iterable[str]] = ..., beds_by_language: _Optional[_Mapping[str, str]] = ..., max_occupancy: _Optional[int] = ..., units: _Optional[int] = ..., max_adults: _Optional[int] = ..., max_children: _Optional[int] = ...) -> None: ...

class RatePlan(_message.Message):
    __slots__ = ("rate_plan_id", "name_by_language", "synonyms", "cancellation_policy", "date_change_allowed", "price_factor")
    class NameByLanguageEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    RATE_PLAN_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_BY_LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    SYNONYMS_FIELD_NUMBER: _ClassVar[int]
    CANCELLATION_POLICY_FIELD_NUMBER: _ClassVar[int]
    DATE_CHANGE_ALLOWED_FIELD_NUMBER: _ClassVar[int]
    PRICE_FACTOR_FIELD_NUMBER: _ClassVar[int]
    rate_plan_id: str
    name_by_language: _containers.ScalarMap[str, str]
    synonyms: _containers.RepeatedScalarFieldContainer[str]
    cancellation_policy: CancellationPolicy
    date_change_allowed: bool
    price_factor: str
    def __init__(self, rate_plan_id: _Optional[str] = ..., name_by_language: _Optional[_Mapping[str, str]] = ..., synonyms: _Optional[_Iterable[str]] = ..., cancellation_policy: _Optional[_Union[CancellationPolicy, _Mapping]] = ..., date_change_allowed: _Optional[bool] = ..., price_factor: _Optional[str] = ...) -> None: ...

class CancellationPolicy(_message.Message):
    __slots__ = ("steps",)
    STEPS_FIELD_NUMBER: _ClassVar[int]
    steps: _containers.RepeatedCompositeFieldContainer[CancellationStep]
    def __init__(self, steps: _Optional[_Iterable[_Union[CancellationStep, _Mapping]]] = ...) -> None: ...

class CancellationStep(_message.Message):
    __slots__ = ("before_arrival", "nights", "percent", "amount")
    BEFORE_ARRIVAL_FIELD_NUMBER: _ClassVar[int]
    NIGHTS_FIELD_NUMBER: _ClassVar[int]
    PERCENT_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    before_arrival: _duration_pb2.Duration
    nights: int
    percent: int
    amount: _money_pb2.Money
    def __init__(self, before_arrival: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., nights: _Optional[int] = ..., percent: _Optional[int] = ..., amount: _Optional[_Union[_money_pb2.Money, _Mapping]] = ...) -> None: ...

class CancellationTerms(_message.Message):
    __slots__ = ("non_refundable", "free_until_time", "penalty", "deadlines", "date_change_allowed")
    NON_REFUNDABLE_FIELD_NUMBER: _ClassVar[int]
    FREE_UNTIL_TIME_FIELD_NUMBER: _ClassVar[int]
    PENALTY_FIELD_NUMBER: _ClassVar[int]
    DEADLINES_FIELD_NUMBER: _ClassVar[int]
    DATE_CHANGE_ALLOWED_FIELD_NUMBER: _ClassVar[int]
    non_refundable: bool
    free_until_time: _timestamp_pb2.Timestamp
    penalty: _money_pb2.Money
    deadlines: _containers.RepeatedCompositeFieldContainer[CancellationDeadline]
    date_change_allowed: bool
    def __init__(self, non_refundable: _Optional[bool] = ..., free_until_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., penalty: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., deadlines: _Optional[_Iterable[_Union[CancellationDeadline, _Mapping]]] = ..., date_change_allowed: _Optional[bool] = ...) -> None: ...

class CancellationDeadline(_message.Message):
    __slots__ = ("from_time", "penalty")
    FROM_TIME_FIELD_NUMBER: _ClassVar[int]
    PENALTY_FIELD_NUMBER: _ClassVar[int]
    from_time: _timestamp_pb2.Timestamp
    penalty: _money_pb2.Money
    def __init__(self, from_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., penalty: _Optional[_Union[_money_pb2.Money, _Mapping]] = ...) -> None: ...

class InventoryNight(_message.Message):
    __slots__ = ("date", "room_type_id", "capacity", "sold", "held", "net_price", "min_nights", "max_nights", "closed_to_arrival", "closed_to_departure")
    DATE_FIELD_NUMBER: _ClassVar[int]
    ROOM_TYPE_ID_FIELD_NUMBER: _ClassVar[int]
    CAPACITY_FIELD_NUMBER: _ClassVar[int]
    SOLD_FIELD_NUMBER: _ClassVar[int]
    HELD_FIELD_NUMBER: _ClassVar[int]
    NET_PRICE_FIELD_NUMBER: _ClassVar[int]
    MIN_NIGHTS_FIELD_NUMBER: _ClassVar[int]
    MAX_NIGHTS_FIELD_NUMBER: _ClassVar[int]
    CLOSED_TO_ARRIVAL_FIELD_NUMBER: _ClassVar[int]
    CLOSED_TO_DEPARTURE_FIELD_NUMBER: _ClassVar[int]
    date: _date_pb2.Date
    room_type_id: str
    capacity: int
    sold: int
    held: int
    net_price: _money_pb2.Money
    min_nights: int
    max_nights: int
    closed_to_arrival: bool
    closed_to_departure: bool
    def __init__(self, date: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., room_type_id: _Optional[str] = ..., capacity: _Optional[int] = ..., sold: _Optional[int] = ..., held: _Optional[int] = ..., net_price: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., min_nights: _Optional[int] = ..., max_nights: _Optional[int] = ..., closed_to_arrival: _Optional[bool] = ..., closed_to_departure: _Optional[bool] = ...) -> None: ...
