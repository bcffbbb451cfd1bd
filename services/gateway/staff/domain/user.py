"""Accounts of staff."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from mesh.errors import Invalid, NotAllowed
from mesh.values import derived_id

from services.gateway.staff.domain.role import RIGHTS, Right, Role

SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 128
LANGUAGES = ("es", "en")
_EMAIL = re.compile(r"[^@\s\x00-\x1f]{1,64}@[^@\s\x00-\x1f]{1,190}")
# What is tried first everywhere and is long enough.
_TOO_COMMON = ("password", "contrase", "123456", "qwerty", "hotel")


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Somebody with an account. `version` increases with every write."""

    user_id: str
    email: str
    name: str
    role: Role
    language: str
    active: bool
    version: int
    create_time: datetime
    update_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who is signed in; `family_id` names the sign-in."""

    user: User
    family_id: str

    def may(self, right: Right) -> bool:
        """Whether the role has the right."""
        return right in RIGHTS[self.user.role]

    def must(self, right: Right) -> None:
        """Raises NotAllowed without the right."""
        if not self.may(right):
            raise NotAllowed("CALLER_NOT_ALLOWED", f"the role {self.user.role} has no right to {right}")


def new_user(*, email: str, name: str, role: Role, language: str, now: datetime) -> User:
    """An account as it begins; its id derives from the address. Raises Invalid for what is no address or name."""
    address = read_email(email)
    return User(
        user_id=derived_id("usr", address),
        email=address,
        name=read_name(name),
        role=role,
        language=language,
        active=True,
        version=1,
        create_time=now,
        update_time=now,
    )


def read_email(text: str) -> str:
    """An address in the form in which accounts are found. Raises Invalid."""
    email = text.strip().lower()
    if not _EMAIL.fullmatch(email):
        raise Invalid("that is no e-mail address", fields={"email": "must be an e-mail address"})
    return email


def read_name(text: str) -> str:
    """The name colleagues and the history show. Raises Invalid."""
    name = " ".join(text.split())
    if not 1 <= len(name) <= 80 or not name.isprintable():
        raise Invalid("that is no name", fields={"name": "must have 1–80 printable characters"})
    return name


def check_password(password: str, *, email: str) -> None:
    """Raises Invalid for one that is easily guessed. Length is what counts; no alphabet is asked for."""
    fault = ""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        fault = f"must have {SHORTEST_PASSWORD}–{LONGEST_PASSWORD} characters"
    elif len(set(password)) < 5 or email.partition("@")[0] in password.lower():
        fault = "is too easily guessed"
    elif len(password) < 20 and any(word in password.lower() for word in _TOO_COMMON):
        fault = "is made of words that are tried first; make it longer"
    if fault:
        raise Invalid("the password cannot be used", fields={"password": fault})
