"""The statements that keep guests, reservations and what happened to them, each with the key that seals it."""

from services.pms.adapters.sealing import JOIN_KEY, KEY, STORE_KEY

# A reservation with what opens it; a lookup goes behind it.
RESERVATION = f"""
    SELECT r.reservation_id, r.document, {KEY.format(alias="r")} FROM reservation r {JOIN_KEY.format(alias="r")}
"""  # noqa: S608 (put together of constants, as the next)
RESERVATIONS = f"""{RESERVATION}
    WHERE property_id = $1
      AND ($2::date IS NULL OR check_in >= $2) AND ($3::date IS NULL OR check_in <= $3)
      AND ($4 = '' OR phone_key = $4) AND ($5 = '' OR email_key = $5)
      AND ($6 = '' OR identity_key = $6 OR ($7 <> '' AND phone_key = $7) OR ($8 <> '' AND email_key = $8))
      AND (cardinality($9::text[]) = 0 OR state = ANY($9))
      AND ($10::date IS NULL OR (check_in, confirmation_code) > ($10, $11))
    ORDER BY check_in, confirmation_code LIMIT $12
"""
ADD_RESERVATION = f"""{STORE_KEY}
    INSERT INTO reservation (reservation_id, property_id, confirmation_code, state, room_type_id, check_in, check_out,
                             units, version, profile_id, phone_key, email_key, identity_key, document, sealed)
    VALUES ($5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
    ON CONFLICT DO NOTHING RETURNING true
"""  # noqa: S608
REPLACE_RESERVATION = """
    UPDATE reservation SET property_id = $2, confirmation_code = $3, state = $4, room_type_id = $5, check_in = $6,
        check_out = $7, units = $8, version = $9, profile_id = $10, phone_key = $11, email_key = $12,
        identity_key = $13, document = $14, sealed = $15
    WHERE reservation_id = $1
"""
ROOMS_IN_USE = """
    SELECT room ->> 'room_number' AS number FROM reservation, jsonb_array_elements(document -> 'rooms') room
    WHERE property_id = $1 AND state = 'IN_HOUSE' AND room ->> 'room_number' <> ''
"""
GUEST = f"""
    SELECT g.profile_id, g.property_id, {KEY.format(alias="g")} FROM guest g {JOIN_KEY.format(alias="g")}
"""  # noqa: S608
GUEST_BY_CONTACT = f"""{GUEST}
    WHERE property_id = $1 AND (($2 <> '' AND phone_key = $2) OR ($3 <> '' AND email_key = $3))
    ORDER BY ($2 <> '' AND phone_key = $2) DESC, profile_id LIMIT 1
"""
PUT_GUEST = f"""{STORE_KEY}
    INSERT INTO guest (profile_id, property_id, phone_key, email_key, sealed) VALUES ($5, $6, $7, $8, $9)
    ON CONFLICT (profile_id) DO UPDATE
    SET phone_key = excluded.phone_key, email_key = excluded.email_key, sealed = excluded.sealed
"""  # noqa: S608
ADD_CHARGE = """
    INSERT INTO charge (charge_id, property_id, reservation_id, document, sealed, post_time)
    VALUES ($1, $2, $3, $4, $5, $6)
"""
ADD_EVENT = """
    WITH next AS (UPDATE property SET last_sequence = last_sequence + 1 WHERE property_id = $1 RETURNING last_sequence)
    INSERT INTO reservation_event (property_id, sequence, event_type, document, sealed, event_time)
    SELECT $1, last_sequence, $2, $3, $4, $5 FROM next RETURNING sequence
"""
EVENTS = f"""
    SELECT e.*, k.master, k.wrapped FROM reservation_event e {JOIN_KEY.format(alias="e")}
    WHERE property_id = $1 AND sequence > $2 ORDER BY sequence LIMIT $3
"""  # noqa: S608
CLAIM = """
    INSERT INTO request_answer (request_id, operation, digest, create_time) VALUES ($1, $2, $3, $4)
    ON CONFLICT (request_id) DO NOTHING RETURNING true
"""
CLAIMED = f"""
    SELECT a.digest, a.answer, {KEY.format(alias="a")} FROM request_answer a {JOIN_KEY.format(alias="a")}
    WHERE request_id = $1
"""  # noqa: S608
ANSWER = "UPDATE request_answer SET answer = $2, sealed = $3 WHERE request_id = $1"
