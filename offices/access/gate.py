"""Decide what a user may see and change, for every page, socket, picture and export."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseBase

from offices.access.models import Membership
from offices.places.models import Kelurahan, Place

User = AbstractBaseUser | AnonymousUser


@dataclass(frozen=True, slots=True)
class Scope:
    """The combined rights of a user's memberships. Empty for anonymous users; a superuser is an operator."""

    city: bool = False  # sees all offices
    operates: bool = False
    inspects: bool = False  # may open originals with faces and read the access logs
    kecamatan: frozenset[int] = frozenset()
    kelurahan: frozenset[int] = frozenset()

    @property
    def empty(self) -> bool:
        """Whether the user may see no office."""
        return not (self.city or self.kecamatan or self.kelurahan)

    def sees(self, kelurahan: Kelurahan) -> bool:
        """Return whether the user may see this office."""
        return self.sees_ids(kelurahan.kecamatan_id, kelurahan.pk)

    def sees_ids(self, kecamatan: int, kelurahan: int) -> bool:
        """Return whether the user may see the office with these ids."""
        return self.city or kecamatan in self.kecamatan or kelurahan in self.kelurahan

    def sees_place(self, place: Place) -> bool:
        """Return whether the place is in scope. A kecamatan office is in its camat's, a point in the city's alone.

        Needs place.kelurahan loaded.
        """
        if place.kelurahan:
            return self.sees(place.kelurahan)
        return self.city or (place.kecamatan_id is not None and place.kecamatan_id in self.kecamatan)

    def governs(self, kecamatan: int | None) -> bool:
        """Return whether the user may enter and end closures of this kecamatan (id; None: the whole city).

        Its camat and operators may.
        """
        return self.operates or kecamatan in self.kecamatan

    def grants(self, kelurahan: Kelurahan) -> bool:
        """Return whether the user may answer this office's requests: only its camat may."""
        return kelurahan.kecamatan_id in self.kecamatan

    def asks(self, kelurahan: Kelurahan) -> bool:
        """Return whether the user may make requests for this office: only its lurah may."""
        return kelurahan.pk in self.kelurahan


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
        kecamatan=frozenset(m.kecamatan_id for m in memberships if m.kecamatan_id),
        kelurahan=frozenset(m.kelurahan_id for m in memberships if m.kelurahan_id),
    )


def within(scope: Scope, path: str = "") -> Q:
    """Return a filter for rows in scope. `path` leads to their kelurahan: "" on Kelurahan, "counter__kelurahan" on
    alerts. Rows of other places, which have no kelurahan, never pass.
    """
    if scope.city:
        return Q(**{f"{path}__isnull": False}) if path else Q()
    office = f"{path}__" if path else ""
    return Q(**{f"{office}kecamatan__in": scope.kecamatan}) | Q(**{f"{office}pk__in": scope.kelurahan})


def within_places(scope: Scope, path: str = "") -> Q:
    """Return a filter for rows in scope, of places of any kind. `path` leads to their place: "" on Place, "place" on
    cameras.
    """
    if scope.city:
        return Q()
    place = f"{path}__" if path else ""
    return within(scope, f"{place}kelurahan") | Q(**{f"{place}kecamatan__in": scope.kecamatan})


def kelurahan_for(user: User) -> QuerySet[Kelurahan]:
    """Return the offices that the user may see, with their kecamatan."""
    return Kelurahan.objects.filter(within(scope_of(user))).select_related("kecamatan")


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
