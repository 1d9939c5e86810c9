"""Count what waits for the user, for the menu."""

from collections.abc import Callable
from functools import cache
from typing import TypedDict

from django.http import HttpRequest
from django.utils import timezone

from discipline.alerts.inbox import queries as inbox
from discipline.incidents.finding import tasks_to_do
from discipline.plans.closures import lifecycle
from discipline.spotchecks.findings import answers
from offices.access.gate import Scope, scope_of


class MenuCounts(TypedDict):
    """Functions that count indications, findings, closure requests and tasks that wait for the user."""

    waiting: Callable[[], int]
    findings_waiting: Callable[[], int]
    closures_waiting: Callable[[], int]
    tasks_waiting: Callable[[], int]


def for_templates(request: HttpRequest) -> MenuCounts:
    """Add the menu's counts to every template context; they are queried only where a template shows them."""

    @cache
    def scope() -> Scope:
        return scope_of(request.user)

    def waiting() -> int:
        return inbox.waiting_for(scope(), timezone.now())

    @cache  # both the menu and the page show it
    def findings_waiting() -> int:
        return answers.waiting_for(request.user).count()

    @cache
    def closures_waiting() -> int:
        return lifecycle.waiting_for(scope()).count() if scope().kecamatan or scope().mayor else 0

    @cache
    def tasks_waiting() -> int:
        return tasks_to_do(scope()).count()

    return {
        "waiting": waiting,
        "findings_waiting": findings_waiting,
        "closures_waiting": closures_waiting,
        "tasks_waiting": tasks_waiting,
    }
