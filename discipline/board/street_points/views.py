"""The rows as JSON, for pages that stay open."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from discipline.board.street_points.rows import PointState, count_by_state, point_rows
from offices.access.gate import scope_of


@never_cache
@require_safe
def rows(request: HttpRequest) -> JsonResponse:
    """Return the rows of the user's points, their counts, the states from worst to best, and words for the map."""
    scope = scope_of(request.user)
    if not scope.sees_points:
        raise PermissionDenied
    found = point_rows(scope, timezone.now())
    words = {
        "pin": _("%(name)s, %(agency)s: %(state)s"),
        "several": _("%(n)s titik: %(states)s"),
    }
    return JsonResponse(
        {
            "rows": found,
            "counts": count_by_state(found),
            "states": [state.value for state in PointState],
            "words": words,
        }
    )
