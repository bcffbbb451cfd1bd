from google.type import date_pb2 as _date_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Stay(_message.Message):
    __slots__ = ("check_in_date", "check_out_date")
    CHECK_IN_DATE_FIELD_NUMBER: _ClassVar[int]
    CHECK_OUT_DATE_FIELD_NUMBER: _ClassVar[int]
    check_in_date: _date_pb2.Date
    check_out_date: _date_pb2.Date
    def __init__(self, check_in_date: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., check_out_date: _Optional[_Union[_date_pb2.Date, _Mapping]] = ...) -> None: ...

class Occupancy(_message.Message):
    __slots__ = ("adults", "child_ages")
    ADULTS_FIELD_NUMBER: _ClassVar[int]
    CHILD_AGES_FIELD_NUMBER: _ClassVar[int]
    adults: int
    child_ages: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, adults: _Optional[int] = ..., child_ages: _Optional[_Iterable[int]] = ...) -> None: ...
