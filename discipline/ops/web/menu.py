"""The numbers in the menu: what waits for this user."""

from functools import cache
from typing import Any

from django.http import HttpRequest

from discipline.alerts.inbox import queries as inbox
from discipline.plans.closures import lifecycle
from discipline.spotchecks.findings import answers
from offices.access.gate import Scope, scope_of


def for_templates(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `waiting`, `findings_waiting` and `closures_waiting`, how many indications, findings of spot
    checks and requests for closures wait for this user. Queried only where they are shown."""

    @cache
    def scope() -> Scope:
        return scope_of(request.user)

    def waiting() -> int:
        return inbox.waiting_for(scope())

    @cache  # the menu and the page show it
    def findings_waiting() -> int:
        return answers.waiting_for(request.user).count()

    @cache
    def closures_waiting() -> int:
        return lifecycle.waiting_for(scope()).count() if scope().kecamatan else 0

    return {"waiting": waiting, "findings_waiting": findings_waiting, "closures_waiting": closures_waiting}
