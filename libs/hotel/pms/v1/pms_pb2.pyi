import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.type import date_pb2 as _date_pb2
from google.type import money_pb2 as _money_pb2
from google.type import timeofday_pb2 as _timeofday_pb2
from hotel.common.v1 import channel_pb2 as _channel_pb2
from hotel.common.v1 import stay_pb2 as _stay_pb2
from hotel.pms.v1 import offer_pb2 as _offer_pb2
from hotel.pms.v1 import property_pb2 as _property_pb2
from hotel.pms.v1 import reservation_pb2 as _reservation_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ListPropertiesRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListPropertiesResponse(_message.Message):
    __slots__ = ("properties", "next_page_token")
    PROPERTIES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    properties: _containers.RepeatedCompositeFieldContainer[_property_pb2.Property]
    next_page_token: str
    def __init__(self, properties: _Optional[_Iterable[_Union[_property_pb2.Property, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class GetPropertyRequest(_message.Message):
    __slots__ = ("property_id",)
    PROPERTY_ID_FIELD_NUMBER: _ClassVar[int]
    property_id: str
    def __init__(self, property_id: _Optional[str] = ...) -> None: ...

class GetPropertyResponse(_message.Message):
    __slots__ = ("property",)
    PROPERTY_FIELD_NUMBER: _ClassVar[int]
    property: _property_pb2.Property
    def __init__(self, property: _Optional[_Union[_property_pb2.Property, _Mapping]] = ...) -> None: ...

class ListRoomTypesRequest(_message.Message):
    __slots__ = ("property_id",)
    PROPERTY_ID_FIELD_NUMBER: _ClassVar[int]
    property_id: str
    def __init__(self, property_id: _Optional[str] = ...) -> None: ...

class ListRoomTypesResponse(_message.Message):
    __slots__ = ("room_types",)
    ROOM_TYPES_FIELD_NUMBER: _ClassVar[int]
    room_types: _containers.RepeatedCompositeFieldContainer[_property_pb2.RoomType]
    def __init__(self, room_types: _Optional[_Iterable[_Union[_property_pb2.RoomType, _Mapping]]] = ...) -> None: ...

class ListRatePlansRequest(_message.Message):
    __slots__ = ("property_id",)
    PROPERTY_ID_FIELD_NUMBER: _ClassVar[int]
    property_id: str
    def __init__(self, property_id: _Optional[str] = ...) -> None: ...

class ListRatePlansResponse(_message.Message):
    __slots__ = ("rate_plans",)
    RATE_PLANS_FIELD_NUMBER: _ClassVar[int]
    rate_plans: _containers.RepeatedCompositeFieldContainer[_property_pb2.RatePlan]
    def __init__(self, rate_plans: _Optional[_Iterable[_Union[_property_pb2.RatePlan, _Mapping]]] = ...) -> None: ...

class ListInventoryRequest(_message.Message):
    __slots__ = ("property_id", "nights", "room_type_id")
    PROPERTY_ID_FIELD_NUMBER: _ClassVar[int]
    NIGHTS_FIELD_NUMBER: _ClassVar[int]
    ROOM_TYPE_ID_FIELD_NUMBER: _ClassVar[int]
    property_id: str
    nights: _stay_pb2.Stay
    room_type_id: str
    def __init__(self, property_id: _Optional[str] = ..., nights: _Optional[_Union[_stay_pb2.Stay, _Mapping]] = ..., room_type_id: _Optional[str] = ...) -> None: ...

class ListInventoryResponse(_message.Message):
    __slots__ = ("nights",)
    NIGHTS_FIELD_NUMBER: _ClassVar[int]
    nights: _containers.RepeatedCompositeFieldContainer[_property_pb2.InventoryNight]
    def __init__(self, nights: _Optional[_Iterable[_Union[_property_pb2.InventoryNight, _Mapping]]] = ...) -> None: ...

class SearchAvailabilityRequest(_message.Message):
    __slots__ = ("property_id", "stay", "rooms", "room_type_id", "rate_plan_id")
    PROPERTY_ID_FIELD_NUMBER: _ClassVar[int]
    STAY_FIELD_NUMBER: _ClassVar[int]
    ROOMS_FIELD_NUMBER: _ClassVar[int]
    ROOM_TYPE_ID_FIELD_NUMBER: _ClassVar[int]
    RATE_PLAN_ID_FIELD_NUMBER: _ClassVar[int]
    property_id: str
    stay: _stay_pb2.Stay
    rooms: _containers.RepeatedCompositeFieldContainer[_stay_pb2.Occupancy]
    room_type_id: str
    rate_plan_id: str
    def __init__(self, property_id: _Optional[str] = ..., stay: _Optional[_Union[_stay_pb2.Stay, _Mapping]] = ..., rooms: _Optional[_Iterable[_Union[_stay_pb2.Occupancy, _Mapping]]] = ..., room_type_id: _Optional[str] = ..., rate_plan_id: _Optional[str] = ...) -> None: ...

class SearchAvailabilityResponse(_message.Message):
    __slots__ = ("offers", "unavailable", "alternatives")
    OFFERS_FIELD_NUMBER: _ClassVar[int]
    UNAVAILABLE_FIELD_NUMBER: _ClassVar[int]
    ALTERNATIVES_FIELD_NUMBER: _ClassVar[int]
    offers: _containers.RepeatedCompositeFieldContainer[_offer_pb2.Offer]
    unavailable: _containers.RepeatedCompositeFieldContainer[_offer_pb2.Unavailability]
    alternatives: _containers.RepeatedCompositeFieldContainer[_offer_pb2.Offer]
    def __init__(self, offers: _Optional[_Iterable[_Union[_offer_pb2.Offer, _Mapping]]] = ..., unavailable: _Optional[_Iterable[_Union[_offer_pb2.Unavailability, _Mapping]]] = ..., alternatives: _Optional[_Iterable[_Union[_offer_pb2.Offer, _Mapping]]] = ...) -> None: ...

class CreateQuoteRequest(_message.Message):
    __slots__ = ("property_id", "stay", "rooms", "room_type_id", "rate_plan_id")
    PROPERTY_ID_FIELD_NUMBER: _ClassVar[int]
    STAY_FIELD_NUMBER: _ClassVar[int]
    ROOMS_FIELD_NUMBER: _ClassVar[int]
    ROOM_TYPE_ID_FIELD_NUMBER: _ClassVar[int]
    RATE_PLAN_ID_FIELD_NUMBER: _ClassVar[int]
    property_id: str
    stay: _stay_pb2.Stay
    rooms: _containers.RepeatedCompositeFieldContainer[_stay_pb2.Occupancy]
    room_type_id: str
    rate_plan_id: str
    def __init__(self, property_id: _Optional[str] = ..., stay: _Optional[_Union[_stay_pb2.Stay, _Mapping]] = ..., rooms: _Optional[_Iterable[_Union[_stay_pb2.Occupancy, _Mapping]]] = ..., room_type_id: _Optional[str] = ..., rate_plan_id: _Optional[str] = ...) -> None: ...

class CreateQuoteResponse(_message.Message):
    __slots__ = ("quote",)
    QUOTE_FIELD_NUMBER: _ClassVar[int]
    quote: _offer_pb2.Quote
    def __init__(self, quote: _Optional[_Union[_offer_pb2.Quote, _Mapping]] = ...) -> None: ...

class PlaceHoldRequest(_message.Message):
    __slots__ = ("request_id", "quote_token")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    QUOTE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    quote_token: str
    def __init__(self, request_id: _Optional[str] = ..., quote_token: _Optional[str] = ...) -> None: ...

class PlaceHoldResponse(_message.Message):
    __slots__ = ("hold",)
    HOLD_FIELD_NUMBER: _ClassVar[int]
    hold: _offer_pb2.Hold
    def __init__(self, hold: _Optional[_Union[_offer_pb2.Hold, _Mapping]] = ...) -> None: ...

class GetHoldRequest(_message.Message):
    __slots__ = ("hold_id",)
    HOLD_ID_FIELD_NUMBER: _ClassVar[int]
    hold_id: str
    def __init__(self, hold_id: _Optional[str] = ...) -> None: ...

class GetHoldResponse(_message.Message):
    __slots__ = ("hold",)
    HOLD_FIELD_NUMBER: _ClassVar[int]
    hold: _offer_pb2.Hold
    def __init__(self, hold: _Optional[_Union[_offer_pb2.Hold, _Mapping]] = ...) -> None: ...

class ReleaseHoldRequest(_message.Message):
    __slots__ = ("request_id", "hold_id")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    HOLD_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    hold_id: str
    def __init__(self, request_id: _Optional[str] = ..., hold_id: _Optional[str] = ...) -> None: ...

class ReleaseHoldResponse(_message.Message):
    __slots__ = ("hold",)
    HOLD_FIELD_NUMBER: _ClassVar[int]
    hold: _offer_pb2.Hold
    def __init__(self, hold: _Optional[_Union[_offer_pb2.Hold, _Mapping]] = ...) -> None: ...

class CreateReservationRequest(_message.Message):
    __slots__ = ("request_id", "quote_token", "hold_id", "booker", "remark", "arrival_time", "source")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    QUOTE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    HOLD_ID_FIELD_NUMBER: _ClassVar[int]
    BOOKER_FIELD_NUMBER: _ClassVar[int]
    REMARK_FIELD_NUMBER: _ClassVar[int]
    ARRIVAL_TIME_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    quote_token: str
    hold_id: str
    booker: _reservation_pb2.Booker
    remark: str
    arrival_time: _timeofday_pb2.TimeOfDay
    source: str
    def __init__(self, request_id: _Optional[str] = ..., quote_token: _Optional[str] = ..., hold_id: _Optional[str] = ..., booker: _Optional[_Union[_reservation_pb2.Booker, _Mapping]] = ..., remark: _Optional[str] = ..., arrival_time: _Optional[_Union[_timeofday_pb2.TimeOfDay, _Mapping]] = ..., source: _Optional[str] = ...) -> None: ...

class CreateReservationResponse(_message.Message):
    __slots__ = ("reservation",)
    RESERVATION_FIELD_NUMBER: _ClassVar[int]
    reservation: _reservation_pb2.Reservation
    def __init__(self, reservation: _Optional[_Union[_reservation_pb2.Reservation, _Mapping]] = ...) -> None: ...

class GetReservationRequest(_message.Message):
    __slots__ = ("property_id", "reservation_id", "confirmation_code")
    PROPERTY_ID_FIELD_NUMBER: _ClassVar[int]
    RESERVATION_ID_FIELD_NUMBER: _ClassVar[int]
    CONFIRMATION_CODE_FIELD_NUMBER: _ClassVar[int]
    property_id: str
    reservation_id: str
    confirmation_code: str
    def __init__(self, property_id: _Optional[str] = ..., reservation_id: _Optional[str] = ..., confirmation_code: _Optional[str] = ...) -> None: ...

class GetReservationResponse(_message.Message):
    __slots__ = ("reservation",)
    RESERVATION_FIELD_NUMBER: _ClassVar[int]
    reservation: _reservation_pb2.Reservation
    def __init__(self, reservation: _Optional[_Union[_reservation_pb2.Reservation, _Mapping]] = ...) -> None: ...

class ListReservationsRequest(_message.Message):
    __slots__ = ("property_id", "check_in_from", "check_in_to", "phone_number", "email", "identity", "states", "page_size", "page_token")
    PROPERTY_ID_FIELD_NUMBER: _ClassVar[int]
    CHECK_IN_FROM_FIELD_NUMBER: _ClassVar[int]
    CHECK_IN_TO_FIELD_NUMBER: _ClassVar[int]
    PHONE_NUMBER_FIELD_NUMBER: _ClassVar[int]
    EMAIL_FIELD_NUMBER: _ClassVar[int]
    IDENTITY_FIELD_NUMBER: _ClassVar[int]
    STATES_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    property_id: str
    check_in_from: _date_pb2.Date
    check_in_to: _date_pb2.Date
    phone_number: str
    email: str
    identity: _channel_pb2.ChannelIdentity
    states: _containers.RepeatedScalarFieldContainer[_reservation_pb2.ReservationState]
    page_size: int
    page_token: str
    def __init__(self, property_id: _Optional[str] = ..., check_in_from: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., check_in_to: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., phone_number: _Optional[str] = ..., email: _Optional[str] = ..., identity: _Optional[_Union[_channel_pb2.ChannelIdentity, _Mapping]] = ..., states: _Optional[_Iterable[_Union[_reservation_pb2.ReservationState, str]]] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListReservationsResponse(_message.Message):
    __slots__ = ("reservations", "next_page_token")
    RESERVATIONS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    reservations: _containers.RepeatedCompositeFieldContainer[_reservation_pb2.Reservation]
    next_page_token: str
    def __init__(self, reservations: _Optional[_Iterable[_Union[_reservation_pb2.Reservation, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class PreviewModificationRequest(_message.Message):
    __slots__ = ("reservation_id", "stay", "room_type_id", "rate_plan_id", "rooms", "arrival_time", "remark")
    RESERVATION_ID_FIELD_NUMBER: _ClassVar[int]
    STAY_FIELD_NUMBER: _ClassVar[int]
    ROOM_TYPE_ID_FIELD_NUMBER: _ClassVar[int]
    RATE_PLAN_ID_FIELD_NUMBER: _ClassVar[int]
    ROOMS_FIELD_NUMBER: _ClassVar[int]
    ARRIVAL_TIME_FIELD_NUMBER: _ClassVar[int]
    REMARK_FIELD_NUMBER: _ClassVar[int]
    reservation_id: str
    stay: _stay_pb2.Stay
    room_type_id: str
    rate_plan_id: str
    rooms: _containers.RepeatedCompositeFieldContainer[_stay_pb2.Occupancy]
    arrival_time: _timeofday_pb2.TimeOfDay
    remark: str
    def __init__(self, reservation_id: _Optional[str] = ..., stay: _Optional[_Union[_stay_pb2.Stay, _Mapping]] = ..., room_type_id: _Optional[str] = ..., rate_plan_id: _Optional[str] = ..., rooms: _Optional[_Iterable[_Union[_stay_pb2.Occupancy, _Mapping]]] = ..., arrival_time: _Optional[_Union[_timeofday_pb2.TimeOfDay, _Mapping]] = ..., remark: _Optional[str] = ...) -> None: ...

class PreviewModificationResponse(_message.Message):
    __slots__ = ("preview",)
    PREVIEW_FIELD_NUMBER: _ClassVar[int]
    preview: _reservation_pb2.ModificationPreview
    def __init__(self, preview: _Optional[_Union[_reservation_pb2.ModificationPreview, _Mapping]] = ...) -> None: ...

class ModifyReservationRequest(_message.Message):
    __slots__ = ("request_id", "modification_token")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    MODIFICATION_TOKEN_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    modification_token: str
    def __init__(self, request_id: _Optional[str] = ..., modification_token: _Optional[str] = ...) -> None: ...

class ModifyReservationResponse(_message.Message):
    __slots__ = ("reservation",)
    RESERVATION_FIELD_NUMBER: _ClassVar[int]
    reservation: _reservation_pb2.Reservation
    def __init__(self, reservation: _Optional[_Union[_reservation_pb2.Reservation, _Mapping]] = ...) -> None: ...

class PreviewCancellationRequest(_message.Message):
    __slots__ = ("reservation_id",)
    RESERVATION_ID_FIELD_NUMBER: _ClassVar[int]
    reservation_id: str
    def __init__(self, reservation_id: _Optional[str] = ...) -> None: ...

class PreviewCancellationResponse(_message.Message):
    __slots__ = ("preview",)
    PREVIEW_FIELD_NUMBER: _ClassVar[int]
    preview: _reservation_pb2.CancellationPreview
    def __init__(self, preview: _Optional[_Union[_reservation_pb2.CancellationPreview, _Mapping]] = ...) -> None: ...

class CancelReservationRequest(_message.Message):
    __slots__ = ("request_id", "cancellation_token", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    CANCELLATION_TOKEN_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    cancellation_token: str
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., cancellation_token: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class CancelReservationResponse(_message.Message):
    __slots__ = ("reservation",)
    RESERVATION_FIELD_NUMBER: _ClassVar[int]
    reservation: _reservation_pb2.Reservation
    def __init__(self, reservation: _Optional[_Union[_reservation_pb2.Reservation, _Mapping]] = ...) -> None: ...

class CheckInRequest(_message.Message):
    __slots__ = ("request_id", "reservation_id", "etag", "room_number")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    RESERVATION_ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    ROOM_NUMBER_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    reservation_id: str
    etag: str
    room_number: str
    def __init__(self, request_id: _Optional[str] = ..., reservation_id: _Optional[str] = ..., etag: _Optional[str] = ..., room_number: _Optional[str] = ...) -> None: ...

class CheckInResponse(_message.Message):
    __slots__ = ("reservation",)
    RESERVATION_FIELD_NUMBER: _ClassVar[int]
    reservation: _reservation_pb2.Reservation
    def __init__(self, reservation: _Optional[_Union[_reservation_pb2.Reservation, _Mapping]] = ...) -> None: ...

class CheckOutRequest(_message.Message):
    __slots__ = ("request_id", "reservation_id", "etag")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    RESERVATION_ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    reservation_id: str
    etag: str
    def __init__(self, request_id: _Optional[str] = ..., reservation_id: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class CheckOutResponse(_message.Message):
    __slots__ = ("reservation",)
    RESERVATION_FIELD_NUMBER: _ClassVar[int]
    reservation: _reservation_pb2.Reservation
    def __init__(self, reservation: _Optional[_Union[_reservation_pb2.Reservation, _Mapping]] = ...) -> None: ...

class PostChargeRequest(_message.Message):
    __slots__ = ("request_id", "reservation_id", "description", "amount")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    RESERVATION_ID_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    reservation_id: str
    description: str
    amount: _money_pb2.Money
    def __init__(self, request_id: _Optional[str] = ..., reservation_id: _Optional[str] = ..., description: _Optional[str] = ..., amount: _Optional[_Union[_money_pb2.Money, _Mapping]] = ...) -> None: ...

class PostChargeResponse(_message.Message):
    __slots__ = ("charge",)
    CHARGE_FIELD_NUMBER: _ClassVar[int]
    charge: _reservation_pb2.Charge
    def __init__(self, charge: _Optional[_Union[_reservation_pb2.Charge, _Mapping]] = ...) -> None: ...

class GetGuestProfileRequest(_message.Message):
    __slots__ = ("property_id", "phone_number", "email")
    PROPERTY_ID_FIELD_NUMBER: _ClassVar[int]
    PHONE_NUMBER_FIELD_NUMBER: _ClassVar[int]
    EMAIL_FIELD_NUMBER: _ClassVar[int]
    property_id: str
    phone_number: str
    email: str
    def __init__(self, property_id: _Optional[str] = ..., phone_number: _Optional[str] = ..., email: _Optional[str] = ...) -> None: ...

class GetGuestProfileResponse(_message.Message):
    __slots__ = ("profile",)
    PROFILE_FIELD_NUMBER: _ClassVar[int]
    profile: _reservation_pb2.GuestProfile
    def __init__(self, profile: _Optional[_Union[_reservation_pb2.GuestProfile, _Mapping]] = ...) -> None: ...

class UpdateGuestProfileRequest(_message.Message):
    __slots__ = ("request_id", "profile")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    PROFILE_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    profile: _reservation_pb2.GuestProfile
    def __init__(self, request_id: _Optional[str] = ..., profile: _Optional[_Union[_reservation_pb2.GuestProfile, _Mapping]] = ...) -> None: ...

class UpdateGuestProfileResponse(_message.Message):
    __slots__ = ("profile",)
    PROFILE_FIELD_NUMBER: _ClassVar[int]
    profile: _reservation_pb2.GuestProfile
    def __init__(self, profile: _Optional[_Union[_reservation_pb2.GuestProfile, _Mapping]] = ...) -> None: ...

class ForgetGuestRequest(_message.Message):
    __slots__ = ("request_id", "identities", "erase_time")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    IDENTITIES_FIELD_NUMBER: _ClassVar[int]
    ERASE_TIME_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    identities: _containers.RepeatedCompositeFieldContainer[_channel_pb2.ChannelIdentity]
    erase_time: _timestamp_pb2.Timestamp
    def __init__(self, request_id: _Optional[str] = ..., identities: _Optional[_Iterable[_Union[_channel_pb2.ChannelIdentity, _Mapping]]] = ..., erase_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ForgetGuestResponse(_message.Message):
    __slots__ = ("erased_reservations", "kept", "properties_elsewhere")
    ERASED_RESERVATIONS_FIELD_NUMBER: _ClassVar[int]
    KEPT_FIELD_NUMBER: _ClassVar[int]
    PROPERTIES_ELSEWHERE_FIELD_NUMBER: _ClassVar[int]
    erased_reservations: int
    kept: _containers.RepeatedCompositeFieldContainer[KeptGuest]
    properties_elsewhere: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, erased_reservations: _Optional[int] = ..., kept: _Optional[_Iterable[_Union[KeptGuest, _Mapping]]] = ..., properties_elsewhere: _Optional[_Iterable[str]] = ...) -> None: ...

class KeptGuest(_message.Message):
    __slots__ = ("property_id", "confirmation_code", "until_date")
    PROPERTY_ID_FIELD_NUMBER: _ClassVar[int]
    CONFIRMATION_CODE_FIELD_NUMBER: _ClassVar[int]
    UNTIL_DATE_FIELD_NUMBER: _ClassVar[int]
    property_id: str
    confirmation_code: str
    until_date: _date_pb2.Date
    def __init__(self, property_id: _Optional[str] = ..., confirmation_code: _Optional[str] = ..., until_date: _Optional[_Union[_date_pb2.Date, _Mapping]] = ...) -> None: ...

class WatchReservationsRequest(_message.Message):
    __slots__ = ("property_id", "resume_token")
    PROPERTY_ID_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    property_id: str
    resume_token: str
    def __init__(self, property_id: _Optional[str] = ..., resume_token: _Optional[str] = ...) -> None: ...

class WatchReservationsResponse(_message.Message):
    __slots__ = ("event",)
    EVENT_FIELD_NUMBER: _ClassVar[int]
    event: _reservation_pb2.ReservationEvent
    def __init__(self, event: _Optional[_Union[_reservation_pb2.ReservationEvent, _Mapping]] = ...) -> None: ...
