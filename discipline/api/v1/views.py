"""The API's description: for programs as OpenAPI, for people as a page. Open to everybody, as it tells no data."""

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
def openapi(request: HttpRequest) -> JsonResponse:
    return JsonResponse(schema(), json_dumps_params={"ensure_ascii": False})


@login_not_required
@require_safe
def description(request: HttpRequest) -> HttpResponse:
    said = schema()
    context = {
        "about": said["info"]["description"],
        "operations": list(openapi_page.operations(said)),
        "statuses": [
            (status, said["paths"][f"{PREFIX}/kantor/{{kode}}"]["get"]["responses"][status]) for status in ANSWERS
        ],
        "site": str(settings.SITE_URL).rstrip("/"),
        "most": v1_queries.MOST,
    }
    return render(request, "api/description.html", context)
