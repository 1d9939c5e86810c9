"""The search: as a page without JavaScript, and as JSON for the dialog of every page."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from discipline.ops.search.finding import LONGEST, may_search, search, searchable
from discipline.ops.search.hits import HitGroup
from offices.access.gate import scope_of

ON_PAGE, IN_DIALOG = 50, 6  # hits of each kind


@never_cache
@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """Show what ?q= finds."""
    scope = scope_of(request.user)
    if not may_search(scope):
        raise PermissionDenied
    query = _query(request)
    groups = search(request.user, query, timezone.now(), ON_PAGE)
    context = {"query": query, "groups": groups, "status": _status(query, groups), "searchable": searchable(scope)}
    return render(request, "search/search.html", context)


@never_cache
@require_safe
def search_hits(request: HttpRequest) -> JsonResponse:
    """Answer with the first hits of ?q= of each kind as JSON; for static/js/search/dialog.js."""
    scope = scope_of(request.user)
    if not may_search(scope):
        raise PermissionDenied
    query = _query(request)
    groups = search(request.user, query, timezone.now(), IN_DIALOG)
    hits = [
        {
            "title": str(group.title),
            "icon": group.icon,
            "hits": [{"url": hit.url, "title": hit.title, "note": hit.note} for hit in group.hits],
        }
        for group in groups
    ]
    more = None
    if any(group.total > len(group.hits) for group in groups):
        more = {"url": f"{reverse('search')}?{urlencode({'q': query})}", "title": _("Semua hasil"), "note": ""}
    # What can be searched is said where nothing is.
    hint = "" if groups else searchable(scope)
    words = {"status": _status(query, groups), "hint": hint, "recent": _("Terakhir dibuka")}
    return JsonResponse({"groups": hits, "more": more, **words})


def _query(request: HttpRequest) -> str:
    return request.GET.get("q", "")[:LONGEST].strip()


def _status(query: str, groups: list[HitGroup]) -> str:
    """Return how much was found, in words; "" for an empty query."""
    if not query:
        return ""
    total = sum(group.total for group in groups)
    if not total:
        return _("Tidak ada yang cocok dengan “%(query)s”.") % {"query": query}
    return ngettext("%(n)s hasil", "%(n)s hasil", total) % {"n": total}
