"""Offices, hours and who may see what, in the administration."""

from typing import Any

from django.contrib import admin
from django.db.models import Count
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from offices.access.models import Membership
from offices.hours.models import Closure, HolidayOverride, HoursPlan
from offices.places.forms import PlaceForm
from offices.places.models import Agency, Counter, Kecamatan, Kelurahan, Place, Subject


def at_place(path: str) -> list[str]:
    """The search fields of a place at `path`: "" on Place itself."""
    names = ("kelurahan__name", "kelurahan__official_name", "kelurahan__code", "kecamatan__name", "kecamatan__code")
    return [f"{path}__{name}".removeprefix("__") for name in (*names, "point_code", "point_name")]


class ReadOnly(admin.ModelAdmin):
    """For rows that only the machinery writes."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ScopedAdmin(admin.ModelAdmin):
    """For what holds for the city, a kecamatan, a kelurahan or a counter."""

    autocomplete_fields = ["kecamatan", "kelurahan", "counter"]
    list_select_related = ["kecamatan", "kelurahan", "counter__kelurahan", "counter__place__kecamatan"]


class EnteredBy(admin.ModelAdmin):
    """Keeps who entered a row; the person is not chosen by hand."""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*super().get_readonly_fields(request, obj), "entered_by"]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.entered_by = request.user
        super().save_model(request, obj, form, change)


@admin.register(Kecamatan)
class KecamatanAdmin(admin.ModelAdmin):
    list_display = ["code", "name"]
    search_fields = ["code", "name"]


class CounterInline(admin.TabularInline):
    model = Counter
    fields = ["name", "quorum", "active"]
    extra = 0


@admin.register(Kelurahan)
class KelurahanAdmin(admin.ModelAdmin):
    list_display = ["code", "name", "official_name", "kecamatan", "latitude", "longitude"]
    list_filter = ["kecamatan"]
    list_select_related = ["kecamatan"]
    search_fields = ["code", "name", "official_name"]
    inlines = [CounterInline]


@admin.register(Counter)
class CounterAdmin(admin.ModelAdmin):
    fields = ["place", "name", "quorum", "active"]
    list_display = ["name", "place", "quorum", "active"]
    list_filter = ["active", "place__kind", "kelurahan__kecamatan"]
    list_select_related = ["place__kelurahan", "place__kecamatan"]
    search_fields = ["name", *at_place("place")]
    autocomplete_fields = ["place"]

    def save_model(self, request: HttpRequest, obj: Counter, form: Any, change: bool) -> None:
        obj.kelurahan = obj.place.kelurahan
        super().save_model(request, obj, form, change)


@admin.register(Agency)
class AgencyAdmin(admin.ModelAdmin):
    list_display = ["name", "code", "points"]
    search_fields = ["name", "code"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(point_count=Count("points"))

    @admin.display(description=_("titik"), ordering="point_count")
    def points(self, agency: Any) -> int:
        return agency.point_count


@admin.register(Place)
class PlaceAdmin(admin.ModelAdmin):
    """Street points are added here; the place of an office comes and goes with its kelurahan or kecamatan."""

    list_display = ["title", "kind", "code", "kecamatan_name", "agency"]
    list_filter = ["kind", "agency", "kelurahan__kecamatan"]
    search_fields = at_place("")
    autocomplete_fields = ["agency"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return Place.objects.loaded()

    def get_fields(self, request: HttpRequest, obj: Place | None = None) -> Any:
        if obj is None or obj.kind == Place.Kind.POINT:
            return ["point_code", "point_name", "agency", "latitude", "longitude"]
        pin = ["latitude", "longitude"] if obj.kind == Place.Kind.KECAMATAN else []
        return ["kind", obj.kind, *pin]

    def get_readonly_fields(self, request: HttpRequest, obj: Place | None = None) -> list[str]:
        return [] if obj is None or obj.kind == Place.Kind.POINT else ["kind", obj.kind]

    def get_form(self, request: HttpRequest, obj: Place | None = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, form=PlaceForm, **kwargs)

    def get_inlines(self, request: HttpRequest, obj: Place | None) -> Any:
        return [CounterInline] if obj and obj.kind == Place.Kind.KECAMATAN else []

    def has_delete_permission(self, request: HttpRequest, obj: Place | None = None) -> bool:
        here = request.resolver_match and (request.resolver_match.url_name or "").startswith("offices_place_")
        if here and obj and obj.kind != Place.Kind.POINT:
            return False  # an office goes with its kelurahan or kecamatan, not from here
        return super().has_delete_permission(request, obj)

    @admin.display(description=_("nama"))
    def title(self, place: Place) -> str:
        return place.name

    @admin.display(description=_("kode"))
    def code(self, place: Place) -> str:
        return place.code

    @admin.display(description=_("kecamatan"))
    def kecamatan_name(self, place: Place) -> str:
        return str(place.district or "")


@admin.register(Subject)
class SubjectAdmin(ReadOnly):
    """For the zones' choice of what they are drawn for: a subject is created with its counter."""

    list_display = ["__str__", "kind", "place"]
    list_filter = ["kind", "place__kind"]
    list_select_related = [
        *(f"place__{name}" for name in ("kelurahan", "kecamatan")),
        *(f"counter__{name}" for name in ("kelurahan", "place__kecamatan")),
    ]
    search_fields = ["counter__name", *at_place("place")]


@admin.register(HoursPlan)
class HoursPlanAdmin(ScopedAdmin):
    list_display = ["name", "scope_name", "monday", "friday", "valid_from", "valid_to", "priority", "on_holidays"]
    list_filter = ["kecamatan", "on_holidays"]
    search_fields = ["name", "kelurahan__name", "counter__name"]


@admin.register(HolidayOverride)
class HolidayOverrideAdmin(EnteredBy):
    list_display = ["day", "name", "open", "source", "entered_by"]
    list_filter = ["open"]
    search_fields = ["name"]
    date_hierarchy = "day"


@admin.register(Closure)
class ClosureAdmin(EnteredBy, ScopedAdmin):
    list_display = ["reason", "scope_name", "starts_at", "ends_at", "entered_by"]
    search_fields = ["reason", "kelurahan__name", "counter__name"]
    date_hierarchy = "starts_at"


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin):
    list_display = ["user", "role", "kecamatan", "kelurahan"]
    list_filter = ["role", "kecamatan"]
    list_select_related = ["user", "kecamatan", "kelurahan"]
    search_fields = ["user__username", "user__first_name", "user__last_name"]
    autocomplete_fields = ["user", "kecamatan", "kelurahan"]
