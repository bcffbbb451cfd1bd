"""Tokens, accounts and the audit log."""

# Annotations are values here, not text: FastAPI reads them, and `Caller` is made inside a function.
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from mesh.clock import Clock
from mesh.errors import Invalid

from services.gateway.admin.door import PROBLEMS, Door
from services.gateway.admin.models import (
    AuditLog,
    EntryView,
    Id,
    NewUser,
    PageSize,
    Refresh,
    SignIn,
    Text,
    TokenPair,
    UserChange,
    Users,
    UserView,
)
from services.gateway.limits import client_address
from services.gateway.staff.access import Tokens
from services.gateway.staff.compose import Staff
from services.gateway.staff.domain.audit import Action
from services.gateway.staff.domain.role import Right, Role
from services.gateway.staff.domain.user import Person, User, check_password, new_user, read_name


def routes(staff: Staff, door: Door, clock: Clock) -> APIRouter:
    """The router. `door` is who may come in at all; each call then asks for its right."""
    router = APIRouter(responses=PROBLEMS)  # type: ignore[arg-type]
    Caller = Annotated[Person, Depends(door)]  # noqa: N806 (a type, of this door)

    @router.post("/tokens", tags=["tokens"])
    async def sign_in(body: SignIn, request: Request, response: Response) -> TokenPair:
        """Tokens for an address and a password. Slowed down after five failures of one account from one place."""
        response.headers["Cache-Control"] = "no-store"
        return _pair(await staff.access.sign_in(body.email, body.password, address=client_address(request)))

    @router.post("/tokens/refresh", tags=["tokens"])
    async def refresh(body: Refresh, request: Request, response: Response) -> TokenPair:
        """New tokens for a refresh token, which is good no more."""
        response.headers["Cache-Control"] = "no-store"
        return _pair(await staff.access.refresh(body.refresh_token, address=client_address(request)))

    @router.delete("/tokens", tags=["tokens"], status_code=204)
    async def sign_out(person: Caller, request: Request) -> None:
        """Ends this sign-in: both of its tokens are good no more."""
        await staff.access.sign_out(person, address=client_address(request))

    @router.get("/users", tags=["users"])
    async def list_users(person: Caller, page_size: PageSize = 50, page_token: Text = "") -> Users:
        """Accounts, by address. Needs the right `users`."""
        person.must(Right.USERS)
        found = list(await staff.users.page(after=page_token, size=page_size + 1))
        page = found[:page_size]
        return Users(
            users=[_view(user) for user in page], next_page_token=page[-1].email if len(found) > page_size else ""
        )

    @router.post("/users", tags=["users"], status_code=201)
    async def create_user(body: NewUser, person: Caller) -> UserView:
        """Makes an account; 409 when there is one with the address. Needs the right `users`."""
        person.must(Right.USERS)
        user = new_user(email=body.email, name=body.name, role=Role(body.role), language=body.language, now=clock.now())
        check_password(body.password, email=user.email)
        if await staff.users.find(user.email) is not None:
            raise Invalid("there is an account with this address", fields={"email": "is taken"})
        await staff.logbook.did(person, Action.USER_CREATED, user.user_id, role=user.role.value)
        return _view(await staff.users.add(user, await staff.passwords.hash(body.password)))

    @router.get("/users/{user_id}", tags=["users"])
    async def read_user(user_id: Id, person: Caller) -> UserView:
        """An account. Needs the right `users`."""
        person.must(Right.USERS)
        return _view(await staff.users.get(user_id))

    @router.patch("/users/{user_id}", tags=["users"])
    async def change_user(user_id: Id, body: UserChange, person: Caller) -> UserView:
        """Changes an account, compare-and-set on `version`. Needs the right `users`."""
        person.must(Right.USERS)
        user = await staff.users.get(user_id)
        changed = replace(
            user,
            version=body.version,
            name=read_name(body.name) if body.name is not None else user.name,
            role=Role(body.role) if body.role is not None else user.role,
            language=body.language or user.language,
            active=user.active if body.active is None else body.active,
        )
        digest = ""
        if body.password is not None:
            check_password(body.password, email=user.email)
            digest = await staff.passwords.hash(body.password)
        names = ",".join(sorted(body.model_fields_set - {"version"}))
        await staff.logbook.did(person, Action.USER_CHANGED, user_id, fields=names)
        return _view(await staff.users.change(changed, now=clock.now(), password_hash=digest))

    @router.get("/audit-log", tags=["audit"])
    async def audit_log(
        person: Caller,
        page_size: PageSize = 50,
        page_token: Annotated[str, Query(pattern=r"^[0-9]{0,18}$")] = "",
        actor: Text = "",
        subject: Text = "",
    ) -> AuditLog:
        """Who saw or changed what, newest first. Needs the right `audit`; reading it is an entry, too."""
        person.must(Right.AUDIT)
        await staff.logbook.saw(person, Action.AUDIT_READ)
        before = int(page_token) if page_token else None
        found = list(await staff.audit.page(before=before, size=page_size + 1, actor=actor, subject=subject))
        page = found[:page_size]
        return AuditLog(
            entries=[
                EntryView(
                    sequence=entry.sequence,
                    time=entry.time,
                    actor=entry.actor,
                    action=entry.action.value,
                    subject=entry.subject,
                    details=dict(entry.details),
                    address=entry.address,
                )
                for entry in page
            ],
            next_page_token=str(page[-1].sequence) if len(found) > page_size else "",
        )

    return router


def _pair(tokens: Tokens) -> TokenPair:
    return TokenPair(
        access_token=tokens.access_token,
        refresh_token=tokens.refresh_token,
        expire_time=tokens.access_expire_time,
    )


def _view(user: User) -> UserView:
    return UserView.model_validate(user)
