import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.type import date_pb2 as _date_pb2
from google.type import money_pb2 as _money_pb2
from hotel.common.v1 import stay_pb2 as _stay_pb2
from hotel.pms.v1 import property_pb2 as _property_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class PriceBreakdown(_message.Message):
    __slots__ = ("nights", "net", "taxes", "gross", "due_now", "due_at_property")
    NIGHTS_FIELD_NUMBER: _ClassVar[int]
    NET_FIELD_NUMBER: _ClassVar[int]
    TAXES_FIELD_NUMBER: _ClassVar[int]
    GROSS_FIELD_NUMBER: _ClassVar[int]
    DUE_NOW_FIELD_NUMBER: _ClassVar[int]
    DUE_AT_PROPERTY_FIELD_NUMBER: _ClassVar[int]
    nights: _containers.RepeatedCompositeFieldContainer[NightPrice]
    net: _money_pb2.Money
    taxes: _containers.RepeatedCompositeFieldContainer[TaxLine]
    gross: _money_pb2.Money
    due_now: _money_pb2.Money
    due_at_property: _money_pb2.Money
    def __init__(self, nights: _Optional[_Iterable[_Union[NightPrice, _Mapping]]] = ..., net: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., taxes: _Optional[_Iterable[_Union[TaxLine, _Mapping]]] = ..., gross: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., due_now: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., due_at_property: _Optional[_Union[_money_pb2.Money, _Mapping]] = ...) -> None: ...

class NightPrice(_message.Message):
    __slots__ = ("date", "net", "rule")
    DATE_FIELD_NUMBER: _ClassVar[int]
    NET_FIELD_NUMBER: _ClassVar[int]
    RULE_FIELD_NUMBER: _ClassVar[int]
    date: _date_pb2.Date
    net: _money_pb2.Money
    rule: str
    def __init__(self, date: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., net: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., rule: _Optional[str] = ...) -> None: ...

class TaxLine(_message.Message):
    __slots__ = ("code", "amount", "included")
    CODE_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    INCLUDED_FIELD_NUMBER: _ClassVar[int]
    code: str
    amount: _money_pb2.Money
    included: bool
    def __init__(self, code: _Optional[str] = ..., amount: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., included: _Optional[bool] = ...) -> None: ...

class Offer(_message.Message):
    __slots__ = ("room_type_id", "rate_plan_id", "stay", "units_left", "price", "cancellation", "total")
    ROOM_TYPE_ID_FIELD_NUMBER: _ClassVar[int]
    RATE_PLAN_ID_FIELD_NUMBER: _ClassVar[int]
    STAY_FIELD_NUMBER: _ClassVar[int]
    UNITS_LEFT_FIELD_NUMBER: _ClassVar[int]
    PRICE_FIELD_NUMBER: _ClassVar[int]
    CANCELLATION_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    room_type_id: str
    rate_plan_id: str
    stay: _stay_pb2.Stay
    units_left: int
    price: PriceBreakdown
    cancellation: _property_pb2.CancellationTerms
    total: _money_pb2.Money
    def __init__(self, room_type_id: _Optional[str] = ..., rate_plan_id: _Optional[str] = ..., stay: _Optional[_Union[_stay_pb2.Stay, _Mapping]] = ..., units_left: _Optional[int] = ..., price: _Optional[_Union[PriceBreakdown, _Mapping]] = ..., cancellation: _Optional[_Union[_property_pb2.CancellationTerms, _Mapping]] = ..., total: _Optional[_Union[_money_pb2.Money, _Mapping]] = ...) -> None: ...

class Unavailability(_message.Message):
    __slots__ = ("room_type_id", "reason", "limit", "date")
    class Reason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        REASON_UNSPECIFIED: _ClassVar[Unavailability.Reason]
        REASON_SOLD_OUT: _ClassVar[Unavailability.Reason]
        REASON_MIN_STAY: _ClassVar[Unavailability.Reason]
        REASON_MAX_STAY: _ClassVar[Unavailability.Reason]
        REASON_CLOSED_TO_ARRIVAL: _ClassVar[Unavailability.Reason]
        REASON_CLOSED_TO_DEPARTURE: _ClassVar[Unavailability.Reason]
        REASON_OCCUPANCY: _ClassVar[Unavailability.Reason]
        REASON_PAST: _ClassVar[Unavailability.Reason]
        REASON_BEYOND_HORIZON: _ClassVar[Unavailability.Reason]
        REASON_GROUP_TOO_LARGE: _ClassVar[Unavailability.Reason]
        REASON_NOT_ENOUGH_ROOMS: _ClassVar[Unavailability.Reason]
    REASON_UNSPECIFIED: Unavailability.Reason
    REASON_SOLD_OUT: Unavailability.Reason
    REASON_MIN_STAY: Unavailability.Reason
    REASON_MAX_STAY: Unavailability.Reason
    REASON_CLOSED_TO_ARRIVAL: Unavailability.Reason
    REASON_CLOSED_TO_DEPARTURE: Unavailability.Reason
    REASON_OCCUPANCY: Unavailability.Reason
    REASON_PAST: Unavailability.Reason
    REASON_BEYOND_HORIZON: Unavailability.Reason
    REASON_GROUP_TOO_LARGE: Unavailability.Reason
    REASON_NOT_ENOUGH_ROOMS: Unavailability.Reason
    ROOM_TYPE_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    DATE_FIELD_NUMBER: _ClassVar[int]
    room_type_id: str
    reason: Unavailability.Reason
    limit: int
    date: _date_pb2.Date
    def __init__(self, room_type_id: _Optional[str] = ..., reason: _Optional[_Union[Unavailability.Reason, str]] = ..., limit: _Optional[int] = ..., date: _Optional[_Union[_date_pb2.Date, _Mapping]] = ...) -> None: ...

class Quote(_message.Message):
    __slots__ = ("quote_id", "quote_token", "property_id", "offer", "rooms", "total", "expire_time", "read_time")
    QUOTE_ID_FIELD_NUMBER: _ClassVar[int]
    QUOTE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    PROPERTY_ID_FIELD_NUMBER: _ClassVar[int]
    OFFER_FIELD_NUMBER: _ClassVar[int]
    ROOMS_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    READ_TIME_FIELD_NUMBER: _ClassVar[int]
    quote_id: str
    quote_token: str
    property_id: str
    offer: Offer
    rooms: _containers.RepeatedCompositeFieldContainer[_stay_pb2.Occupancy]
    total: _money_pb2.Money
    expire_time: _timestamp_pb2.Timestamp
    read_time: _timestamp_pb2.Timestamp
    def __init__(self, quote_id: _Optional[str] = ..., quote_token: _Optional[str] = ..., property_id: _Optional[str] = ..., offer: _Optional[_Union[Offer, _Mapping]] = ..., rooms: _Optional[_Iterable[_Union[_stay_pb2.Occupancy, _Mapping]]] = ..., total: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., read_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class Hold(_message.Message):
    __slots__ = ("hold_id", "property_id", "room_type_id", "stay", "units", "state", "expire_time", "fence", "quote_id")
    class State(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        STATE_UNSPECIFIED: _ClassVar[Hold.State]
        STATE_ACTIVE: _ClassVar[Hold.State]
        STATE_CONFIRMED: _ClassVar[Hold.State]
        STATE_RELEASED: _ClassVar[Hold.State]
        STATE_EXPIRED: _ClassVar[Hold.State]
    STATE_UNSPECIFIED: Hold.State
    STATE_ACTIVE: Hold.State
    STATE_CONFIRMED: Hold.State
    STATE_RELEASED: Hold.State
    STATE_EXPIRED: Hold.State
    HOLD_ID_FIELD_NUMBER: _ClassVar[int]
    PROPERTY_ID_FIELD_NUMBER: _ClassVar[int]
    ROOM_TYPE_ID_FIELD_NUMBER: _ClassVar[int]
    STAY_FIELD_NUMBER: _ClassVar[int]
    UNITS_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    FENCE_FIELD_NUMBER: _ClassVar[int]
    QUOTE_ID_FIELD_NUMBER: _ClassVar[int]
    hold_id: str
    property_id: str
    room_type_id: str
    stay: _stay_pb2.Stay
    units: int
    state: Hold.State
    expire_time: _timestamp_pb2.Timestamp
    fence: int
    quote_id: str
    def __init__(self, hold_id: _Optional[str] = ..., property_id: _Optional[str] = ..., room_type_id: _Optional[str] = ..., stay: _Optional[_Union[_stay_pb2.Stay, _Mapping]] = ..., units: _Optional[int] = ..., state: _Optional[_Union[Hold.State, str]] = ..., expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., fence: _Optional[int] = ..., quote_id: _Optional[str] = ...) -> None: ...
