"""RPCs that read what a property is and sells."""

from __future__ import annotations

from hotel.pms.v1 import pms_pb2

from services.pms.adapters.wire import property as property_wire
from services.pms.adapters.wire import requests
from services.pms.desk.catalogue import Catalogue
from services.pms.desk.sales import Sales


class CatalogueRpcs:
    """ListProperties, GetProperty, ListRoomTypes, ListRatePlans, ListInventory."""

    _catalogue: Catalogue
    _sales: Sales

    async def ListProperties(
        self, request: pms_pb2.ListPropertiesRequest, _context: object
    ) -> pms_pb2.ListPropertiesResponse:
        size = requests.page_size_of(request.page_size)
        place = requests.open_page_token(request.page_token, request) if request.page_token else [""]
        if len(place) != 1:
            raise requests.invalid_page_token()
        rest = [known for known in await self._catalogue.properties() if known.hotel.property_id > place[0]]
        page = rest[:size]
        more = len(rest) > size
        return pms_pb2.ListPropertiesResponse(
            properties=[property_wire.property_message(known) for known in page],
            next_page_token=requests.page_token([page[-1].hotel.property_id], request) if more else "",
        )

    async def GetProperty(self, request: pms_pb2.GetPropertyRequest, _context: object) -> pms_pb2.GetPropertyResponse:
        requests.require(request, "property_id")
        known = await self._catalogue.known(request.property_id)
        return pms_pb2.GetPropertyResponse(property=property_wire.property_message(known))

    async def ListRoomTypes(
        self, request: pms_pb2.ListRoomTypesRequest, _context: object
    ) -> pms_pb2.ListRoomTypesResponse:
        requests.require(request, "property_id")
        hotel = await self._catalogue.hotel(request.property_id)
        return pms_pb2.ListRoomTypesResponse(
            room_types=[property_wire.room_type_message(room_type) for room_type in hotel.room_types]
        )

    async def ListRatePlans(
        self, request: pms_pb2.ListRatePlansRequest, _context: object
    ) -> pms_pb2.ListRatePlansResponse:
        requests.require(request, "property_id")
        hotel = await self._catalogue.hotel(request.property_id)
        return pms_pb2.ListRatePlansResponse(
            rate_plans=[property_wire.rate_plan_message(plan, hotel.currency) for plan in hotel.rate_plans]
        )

    async def ListInventory(
        self, request: pms_pb2.ListInventoryRequest, _context: object
    ) -> pms_pb2.ListInventoryResponse:
        requests.require(request, "property_id", "nights")
        span = requests.stay_of(request.nights, "nights")
        hotel = await self._catalogue.hotel(request.property_id)
        nights = await self._sales.nights(request.property_id, span, request.room_type_id)
        return pms_pb2.ListInventoryResponse(nights=[property_wire.night_message(night, hotel) for night in nights])
