"""Whether this database holds a made-up history, and how pages and files say so."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from discipline.core.models import DemoHistory


def current_history() -> DemoHistory | None:
    """The history that was made up for the demo and not forgotten since."""
    return DemoHistory.objects.filter(forgotten_at=None).first()


def demo_notice() -> str:
    """What every page, sheet, paper, mail and answer carries while there is one; else empty."""
    return _("Data contoh, bukan keadaan sebenarnya") if current_history() else ""


def is_made_up(at: datetime) -> bool:
    """Whether what is said of that moment is made up."""
    history = current_history()
    return history is not None and at < history.until


def for_templates(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `demo_history`, one query when a page asks for it."""
    return {"demo_history": SimpleLazyObject(current_history)}
