"""Lines of a dialogue as rows: reading a history, and adding to it what the dialogue's rules allow.

Rows are of a model with at, by, role, what, text, attachment and undoes, such as Decision and FindingWord. `lines` is
the related manager of the indication or finding that the dialogue is about.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Manager, Model

from discipline.core.dialogue import Act, Dialogue, Entry, Standpoint, Statement

Line = TypeVar("Line", bound=Model)


def read(lines: Manager[Line]) -> list[Line]:
    """Return the rows in order, with the related rows that pages show."""
    return list(lines.select_related("by", "attachment", "undone_by").order_by("pk"))


def entries(act: type[Act], rows: Iterable[Any]) -> list[Entry[Act]]:
    """Return rows as entries of a history whose acts are members of `act`."""
    return [Entry(row.pk, row.at, act(row.what), row.undoes_id) for row in rows]


def append(
    dialogue: Dialogue[Act],
    lines: Manager[Line],
    user_id: int | None,
    standpoint: Standpoint,
    statement: Statement[Act],
    now: datetime,
    **columns: Any,
) -> tuple[Line, list[Entry[Act]]]:
    """Add a line with these additional columns; return its row and the history including it. Raises NotAllowed.

    The caller must hold a lock on the row that the lines belong to.
    """
    history = entries(type(statement.act), lines.order_by("pk"))
    dialogue.check(history, statement.act, standpoint.side, now, statement.last_seen, statement.text)
    undone = dialogue.undoable(history, now) if statement.act is dialogue.undo else None
    undoes = undone.id if undone else None
    row = lines.create(
        at=now,
        by_id=user_id,
        role=standpoint.role,
        what=statement.act.value,
        text=statement.text.strip(),
        attachment=statement.attachment,
        undoes_id=undoes,
        **columns,
    )
    return row, [*history, Entry(row.pk, now, statement.act, undoes)]
