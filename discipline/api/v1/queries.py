"""The typed query parameters of each operation."""

from typing import Literal

from django.utils.translation import gettext_noop as _
from ninja import Schema
from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from discipline.api.v1 import value_types

MOST = 200
Nothing = SkipJsonSchema[None]  # a parameter that was left out; a query string has no null


class Paging(Schema):
    """The position and length of a page."""

    cursor: str = Field("", max_length=300, description=_("Isi next dari halaman sebelumnya."))
    batas: int = Field(100, ge=1, le=MOST, description=_("Paling banyak sekian baris."))


class OfOffices(Paging):
    """A list of offices, of all or one kecamatan."""

    kecamatan: value_types.KecamatanCode | Nothing = Field(
        None, description=_("Kode kecamatan."), examples=["16.71.01"]
    )


class OfCounters(OfOffices):
    """A list by counters, also of one kelurahan."""

    kelurahan: value_types.KelurahanCode | Nothing = Field(
        None, description=_("Kode kelurahan."), examples=["16.71.01.1001"]
    )


class OfStandings(OfCounters):
    """A list of standings, of all or one state."""

    keadaan: value_types.STATE | Nothing = Field(None, description=_("Hanya keadaan ini."))


class OfDays(OfCounters):
    """A list within a range of local days, both included."""

    dari: value_types.Day | Nothing = Field(None, description=_("Dari tanggal ini (WIB)."))
    sampai: value_types.Day | Nothing = Field(None, description=_("Sampai dengan tanggal ini (WIB)."))


class OfIndications(OfDays):
    """A list of indications, by kind, decision and whether they are still open."""

    jenis: value_types.KIND | Nothing = Field(None, description=_("Hanya jenis ini."))
    keputusan: value_types.OUTCOME_OR_NONE | Nothing = Field(
        None, description=_("Hanya yang diputuskan begini; none: belum diputuskan.")
    )
    berlangsung: Literal["ya", "tidak"] | Nothing = Field(
        None, description=_("Hanya yang masih, atau tidak lagi berlangsung.")
    )
