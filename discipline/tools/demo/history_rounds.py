"""Write the history's spot checks: on Wednesdays the mayor checks offices and marks what their flips show."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from random import Random
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser

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
OFFICES_A_ROUND = 6
MARKS = {
    StandingState.STAFFED.value: SpotMark.ORDERLY,
    StandingState.CLOSED.value: SpotMark.CLOSED,
    StandingState.UNKNOWN.value: SpotMark.CAMERA,
}
ANSWERS = {
    SpotMark.CAMERA: ("Sambungan kamera diperbaiki.", "Kamera dinyalakan ulang."),
    SpotMark.EMPTY: ("Loket sudah terisi kembali, pengganti diatur.", "Saat itu ada rapat, loket dijaga bergantian."),
}


def write_spot_checks(task: HistoryTask, mayor: AbstractBaseUser, operator: AbstractBaseUser) -> int:
    """Write the spot checks of the task's days and return how many; the days' flips must exist already.

    Deletes the notices that the findings queue.
    """
    offices = list(Kelurahan.objects.filter(counters__active=True, cameras__enabled=True).distinct())
    schedule, checks = Schedule(), 0
    counters = {office.pk: office.counters.filter(active=True).earliest("pk").pk for office in offices}
    for day in task.days:
        serving = [office for office in offices if schedule.day(counters[office.pk], day).intervals]
        if day.weekday() != WEDNESDAY or not serving:
            continue
        dice = Random(f"{task.seed}:round:{day}")  # noqa: S311 no secret
        at = datetime.combine(day, time(9, 15), tzinfo=ZONE) + timedelta(seconds=dice.randrange(3000))
        check = _add_check(mayor, dice.sample(serving, min(OFFICES_A_ROUND, len(serving))), counters, at, dice)
        for finding in Finding.objects.filter(stop__check_of=check).select_related("stop__kelurahan__kecamatan"):
            _answer_finding(task, finding, mayor, operator, dice)
        checks += 1
    Delivery.objects.filter(created_at__lt=task.until).delete()
    return checks


def _add_check(
    mayor: AbstractBaseUser, offices: Sequence[Kelurahan], counters: dict[int, int], at: datetime, dice: Random
) -> SpotCheck:
    """Write one check of these offices that starts at `at`. `counters`: office pk → pk of the counter to judge."""
    check = spotchecks.start_with(mayor, SpotCheck.How.LIST, offices, "", at)
    for place, office in enumerate(offices, start=1):
        at += timedelta(seconds=dice.randint(25, 120))
        flip = Flip.objects.filter(counter=counters[office.pk], at__lte=at).order_by("-at", "-pk").first()
        mark = MARKS.get(flip.new, SpotMark.EMPTY) if flip else SpotMark.CAMERA
        _add_entry(check, SpotEntry.Kind.MARK, at, dice, place=place, mark=mark)
    _add_entry(check, SpotEntry.Kind.FINISH, at + timedelta(seconds=20), dice)
    return check


def _add_entry(
    check: SpotCheck, kind: str, at: datetime, dice: Random, place: int | None = None, mark: str = ""
) -> None:
    uuid = UUID(int=dice.getrandbits(128), version=4)
    spotchecks.accept_entry(check, spotchecks.PhoneEntry(uuid, kind, at, place, mark), at)


def _answer_finding(
    task: HistoryTask, finding: Finding, mayor: AbstractBaseUser, operator: AbstractBaseUser, dice: Random
) -> None:
    """Let the operator or the lurah answer and the mayor accept, as far as that falls before `task.until`."""
    mark = SpotMark(finding.stop.mark)
    if mark not in ANSWERS or not task.speaker:
        return
    answered = next_working_moment(finding.opened_at + timedelta(hours=dice.uniform(1, 40)), dice)
    by = operator.pk if mark == SpotMark.CAMERA else task.speaker(Membership.Role.LURAH, finding.stop.office)
    role = Membership.Role.OPERATOR if mark == SpotMark.CAMERA else Membership.Role.LURAH
    accepted = next_working_moment(answered + timedelta(hours=dice.uniform(2, 60)), dice)
    acts = [
        FindingWord(at=answered, by_id=by, role=role, what=FindingAct.ANSWERED.value, text=dice.choice(ANSWERS[mark])),
        FindingWord(at=accepted, by_id=mayor.pk, role=Membership.Role.MAYOR, what=FindingAct.ACCEPTED.value),
    ]
    for act in acts:
        if act.at < task.until:
            act.finding = finding
            act.save()
            finding.status = FindingStatus(act.what).value
    finding.save(update_fields=["status"])
