"""Files given with an explanation, for those who may read them."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from discipline.core import attachments
from offices.access.gate import scope_of


@require_safe
def attachment(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Send a file as a download, never as a page. 404 for those who may not read it and when the file is gone."""
    found = get_object_or_404(attachments.readable_within(scope_of(request.user)), pk=pk)
    try:
        file = attachments.path_of(found).open("rb")
    except FileNotFoundError as gone:
        raise Http404 from gone
    response = FileResponse(file, as_attachment=True, filename=found.name, content_type=found.media_type)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
