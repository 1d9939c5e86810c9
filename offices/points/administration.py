"""The administration of street points: their details on the page of their place, and on one with the legal basis."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from offices.points.models import Point, PointBasis, Purpose

if TYPE_CHECKING:  # generic in their stubs only
    DetailsModelForm = forms.ModelForm[Point]
    PointModelAdmin = admin.ModelAdmin[Point]
    PointStackedInline = admin.StackedInline[Point, Any]
    BasisTabularInline = admin.TabularInline[PointBasis, Any]
else:
    DetailsModelForm, PointModelAdmin = forms.ModelForm, admin.ModelAdmin
    PointStackedInline, BasisTabularInline = admin.StackedInline, admin.TabularInline


class PointDetailsForm(DetailsModelForm):
    """The details of a point, with a box for each purpose."""

    purposes = forms.MultipleChoiceField(
        label=_("keperluan"), choices=Purpose.choices, widget=forms.CheckboxSelectMultiple
    )


class PointInline(PointStackedInline):
    """The details of a point on the page of its place, with a link to their own page, which has the legal basis."""

    model = Point
    fk_name = "place"
    form = PointDetailsForm
    autocomplete_fields = ["proposed_by_agency", "proposed_by_office"]
    show_change_link = True


class BasisInline(BasisTabularInline):
    """The legal basis of a point. Rows are added, not changed."""

    model = PointBasis
    autocomplete_fields = ["controller"]
    extra = 0

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        del request, obj  # unused
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        del request, obj  # unused
        return False


@admin.register(Point)
class PointAdmin(PointModelAdmin):
    """The details of street points with their legal basis."""

    form = PointDetailsForm
    list_display = ["place", "agency", "purposes", "retention", "has_sign"]
    list_filter = ["place__agency", "retention", "has_sign"]
    list_select_related = ["place__agency"]
    search_fields = ["place__point_code", "place__point_name"]
    autocomplete_fields = ["place", "proposed_by_agency", "proposed_by_office"]
    inlines = [BasisInline]

    def get_readonly_fields(self, request: HttpRequest, obj: Point | None = None) -> list[str]:
        """Keep the details at their place."""
        del request  # unused
        return ["place"] if obj else []

    @admin.display(description=_("instansi pengelola"))
    def agency(self, point: Point) -> str:
        """Return the name of the agency that runs the point."""
        return str(point.place.agency)
