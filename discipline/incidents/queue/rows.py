"""The rows of the queue as HTML. All who may see the same items see the same rows, which are rendered once for them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from channels.db import database_sync_to_async
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override

from discipline.incidents.calls.taking import calls_today
from discipline.incidents.queue import gathering
from discipline.incidents.queue.items_rule import AIM_AN_HOUR, BOUND_FROM, MOST_AN_HOUR, ItemKind, load_of
from discipline.incidents.queue.spotlight.screens import screens_for
from discipline.incidents.shifts.duty import duty_now
from offices.access.gate import Scope

TEMPLATE = "incidents/_queue_rows.html"
HOUR = timedelta(hours=1)
KEPT_S = 60.0  # rows that nobody asked for are dropped after so long


@dataclass(frozen=True, slots=True)
class Variant:
    """Who sees the rows, of which ItemKind ("" for all), and in which language."""

    scope: Scope
    chosen: str
    language: str


def context_of(scope: Scope, chosen: str, now: datetime) -> dict[str, Any]:
    """Return what the template of the rows needs."""
    items = gathering.gather(now, scope)
    late = [item for item in items if item.waits_too_long(now)]
    duty = duty_now(now)
    load = load_of(gathering.begun_since(now - HOUR, items), len(duty.members))
    return {
        "lines": [(item, item in late) for item in items if chosen in ("", item.kind.value)],
        "late": len(late),
        "chosen": chosen,
        "kinds": [(kind, sum(item.kind is kind for item in items)) for kind in ItemKind],
        "number": len(items),
        "load": load,
        "heavy": load > MOST_AN_HOUR,
        "bounds": {"aim": AIM_AN_HOUR, "most": MOST_AN_HOUR, "source": BOUND_FROM},
        "duty": duty,
        "calls": calls_today(now),
        "screens": screens_for(scope, now),
        "operates": scope.operates,
        "now": now,
    }


class SharedRows:
    """Renders rows for the open queues of this process."""

    def __init__(self) -> None:
        self._rendered: dict[Variant, tuple[float, str]] = {}  # when, by time.monotonic(), and the HTML

    async def html(self, variant: Variant) -> str:
        """Return rows that were read after this call."""
        found: str = await database_sync_to_async(self._answer)(variant, monotonic())
        return found

    # database_sync_to_async runs these one after another in one thread, so a later call finds what an earlier one read.

    def _answer(self, variant: Variant, asked_at: float) -> str:
        began = monotonic()
        known = self._rendered.get(variant)
        if known and known[0] >= asked_at:
            return known[1]
        with override(variant.language):
            html = render_to_string(TEMPLATE, context_of(variant.scope, variant.chosen, timezone.now()))
        self._rendered = {one: kept for one, kept in self._rendered.items() if began - kept[0] < KEPT_S}
        self._rendered[variant] = began, html
        return html
