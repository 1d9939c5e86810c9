"""Messages about tasks: to the agency when it is asked, and about deadlines to all levels up to the mayor."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from discipline.core.wording import deadline as deadline_words
from discipline.incidents.tasks.deadline_rule import Deadline, NoticeLevel, TaskNotice
from discipline.incidents.tasks.models import Task, TaskStep
from discipline.incidents.tasks.state_rule import TaskState
from discipline.notices import outbox
from discipline.notices import rule as notice_rule
from offices.access.models import Membership
from offices.places.models import Kelurahan

TOPIC = notice_rule.Topic.TASK
A_ROUND = 200
STALE = timedelta(hours=12)  # a notice that could not be queued for so long is left out


def notify_asked(task: Task, now: datetime) -> int:
    """Queue messages to the agency that it has a task, in the caller's transaction. Return how many."""
    return _queue(task, f"task:{task.pk}:asked", "", now, users=agency_people(task))


def notify_step(step: TaskStep, *, sent_back: bool) -> int:
    """Queue messages about a step, in its transaction: one declined to who asked, one sent back or cancelled to the
    agency. Return how many.
    """
    task, state = step.task, TaskState(step.state)
    key = f"taskstep:{step.pk}"
    if state is TaskState.DECLINED:
        return _queue(task, key, "declined", step.at, users=[task.asked_by_id])
    if state is TaskState.CANCELLED or sent_back:
        what = "cancelled" if state is TaskState.CANCELLED else "sent_back"
        return _queue(task, key, what, step.at, users=agency_people(task))
    return 0


def notify_deadlines(now: datetime) -> int:
    """Queue the notices of deadlines that are due; return how many tasks they are about.

    A notice is queued at most once, whoever runs this at the same time.
    """
    done = 0
    while done < A_ROUND:
        with transaction.atomic():
            due = Task.objects.select_for_update(of=("self",), skip_locked=True).filter(notice_due_at__lte=now)
            task = due.select_related("incident", "agency", "kelurahan").order_by("notice_due_at").first()
            if task is None:
                break
            coming = task.plan_notice()
            if coming is not None:
                if coming.at > now - STALE:
                    _notify_deadline(task, coming, now)
                task.notified, task.notified_level = coming.deadline.value, coming.level.value
                task.plan_notice()
            task.save(update_fields=["notified", "notified_level", "notice_due_at"])
        done += 1
    return done


def agency_people(task: Task) -> list[int]:
    """Return the ids of the users who may act on the task."""
    own = {"agency": task.agency_id} if task.agency_id else {"kelurahan": task.kelurahan_id}
    return list(Membership.objects.filter(**own).values_list("user", flat=True).distinct())


def _notify_deadline(task: Task, coming: TaskNotice, now: datetime) -> None:
    key = f"task:{task.pk}:{task.clock_at:%d%H%M}:{coming.deadline}:{coming.level}"
    what = "soon" if coming.level is NoticeLevel.SOON else "late"
    roles = {
        NoticeLevel.SOON: (),
        NoticeLevel.LATE: (notice_rule.OPERATOR,),
        NoticeLevel.LONG_LATE: (notice_rule.MAYOR,),
    }
    if coming.level is not NoticeLevel.LONG_LATE:
        _queue(task, key, what, now, users=agency_people(task), deadline=coming.deadline)
    if roles[coming.level]:
        _queue(task, key, what, now, roles=roles[coming.level], deadline=coming.deadline)
    if coming.level is NoticeLevel.LATE and task.kelurahan:  # to its camat, too
        above = (notice_rule.CAMAT,)
        _queue(task, key, what, now, roles=above, deadline=coming.deadline, office=task.kelurahan)


def _queue(
    task: Task,
    key: str,
    what: str,
    now: datetime,
    *,
    users: Collection[int] | None = None,
    roles: Collection[str] | None = None,
    deadline: Deadline | None = None,
    office: Kelurahan | None = None,
) -> int:
    def words() -> outbox.NoticeText:
        incident = task.incident
        at = task.deadlines[deadline or Deadline.ACKNOWLEDGE]
        body = f"{incident.number} {incident.title}. {task.who}: {_body(what, deadline, at)}"
        return outbox.NoticeText(_title(what), body, reverse("task", args=[task.pk]))

    return outbox.queue_message(key, TOPIC, words, office, now, users=users, roles=roles)


def _title(what: str) -> str:
    return {
        "": _("Tugas baru"),
        "declined": _("Tugas ditolak"),
        "cancelled": _("Tugas dibatalkan"),
        "sent_back": _("Tugas dikembalikan"),
        "soon": _("Tugas segera jatuh tempo"),
        "late": _("Tugas terlambat"),
    }[what]


def _body(what: str, deadline: Deadline | None, at: datetime) -> str:
    if what == "":
        return _("terima paling lambat %(at)s.") % {"at": deadline_words(at)}
    if deadline is None:
        return _("lihat alasannya di halaman tugas.")
    wanted = {
        Deadline.ACKNOWLEDGE: _("diterima paling lambat %(at)s."),
        Deadline.ARRIVE: _("di lokasi paling lambat %(at)s."),
        Deadline.FINISH: _("selesai paling lambat %(at)s."),
    }
    return wanted[deadline] % {"at": deadline_words(at)}
