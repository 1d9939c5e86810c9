"""Write the copy of what is stored about an account: a ZIP with an index page, JSON files and attachments."""

import json
import secrets
import shutil
from dataclasses import dataclass
from datetime import datetime
from typing import IO
from zipfile import ZIP_STORED, ZipFile

from django.contrib.auth.models import User
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from discipline.core import attachments
from discipline.core.models import Attachment
from discipline.disclosure.account_rows import ACCOUNT_KEY, AccountRows
from discipline.disclosure.account_table import ACCOUNT_ROWS
from discipline.disclosure.zip_files import write_zip, zip_entry
from offices.access.file_log import log_file
from offices.access.gate import User as AnyUser
from offices.access.models import FileAccess
from streams.servers.locks import Lock, try_lock

INDEX = "indeks.html"
FOLDER = "lampiran"


class AnotherCopyUnderWay(Exception):
    """Another copy is being written; only one is at a time, as an account may have very many rows."""


@dataclass(frozen=True, slots=True)
class WrittenRows:
    """One file of the copy: its name, what it holds, and of how many rows."""

    name: str
    title: str | Promise
    rows: int


def write_account_copy(user: User, by: AnyUser, now: datetime, reason: str = "") -> IO[bytes]:
    """Return the ZIP, an unnamed temporary file at its beginning, and log that it was made.

    Its words are in the active language. `reason` is why `by` makes the copy for somebody else. Raises
    AnotherCopyUnderWay, or OSError when the disk is full.
    """
    with try_lock(Lock.COPY_ACCOUNT) as free:
        if not free:
            raise AnotherCopyUnderWay
        _log_copy(user, by, reason)
        return write_zip(lambda archive: _fill(archive, user, by, now, reason))


def _log_copy(user: User, by: AnyUser, reason: str) -> None:
    """Log each copy by itself: the key differs, so that a second one within the hour is not taken for the first."""
    name = _("Salinan data akun %(name)s") % {"name": user.get_username()}
    key = ACCOUNT_KEY.format(user.pk) + secrets.token_hex(4)
    log_file(by, FileAccess.Kind.COPY, key, f"{name}: {reason}" if reason else name)


def _fill(archive: ZipFile, user: User, by: AnyUser, now: datetime, reason: str) -> None:
    files = [_write_rows(archive, part, user, now) for part in ACCOUNT_ROWS]
    missing = _write_attachments(archive, user, now)
    context = {"subject": user, "files": files, "missing": missing, "made_at": now, "reason": reason}
    context["by"] = None if by.pk == user.pk else by
    archive.writestr(zip_entry(INDEX, now), render_to_string("disclosure/account_index.html", context))


def _write_rows(archive: ZipFile, part: AccountRows, user: User, now: datetime) -> WrittenRows:
    name, number = f"{part.name}.json", 0
    with archive.open(zip_entry(name, now), "w", force_zip64=True) as file:
        for number, row in enumerate(part.rows(user), start=1):
            file.write(b"[\n" if number == 1 else b",\n")
            file.write(json.dumps(row, ensure_ascii=False, default=str).encode())
        file.write(b"\n]\n" if number else b"[]\n")
    return WrittenRows(name, part.title, number)


def _write_attachments(archive: ZipFile, user: User, now: datetime) -> list[str]:
    """Add the files that the user attached; return the names of those that are missing on the disk."""
    missing: list[str] = []
    own = Attachment.objects.filter(Q(by=user) | Q(decision__by=user) | Q(finding_word__by=user))
    for row in own.order_by("pk").distinct():
        entry = zip_entry(f"{FOLDER}/{row.pk}-{row.name}", now, ZIP_STORED)  # PDF and pictures are packed already
        try:
            source = attachments.path_of(row).open("rb")
        except OSError:
            missing.append(row.name)
            continue
        with source, archive.open(entry, "w", force_zip64=True) as file:
            shutil.copyfileobj(source, file)
    return missing
