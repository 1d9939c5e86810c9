"""Public views of the API's description: the OpenAPI document and a page. They contain no data."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from discipline.api.v1 import openapi_page
from discipline.api.v1 import queries as v1_queries
from discipline.api.v1.api import PREFIX, schema
from discipline.api.v1.openapi_page import Schema
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
        "statuses": _statuses(document),
        "site": str(settings.SITE_URL).rstrip("/"),
        "most": v1_queries.MOST,
    }
    return render(request, "api/description.html", context)


def _statuses(document: Schema) -> list[tuple[int, Schema]]:
    """Return each error's status with its description, from operations that together have all."""
    paths = document["paths"]
    one, opened = paths[f"{PREFIX}/kantor/{{kode}}"]["get"], paths[f"{PREFIX}/kejadian"]["post"]
    responses = opened["responses"] | one["responses"]
    return [(status, responses[status]) for status in ANSWERS]
