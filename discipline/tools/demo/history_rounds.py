"""Spot checks of the made-up history: on Wednesdays the mayor looks at offices and marks what their flips tell."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from discipline.notices.models import Delivery
from discipline.spotchecks import conduct as spotchecks
from discipline.spotchecks.findings.rule import FindingAct, FindingStatus
from discipline.spotchecks.models import Finding, FindingWord, SpotCheck, SpotEntry, SpotMark
from discipline.staffing.models import Flip, StandingState
from discipline.tools.demo.history_words import next_working_moment
from discipline.tools.demo.write_history import HistoryTask
from offices.access.models import Membership
from offices.hours.schedule import ZONE, Schedule
from offices.places.models import Kelurahan

WEDNESDAY = 2
OFFICES_A_ROUND = 6  # offices
MARKS = {
    StandingState.STAFFED.value: SpotMark.ORDERLY,
    StandingState.CLOSED.value: SpotMark.CLOSED,
    StandingState.UNKNOWN.value: SpotMark.CAMERA,
}
ANSWERS = {
    SpotMark.CAMERA: ("Sambungan kamera diperbaiki.", "Kamera dinyalakan ulang."),
    SpotMark.EMPTY: ("Loket sudah terisi kembali, pengganti diatur.", "Saat itu ada rapat, loket dijaga bergantian."),
}


def write_spot_checks(task: HistoryTask, mayor: Any, operator: Any) -> int:
    """After the flips of these days; nobody is told of the findings. Returns how many checks there were."""
    offices = list(Kelurahan.objects.filter(counters__active=True, cameras__enabled=True).distinct())
    known, checks = Schedule(), 0
    counters = {office.pk: office.counters.filter(active=True).earliest("pk").pk for office in offices}
    for day in task.days:
        serving = [office for office in offices if known.day(counters[office.pk], day).intervals]
        if day.weekday() != WEDNESDAY or not serving:
            continue
        dice = Random(f"{task.seed}:round:{day}")  # noqa: S311 dice of a story
        at = datetime.combine(day, time(9, 15), tzinfo=ZONE) + timedelta(seconds=dice.randrange(3000))
        check = _add_check(mayor, dice.sample(serving, min(OFFICES_A_ROUND, len(serving))), counters, at, dice)
        for finding in Finding.objects.filter(stop__check_of=check).select_related("stop__kelurahan__kecamatan"):
            _answer_finding(task, finding, mayor, operator, dice)
        checks += 1
    Delivery.objects.filter(created_at__lt=task.until).delete()
    return checks


def _add_check(
    mayor: Any, offices: Sequence[Kelurahan], counters: dict[int, int], at: datetime, dice: Random
) -> SpotCheck:
    check = spotchecks.start_with(mayor, SpotCheck.How.LIST, offices, "", at)
    for place, office in enumerate(offices, start=1):
        at += timedelta(seconds=dice.randint(25, 120))
        flip = Flip.objects.filter(counter=counters[office.pk], at__lte=at).order_by("-at", "-pk").first()
        mark = MARKS.get(flip.new, SpotMark.EMPTY) if flip else SpotMark.CAMERA
        _add_entry(check, SpotEntry.Kind.MARK, at, dice, place=place, mark=mark)
    _add_entry(check, SpotEntry.Kind.FINISH, at + timedelta(seconds=20), dice)
    return check


def _add_entry(check: SpotCheck, kind: str, at: datetime, dice: Random, **more: Any) -> None:
    uuid = UUID(int=dice.getrandbits(128), version=4)
    spotchecks.accept_entry(check, spotchecks.PhoneEntry(uuid, kind, at, **more), at)


def _answer_finding(task: HistoryTask, finding: Finding, mayor: Any, operator: Any, dice: Random) -> None:
    """The side that is asked answers, and the mayor accepts, as far as time sufficed."""
    mark = SpotMark(finding.stop.mark)
    if mark not in ANSWERS or not task.speaker:
        return
    answered = next_working_moment(finding.opened_at + timedelta(hours=dice.uniform(1, 40)), dice)
    by = operator.pk if mark == SpotMark.CAMERA else task.speaker(Membership.Role.LURAH, finding.stop.kelurahan)
    as_whom = Membership.Role.OPERATOR if mark == SpotMark.CAMERA else Membership.Role.LURAH
    accepted = next_working_moment(answered + timedelta(hours=dice.uniform(2, 60)), dice)
    words = [
        FindingWord(
            at=answered, by_id=by, role=as_whom, what=FindingAct.ANSWERED.value, text=dice.choice(ANSWERS[mark])
        ),
        FindingWord(at=accepted, by_id=mayor.pk, role=Membership.Role.MAYOR, what=FindingAct.ACCEPTED.value),
    ]
    for word in words:
        if word.at < task.until:
            word.finding = finding
            word.save()
            finding.status = FindingStatus(word.what).value
    finding.save(update_fields=["status"])
