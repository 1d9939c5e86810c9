"""The page of a dated rule of retention, which each room has for its own."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import modelform_factory
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from discipline.incidents.dated_retention.forms import DatedRetentionForm
from discipline.incidents.dated_retention.models import DatedRetention
from offices.access.gate import scope_of
from offices.hours.schedule import local_day


def retention_page(request: HttpRequest, model: type[DatedRetention], template: str) -> HttpResponse:
    """Show for how long something is kept; operators add a rule, which leads back to the same address.

    Raises PermissionDenied when somebody else sends one.
    """
    now = timezone.now()
    if request.method == "POST" and not scope_of(request.user).operates:
        raise PermissionDenied
    blank = model(by_id=request.user.pk or 0, at=now)
    form = modelform_factory(model, form=DatedRetentionForm)(request.POST or None, instance=blank, label_suffix="")
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Masa simpan dicatat."))
        return redirect(request.get_full_path())
    context = {"form": form, "rules": model.objects.select_related("by"), "days": model.days_on(local_day(now))}
    return render(request, template, context, status=422 if form.errors else 200)
