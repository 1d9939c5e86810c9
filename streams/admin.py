"""The admin of cameras and zones; rows written by `watch` are read-only."""

from typing import TYPE_CHECKING

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from offices.admin import ReadOnly
from streams.cameras.models import Camera, OccupancySpan, Watcher, Zone
from streams.setup.forms import PasswordKeepingForm

if TYPE_CHECKING:  # generic in their stubs only
    CameraModelAdmin = admin.ModelAdmin[Camera]
    ZoneModelAdmin = admin.ModelAdmin[Zone]
    ZoneTabularInline = admin.TabularInline[Zone, Camera]
else:
    CameraModelAdmin = ZoneModelAdmin = admin.ModelAdmin
    ZoneTabularInline = admin.TabularInline


class ZoneInline(ZoneTabularInline):
    """Zones on the camera's page."""

    model = Zone
    extra = 0
    autocomplete_fields = ["counter"]


@admin.register(Camera)
class CameraAdmin(CameraModelAdmin):
    """Cameras; a saved password is never shown."""

    form = PasswordKeepingForm
    list_display = ["name", "kelurahan", "kecamatan", "url", "enabled", "lease_holder", "lease_until"]
    list_filter = ["enabled", "kelurahan__kecamatan"]
    list_select_related = ["kelurahan__kecamatan"]
    search_fields = ["name", "url", "kelurahan__name", "kelurahan__official_name", "kelurahan__code"]
    autocomplete_fields = ["kelurahan"]
    readonly_fields = ["changed_at", "lease_holder", "lease_until"]
    inlines = [ZoneInline]

    @admin.display(ordering="kelurahan__kecamatan")
    def kecamatan(self, camera: Camera) -> str:
        """Return the name of the camera's kecamatan."""
        return camera.kelurahan.kecamatan.name


@admin.register(Zone)
class ZoneAdmin(ZoneModelAdmin):
    """Zones, usually drawn in the zone editor."""

    list_display = ["counter", "camera", "changed_at"]
    list_filter = ["camera__kelurahan__kecamatan"]
    list_select_related = ["counter__kelurahan", "camera__kelurahan"]
    search_fields = ["counter__name", "camera__name", "camera__kelurahan__name"]
    autocomplete_fields = ["counter", "camera"]


@admin.register(OccupancySpan)
class OccupancySpanAdmin(ReadOnly):
    """Runs of equal samples, newest first."""

    list_display = ["counter", "look", "reason", "started_at", "ended_at", "looks", "people_min", "people_max"]
    list_filter = ["look", "reason", "counter__kelurahan__kecamatan"]
    list_select_related = ["counter__kelurahan"]
    search_fields = ["counter__name", "counter__kelurahan__name"]
    date_hierarchy = "started_at"
    show_full_result_count = False  # counting the many rows would take longer than the page

    def get_queryset(self, request: HttpRequest) -> QuerySet[OccupancySpan]:
        """Return the spans, newest first."""
        return super().get_queryset(request).order_by("-started_at")


@admin.register(Watcher)
class WatcherAdmin(ReadOnly):
    """The watch processes."""

    list_display = ["name", "started_at", "seen_at", "cameras", "looks_per_minute", "dropped"]
