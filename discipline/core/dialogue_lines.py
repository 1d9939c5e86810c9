"""Lines of a dialogue as rows: reading a history, and adding to it what the dialogue's rules allow.

The rows are of a model with at, by, role, what, text, attachment and undoes, such as Decision and FindingWord. `lines`
is the related manager of what is talked about.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from discipline.core.dialogue import Act, Dialogue, Entry, Standpoint, Statement


def read(lines: Any) -> list[Any]:
    """Return the rows in order, with what the pages show of them."""
    return list(lines.select_related("by", "attachment", "undone_by").order_by("pk"))


def entries(act: type[Act], rows: Iterable[Any]) -> list[Entry[Act]]:
    return [Entry(row.pk, row.at, act(row.what), row.undoes_id) for row in rows]


def append(
    dialogue: Dialogue[Act],
    lines: Any,
    user_id: int | None,
    standpoint: Standpoint,
    statement: Statement[Act],
    now: datetime,
    **columns: Any,
) -> tuple[Any, list[Entry[Act]]]:
    """Add a line with these further columns; return its row and the history with it. Raises NotAllowed.

    The caller must hold the lock of the row that the lines belong to.
    """
    history = entries(type(statement.act), lines.order_by("pk"))
    dialogue.check(history, statement.act, standpoint.side, now, statement.last_seen, statement.text)
    undone = dialogue.undoable(history, now) if statement.act is dialogue.undo else None
    row = lines.create(
        at=now,
        by_id=user_id,
        role=standpoint.role,
        what=statement.act.value,
        text=statement.text.strip(),
        attachment=statement.attachment,
        undoes_id=undone.id if undone else None,
        **columns,
    )
    return row, [*history, Entry(row.pk, now, statement.act, row.undoes_id)]
