"""Pack a copy of stored pictures: those in which the applicant was marked, an index page, and who looked at them."""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any
from zipfile import ZIP_STORED, ZipFile

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from discipline.disclosure.footage import marks_rule, requests
from discipline.disclosure.footage.drawing import hide_others
from discipline.disclosure.footage.models import FootageCopy, FootagePicture
from discipline.disclosure.footage.trail import trail_of
from discipline.disclosure.zip_files import write_zip, zip_entry
from offices.access.file_log import log_file
from offices.access.gate import User
from offices.access.models import FileAccess
from streams.evidence import store
from streams.evidence.models import Evidence
from streams.evidence.redaction.still import UnreadableOriginal

INDEX, TRAIL, FOLDER = "indeks.html", "jejak.json", "gambar"


@dataclass(slots=True)
class CopyCounts:
    """What became of the pictures that were kept when the copy was requested, and what it never holds."""

    absent: int = 0
    unreadable: int = 0
    destroyed: int = 0
    clips: int = 0
    controls: int = 0


def write_footage_copy(copy: FootageCopy, user: User, now: datetime) -> IO[bytes]:
    """Return the ZIP, an unnamed temporary file at its beginning, and log that it was made.

    Its words are in the active language. Raises requests.NotReady, or OSError when the disk is full.
    """
    pictures = list(requests.pictures_of(copy))
    undecided = [one for one in pictures if not one.decided and not requests.is_unreadable(one)]
    if undecided or not any(one.chosen for one in pictures):
        raise requests.NotReady
    title = _("Salinan gambar %(counter)s, %(since)s WIB sampai %(until)s WIB") % {
        "counter": copy.counter,
        "since": _moment(copy.since),
        "until": _moment(copy.until),
    }
    key = f"footage:{copy.pk}:{secrets.token_hex(4)}"
    log_file(user, FileAccess.Kind.COPY, key, title, [copy.counter.kelurahan_id])
    return write_zip(lambda archive: _fill(archive, copy, pictures, title, now))


def _fill(archive: ZipFile, copy: FootageCopy, pictures: list[FootagePicture], title: str, now: datetime) -> None:
    counts = _never_copied(copy)
    counts.destroyed = copy.pictures.count() - len(pictures)
    names: list[tuple[str, Evidence]] = []
    for picture in pictures:
        if not picture.decided:
            counts.unreadable += 1
        elif not picture.chosen:
            counts.absent += 1
        elif jpeg := _hidden(picture):
            at = timezone.localtime(picture.original.at)
            name = f"{FOLDER}/{len(names) + 1:03}-{at:%Y-%m-%d-%H%M%S}.jpg"
            archive.writestr(zip_entry(name, now, ZIP_STORED), jpeg)
            names.append((name, picture.original))
        else:
            counts.unreadable += 1
    trail: dict[str, Any] = trail_of(copy, names)
    archive.writestr(zip_entry(TRAIL, now), json.dumps(trail, ensure_ascii=False, indent=1))
    context = {"title": title, "copy": copy, "names": names, "counts": counts, "made_at": now}
    archive.writestr(zip_entry(INDEX, now), render_to_string("disclosure/footage_index.html", context))


def _hidden(picture: FootagePicture) -> bytes | None:
    """Return the picture of the copy; None when the original can't be read any more."""
    try:
        return hide_others(store.read_verified(picture.original), marks_rule.load(picture.marks), picture.chosen)
    except (store.EvidenceAltered, store.EvidenceGone, UnreadableOriginal):
        return None


def _never_copied(copy: FootageCopy) -> CopyCounts:
    kept = requests.kept_originals(copy.counter, copy.since, copy.until)
    clips = kept.filter(kind__in=store.CLIPS).count()
    return CopyCounts(clips=clips, controls=kept.filter(kind=Evidence.Kind.CONTROLS).count())


def _moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "j M Y, H.i")
