"""The admin of rules, and read-only lists of standings, flips, indications and deliveries."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from discipline.alerts.models import Alert
from discipline.complaints.models import ComplaintKind
from discipline.incidents.case_file.models import BylawArticle
from discipline.incidents.dispatch.models import AgencyArea, DispatchChange
from discipline.incidents.models import IncidentType
from discipline.incidents.tasks.models import AgencyDuty, ResponseTime
from discipline.notices.models import Delivery, Escalation
from discipline.plans import changes
from discipline.plans.models import PlanChange
from discipline.reports.mail.models import ReportMail
from discipline.reports.numbers.models import Band, ReportRule
from discipline.staffing.incident_models import IncidentRule, SystemIncident
from discipline.staffing.models import Flip, StaffingRule, Standing
from offices import admin as offices_admin
from offices.admin import AnyModelAdmin, ReadOnly, ScopedAdmin
from offices.hours.models import Closure, HolidayOverride, HoursPlan

COUNTER_SEARCH = ["counter__name", "counter__kelurahan__name", "counter__kelurahan__code"]


class OneRow(AnyModelAdmin):
    """Base class for city-wide settings, a table with at most one row."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse while there is a row."""
        del obj  # unused
        return super().has_add_permission(request) and not self.model._default_manager.exists()


@admin.register(StaffingRule)
class StaffingRuleAdmin(ScopedAdmin):
    """Staffing rules."""

    list_display = ["scope_name", "absence_grace_s", "opening_grace_s", "not_opened_s", "valid_from", "valid_to"]
    list_filter = ["kecamatan"]


@admin.register(Standing)
class StandingAdmin(ReadOnly):
    """Standings of counters."""

    list_display = ["counter", "state", "reason", "since", "last_look_at", "due_at"]
    list_filter = ["state", "reason", "counter__kelurahan__kecamatan"]
    list_select_related = ["counter__kelurahan"]
    search_fields = COUNTER_SEARCH


@admin.register(Flip)
class FlipAdmin(ReadOnly):
    """Flips of counters."""

    list_display = ["at", "counter", "old", "new", "reason", "since", "noticed_at"]
    list_filter = ["new", "reason", "counter__kelurahan__kecamatan"]
    list_select_related = ["counter__kelurahan"]
    search_fields = COUNTER_SEARCH
    date_hierarchy = "at"
    ordering = ["-at", "-pk"]
    show_full_result_count = False


@admin.register(Alert)
class AlertAdmin(ReadOnly):
    """Alerts (indikasi)."""

    list_display = ["raised_at", "kind", "counter", "since", "ended_at", "ended_by"]
    list_filter = ["kind", ("ended_at", admin.EmptyFieldListFilter), "counter__kelurahan__kecamatan"]
    list_select_related = ["counter__kelurahan"]
    search_fields = COUNTER_SEARCH
    date_hierarchy = "raised_at"


@admin.register(IncidentRule)
class IncidentRuleAdmin(OneRow):
    """Thresholds of system incidents."""

    list_display = ["__str__", "share", "window_s", "min_cameras", "dark_s", "stall_s", "clock_s", "longest_s"]


@admin.register(SystemIncident)
class SystemIncidentAdmin(ReadOnly):
    """System incidents."""

    list_display = ["kind", "since", "ended_at", "blind", "total", "watcher", "off_s"]
    list_filter = ["kind"]


@admin.register(Escalation)
class EscalationAdmin(OneRow):
    """Steps of escalation."""

    list_display = ["__str__", "lurah", "camat", "mayor"]


@admin.register(Band)
class BandAdmin(AnyModelAdmin):
    """Bands of lateness and early leave in reports."""

    list_display = ["name", "kind", "from_minute", "to_minute", "reference", "valid_from", "valid_to"]
    list_filter = ["kind"]


@admin.register(ReportRule)
class ReportRuleAdmin(OneRow):
    """Settings of reports."""

    list_display = ["__str__", "coverage_floor"]


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly):
    """Deliveries of notices, without their contents."""

    list_display = ["created_at", "user", "kind", "place", "channel", "device", "state", "why", "tries", "ended_at"]
    list_filter = ["state", "kind", "channel"]
    list_select_related = ["user", "place__kelurahan", "place__kecamatan", "device"]
    search_fields = ["user__username", "subject_key", "place__kelurahan__name", "place__kecamatan__name"]
    exclude = ["title", "body"]


@admin.register(ReportMail)
class ReportMailAdmin(ReadOnly):
    """Reports sent by mail."""

    list_display = ["created_at", "user", "kind", "place", "period", "state", "why", "tries", "ended_at"]
    list_filter = ["state", "kind"]
    list_select_related = ["user"]
    search_fields = ["user__username", "place", "period"]


class TracedAdmin(AnyModelAdmin):
    """Mixin that saves and deletes as the pages about hours do, with a PlanChange as its record."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save and record the change; `entered_by` of a new row is the user."""
        del form  # unused
        if not change and hasattr(obj, "entered_by"):
            obj.entered_by = request.user
        made = changes.apply_work(changes.save_work(obj), request.user.pk or 0, _("Lewat Administrasi"), timezone.now())
        obj.pk = made.steps[-1].row.pk

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Delete and record the change."""
        changes.apply_work(changes.remove_work(obj), request.user.pk or 0, _("Lewat Administrasi"), timezone.now())

    def delete_queryset(self, request: HttpRequest, queryset: Iterable[Any]) -> None:
        """Delete row by row, so that each change is recorded."""
        for row in queryset:
            self.delete_model(request, row)


for model, known in (
    (HoursPlan, offices_admin.HoursPlanAdmin),
    (HolidayOverride, offices_admin.HolidayOverrideAdmin),
    (Closure, offices_admin.ClosureAdmin),
):
    admin.site.unregister(model)
    admin.site.register(model, type(f"Traced{known.__name__}", (TracedAdmin, known), {}))


@admin.register(PlanChange)
class PlanChangeAdmin(ReadOnly):
    """Changes of hours plans, holidays and closures."""

    list_display = ["at", "by", "act", "what", "name", "scope_name", "reason"]
    list_filter = ["what", "act"]
    list_select_related = ["by", "kecamatan", "kelurahan", "counter__kelurahan"]
    search_fields = ["name", "reason", "by__username", "kelurahan__name"]
    date_hierarchy = "at"


@admin.register(IncidentType)
class IncidentTypeAdmin(ReadOnly):
    """Types of incidents, which operators change."""

    list_display = ["name", "code", "priority", "radius_m", "window_min", "active"]


@admin.register(BylawArticle)
class BylawArticleAdmin(ReadOnly):
    """Articles of bylaws, which are written on the page of articles, so that each change is recorded."""

    list_display = ["bylaw", "article", "valid_from", "valid_until", "certainty", "enforcer"]


@admin.register(ComplaintKind)
class ComplaintKindAdmin(AnyModelAdmin):
    """Kinds of residents' reports."""

    list_display = ["name", "code", "private", "about_counter", "incident_kind", "active"]


@admin.register(AgencyDuty)
class AgencyDutyAdmin(ReadOnly):
    """Duty telephones of agencies, which operators change."""

    list_display = ["agency", "phone"]


@admin.register(AgencyArea)
class AgencyAreaAdmin(ReadOnly):
    """Areas of agencies, which operators change."""

    list_display = ["agency", "name"]
    list_select_related = ["agency", "kecamatan", "kelurahan"]


@admin.register(DispatchChange)
class DispatchChangeAdmin(ReadOnly):
    """Changes of types of incidents and of agencies."""

    list_display = ["at", "by", "about", "text"]
    list_select_related = ["by"]
    search_fields = ["about", "text"]


@admin.register(ResponseTime)
class ResponseTimeAdmin(ReadOnly):
    """Time limits of tasks, which operators add."""

    list_display = ["priority", "kind", "since", "acknowledge", "arrive", "finish", "by"]
    list_filter = ["priority", "kind"]
