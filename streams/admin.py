"""The admin of cameras and zones; rows written by `watch` are read-only."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from offices.admin import ReadOnly, at_place
from streams.cameras.models import Camera, OccupancySpan, Watcher, Zone
from streams.control.steering.models import HomePreset
from streams.setup.forms import CameraAdminForm

OF_SUBJECT = ["subject__counter__kelurahan", "subject__counter__place__kecamatan"]

if TYPE_CHECKING:  # generic in their stubs only
    CameraModelAdmin = admin.ModelAdmin[Camera]
    ZoneModelAdmin = admin.ModelAdmin[Zone]
    HomePresetModelAdmin = admin.ModelAdmin[HomePreset]
    ZoneTabularInline = admin.TabularInline[Zone, Camera]
else:
    CameraModelAdmin = ZoneModelAdmin = HomePresetModelAdmin = admin.ModelAdmin
    ZoneTabularInline = admin.TabularInline


class ZoneInline(ZoneTabularInline):
    """Zones on the camera's page."""

    model = Zone
    extra = 0
    autocomplete_fields = ["subject"]


@admin.register(Camera)
class CameraAdmin(CameraModelAdmin):
    """Cameras; a saved password is never shown."""

    form = CameraAdminForm
    list_display = ["name", "place", "kecamatan", "url", "enabled", "lease_holder", "lease_until"]
    list_filter = ["enabled", "place__kind", "place__agency", "kelurahan__kecamatan"]
    list_select_related = ["place__kelurahan__kecamatan", "place__kecamatan"]
    search_fields = ["name", "url", *at_place("place")]
    autocomplete_fields = ["place"]
    readonly_fields = ["changed_at", "lease_holder", "lease_until"]
    inlines = [ZoneInline]

    @admin.display(ordering="kelurahan__kecamatan")
    def kecamatan(self, camera: Camera) -> str:
        """Return the name of the camera's kecamatan; "" at a point."""
        return str(camera.place.district or "")

    def save_model(self, request: HttpRequest, obj: Camera, form: Any, change: bool) -> None:
        """Save the camera with the kelurahan of its place."""
        obj.kelurahan = obj.place.kelurahan
        super().save_model(request, obj, form, change)


@admin.register(Zone)
class ZoneAdmin(ZoneModelAdmin):
    """Zones, usually drawn in the zone editor."""

    list_display = ["subject", "camera", "changed_at"]
    list_filter = ["subject__kind", "camera__place__kind", "camera__kelurahan__kecamatan"]
    list_select_related = [*OF_SUBJECT, "camera__kelurahan", "camera__place__kecamatan"]
    search_fields = ["subject__counter__name", "camera__name", *at_place("camera__place")]
    autocomplete_fields = ["subject", "camera"]


@admin.register(OccupancySpan)
class OccupancySpanAdmin(ReadOnly):
    """Runs of equal samples, newest first."""

    list_display = ["subject", "look", "reason", "started_at", "ended_at", "looks", "people_min", "people_max"]
    list_filter = ["look", "reason", "subject__counter__kelurahan__kecamatan"]
    list_select_related = OF_SUBJECT
    search_fields = ["subject__counter__name", "subject__counter__kelurahan__name"]
    date_hierarchy = "started_at"
    show_full_result_count = False  # counting the many rows would take longer than the page

    def get_queryset(self, request: HttpRequest) -> QuerySet[OccupancySpan]:
        """Return the spans, newest first."""
        return super().get_queryset(request).order_by("-started_at")


@admin.register(Watcher)
class WatcherAdmin(ReadOnly):
    """The watch processes."""

    list_display = ["name", "started_at", "seen_at", "cameras", "looks_per_minute", "dropped"]


@admin.register(HomePreset)
class HomePresetAdmin(HomePresetModelAdmin):
    """Where cameras look when nobody steers them, chosen on the page of steering."""

    list_display = ["camera", "name", "idle_s", "onvif_port"]
    autocomplete_fields = ["camera"]
