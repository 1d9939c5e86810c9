"""Errors of the API as application/problem+json (RFC 9457)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja.errors import ValidationError

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise  # not installed where the server runs

MEDIA_TYPE = "application/problem+json"
QUERY = "wanted"  # the name of the operations' argument for their query parameters
BODY = "new"  # the same for what is sent
TITLES: dict[int, StrPromise] = {
    400: gettext_lazy("Alamat tidak dapat dibaca"),
    401: gettext_lazy("Token diperlukan"),
    403: gettext_lazy("Token ini tidak berhak"),
    404: gettext_lazy("Tidak ditemukan"),
    405: gettext_lazy("Hanya untuk dibaca"),
    409: gettext_lazy("Sudah dipakai"),
    422: gettext_lazy("Permintaan tidak dapat dibaca"),
    429: gettext_lazy("Terlalu banyak permintaan"),
    503: gettext_lazy("Sedang tidak tersedia"),
}
# By pydantic's error type, with placeholders from its context.
FAULTS: dict[str, StrPromise] = {
    "missing": gettext_lazy("Wajib diisi."),
    "greater_than_equal": gettext_lazy("Paling kecil %(ge)s."),
    "less_than_equal": gettext_lazy("Paling besar %(le)s."),
    "int_parsing": gettext_lazy("Bukan bilangan bulat."),
    "int_from_float": gettext_lazy("Bukan bilangan bulat."),
    "int_parsing_size": gettext_lazy("Bilangan terlalu besar."),
    "string_pattern_mismatch": gettext_lazy("Bentuknya tidak dikenal."),
    "string_too_long": gettext_lazy("Lebih panjang dari %(max_length)s karakter."),
    "string_too_short": gettext_lazy("Lebih pendek dari %(min_length)s karakter."),
    "extra_forbidden": gettext_lazy("Tidak dikenal."),
    "timezone_aware": gettext_lazy("Tulis waktu dengan zonanya, misalnya 2026-11-23T02:00:00Z."),
    "literal_error": gettext_lazy("Bukan salah satu pilihan: %(expected)s."),
}
DATE = gettext_lazy("Tulis tanggal seperti 2026-11-23.")
FAULTS |= dict.fromkeys(
    ("date_from_datetime_parsing", "date_from_datetime_inexact", "date_parsing", "value_error"), DATE
)
UNREADABLE = gettext_lazy("Tidak dapat dibaca.")


class FaultPayload(TypedDict):
    """A schemas.Fault."""

    parameter: str
    detail: str


class ProblemPayload(TypedDict):
    """A schemas.Problem."""

    title: str
    status: int
    detail: str
    faults: NotRequired[list[FaultPayload]]


class ApiProblem(Exception):
    """Raised to end a request with a problem response. `faults` explains what is wrong, by parameter."""

    def __init__(
        self,
        status: int,
        detail: str,
        faults: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.faults, self.headers = status, detail, faults or {}, headers or {}

    def response(self) -> HttpResponse:
        """Return the problem as a response."""
        payload: ProblemPayload = {
            "title": str(TITLES[self.status]),
            "status": self.status,
            "detail": self.detail,
        }
        if self.faults:
            payload["faults"] = [{"parameter": name, "detail": detail} for name, detail in self.faults.items()]
        body = json.dumps(payload, ensure_ascii=False)
        return HttpResponse(body, status=self.status, content_type=MEDIA_TYPE, headers=dict(self.headers))


def not_found() -> ApiProblem:
    """Return the 404 for missing things, the same for those out of the client's scope."""
    return ApiProblem(404, _("Tidak ada, atau di luar lingkup token ini."))


def unreadable_parameter(parameter: str, detail: str) -> ApiProblem:
    """Return the 422 for one invalid parameter."""
    return ApiProblem(422, _("Ada parameter yang tidak dapat dibaca."), {parameter: detail})


def from_validation_error(error: ValidationError) -> ApiProblem:
    """Return the 422 for parameters that failed validation."""
    faults: dict[str, str] = {}
    for details in error.errors:  # an optional parameter has a second one, that it is not None
        name = next((str(part) for part in details["loc"][1:] if part not in (QUERY, BODY)), "body")
        faults.setdefault(name, _fault(details))
    return ApiProblem(422, _("Ada parameter yang tidak dapat dibaca."), faults)


def _fault(error: Mapping[str, Any]) -> str:
    words = str(FAULTS.get(error["type"], UNREADABLE))
    context = {name: str(value).replace("'", "").replace(" or ", ", ") for name, value in error.get("ctx", {}).items()}
    return words % context
