"""What went wrong, in words and as application/problem+json (RFC 9457)."""

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja.errors import ValidationError

MEDIA_TYPE = "application/problem+json"
QUERY = "wanted"  # how operations call the parameters of their query
TITLES: dict[int, Any] = {
    401: gettext_lazy("Token diperlukan"),
    404: gettext_lazy("Tidak ditemukan"),
    405: gettext_lazy("Hanya untuk dibaca"),
    422: gettext_lazy("Permintaan tidak dapat dibaca"),
    429: gettext_lazy("Terlalu banyak permintaan"),
    503: gettext_lazy("Sedang tidak tersedia"),
}
# By pydantic's type of error; the blanks are those of its context.
FAULTS: dict[str, Any] = {
    "missing": gettext_lazy("Wajib diisi."),
    "greater_than_equal": gettext_lazy("Paling kecil %(ge)s."),
    "less_than_equal": gettext_lazy("Paling besar %(le)s."),
    "int_parsing": gettext_lazy("Bukan bilangan bulat."),
    "int_from_float": gettext_lazy("Bukan bilangan bulat."),
    "int_parsing_size": gettext_lazy("Bilangan terlalu besar."),
    "string_pattern_mismatch": gettext_lazy("Bentuknya tidak dikenal."),
    "string_too_long": gettext_lazy("Lebih panjang dari %(max_length)s karakter."),
    "literal_error": gettext_lazy("Bukan salah satu pilihan: %(expected)s."),
}
DATE = gettext_lazy("Tulis tanggal seperti 2026-11-23.")
FAULTS |= dict.fromkeys(
    ("date_from_datetime_parsing", "date_from_datetime_inexact", "date_parsing", "value_error"), DATE
)
UNREADABLE = gettext_lazy("Tidak dapat dibaca.")


class ApiProblem(Exception):
    """Ends a request. `faults`: by parameter, what is wrong with it."""

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
        said: dict[str, Any] = {"title": str(TITLES[self.status]), "status": self.status, "detail": self.detail}
        if self.faults:
            said["faults"] = [{"parameter": name, "detail": detail} for name, detail in self.faults.items()]
        body = json.dumps(said, ensure_ascii=False)
        return HttpResponse(body, status=self.status, content_type=MEDIA_TYPE, headers=dict(self.headers))


def not_found() -> ApiProblem:
    """The same for what is not there and for what is none of the client's business."""
    return ApiProblem(404, _("Tidak ada, atau di luar lingkup token ini."))


def unreadable_parameter(parameter: str, detail: str) -> ApiProblem:
    return ApiProblem(422, _("Ada parameter yang tidak dapat dibaca."), {parameter: detail})


def from_validation_error(error: ValidationError) -> ApiProblem:
    faults: dict[str, str] = {}
    for one in error.errors:  # of a parameter that may be left out two: it is not as it should be, and is not None
        name = next(str(part) for part in one["loc"][1:] if part != QUERY)
        faults.setdefault(name, _fault(one))
    return ApiProblem(422, _("Ada parameter yang tidak dapat dibaca."), faults)


def _fault(error: Mapping[str, Any]) -> str:
    words = str(FAULTS.get(error["type"], UNREADABLE))
    context = {name: str(value).replace("'", "").replace(" or ", ", ") for name, value in error.get("ctx", {}).items()}
    return words % context
