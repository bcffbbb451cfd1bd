"""The statements that take, move and open nights, and that keep holds: what no room is sold twice by."""

LOCK_NIGHTS = """
    SELECT n.room_type_id, n.night, n.capacity, n.sold, n.held
    FROM inventory_night n JOIN unnest($2::text[], $3::date[]) AS w (room_type_id, night) USING (room_type_id, night)
    WHERE n.property_id = $1
    ORDER BY n.room_type_id, n.night
    FOR UPDATE OF n
"""
MOVE_NIGHTS = """
    UPDATE inventory_night n SET sold = n.sold + w.sold, held = n.held + w.held
    FROM unnest($2::text[], $3::date[], $4::int[], $5::int[]) AS w (room_type_id, night, sold, held)
    WHERE n.property_id = $1 AND n.room_type_id = w.room_type_id AND n.night = w.night
"""
# In the order of PUT_NIGHTS.
NIGHT_COLUMNS = (
    "room_type_id",
    "night",
    "capacity",
    "net_price",
    "min_nights",
    "max_nights",
    "closed_to_arrival",
    "closed_to_departure",
)
PUT_NIGHTS = """
    INSERT INTO inventory_night AS n (property_id, room_type_id, night, capacity, net_price, min_nights, max_nights,
                                      closed_to_arrival, closed_to_departure)
    SELECT $1, w.*
    FROM unnest($2::text[], $3::date[], $4::int[], $5::numeric[], $6::int[], $7::int[], $8::bool[], $9::bool[])
        AS w (room_type_id, night, capacity, net_price, min_nights, max_nights, closed_to_arrival, closed_to_departure)
    -- A conflict locks its row, which is a write, even where nothing is then to be changed.
    WHERE NOT EXISTS (
        SELECT FROM inventory_night o
        WHERE o.property_id = $1 AND o.room_type_id = w.room_type_id AND o.night = w.night
            AND (o.capacity, o.net_price, o.min_nights, o.max_nights, o.closed_to_arrival, o.closed_to_departure)
                = (greatest(w.capacity, o.sold + o.held), w.net_price, w.min_nights, w.max_nights,
                   w.closed_to_arrival, w.closed_to_departure)
    )
    ON CONFLICT (property_id, night, room_type_id) DO UPDATE
    SET capacity = greatest(excluded.capacity, n.sold + n.held), net_price = excluded.net_price,
        min_nights = excluded.min_nights, max_nights = excluded.max_nights,
        closed_to_arrival = excluded.closed_to_arrival, closed_to_departure = excluded.closed_to_departure
"""
PUT_HOLD = """
    INSERT INTO hold
        (hold_id, property_id, room_type_id, check_in, check_out, units, state, expire_time, quote_id, fence)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, nextval('hold_fence'))
    ON CONFLICT (hold_id) DO UPDATE SET state = excluded.state, fence = excluded.fence
    RETURNING *
"""
