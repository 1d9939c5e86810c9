"""What may be asked of each operation: the parameters of its query, typed."""

from typing import Literal

from django.utils.translation import gettext_noop as _
from ninja import Schema
from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from discipline.api.v1 import schemas

MOST = 200
Nothing = SkipJsonSchema[None]  # left out; a query has no null


class Paging(Schema):
    cursor: str = Field("", max_length=300, description=_("Isi next dari halaman sebelumnya."))
    batas: int = Field(100, ge=1, le=MOST, description=_("Paling banyak sekian baris."))


class OfOffices(Paging):
    kecamatan: schemas.KecamatanCode | Nothing = Field(None, description=_("Kode kecamatan."), examples=["16.71.01"])


class OfCounters(OfOffices):
    kelurahan: schemas.KelurahanCode | Nothing = Field(
        None, description=_("Kode kelurahan."), examples=["16.71.01.1001"]
    )


class OfStandings(OfCounters):
    keadaan: schemas.STATE | Nothing = Field(None, description=_("Hanya keadaan ini."))


class OfDays(OfCounters):
    dari: schemas.Day | Nothing = Field(None, description=_("Dari tanggal ini (WIB)."))
    sampai: schemas.Day | Nothing = Field(None, description=_("Sampai dengan tanggal ini (WIB)."))


class OfIndications(OfDays):
    jenis: schemas.KIND | Nothing = Field(None, description=_("Hanya jenis ini."))
    keputusan: schemas.OUTCOME_OR_NONE | Nothing = Field(
        None, description=_("Hanya yang diputuskan begini; none: belum diputuskan.")
    )
    berlangsung: Literal["ya", "tidak"] | Nothing = Field(
        None, description=_("Hanya yang masih, atau tidak lagi berlangsung.")
    )
