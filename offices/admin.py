"""The admin of offices, hours and memberships."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest

from offices.access.models import Membership
from offices.hours.models import Closure, HolidayOverride, HoursPlan
from offices.places.models import Counter, Kecamatan, Kelurahan

if TYPE_CHECKING:  # generic in their stubs only
    AnyModelAdmin = admin.ModelAdmin[Any]
    CounterTabularInline = admin.TabularInline[Counter, Kelurahan]
else:
    AnyModelAdmin, CounterTabularInline = admin.ModelAdmin, admin.TabularInline


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
    list_select_related = ["kecamatan", "kelurahan", "counter__kelurahan"]


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
    """Counters on the kelurahan's page."""

    model = Counter
    extra = 0


@admin.register(Kelurahan)
class KelurahanAdmin(AnyModelAdmin):
    """Kelurahan with their counters."""

    list_display = ["code", "name", "official_name", "kecamatan", "latitude", "longitude"]
    list_filter = ["kecamatan"]
    list_select_related = ["kecamatan"]
    search_fields = ["code", "name", "official_name"]
    inlines = [CounterInline]


@admin.register(Counter)
class CounterAdmin(AnyModelAdmin):
    """Counters."""

    list_display = ["name", "kelurahan", "quorum", "active"]
    list_filter = ["active", "kelurahan__kecamatan"]
    list_select_related = ["kelurahan"]
    search_fields = ["name", "kelurahan__name", "kelurahan__official_name", "kelurahan__code"]
    autocomplete_fields = ["kelurahan"]


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

    list_display = ["user", "role", "kecamatan", "kelurahan"]
    list_filter = ["role", "kecamatan"]
    list_select_related = ["user", "kecamatan", "kelurahan"]
    search_fields = ["user__username", "user__first_name", "user__last_name"]
    autocomplete_fields = ["user", "kecamatan", "kelurahan"]
