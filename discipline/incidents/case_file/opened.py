"""Which cases a user has opened in this session, with a reason: each for half an hour."""

import time

from django.http import HttpRequest

from discipline.incidents.case_file.models import CaseFile

OPEN_S = 1800
KEY = "case_files_opened"


def mark_opened(request: HttpRequest, case: CaseFile) -> None:
    """Let the session in. Call it when the opening is logged."""
    still = {key: at for key, at in _opened(request).items() if _lasts(at)}
    request.session[KEY] = still | {str(case.pk): int(time.time())}


def is_opened(request: HttpRequest, case: CaseFile) -> bool:
    """Return whether the session may see the case now."""
    return _lasts(_opened(request).get(str(case.pk), 0))


def _opened(request: HttpRequest) -> dict[str, int]:
    found: dict[str, int] = request.session.get(KEY, {})
    return found


def _lasts(at: int) -> bool:
    return time.time() - at < OPEN_S
