"""Roles and what each may do. The table in docs/security.md is made from here."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    """What somebody is in the hotel."""

    AGENT = "agent"
    MANAGER = "manager"
    ADMIN = "admin"


class Right(StrEnum):
    """What somebody may do."""

    CONVERSATIONS = "conversations"  # read and answer guests, see their reservations, write notes, propose corrections
    HOTEL = "hotel"  # read properties, facts, flags, templates and how channels are
    FIGURES = "figures"  # the manager's page
    REVIEW = "review"  # accept or reject proposals, edit canned answers
    FLAGS = "flags"  # turn features on and off
    RECOVERY = "recovery"  # list and replay dead letters
    GUEST_DATA = "guest_data"  # export what is stored about a guest
    ERASURE = "erasure"  # forget a guest
    USERS = "users"  # make, change and lock accounts of staff
    AUDIT = "audit"  # read the audit log


_AGENT = frozenset({Right.CONVERSATIONS, Right.HOTEL})
_MANAGER = _AGENT | {Right.FIGURES, Right.REVIEW, Right.FLAGS, Right.RECOVERY, Right.GUEST_DATA}

RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.AGENT: _AGENT,
    Role.MANAGER: _MANAGER,
    Role.ADMIN: frozenset(Right),
}
