"""PmsService: validates, converts, asks the desk, converts back."""

from __future__ import annotations

from hotel.pms.v1 import pms_pb2_grpc

from services.pms.desk.catalogue import Catalogue
from services.pms.desk.changes import Changes
from services.pms.desk.front_desk import FrontDesk
from services.pms.desk.sales import Sales
from services.pms.desk.watching import Watching
from services.pms.servicers.catalogue import CatalogueRpcs
from services.pms.servicers.changing import ChangingRpcs
from services.pms.servicers.front_desk import FrontDeskRpcs
from services.pms.servicers.selling import SellingRpcs
from services.pms.servicers.watching import WatchingRpcs


class PmsServicer(
    CatalogueRpcs, SellingRpcs, ChangingRpcs, FrontDeskRpcs, WatchingRpcs, pms_pb2_grpc.PmsServiceServicer
):
    """Every RPC of hotel.pms.v1.PmsService."""

    def __init__(
        self, *, catalogue: Catalogue, sales: Sales, changes: Changes, front_desk: FrontDesk, watching: Watching
    ) -> None:
        self._catalogue = catalogue
        self._sales = sales
        self._changes = changes
        self._front_desk = front_desk
        self._watching = watching
