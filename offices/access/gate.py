"""Decide what a user may see and change, for every page, socket, picture and export."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404

from offices.access.accountable import who_decides, who_explains
from offices.access.models import Membership
from offices.places.models import Counter, Kelurahan, Office, Place

User = AbstractBaseUser | AnonymousUser


@dataclass(frozen=True, slots=True)
class Scope:
    """The combined rights of a user's memberships. Empty for anonymous users; a superuser is an operator."""

    city: bool = False  # sees all offices and points
    operates: bool = False
    inspects: bool = False  # may open originals with faces and read the access logs
    mayor: bool = False  # decides about kecamatan offices
    kecamatan: frozenset[int] = frozenset()
    kelurahan: frozenset[int] = frozenset()
    agencies: frozenset[int] = frozenset()  # sees their points

    @property
    def empty(self) -> bool:
        """Whether the user may see no office."""
        return not (self.city or self.kecamatan or self.kelurahan)

    @property
    def sees_points(self) -> bool:
        """Whether the user may see street points: all of them, or those of an agency."""
        return self.city or bool(self.agencies)

    @property
    def only_points(self) -> bool:
        """Whether the user may see points and no office."""
        return self.empty and self.sees_points

    def sees(self, office: Office) -> bool:
        """Return whether the user may see this office. A point is no office."""
        assert office.kecamatan_id is not None
        return self.sees_ids(office.kecamatan_id, office.office_id)

    def sees_ids(self, kecamatan: int, office: int) -> bool:
        """Return whether the user may see the office with these ids of its kecamatan and its own (office_id)."""
        return self.city or kecamatan in self.kecamatan or office in self.kelurahan

    def sees_place(self, place: Place) -> bool:
        """Return whether the place is in scope. A kecamatan office is in its camat's, a point in its agency's.

        Needs place.kelurahan loaded.
        """
        if place.kelurahan:
            return self.sees(place.kelurahan)
        return self.city or place.kecamatan_id in self.kecamatan or place.agency_id in self.agencies

    def governs(self, kecamatan: int | None) -> bool:
        """Return whether the user may enter and end closures of this kecamatan (id; None: the whole city).

        Its camat and operators may.
        """
        return self.operates or kecamatan in self.kecamatan

    def holds(self, role: str, office: Office) -> bool:
        """Return whether the user is lurah or camat of this office, or the mayor."""
        if role == Membership.Role.LURAH:
            return office.office_id in self.kelurahan
        return office.kecamatan_id in self.kecamatan if role == Membership.Role.CAMAT else self.mayor

    def grants(self, office: Office) -> bool:
        """Return whether the user decides about this office: its indications, findings and requests.

        A mayor who is also camat there does not decide about the own kecamatan office.
        """
        own = not isinstance(office, Kelurahan) and self.asks(office)
        return self.holds(who_decides(office), office) and not own

    def asks(self, office: Office) -> bool:
        """Return whether the user answers for this office: explains its indications and makes its requests."""
        return self.holds(who_explains(office), office)


def scope_of(user: User) -> Scope:
    """Return the user's scope, in one query. Deactivated users have none, even with a live session."""
    if not user.is_authenticated or not user.is_active:
        return Scope()
    kept: list[Scope] | None = getattr(user, "kept_scope", None)
    if kept:
        return kept[0]
    scope = scope_from(user, Membership.objects.filter(user_id=user.pk))
    if kept is not None:
        kept.append(scope)
    return scope


def keep_scope(user: User) -> None:
    """Let scope_of ask only once for this object. Only for the user of a request that changes nothing."""
    user.kept_scope = []  # type: ignore[union-attr]


def scope_from(user: User, memberships: Iterable[Membership]) -> Scope:
    """Return the scope of an active user from memberships already loaded, without a query."""
    if getattr(user, "is_superuser", False):
        return Scope(city=True, operates=True)  # a superuser may not open originals either
    memberships = list(memberships)
    roles = {m.role for m in memberships}
    return Scope(
        city=bool(roles & {Membership.Role.MAYOR, Membership.Role.OPERATOR, Membership.Role.INSPECTOR}),
        operates=Membership.Role.OPERATOR in roles,
        inspects=Membership.Role.INSPECTOR in roles,
        mayor=Membership.Role.MAYOR in roles,
        kecamatan=frozenset(m.kecamatan_id for m in memberships if m.kecamatan_id),
        kelurahan=frozenset(m.kelurahan_id for m in memberships if m.kelurahan_id),
        agencies=frozenset(m.agency_id for m in memberships if m.agency_id),
    )


def within(scope: Scope, path: str = "") -> Q:
    """Return a filter for rows in scope. `path` leads to their kelurahan: "" on Kelurahan, "counter__kelurahan" on
    alerts. Rows of other places, which have no kelurahan, never pass.
    """
    if scope.city:
        return Q(**{f"{path}__isnull": False}) if path else Q()
    office = f"{path}__" if path else ""
    return Q(**{f"{office}kecamatan__in": scope.kecamatan}) | Q(**{f"{office}pk__in": scope.kelurahan})


def within_offices(scope: Scope, path: str = "") -> Q:
    """Return a filter for rows at kelurahan and kecamatan offices in scope. `path` leads to their counter: "" on
    Counter, "counter" on alerts.
    """
    if scope.city:
        return Q()
    to = f"{path}__" if path else ""
    return within(scope, f"{to}kelurahan") | Q(**{f"{to}place__kecamatan__in": scope.kecamatan})


def deciding(scope: Scope, path: str) -> Q:
    """Return a filter for rows about which the user decides, as Scope.grants does. `path` leads to their counter."""
    below = Q(**{f"{path}__kelurahan__kecamatan__in": scope.kecamatan})
    if not scope.mayor:
        return below
    above = Q(**{f"{path}__place__kecamatan__isnull": False}) & ~Q(**{f"{path}__place__kecamatan__in": scope.kecamatan})
    return below | above


def explaining(scope: Scope, path: str) -> Q:
    """Return a filter for rows that the user has to explain, as Scope.asks does. `path` leads to their counter."""
    return Q(**{f"{path}__kelurahan__in": scope.kelurahan}) | Q(**{f"{path}__place__kecamatan__in": scope.kecamatan})


def within_places(scope: Scope, path: str = "") -> Q:
    """Return a filter for rows in scope, of places of any kind. `path` leads to their place: "" on Place, "place" on
    cameras.
    """
    if scope.city:
        return Q()
    place = f"{path}__" if path else ""
    above_or_point = Q(**{f"{place}kecamatan__in": scope.kecamatan}) | Q(**{f"{place}agency__in": scope.agencies})
    return within(scope, f"{place}kelurahan") | above_or_point


def kelurahan_for(user: User) -> QuerySet[Kelurahan]:
    """Return the offices that the user may see, with their kecamatan."""
    return Kelurahan.objects.filter(within(scope_of(user))).select_related("kecamatan")


def office_for(user: User, code: str) -> Office:
    """Return the kelurahan or kecamatan office with this code. Raises Http404 if there is none in the user's scope.

    A kecamatan office is one as soon as it has a counter.
    """
    if found := kelurahan_for(user).filter(code=code).first():
        return found
    return get_object_or_404(kecamatan_offices(scope_of(user)), kecamatan__code=code)


def kecamatan_offices(scope: Scope, *, in_use: bool = False) -> QuerySet[Place]:
    """Return the kecamatan offices in scope, by code: those that the city has set up, with at least one counter.

    `in_use`: with a counter that is watched.
    """
    offices = Place.objects.filter(within_places(scope), kind=Place.Kind.KECAMATAN).select_related("kecamatan")
    counters = Counter.objects.filter(place=OuterRef("pk"))
    return offices.filter(Exists(counters.filter(active=True) if in_use else counters)).order_by("kecamatan__code")


def operates(user: User) -> bool:
    """Return whether the user is an operator."""
    return scope_of(user).operates


def operator_required(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Raise PermissionDenied unless the user is an operator. Login itself is required by the middleware."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not operates(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def city_required(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Raise PermissionDenied unless the user sees the whole city. Login itself is required by the middleware."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not scope_of(request.user).city:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def inspector_required(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Raise PermissionDenied unless the user is of the inspectorate. Operators and superusers are refused too."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not scope_of(request.user).inspects:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def for_templates(request: HttpRequest) -> dict[str, Any]:
    """Context processor for `scope`, which only decides which links are shown; views check rights themselves."""
    return {"scope": scope_of(request.user) if hasattr(request, "user") else Scope()}
