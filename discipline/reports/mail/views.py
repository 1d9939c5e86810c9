"""Views that save the choice of reports by mail, and that stop one from a link in a mail, without signing in."""

from typing import TypedDict

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from discipline.reports.mail import subscriptions
from discipline.reports.mail.kinds import MailKind
from discipline.reports.mail.words import KINDS
from offices.access.gate import scope_of


class StopContext(TypedDict):
    """What the page behind a mail's stop link shows: the kind in words, and whether it is on."""

    kind: str | Promise
    on: bool


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Save the boxes of the notification page, one for each kind. Raises PermissionDenied for users without a scope."""
    if scope_of(request.user).empty:
        raise PermissionDenied
    chosen = {kind: request.POST.get(kind) == "on" for kind in subscriptions.offered_to(scope_of(request.user))}
    subscriptions.save_subscriptions(request.user.pk or 0, chosen)
    messages.success(request, _("Pilihan laporan lewat e-mail tersimpan."))
    return redirect("notices")


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Show the page behind a mail's stop link; POST stops its kind of report, or resumes it with do=resume."""
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
    """Stop a kind of report at the one-click request of a mail program (RFC 8058), which carries no cookie.

    Mail programs that don't know the RFC and virus scanners open the address with GET, which changes nothing.
    """
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


def _context(user: int, kind: MailKind) -> StopContext:
    return {"kind": KINDS[kind], "on": subscriptions.subscriptions_of(user)[kind]}
