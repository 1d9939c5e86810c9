"""Copies of what is stored about an account: one's own, and by operators those of others."""

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from discipline.disclosure.account_copy import AnotherCopyUnderWay, write_account_copy
from discipline.disclosure.forms import CopyReasonForm
from offices.access.gate import operator_required
from offices.accounts import links
from offices.hours.schedule import local_day


@require_POST
def own_copy(request: HttpRequest) -> HttpResponseBase:
    """Send users the copy of what is stored about them."""
    return _copy(request, get_object_or_404(User, pk=request.user.pk)) or redirect("account")


@operator_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def copy_of(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Ask why; on POST send the copy of what is stored about another account. 404 for one that is not theirs to copy.

    These are the accounts that the operator may change.
    """
    subject = get_object_or_404(links.administered(request.user), pk=pk)
    form = CopyReasonForm(request.POST or None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        if copy := _copy(request, subject, form.cleaned_data["reason"]):
            return copy
        return redirect("account-copy-of", pk)
    status = 422 if request.method == "POST" else 200
    page: HttpResponse = render(request, "disclosure/copy_of.html", {"subject": subject, "form": form}, status=status)
    return page


def _copy(request: HttpRequest, subject: User, reason: str = "") -> HttpResponseBase | None:
    """Return the copy as a download; None, and a message, while another one is written."""
    now = timezone.now()
    try:
        file = write_account_copy(subject, request.user, now, reason)
    except AnotherCopyUnderWay:
        messages.error(request, _("Salinan lain sedang dibuat. Coba lagi sebentar."))
        return None
    name = f"sidak-salinan-{subject.get_username()}-{local_day(now)}.zip"
    response = FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")
    response.headers["Cache-Control"] = "private, no-store"
    return response
