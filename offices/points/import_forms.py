"""Check a file of street points with the forms of the pages, and list what it would change."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from offices.city.sheet_forms import SheetForm
from offices.city.sheets import SURPLUS, SheetCells
from offices.places.models import Place
from offices.points import sheet
from offices.points.changes import PointDetails, details_of, save_point
from offices.points.forms import BasisForm, KnownPlaces, PointForm, initial_of
from offices.points.models import PointBasis

COLUMN_OF = {name: column for column, name in (sheet.DETAILS | sheet.BASIS).items()}


@dataclass(frozen=True, slots=True)
class CellChange:
    """What one cell of the file changes."""

    column: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class PlannedPoint:
    """What one row of the file does: adds a point (`place` is None), or changes one. `basis` is a new row, unsaved."""

    line: int
    place: Place | None
    details: PointDetails
    changes: list[CellChange]
    basis: PointBasis | None = None


@dataclass(slots=True)
class PointPlan:
    """The result of checking a file. Nothing is written while `bad`, rows with their problems, is not empty."""

    added: list[PlannedPoint] = field(default_factory=list)
    changed: list[PlannedPoint] = field(default_factory=list)
    same: int = 0
    bad: list[tuple[SheetCells, list[str]]] = field(default_factory=list)

    @property
    def does_something(self) -> bool:
        """Whether it can be written, and writes anything."""
        return not self.bad and bool(self.added or self.changed)


class PointFileForm(SheetForm):
    """The upload of a CSV file of points."""

    kind = sheet.POINTS


def check_rows(rows: list[SheetCells], stored: Mapping[str, Place]) -> PointPlan:
    """Check every row against the `stored` points by code, and the other rows. Writes nothing."""
    plan, known, lines = PointPlan(), KnownPlaces.load(), dict[str, int]()
    for row in rows:
        code = row.text("kode").removeprefix("'").upper()
        place = stored.get(code)
        form = PointForm(sheet.form_values(row, initial_of(place) if place else {}), known=known, place=place)
        problems = _problems(form)
        if row.surplus:
            problems.append(str(SURPLUS))
        if form.data.get("has_sign") == "?":
            problems.append(_("rambu: tulis ya atau tidak."))
        if code in lines:
            problems.append(_("kode: sudah dipakai di baris %(line)d.") % {"line": lines[code]})
        lines.setdefault(code, row.line)
        basis, wrong = _new_basis(row, place, known)
        if problems + wrong or form.details is None:
            plan.bad.append((row, problems + wrong))
        else:
            _sort_in(plan, PlannedPoint(row.line, place, form.details, _changes(place, form.details), basis))
    return plan


@transaction.atomic
def write_plan(plan: PointPlan) -> int:
    """Write what the plan adds and changes, all or none, and return the number of points.

    Raises IntegrityError when another operator has meanwhile added one of them.
    """
    for one in (*plan.added, *plan.changed):
        place = save_point(one.place, one.details)
        if one.basis:
            one.basis.point_id = place.pk
            one.basis.save()
    return len(plan.added) + len(plan.changed)


def _sort_in(plan: PointPlan, one: PlannedPoint) -> None:
    if one.place is None:
        plan.added.append(one)
    elif one.changes or one.basis:
        plan.changed.append(one)
    else:
        plan.same += 1


def _changes(place: Place | None, details: PointDetails) -> list[CellChange]:
    """Return what the row changes of the stored point; a point without details gets all of them."""
    stored = details_of(place) if place else None
    old = sheet.details_cells(stored) if stored else {}
    new = sheet.details_cells(details)
    return [CellChange(name, old.get(name, ""), new[name]) for name in new if new[name] != old.get(name, "")]


def _new_basis(row: SheetCells, place: Place | None, known: KnownPlaces) -> tuple[PointBasis | None, list[str]]:
    """Return the row that the file adds to the legal basis, None without one, and its problems."""
    values: dict[str, Any] = sheet.basis_values(row)
    if not values:
        return None, []
    code = (values["controller"] or row.text("instansi")).lower()
    controller = known.agencies.get(code)
    if controller is None:
        return None, [_("pengendali: instansi %(code)s belum terdaftar.") % {"code": code}]
    values["controller"] = controller.pk
    form = BasisForm(values, place=place or Place())
    same = PointBasis.objects.filter(point=place.pk if place else None, controller=controller)
    if place and same.filter(basis=values["basis"], contact=values["contact"], since=_day(form)).exists():
        return None, []
    problems = _problems(form)
    return (None, problems) if problems else (form.save(commit=False), [])


def _day(form: BasisForm) -> Any:
    """Return the day that the form names; None when it can't be read."""
    try:
        return form.fields["since"].clean(form.data["since"])
    except ValidationError:
        return None


def _problems(form: forms.Form | BasisForm) -> list[str]:
    """Return the errors of a form, each with the name of its column."""
    return [
        f"{COLUMN_OF[name]}: {error}" if name in COLUMN_OF else str(error)
        for name, errors in form.errors.items()
        for error in errors
    ]
