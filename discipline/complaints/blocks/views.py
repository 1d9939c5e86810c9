"""Block senders and phrases from a report's page, and list and lift what is blocked."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from discipline.complaints.blocks import keeping
from discipline.complaints.blocks.block_rule import BlockKind
from discipline.complaints.blocks.forms import BlockForm
from discipline.complaints.blocks.keeping import BlockRefused, BlockWanted
from discipline.complaints.blocks.models import ComplaintBlock
from discipline.complaints.desk.views import handled
from discipline.complaints.finding import complaint_in, may_handle
from discipline.complaints.models import Complaint
from offices.access.gate import scope_of

REFUSED = {
    BlockRefused.UNKNOWN: gettext_lazy("Pengirim laporan ini tidak lagi diketahui."),
    BlockRefused.PHRASE: gettext_lazy("Frasanya sedikitnya 6 huruf, agar tidak menahan laporan lain."),
    BlockRefused.DAYS: gettext_lazy("Paling lama 7 hari untuk jaringan, 30 untuk alamat, 365 untuk surel dan frasa."),
}


@never_cache
@require_safe
def blocks(request: HttpRequest) -> HttpResponse:
    """List what is blocked, by its end. Operators see their own list, the inspectorate that of private reports."""
    scope = scope_of(request.user)
    if not (scope.operates or scope.inspects):
        raise PermissionDenied
    rows = ComplaintBlock.objects.filter(until__gt=timezone.now()).select_related("by", "complaint")
    rows = rows.filter(private=scope.inspects)
    context = {"rows": rows, "hits": rows.aggregate(hits=Sum("hits"))["hits"] or 0}
    return render(request, "complaints/blocks.html", context)


@never_cache
@require_POST
def block(request: HttpRequest, pk: int) -> HttpResponse:
    """Block the sender of a report, or a phrase."""

    def act(found: Complaint, form: forms.Form) -> str:
        data = form.cleaned_data
        wanted = BlockWanted(BlockKind(data["kind"]), data["days"], data["reason"], data["phrase"])
        try:
            row = keeping.block(found, wanted, request.user, timezone.now())
        except BlockRefused as refused:
            raise forms.ValidationError(REFUSED[str(refused)]) from refused
        return _("Diblokir: %(what)s.") % {"what": row.get_kind_display()}

    return handled(request, pk, BlockForm(request.POST), act)


@never_cache
@require_POST
def lift(request: HttpRequest, pk: int) -> HttpResponse:
    """End a block. 404 if its report is out of the user's scope, or it has ended."""
    scope = scope_of(request.user)
    if not (scope.operates or scope.inspects):
        raise PermissionDenied
    row = get_object_or_404(ComplaintBlock.objects.select_related("complaint"), pk=pk)
    if not may_handle(scope, complaint_in(scope, row.complaint_id)):
        raise PermissionDenied
    keeping.lift(row, request.user, timezone.now())
    messages.success(request, _("Pemblokiran dicabut."))
    return redirect("complaint-blocks")
