"""Choosing which reports come by mail, and stopping one from the mail itself: there without signing in."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from discipline.reports.mail import subscriptions
from discipline.reports.mail.words import KINDS
from discipline.reports.numbers.period import PeriodKind
from offices.access.gate import scope_of


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """From the page of notifications: a box for each kind."""
    if scope_of(request.user).empty:
        raise PermissionDenied
    chosen = {kind: request.POST.get(kind) == "on" for kind in subscriptions.FIELDS}
    subscriptions.save_subscriptions(request.user.pk or 0, chosen)
    messages.success(request, _("Pilihan laporan lewat e-mail tersimpan."))
    return redirect("notices")


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Where the link in a mail leads: one kind of report, stopped by a button, and resumed by another."""
    try:
        user, kind = subscriptions.read_stop_token(token)
    except subscriptions.BadToken:
        return render(request, "reports/mail/stop.html", status=404)
    if request.method == "POST":
        subscriptions.save_subscriptions(user, {kind: request.POST.get("do") == "resume"})
        return redirect("report-mail-stop", token)
    return render(request, "reports/mail/stop.html", _context(user, kind))


@csrf_exempt
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop_now(request: HttpRequest, token: str) -> HttpResponse:
    """RFC 8058: a mail program's button. It comes with no cookie; the signed token says who and what. Programs that do
    not know the RFC open the address, and so do those that look for viruses: they change nothing."""
    if request.method != "POST":
        return redirect("report-mail-stop", token)
    if request.POST.get("List-Unsubscribe") != "One-Click":
        return HttpResponse("List-Unsubscribe=One-Click", status=400, content_type="text/plain")
    try:
        user, kind = subscriptions.read_stop_token(token)
    except subscriptions.BadToken:
        return HttpResponse(status=404)
    subscriptions.save_subscriptions(user, {kind: False})
    return HttpResponse(_("Tidak dikirim lagi."), content_type="text/plain; charset=utf-8")


def _context(user: int, kind: PeriodKind) -> dict[str, Any]:
    return {"kind": KINDS[kind], "on": subscriptions.subscriptions_of(user)[kind]}
