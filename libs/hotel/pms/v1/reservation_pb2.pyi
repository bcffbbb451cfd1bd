import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.type import money_pb2 as _money_pb2
from google.type import timeofday_pb2 as _timeofday_pb2
from hotel.common.v1 import channel_pb2 as _channel_pb2
from hotel.common.v1 import stay_pb2 as _stay_pb2
from hotel.pms.v1 import offer_pb2 as _offer_pb2
from hotel.pms.v1 import property_pb2 as _property_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ReservationState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RESERVATION_STATE_UNSPECIFIED: _ClassVar[ReservationState]
    RESERVATION_STATE_PENDING: _ClassVar[ReservationState]
    RESERVATION_STATE_CONFIRMED: _ClassVar[ReservationState]
    RESERVATION_STATE_IN_HOUSE: _ClassVar[ReservationState]
    RESERVATION_STATE_CHECKED_OUT: _ClassVar[ReservationState]
    RESERVATION_STATE_CANCELED: _ClassVar[ReservationState]
    RESERVATION_STATE_NO_SHOW: _ClassVar[ReservationState]

class PaymentState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PAYMENT_STATE_UNSPECIFIED: _ClassVar[PaymentState]
    PAYMENT_STATE_UNPAID: _ClassVar[PaymentState]
    PAYMENT_STATE_PARTIAL: _ClassVar[PaymentState]
    PAYMENT_STATE_PAID: _ClassVar[PaymentState]
    PAYMENT_STATE_REFUNDED: _ClassVar[PaymentState]

class Guarantee(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    GUARANTEE_UNSPECIFIED: _ClassVar[Guarantee]
    GUARANTEE_NONE: _ClassVar[Guarantee]
    GUARANTEE_CARD: _ClassVar[Guarantee]
    GUARANTEE_PREPAID: _ClassVar[Guarantee]
RESERVATION_STATE_UNSPECIFIED: ReservationState
RESERVATION_STATE_PENDING: ReservationState
RESERVATION_STATE_CONFIRMED: ReservationState
RESERVATION_STATE_IN_HOUSE: ReservationState
RESERVATION_STATE_CHECKED_OUT: ReservationState
RESERVATION_STATE_CANCELED: ReservationState
RESERVATION_STATE_NO_SHOW: ReservationState
PAYMENT_STATE_UNSPECIFIED: PaymentState
PAYMENT_STATE_UNPAID: PaymentState
PAYMENT_STATE_PARTIAL: PaymentState
PAYMENT_STATE_PAID: PaymentState
PAYMENT_STATE_REFUNDED: PaymentState
GUARANTEE_UNSPECIFIED: Guarantee
GUARANTEE_NONE: Guarantee
GUARANTEE_CARD: Guarantee
GUARANTEE_PREPAID: Guarantee

class Reservation(_message.Message):
    __slots__ = ("reservation_id", "confirmation_code", "property_id", "state", "payment_state", "guarantee", "booker", "stay", "room_type_id", "rate_plan_id", "rooms", "total", "price", "cancellation", "arrival_time", "remark", "external_ids", "source", "etag", "create_time", "update_time", "cancel_time", "cancellation_fee")
    RESERVATION_ID_FIELD_NUMBER: _ClassVar[int]
    CONFIRMATION_CODE_FIELD_NUMBER: _ClassVar[int]
    PROPERTY_ID_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    PAYMENT_STATE_FIELD_NUMBER: _ClassVar[int]
    GUARANTEE_FIELD_NUMBER: _ClassVar[int]
    BOOKER_FIELD_NUMBER: _ClassVar[int]
    STAY_FIELD_NUMBER: _ClassVar[int]
    ROOM_TYPE_ID_FIELD_NUMBER: _ClassVar[int]
    RATE_PLAN_ID_FIELD_NUMBER: _ClassVar[int]
    ROOMS_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    PRICE_FIELD_NUMBER: _ClassVar[int]
    CANCELLATION_FIELD_NUMBER: _ClassVar[int]
    ARRIVAL_TIME_FIELD_NUMBER: _ClassVar[int]
    REMARK_FIELD_NUMBER: _ClassVar[int]
    EXTERNAL_IDS_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    CANCEL_TIME_FIELD_NUMBER: _ClassVar[int]
    CANCELLATION_FEE_FIELD_NUMBER: _ClassVar[int]
    reservation_id: str
    confirmation_code: str
    property_id: str
    state: ReservationState
    payment_state: PaymentState
    guarantee: Guarantee
    booker: Booker
    stay: _stay_pb2.Stay
    room_type_id: str
    rate_plan_id: str
    rooms: _containers.RepeatedCompositeFieldContainer[ReservedRoom]
    total: _money_pb2.Money
    price: _offer_pb2.PriceBreakdown
    cancellation: _property_pb2.CancellationTerms
    arrival_time: _timeofday_pb2.TimeOfDay
    remark: str
    external_ids: _containers.RepeatedCompositeFieldContainer[ExternalId]
    source: str
    etag: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    cancel_time: _timestamp_pb2.Timestamp
    cancellation_fee: _money_pb2.Money
    def __init__(self, reservation_id: _Optional[str] = ..., confirmation_code: _Optional[str] = ..., property_id: _Optional[str] = ..., state: _Optional[_Union[ReservationState, str]] = ..., payment_state: _Optional[_Union[PaymentState, str]] = ..., guarantee: _Optional[_Union[Guarantee, str]] = ..., booker: _Optional[_Union[Booker, _Mapping]] = ..., stay: _Optional[_Union[_stay_pb2.Stay, _Mapping]] = ..., room_type_id: _Optional[str] = ..., rate_plan_id: _Optional[str] = ..., rooms: _Optional[_Iterable[_Union[ReservedRoom, _Mapping]]] = ..., total: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., price: _Optional[_Union[_offer_pb2.PriceBreakdown, _Mapping]] = ..., cancellation: _Optional[_Union[_property_pb2.CancellationTerms, _Mapping]] = ..., arrival_time: _Optional[_Union[_timeofday_pb2.TimeOfDay, _Mapping]] = ..., remark: _Optional[str] = ..., external_ids: _Optional[_Iterable[_Union[ExternalId, _Mapping]]] = ..., source: _Optional[str] = ..., etag: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., cancel_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., cancellation_fee: _Optional[_Union[_money_pb2.Money, _Mapping]] = ...) -> None: ...

class ReservedRoom(_message.Message):
    __slots__ = ("occupancy", "room_number")
    OCCUPANCY_FIELD_NUMBER: _ClassVar[int]
    ROOM_NUMBER_FIELD_NUMBER: _ClassVar[int]
    occupancy: _stay_pb2.Occupancy
    room_number: str
    def __init__(self, occupancy: _Optional[_Union[_stay_pb2.Occupancy, _Mapping]] = ..., room_number: _Optional[str] = ...) -> None: ...

class Booker(_message.Message):
    __slots__ = ("given_name", "family_name", "email", "phone_number", "language", "identity")
    GIVEN_NAME_FIELD_NUMBER: _ClassVar[int]
    FAMILY_NAME_FIELD_NUMBER: _ClassVar[int]
    EMAIL_FIELD_NUMBER: _ClassVar[int]
    PHONE_NUMBER_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    IDENTITY_FIELD_NUMBER: _ClassVar[int]
    given_name: str
    family_name: str
    email: str
    phone_number: str
    language: str
    identity: _channel_pb2.ChannelIdentity
    def __init__(self, given_name: _Optional[str] = ..., family_name: _Optional[str] = ..., email: _Optional[str] = ..., phone_number: _Optional[str] = ..., language: _Optional[str] = ..., identity: _Optional[_Union[_channel_pb2.ChannelIdentity, _Mapping]] = ...) -> None: ...

class ExternalId(_message.Message):
    __slots__ = ("system", "id")
    SYSTEM_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    system: str
    id: str
    def __init__(self, system: _Optional[str] = ..., id: _Optional[str] = ...) -> None: ...

class ModificationPreview(_message.Message):
    __slots__ = ("modification_token", "reservation", "current_total", "new_total", "difference", "fee", "expire_time")
    MODIFICATION_TOKEN_FIELD_NUMBER: _ClassVar[int]
    RESERVATION_FIELD_NUMBER: _ClassVar[int]
    CURRENT_TOTAL_FIELD_NUMBER: _ClassVar[int]
    NEW_TOTAL_FIELD_NUMBER: _ClassVar[int]
    DIFFERENCE_FIELD_NUMBER: _ClassVar[int]
    FEE_FIELD_NUMBER: _ClassVar[int]
    EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    modification_token: str
    reservation: Reservation
    current_total: _money_pb2.Money
    new_total: _money_pb2.Money
    difference: _money_pb2.Money
    fee: _money_pb2.Money
    expire_time: _timestamp_pb2.Timestamp
    def __init__(self, modification_token: _Optional[str] = ..., reservation: _Optional[_Union[Reservation, _Mapping]] = ..., current_total: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., new_total: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., difference: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., fee: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class CancellationPreview(_message.Message):
    __slots__ = ("cancellation_token", "fee", "refund", "free_until_time", "expire_time")
    CANCELLATION_TOKEN_FIELD_NUMBER: _ClassVar[int]
    FEE_FIELD_NUMBER: _ClassVar[int]
    REFUND_FIELD_NUMBER: _ClassVar[int]
    FREE_UNTIL_TIME_FIELD_NUMBER: _ClassVar[int]
    EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    cancellation_token: str
    fee: _money_pb2.Money
    refund: _money_pb2.Money
    free_until_time: _timestamp_pb2.Timestamp
    expire_time: _timestamp_pb2.Timestamp
    def __init__(self, cancellation_token: _Optional[str] = ..., fee: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., refund: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., free_until_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ReservationEvent(_message.Message):
    __slots__ = ("type", "reservation", "event_time", "resume_token")
    class Type(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        TYPE_UNSPECIFIED: _ClassVar[ReservationEvent.Type]
        TYPE_CREATED: _ClassVar[ReservationEvent.Type]
        TYPE_MODIFIED: _ClassVar[ReservationEvent.Type]
        TYPE_CANCELED: _ClassVar[ReservationEvent.Type]
        TYPE_CHECKED_IN: _ClassVar[ReservationEvent.Type]
        TYPE_CHECKED_OUT: _ClassVar[ReservationEvent.Type]
        TYPE_NO_SHOW: _ClassVar[ReservationEvent.Type]
        TYPE_CHARGED: _ClassVar[ReservationEvent.Type]
    TYPE_UNSPECIFIED: ReservationEvent.Type
    TYPE_CREATED: ReservationEvent.Type
    TYPE_MODIFIED: ReservationEvent.Type
    TYPE_CANCELED: ReservationEvent.Type
    TYPE_CHECKED_IN: ReservationEvent.Type
    TYPE_CHECKED_OUT: ReservationEvent.Type
    TYPE_NO_SHOW: ReservationEvent.Type
    TYPE_CHARGED: ReservationEvent.Type
    TYPE_FIELD_NUMBER: _ClassVar[int]
    RESERVATION_FIELD_NUMBER: _ClassVar[int]
    EVENT_TIME_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    type: ReservationEvent.Type
    reservation: Reservation
    event_time: _timestamp_pb2.Timestamp
    resume_token: str
    def __init__(self, type: _Optional[_Union[ReservationEvent.Type, str]] = ..., reservation: _Optional[_Union[Reservation, _Mapping]] = ..., event_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., resume_token: _Optional[str] = ...) -> None: ...

class GuestProfile(_message.Message):
    __slots__ = ("profile_id", "property_id", "given_name", "family_name", "email", "phone_number", "language", "past_stays", "live_confirmation_codes")
    PROFILE_ID_FIELD_NUMBER: _ClassVar[int]
    PROPERTY_ID_FIELD_NUMBER: _ClassVar[int]
    GIVEN_NAME_FIELD_NUMBER: _ClassVar[int]
    FAMILY_NAME_FIELD_NUMBER: _ClassVar[int]
    EMAIL_FIELD_NUMBER: _ClassVar[int]
    PHONE_NUMBER_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    PAST_STAYS_FIELD_NUMBER: _ClassVar[int]
    LIVE_CONFIRMATION_CODES_FIELD_NUMBER: _ClassVar[int]
    profile_id: str
    property_id: str
    given_name: str
    family_name: str
    email: str
    phone_number: str
    language: str
    past_stays: int
    live_confirmation_codes: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, profile_id: _Optional[str] = ..., property_id: _Optional[str] = ..., given_name: _Optional[str] = ..., family_name: _Optional[str] = ..., email: _Optional[str] = ..., phone_number: _Optional[str] = ..., language: _Optional[str] = ..., past_stays: _Optional[int] = ..., live_confirmation_codes: _Optional[_Iterable[str]] = ...) -> None: ...

class Charge(_message.Message):
    __slots__ = ("charge_id", "description", "amount", "post_time")
    CHARGE_ID_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    POST_TIME_FIELD_NUMBER: _ClassVar[int]
    charge_id: str
    description: str
    amount: _money_pb2.Money
    post_time: _timestamp_pb2.Timestamp
    def __init__(self, charge_id: _Optional[str] = ..., description: _Optional[str] = ..., amount: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., post_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
