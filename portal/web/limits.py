"""How often one visitor may do what costs us or others something. Flask-Limiter counts; the settings say how often.

    @blueprint.post("/inloggen")
    @public
    @limit("sign_in")

A view names its limit; `init_limits` puts it around the view. All views of one name share one count, per visitor
address (behind trusted proxies the one that they report), and where somebody types an e-mail address also per that
address. One limit too many is a 429 with Retry-After."""

import hashlib
import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, request
from flask_limiter import Limiter

from portal.config import Limits, Settings
from portal.web.forms import one_line, plain_address
from portal.web.limit_storage import SCHEME, CounterFile

__all__ = ["CounterFile", "init_limits", "limit"]

View = TypeVar("View", bound=Callable[..., Any])
LONGEST_TYPED = 1000
UNSAFE = ["POST", "PUT", "PATCH", "DELETE"]


@dataclass(frozen=True)
class Kind:
    """`of` and `of_typed` pick from the settings how often per visitor and per typed address. `methods` None: all."""

    of: Callable[[Limits], str]
    of_typed: Callable[[Limits], str] | None = None
    methods: list[str] | None = None


KINDS = {
    "sign_in": Kind(lambda limits: limits.sign_in, lambda limits: limits.sign_in_typed, UNSAFE),
    "mail": Kind(lambda limits: limits.mail, lambda limits: limits.mail_typed, UNSAFE),
    "check": Kind(lambda limits: limits.check),
    "enrol": Kind(lambda limits: limits.enrol, None, UNSAFE),
    "enrolled": Kind(lambda limits: limits.enrolled, None, UNSAFE),
    "join": Kind(lambda limits: limits.join),
    "door": Kind(lambda limits: limits.door),
    "letters": Kind(lambda limits: limits.letters, None, UNSAFE),
}


def limit(name: str, *, unless: Callable[[], bool] | None = None) -> Callable[[View], View]:
    """Holds a view to the limit of this name: check, join and door count every visit, the others what is sent.

    `unless` is asked per request: True does not count it. Raises KeyError for a name that is not in KINDS."""
    _ = KINDS[name]

    def mark(view: View) -> View:
        view.limits = [*getattr(view, "limits", []), (name, unless)]  # type: ignore[attr-defined]
        return view

    return mark


def init_limits(app: Flask, settings: Settings) -> None:
    """Puts their limits around the views that name one; call it when all views are there."""
    limiter = Limiter(
        visitor,
        storage_uri=settings.redis_url or f"{SCHEME}://{settings.instance.resolve() / 'limits.sqlite'}",
        strategy="fixed-window",
        headers_enabled=True,
        retry_after="delta-seconds",
    )
    limiter.init_app(app)
    held: dict[Callable[..., Any], Callable[..., Any]] = {}
    for endpoint, view in app.view_functions.items():
        if view not in held:
            held[view] = view
            for name, unless in getattr(view, "limits", []):
                held[view] = _limited(limiter, settings.limits, name, unless, held[view])
        app.view_functions[endpoint] = held[view]


def visitor() -> str:
    """Who asks: the address, of IPv6 the network of 64 bits that one household or phone gets."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    if address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def typed_address() -> str:
    """The e-mail address in the form, as a hash: the file of counters is no list of people. In the one spelling that
    the forms read it in, or every odd spelling of an address would have a count of its own. Without an address, the
    visitor: else all who type none would share a count."""
    typed = plain_address(one_line(request.form.get("email", "")[:LONGEST_TYPED]) or "")
    return hashlib.sha256(typed.lower().encode()).hexdigest()[:32] if typed else visitor()


def _limited(
    limiter: Limiter, limits: Limits, name: str, unless: Callable[[], bool] | None, view: Callable[..., Any]
) -> Callable[..., Any]:
    kind = KINDS[name]
    counted: dict[str, Any] = {"methods": kind.methods, "exempt_when": unless}
    if kind.of_typed:
        view = limiter.shared_limit(kind.of_typed(limits), f"{name} typed", key_func=typed_address, **counted)(view)
    return limiter.shared_limit(kind.of(limits), name, **counted)(view)
