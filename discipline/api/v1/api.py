"""The NinjaAPI instance: authentication, error handlers, and the OpenAPI document."""

import copy
import logging
import time
from functools import cache
from typing import Any

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBearer

from discipline.api.access import rates, tokens
from discipline.api.v1 import numbers, parameters, problems, routes, schemas
from discipline.api.v1 import queries as v1_queries
from discipline.api.v1.calls import Call
from discipline.api.v1.city import queries as city_queries
from discipline.api.v1.city import routes as city_routes
from discipline.api.v1.problems import MEDIA_TYPE, ApiProblem

log = logging.getLogger(__name__)

PREFIX = "/api/v1"
REALM = 'Bearer realm="Sidak"'


class Bearer(HttpBearer):
    """Authentication by a client's token alone; the session of a logged-in user gives no access."""

    def authenticate(self, request: HttpRequest, token: str) -> tokens.Caller:
        """Return the client. Raises ApiProblem 401 for an invalid token, 429 over the rate limit."""
        try:
            caller = tokens.authenticate(token, timezone.now())
        except tokens.TokenRefused as error:
            raise _unauthorised(error.why) from error
        rate = rates.count_request(caller.client.pk, caller.client.per_minute, time.time())
        request.rate = rate  # type: ignore[attr-defined]  # for conditional_get, which adds its headers
        if rate.over:
            detail = _("Paling banyak %(limit)s permintaan per menit.") % {"limit": rate.limit}
            raise ApiProblem(429, detail, headers={"Retry-After": str(rate.reset_s)})
        return caller


api = NinjaAPI(
    title="Sidak",
    version="1",
    description=schemas.ABOUT,
    auth=Bearer(),
    docs_url=None,
    openapi_url=None,
)
api.add_decorator(parameters.api_operation)
api.add_router("", routes.router)
api.add_router("", numbers.router)
api.add_router("", city_routes.router)


@api.exception_handler(ApiProblem)
def _problem(_request: HttpRequest, error: ApiProblem) -> HttpResponse:
    return error.response()


@api.exception_handler(AuthenticationError)
def _no_token(_request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    detail = _("Sertakan tajuk “Authorization: Bearer …” dengan token dari operator Kominfo.")
    return ApiProblem(401, detail, headers={"WWW-Authenticate": REALM}).response()


@api.exception_handler(ValidationError)
def _validation_problem(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    return problems.from_validation_error(error).response()


@api.exception_handler(HttpError)
def _unreadable_body(_request: HttpRequest, error: HttpError) -> HttpResponse:
    log.info("API request refused by ninja: %s", error)
    return problems.unreadable_parameter("body", _("Bukan JSON.")).response()


@api.exception_handler(OperationalError)
def _server_unavailable(_request: HttpRequest, error: OperationalError) -> HttpResponse:
    log.error("API request failed: the database is unavailable", exc_info=error)
    return ApiProblem(503, _("Basis data sedang tidak menjawab. Coba lagi."), headers={"Retry-After": "30"}).response()


def _unauthorised(why: str) -> ApiProblem:
    words = {
        tokens.TokenRefused.UNKNOWN: _("Token ini tidak dikenal."),
        tokens.TokenRefused.EXPIRED: _("Masa berlaku token ini sudah lewat. Minta operator Kominfo memperpanjangnya."),
        tokens.TokenRefused.REVOKED: _("Token ini sudah dicabut."),
    }
    challenge = f'{REALM}, error="invalid_token", error_description="{why}"'
    return ApiProblem(401, words[why], headers={"WWW-Authenticate": challenge})


def schema() -> dict[str, Any]:
    """Return the OpenAPI document in the active language."""
    return _schema(get_language() or "")


@cache
def _schema(_language: str) -> dict[str, Any]:
    document = copy.deepcopy(dict(api.get_openapi_schema(path_prefix=PREFIX)))
    models = document["components"]["schemas"]
    for name in [name for name in models if hasattr(v1_queries, name) or hasattr(city_queries, name)]:
        del models[name]  # each operation lists its own parameters
    for model in (schemas.Problem, Call):
        model_schema = model.model_json_schema(ref_template="#/components/schemas/{model}", mode="serialization")
        models |= model_schema.pop("$defs") | {model.__name__: model_schema}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            _add_common_responses(operation, may_miss="{" in path, reads=method == "get")
    document["webhooks"] = {"event": {"post": _webhook_operation()}}
    translated: dict[str, Any] = _translated(document)
    return translated


def _webhook_operation() -> dict[str, Any]:
    """Return the OpenAPI operation that describes the calls to webhooks."""
    headers = {name: {"type": "string"} for name in ("X-Sidak-Timestamp", "X-Sidak-Signature", "Idempotency-Key")}
    return {
        "operationId": "event",
        "summary": schemas.WEBHOOK,
        "parameters": [
            {"in": "header", "name": name, "required": True, "schema": kind} for name, kind in headers.items()
        ],
        "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Call"}}}},
        "responses": {"200": {"description": "OK"}},
    }


def _add_common_responses(operation: dict[str, Any], *, may_miss: bool, reads: bool) -> None:
    """Add the headers and error responses that all operations share; 404 for those that `may_miss`.

    Those that `reads` is false for have no ETag and may conflict with what was sent before.
    """
    responses = operation["responses"]
    etag = {"ETag": {"schema": {"type": "string"}}} if reads else {}
    for answer in list(responses.values()):
        answer["headers"] = etag | _integer_headers(schemas.RATE_HEADERS)
    problem = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for status, words in schemas.ANSWERS.items():
        if (status != 404 or may_miss) and status != (409 if reads else 304):
            responses[status] = {"description": words} | ({"content": problem} if status >= 400 else {})
    for parameter in operation["parameters"]:
        parameter.pop("examples", None)  # its schema has them
        if parameter["schema"].get("default", "") is None:
            del parameter["schema"]["default"]  # left out means None, which no client can send
    if reads:
        operation["parameters"].append(
            {"in": "header", "name": "If-None-Match", "required": False, "schema": {"type": "string"}}
        )


def _integer_headers(headers: dict[str, str]) -> dict[str, Any]:
    return {name: {"description": words, "schema": {"type": "integer"}} for name, words in headers.items()}


def _translated(part: Any) -> Any:
    """Return the part of the document with its summaries and descriptions in the active language."""
    if isinstance(part, list):
        return [_translated(item) for item in part]
    if not isinstance(part, dict):
        return part
    return {
        key: _(value) if key in ("summary", "description") and isinstance(value, str) and value else _translated(value)
        for key, value in part.items()
    }
