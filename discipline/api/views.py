"""The API's description: for programs as OpenAPI, for people as a page. Open to everybody, as it tells no data."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from discipline.api.api import schema


@login_not_required
@require_safe
def openapi(request: HttpRequest) -> JsonResponse:
    return JsonResponse(schema(), json_dumps_params={"ensure_ascii": False})


@login_not_required
@require_safe
def description(request: HttpRequest) -> HttpResponse:
    return render(request, "discipline/api/description.html", {"schema": schema()})
