"""Files of evidence for those who may see the office; what shows visitors' faces is for the inspectorate only."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from offices.access import scope_of, within
from streams import evidence
from streams.models import Evidence

SHOWN = (Evidence.Form.PLAIN, Evidence.Form.DRAWN)


@require_safe
def file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One still or clip with faces blurred. 404 also out of scope, for originals, and when it was destroyed."""
    row = Evidence.objects.filter(within(scope_of(request.user), "kelurahan"), pk=pk, form__in=SHOWN).first()
    if row is None:
        raise Http404
    try:
        opened = evidence.file_of(row).open("rb")
    except FileNotFoundError as gone:
        raise Http404 from gone
    response = FileResponse(opened, content_type="video/mp4" if row.kind in evidence.CLIPS else "image/jpeg")
    response.headers["Cache-Control"] = "private, max-age=3600, immutable"
    return response
