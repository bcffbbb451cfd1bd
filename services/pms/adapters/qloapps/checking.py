"""Looking after a write whether its rooms are really the guest's.

QloApps sells one room to several guests who ask at once. Some of the losers are marked on their room lines (and only
there), some are not marked at all: then the line with the higher number is the one that came second.
"""

from __future__ import annotations

from decimal import Decimal

from mesh.telemetry import get_logger
from mesh.values import Money

from services.pms.adapters.qloapps.metrics import PRICE_DIFFERENCES
from services.pms.adapters.qloapps.parsing import SeenLine, SeenOrder
from services.pms.adapters.qloapps.site import Site
from services.pms.domain.stay import Stay
from services.pms.metrics import OVERSELLS_PREVENTED

log = get_logger(__name__)


async def keeps_its_rooms(site: Site, order: SeenOrder, stay: Stay, units: int) -> bool:
    """True when the order has so many rooms for every night of the stay and no other guest was there first."""
    if order.canceled:
        return False
    if any(line.back_order for line in order.lines) or len(rooms_of(order)) != units:
        _oversold(site, order, "marked")
        return False
    if any(covered(lines) != stay for lines in rooms_of(order).values()):
        return False
    lost = await lost_lines(site, order)
    if lost:
        _oversold(site, order, "overlap")
    return not lost


async def lost_lines(site: Site, order: SeenOrder) -> list[SeenLine]:
    """Lines whose room another order's older line keeps on one of the same nights."""
    lost = []
    for line in order.live_lines:
        others = await site.orders.others_in([line.room_id], line.stay, order.order_id)
        if any(other.line_id < line.line_id for other in others):
            lost.append(line)
        elif others:
            # Somebody came after us and has our room too; that is theirs to mend, and a person should know.
            log.error("room_sold_twice", property_id=site.property_id, order_id=order.order_id, room_id=line.room_id)
    return lost


def rooms_of(order: SeenOrder) -> dict[int, list[SeenLine]]:
    """Live lines by room: a stay that was lengthened in a full house has two of them."""
    rooms: dict[int, list[SeenLine]] = {}
    for line in sorted(order.live_lines, key=lambda line: (line.stay.check_in, line.line_id)):
        rooms.setdefault(line.room_id, []).append(line)
    return rooms


def covered(lines: list[SeenLine]) -> Stay:
    """From the first night to the last."""
    return Stay(min(line.stay.check_in for line in lines), max(line.stay.check_out for line in lines))


def compare_price(site: Site, order: SeenOrder, promised: Money, units: int) -> None:
    """Makes it known when QloApps will charge something else than what the guest was promised."""
    if abs(order.total - promised.amount) > Decimal("0.02") * units:
        PRICE_DIFFERENCES.inc()
        log.error(
            "pms_total_differs",
            property_id=site.property_id,
            order_id=order.order_id,
            promised=str(promised.amount),
            in_pms=str(order.total),
        )


def _oversold(site: Site, order: SeenOrder, how: str) -> None:
    OVERSELLS_PREVENTED.inc()
    log.warning("oversell_detected", property_id=site.property_id, order_id=order.order_id, how=how)
