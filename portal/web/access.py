"""Who may open which page. Every view carries a mark; an app with an unmarked view does not start."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from flask import Flask, abort, redirect, request, url_for
from werkzeug.wrappers import Response

from portal import audit, clock
from portal.db import transaction
from portal.domain.accounts.rules import Role
from portal.web.signing import current_actor, current_person, remember_page

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Mark:
    """`roles` None: anybody may. Empty: anybody who is signed in. Else: who has one of them."""

    roles: frozenset[Role] | None


@dataclass(frozen=True)
class PersonalDataViewed(audit.Event):
    """Somebody of the staff opened a page that shows people's data."""

    tag: ClassVar[str] = "privacy.viewed"
    page: str
    person_id: int | None = None
    edition_id: int | None = None
    meeting_id: int | None = None
    enrolment_id: int | None = None
    certificate_id: int | None = None
    organisation_id: int | None = None
    request_id: int | None = None


def public(view: View) -> View:
    """Anybody may open this page."""
    return _mark(view, Mark(None))


def signed_in(view: View) -> View:
    """Anybody who is signed in; the view itself shows only what is theirs."""
    return _mark(view, Mark(frozenset()))


def allow(*roles: Role) -> Callable[[View], View]:
    """Only people with one of these roles. The administrator may do what the office may."""
    extended = {*roles, Role.ADMIN} if Role.OFFICE in roles else {*roles}
    return lambda view: _mark(view, Mark(frozenset(extended)))


def note_view(**about: int | None) -> None:
    """Writes down, in a short transaction of its own, that the signed-in person sees the data of these things
    (`edition_id=`, `person_id=`, ...). Call it before loading: afterwards everything is read afresh."""
    with transaction():
        audit.record(PersonalDataViewed(page=str(request.endpoint), **about), actor=current_actor(), at=clock.now())


def init_access(app: Flask) -> None:
    """Enforces the marks on every request."""

    @app.before_request
    def enforce() -> Response | None:
        if request.endpoint is None:
            return None
        mark: Mark = _views(app)[request.endpoint].access_mark
        if mark.roles is None:
            return None
        person = current_person()
        if person is None:
            if _asks_json():
                abort(401)
            if request.method == "GET":
                remember_page()
            return redirect(url_for("accounts.sign_in"), 303)
        if mark.roles and not mark.roles & person.roles:
            abort(403)
        return None


def require_marks(app: Flask) -> None:
    """Raises RuntimeError naming the views that nobody decided about."""
    _views(app)["static"].access_mark = Mark(None)
    unmarked = sorted(name for name, view in app.view_functions.items() if not hasattr(view, "access_mark"))
    if unmarked:
        raise RuntimeError(f"views without @public, @signed_in or @allow: {', '.join(unmarked)}")


def _asks_json() -> bool:
    """A script that asks can make nothing of the page for signing in."""
    return request.accept_mimetypes.best == "application/json"


def _views(app: Flask) -> dict[str, Any]:
    return app.view_functions


def _mark(view: View, mark: Mark) -> View:
    view.access_mark = mark  # type: ignore[attr-defined]
    return view
