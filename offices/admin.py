"""The admin of offices, hours and memberships."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.db.models import Count
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _

from offices.access.models import Membership
from offices.accounts.forms import AccountCreationForm
from offices.hours.models import Closure, HolidayOverride, HoursPlan
from offices.places.forms import KelurahanForm, PlaceForm
from offices.places.models import Agency, Counter, Kecamatan, Kelurahan, Place, Subject
from offices.points.administration import PointInline

admin.site.unregister(User)


def at_place(path: str) -> list[str]:
    """The search fields of a place at `path`: "" on Place itself."""
    names = ("kelurahan__name", "kelurahan__official_name", "kelurahan__code", "kecamatan__name", "kecamatan__code")
    return [f"{path}__{name}".removeprefix("__") for name in (*names, "point_code", "point_name")]


if TYPE_CHECKING:  # generic in their stubs only
    AnyModelAdmin = admin.ModelAdmin[Any]
    AnyUserAdmin = UserAdmin[User]
    CounterTabularInline = admin.TabularInline[Counter, Any]
else:
    AnyModelAdmin, CounterTabularInline = admin.ModelAdmin, admin.TabularInline
    AnyUserAdmin = UserAdmin


class ReadOnly(AnyModelAdmin):
    """Base class for rows that only the program writes."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        del request, obj  # unused
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        del request, obj  # unused
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        del request, obj  # unused
        return False


class ScopedAdmin(AnyModelAdmin):
    """Base class for subclasses of Scoped."""

    autocomplete_fields = ["kecamatan", "kelurahan", "counter"]
    list_select_related = ["kecamatan", "kelurahan", "counter__kelurahan", "counter__place__kecamatan"]


class EnteredBy(AnyModelAdmin):
    """Base class for rows with `entered_by`, which is set to the user who adds the row and can't be edited."""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Add `entered_by` to the read-only fields."""
        return [*super().get_readonly_fields(request, obj), "entered_by"]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Set `entered_by` on a new row."""
        if not change:
            obj.entered_by = request.user
        super().save_model(request, obj, form, change)


@admin.register(Kecamatan)
class KecamatanAdmin(AnyModelAdmin):
    """Kecamatan."""

    list_display = ["code", "name"]
    search_fields = ["code", "name"]


class CounterInline(CounterTabularInline):
    """Counters on the page of their kelurahan or kecamatan office."""

    model = Counter
    fields = ["name", "quorum", "active"]
    extra = 0


@admin.register(Kelurahan)
class KelurahanAdmin(AnyModelAdmin):
    """Kelurahan with their counters."""

    form = KelurahanForm
    list_display = ["code", "name", "official_name", "kecamatan", "latitude", "longitude"]
    list_filter = ["kecamatan"]
    list_select_related = ["kecamatan"]
    search_fields = ["code", "name", "official_name"]
    fieldsets = [
        (None, {"fields": ["code", "kecamatan", "name", "official_name"]}),
        (_("Letak dan kontak kantor"), {"fields": ["latitude", "longitude", "address", "phone", "whatsapp"]}),
    ]
    inlines = [CounterInline]


@admin.register(Counter)
class CounterAdmin(AnyModelAdmin):
    """Counters."""

    fields = ["place", "name", "quorum", "active"]
    list_display = ["name", "place", "quorum", "active"]
    list_filter = ["active", "place__kind", "kelurahan__kecamatan"]
    list_select_related = ["place__kelurahan", "place__kecamatan"]
    search_fields = ["name", *at_place("place")]
    autocomplete_fields = ["place"]

    def save_model(self, request: HttpRequest, obj: Counter, form: Any, change: bool) -> None:
        """Save the counter with the kelurahan of its place."""
        obj.kelurahan = obj.place.kelurahan
        super().save_model(request, obj, form, change)


@admin.register(Agency)
class AgencyAdmin(AnyModelAdmin):
    """Agencies that run street points."""

    list_display = ["name", "code", "points"]
    search_fields = ["name", "code"]

    def get_queryset(self, request: HttpRequest) -> Any:
        """Count each agency's points."""
        return super().get_queryset(request).annotate(point_count=Count("points"))

    @admin.display(description=_("titik"), ordering="point_count")
    def points(self, agency: Any) -> int:
        """Return how many points the agency runs."""
        return int(agency.point_count)


@admin.register(Place)
class PlaceAdmin(AnyModelAdmin):
    """Places. Street points are added here; the place of an office comes and goes with its kelurahan or kecamatan."""

    list_display = ["title", "kind", "code", "kecamatan_name", "agency"]
    list_filter = ["kind", "agency", "kelurahan__kecamatan"]
    search_fields = at_place("")
    autocomplete_fields = ["agency"]

    def get_queryset(self, request: HttpRequest) -> Any:
        """Load what the names of places are taken from."""
        del request  # unused
        return Place.objects.loaded()

    def get_fields(self, request: HttpRequest, obj: Place | None = None) -> Any:
        """Return what its kind has; a new place is a point."""
        del request  # unused
        if obj is None or obj.kind == Place.Kind.POINT:
            return ["point_code", "point_name", "agency", "latitude", "longitude"]
        pin = ["latitude", "longitude"] if obj.kind == Place.Kind.KECAMATAN else []
        return ["kind", obj.kind, *pin]

    def get_readonly_fields(self, request: HttpRequest, obj: Place | None = None) -> list[str]:
        """Keep an office what it is."""
        del request  # unused
        return [] if obj is None or obj.kind == Place.Kind.POINT else ["kind", obj.kind]

    def get_form(self, request: HttpRequest, obj: Place | None = None, change: bool = False, **kwargs: Any) -> Any:
        """Use PlaceForm, with the fields of the place's kind."""
        return super().get_form(request, obj, change, form=PlaceForm, **kwargs)

    def get_inlines(self, request: HttpRequest, obj: Place | None) -> Any:
        """Show the details of a point, and the counters of a kecamatan office.

        Those of a kelurahan are on the kelurahan's page.
        """
        del request  # unused
        kind = obj.kind if obj else Place.Kind.POINT
        return {Place.Kind.POINT: [PointInline], Place.Kind.KECAMATAN: [CounterInline]}.get(Place.Kind(kind), [])

    def has_delete_permission(self, request: HttpRequest, obj: Place | None = None) -> bool:
        """Refuse for an office on these pages: it goes with its kelurahan or kecamatan."""
        here = request.resolver_match and (request.resolver_match.url_name or "").startswith("offices_place_")
        if here and obj and obj.kind != Place.Kind.POINT:
            return False
        return super().has_delete_permission(request, obj)

    @admin.display(description=_("nama"))
    def title(self, place: Place) -> str:
        """Return the name of the place."""
        return place.name

    @admin.display(description=_("kode"))
    def code(self, place: Place) -> str:
        """Return the code of the place."""
        return place.code

    @admin.display(description=_("kecamatan"))
    def kecamatan_name(self, place: Place) -> str:
        """Return the kecamatan of an office; "" of a point."""
        return str(place.district or "")


@admin.register(Subject)
class SubjectAdmin(ReadOnly):
    """Subjects, for the choice of what a zone is drawn for; each is created with its counter."""

    list_display = ["__str__", "kind", "place"]
    list_filter = ["kind", "place__kind"]
    list_select_related = [
        *(f"place__{name}" for name in ("kelurahan", "kecamatan")),
        *(f"counter__{name}" for name in ("kelurahan", "place__kecamatan")),
    ]
    search_fields = ["counter__name", *at_place("place")]


@admin.register(HoursPlan)
class HoursPlanAdmin(ScopedAdmin):
    """Weekly service hours."""

    list_display = ["name", "scope_name", "monday", "friday", "valid_from", "valid_to", "priority", "on_holidays"]
    list_filter = ["kecamatan", "on_holidays"]
    search_fields = ["name", "kelurahan__name", "counter__name"]


@admin.register(HolidayOverride)
class HolidayOverrideAdmin(EnteredBy):
    """Days that the city declares closed or open."""

    list_display = ["day", "name", "open", "source", "entered_by"]
    list_filter = ["open"]
    search_fields = ["name"]
    date_hierarchy = "day"


@admin.register(Closure)
class ClosureAdmin(EnteredBy, ScopedAdmin):
    """Approved closures."""

    list_display = ["reason", "scope_name", "starts_at", "ends_at", "entered_by"]
    search_fields = ["reason", "kelurahan__name", "counter__name"]
    date_hierarchy = "starts_at"


@admin.register(Membership)
class MembershipAdmin(AnyModelAdmin):
    """Roles of users."""

    list_display = ["user", "role", "kecamatan", "kelurahan", "agency"]
    list_filter = ["role", "kecamatan"]
    list_select_related = ["user", "kecamatan", "kelurahan", "agency"]
    search_fields = ["user__username", "user__first_name", "user__last_name"]
    autocomplete_fields = ["user", "kecamatan", "kelurahan", "agency"]


@admin.register(User)
class AccountAdmin(AnyUserAdmin):
    """Accounts, without their passwords: each sets their own by a link (offices/accounts/links.py)."""

    add_form = AccountCreationForm
    add_fieldsets = ((None, {"classes": ["wide"], "fields": ["username", "first_name", "email"]}),)
    fieldsets = ((None, {"fields": ["username"]}), *(UserAdmin.fieldsets or ())[1:])

    def get_urls(self) -> list[URLPattern]:
        """Leave out the page that sets somebody's password."""
        return [url for url in super().get_urls() if url.name != "auth_user_password_change"]
