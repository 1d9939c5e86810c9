"""The access logs as CSV for other programs: UTF-8, commas, ISO 8601 in WIB, nothing that a spreadsheet would run.

The names of the columns are the same in every language.
"""

import csv
from collections.abc import Callable, Sequence
from datetime import datetime
from io import StringIO
from typing import Any, NamedTuple

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from offices.access.file_log import log_file
from offices.access.gate import User
from offices.access.models import FileAccess
from offices.hours.schedule import ZONE

# A spreadsheet runs text that begins with one of these.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BOM = "\ufeff"  # byte order mark, without which Excel misreads UTF-8
MOST_ROWS = 50_000  # a file of some 10 MB, written in a few seconds


class LogColumn(NamedTuple):
    """A column: its name in the file, and its value for a row."""

    key: str
    value: Callable[[Any], object]


def csv_text(value: object) -> str:
    """Return the text of a cell; numbers may begin with a minus."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.astimezone(ZONE).isoformat(timespec="seconds")
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(FORMULA) else text


def is_asked(request: HttpRequest) -> bool:
    """Return whether the request asks for the file (?bentuk=csv) instead of the page."""
    return request.GET.get("bentuk") == "csv"


def answer(
    request: HttpRequest, user: User, name: str, title: str, rows: QuerySet[Model], columns: Sequence[LogColumn]
) -> HttpResponse:
    """Send the rows as a file and log that the user took it; 422 when there are more than MOST_ROWS.

    `name` is the file's, without its day and extension; `title` what the log of files calls it.
    """
    found = list(rows[: MOST_ROWS + 1])
    if len(found) > MOST_ROWS:
        return render(request, "access/too_many_rows.html", {"most": MOST_ROWS, "title": title}, status=422)
    now = timezone.now()
    text = StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([column.key for column in columns])
    writer.writerows([csv_text(column.value(row)) for column in columns] for row in found)
    log_file(user, FileAccess.Kind.LOG, name, title)
    return csv_file(text.getvalue(), f"{name}-{now.astimezone(ZONE):%Y%m%d}.csv")


def csv_file(text: str, name: str) -> HttpResponse:
    """Return the answer that sends `text` as a CSV file of this name, which no cache stores."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)
