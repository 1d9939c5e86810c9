"""The one gate: what may this user see or change. Every page, socket, picture and export asks here."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase

from offices.access.models import Membership
from offices.places.models import Kelurahan, Place

User = AbstractBaseUser | AnonymousUser


@dataclass(frozen=True, slots=True)
class Scope:
    """What a user's memberships add up to. Empty for strangers; a superuser operates the city."""

    city: bool = False
    operates: bool = False
    inspects: bool = False  # may open what is under lock: originals with faces, the log of openings
    kecamatan: frozenset[int] = frozenset()
    kelurahan: frozenset[int] = frozenset()

    @property
    def empty(self) -> bool:
        return not (self.city or self.kecamatan or self.kelurahan)

    def sees(self, kelurahan: Kelurahan) -> bool:
        return self.city or kelurahan.kecamatan_id in self.kecamatan or kelurahan.pk in self.kelurahan

    def sees_place(self, place: Place) -> bool:
        """A kecamatan office is its camat's, not of the lurah there; points are the city's. Needs its links loaded."""
        if place.kelurahan:
            return self.sees(place.kelurahan)
        return self.city or (place.kecamatan_id is not None and place.kecamatan_id in self.kecamatan)

    def governs(self, kecamatan: int | None) -> bool:
        """May enter and end closures of this kecamatan (None: of the whole city): its camat, and who operates it."""
        return self.operates or kecamatan in self.kecamatan

    def grants(self, kelurahan: Kelurahan) -> bool:
        """May answer what this office asks for. Nobody but its camat."""
        return kelurahan.kecamatan_id in self.kecamatan

    def asks(self, kelurahan: Kelurahan) -> bool:
        """May ask for this office."""
        return kelurahan.pk in self.kelurahan


def scope_of(user: User) -> Scope:
    """One query. Deactivated users have no scope, whatever their session says."""
    if not user.is_authenticated or not user.is_active:
        return Scope()
    return scope_from(user, Membership.objects.filter(user_id=user.pk))


def scope_from(user: User, memberships: Iterable[Membership]) -> Scope:
    """scope_of for who asks for many people at once: memberships of an active user, already loaded."""
    if getattr(user, "is_superuser", False):
        return Scope(city=True, operates=True)  # technical rule over all, and no key to originals
    memberships = list(memberships)
    roles = {m.role for m in memberships}
    return Scope(
        city=bool(roles & {Membership.Role.MAYOR, Membership.Role.OPERATOR, Membership.Role.INSPECTOR}),
        operates=Membership.Role.OPERATOR in roles,
        inspects=Membership.Role.INSPECTOR in roles,
        kecamatan=frozenset(m.kecamatan_id for m in memberships if m.kecamatan_id),
        kelurahan=frozenset(m.kelurahan_id for m in memberships if m.kelurahan_id),
    )


def within(scope: Scope, path: str = "") -> Q:
    """A filter for rows whose kelurahan is at `path`: "" on Kelurahan itself, "counter__kelurahan" on alerts.

    Rows of other places, which have no kelurahan, never pass.
    """
    if scope.city:
        return Q(**{f"{path}__isnull": False}) if path else Q()
    office = f"{path}__" if path else ""
    return Q(**{f"{office}kecamatan__in": scope.kecamatan}) | Q(**{f"{office}pk__in": scope.kelurahan})


def within_places(scope: Scope, path: str = "") -> Q:
    """A filter for rows whose place, of whatever kind, is at `path`: "" on Place itself, "place" on cameras."""
    if scope.city:
        return Q()
    place = f"{path}__" if path else ""
    return within(scope, f"{place}kelurahan") | Q(**{f"{place}kecamatan__in": scope.kecamatan})


def kelurahan_for(user: User) -> Any:
    return Kelurahan.objects.filter(within(scope_of(user))).select_related("kecamatan")


def operates(user: User) -> bool:
    return scope_of(user).operates


def operator_required(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """For pages that change cameras, zones and hours. Login itself is asked by the middleware."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not operates(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def inspector_required(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """For what is under lock. Nobody else has the key, not even who operates the city."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not scope_of(request.user).inspects:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def for_templates(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `scope` decides which links the navigation shows, never what a page gives away."""
    return {"scope": scope_of(request.user) if hasattr(request, "user") else Scope()}
