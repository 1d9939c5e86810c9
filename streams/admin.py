"""Cameras and zones in the administration; what `watch` writes is read-only there."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from offices.admin import ReadOnly, at_place
from streams.cameras.models import Camera, OccupancySpan, Watcher, Zone
from streams.setup.forms import CameraAdminForm

OF_SUBJECT = ["subject__counter__kelurahan", "subject__counter__place__kecamatan"]


class ZoneInline(admin.TabularInline):
    model = Zone
    extra = 0
    autocomplete_fields = ["subject"]


@admin.register(Camera)
class CameraAdmin(admin.ModelAdmin):
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
        return str(camera.place.district or "")

    def save_model(self, request: HttpRequest, obj: Camera, form: Any, change: bool) -> None:
        obj.kelurahan = obj.place.kelurahan
        super().save_model(request, obj, form, change)


@admin.register(Zone)
class ZoneAdmin(admin.ModelAdmin):
    list_display = ["subject", "camera", "changed_at"]
    list_filter = ["subject__kind", "camera__place__kind", "camera__kelurahan__kecamatan"]
    list_select_related = [*OF_SUBJECT, "camera__kelurahan", "camera__place__kecamatan"]
    search_fields = ["subject__counter__name", "camera__name", *at_place("camera__place")]
    autocomplete_fields = ["subject", "camera"]


@admin.register(OccupancySpan)
class OccupancySpanAdmin(ReadOnly):
    list_display = ["subject", "look", "reason", "started_at", "ended_at", "looks", "people_min", "people_max"]
    list_filter = ["look", "reason", "subject__counter__kelurahan__kecamatan"]
    list_select_related = OF_SUBJECT
    search_fields = ["subject__counter__name", "subject__counter__kelurahan__name"]
    date_hierarchy = "started_at"
    show_full_result_count = False  # many rows: counting them all takes longer than the page

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).order_by("-started_at")


@admin.register(Watcher)
class WatcherAdmin(ReadOnly):
    list_display = ["name", "started_at", "seen_at", "cameras", "looks_per_minute", "dropped"]
