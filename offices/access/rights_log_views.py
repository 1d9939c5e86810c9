"""The page of the log of rights, for the inspectorate."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from offices.access import log_csv
from offices.access.gate import inspector_required
from offices.access.log_csv import LogColumn
from offices.access.rights_log import filter_changes, right_words

ON_A_PAGE = 50
COLUMNS = (
    LogColumn("at", lambda row: row.at),
    LogColumn("account", lambda row: row.user_name),
    LogColumn("given", lambda row: " | ".join(row.given)),
    LogColumn("taken", lambda row: " | ".join(row.taken)),
    LogColumn("by", lambda row: row.by_name),
)


@inspector_required
@never_cache
@require_safe
def rights(request: HttpRequest) -> HttpResponse:
    """List changes of rights in the administration, filtered by ?q=; with ?bentuk=csv send all of them."""
    words = request.GET.get("q", "").replace("\0", "")[:100]
    if log_csv.is_asked(request):
        title = str(_("Log hak akses"))
        return log_csv.answer(request, request.user, "akses-hak", title, filter_changes(words), COLUMNS)
    query = request.GET.copy()
    query.pop("hal", None)
    page = Paginator(filter_changes(words), ON_A_PAGE).get_page(request.GET.get("hal"))
    lines = [
        {
            "change": change,
            "given": [right_words(right) for right in change.given],
            "taken": [right_words(right) for right in change.taken],
        }
        for change in page.object_list
    ]
    context = {"page": page, "lines": lines, "words": words, "query": query.urlencode()}
    return render(request, "access/rights_log.html", context)
