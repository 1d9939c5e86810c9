"""Public views of the API's description: the OpenAPI document and a page. They contain no data."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from discipline.api.v1 import openapi_page
from discipline.api.v1 import queries as v1_queries
from discipline.api.v1.api import PREFIX, schema
from discipline.api.v1.schemas import ANSWERS


@login_not_required
@require_safe
def openapi(_request: HttpRequest) -> JsonResponse:
    """Return the OpenAPI document."""
    return JsonResponse(schema(), json_dumps_params={"ensure_ascii": False})


@login_not_required
@require_safe
def description(request: HttpRequest) -> HttpResponse:
    """Show the operations, parameters and status codes of the API."""
    document = schema()
    context = {
        "about": document["info"]["description"],
        "operations": list(openapi_page.operations(document)),
        "statuses": [
            (status, document["paths"][f"{PREFIX}/kantor/{{kode}}"]["get"]["responses"][status]) for status in ANSWERS
        ],
        "site": str(settings.SITE_URL).rstrip("/"),
        "most": v1_queries.MOST,
    }
    return render(request, "api/description.html", context)
