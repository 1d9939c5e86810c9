"""Cameras and zones in the administration; what `watch` writes is read-only there."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from offices.admin import ReadOnly
from streams.cameras.models import Camera, OccupancySpan, Watcher, Zone
from streams.setup.forms import PasswordKeepingForm


class ZoneInline(admin.TabularInline):
    model = Zone
    extra = 0
    autocomplete_fields = ["counter"]


@admin.register(Camera)
class CameraAdmin(admin.ModelAdmin):
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
        return camera.kelurahan.kecamatan.name


@admin.register(Zone)
class ZoneAdmin(admin.ModelAdmin):
    list_display = ["counter", "camera", "changed_at"]
    list_filter = ["camera__kelurahan__kecamatan"]
    list_select_related = ["counter__kelurahan", "camera__kelurahan"]
    search_fields = ["counter__name", "camera__name", "camera__kelurahan__name"]
    autocomplete_fields = ["counter", "camera"]


@admin.register(OccupancySpan)
class OccupancySpanAdmin(ReadOnly):
    list_display = ["counter", "look", "reason", "started_at", "ended_at", "looks", "people_min", "people_max"]
    list_filter = ["look", "reason", "counter__kelurahan__kecamatan"]
    list_select_related = ["counter__kelurahan"]
    search_fields = ["counter__name", "counter__kelurahan__name"]
    date_hierarchy = "started_at"
    show_full_result_count = False  # many rows: counting them all takes longer than the page

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).order_by("-started_at")


@admin.register(Watcher)
class WatcherAdmin(ReadOnly):
    list_display = ["name", "started_at", "seen_at", "cameras", "looks_per_minute", "dropped"]
