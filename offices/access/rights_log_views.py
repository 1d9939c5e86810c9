"""The page of the log of rights, for the inspectorate."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from offices.access.gate import inspector_required
from offices.access.rights_log import filter_changes, right_words

ON_A_PAGE = 50


@inspector_required
@never_cache
@require_safe
def rights(request: HttpRequest) -> HttpResponse:
    """List changes of rights in the administration, filtered by ?q=."""
    words = request.GET.get("q", "").replace("\0", "")[:100]
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
