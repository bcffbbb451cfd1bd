"""The hotel as the receptionist knows it."""

# Annotations are values here, not text: FastAPI reads them, and `Caller` is made inside a function.
from typing import Annotated

from fastapi import APIRouter, Depends
from hotel.pms.v1 import property_pb2

from services.gateway.admin.door import PROBLEMS, Door
from services.gateway.admin.models import FactView, Id, PageSize, Properties, PropertyView, Text
from services.gateway.staff.compose import Staff
from services.gateway.staff.domain.role import Right
from services.gateway.staff.domain.user import Person


def hotel_routes(staff: Staff, door: Door) -> APIRouter:
    """Properties with their facts."""
    router = APIRouter(responses=PROBLEMS)  # type: ignore[arg-type]
    Caller = Annotated[Person, Depends(door)]  # noqa: N806 (a type, of this door)

    @router.get("/properties", tags=["hotel"])
    async def list_properties(person: Caller, page_size: PageSize = 50, page_token: Text = "") -> Properties:
        """Properties with their facts, as the pms service has them from the hotels' files. Needs the right `hotel`."""
        person.must(Right.HOTEL)
        found, token = await staff.hotel.properties(size=page_size, token=page_token)
        return Properties(properties=[_property(item) for item in found], next_page_token=token)

    @router.get("/properties/{property_id}", tags=["hotel"])
    async def read_property(property_id: Id, person: Caller) -> PropertyView:
        """A property. Needs the right `hotel`."""
        person.must(Right.HOTEL)
        return _property(await staff.hotel.property(property_id))

    return router


def _property(item: property_pb2.Property) -> PropertyView:
    return PropertyView(
        property_id=item.property_id,
        display_name=item.display_name,
        time_zone=item.time_zone,
        currency_code=item.currency_code,
        languages=list(item.languages),
        backend=item.backend,
        facts=[
            FactView(topic=fact.topic, text_by_language=dict(fact.text_by_language), version=fact.version)
            for fact in item.facts
        ],
    )
