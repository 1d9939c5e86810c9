"""Take the signed heads elsewhere: to a file that only grows, and if configured to a mailbox and a webhook.

The file lies in HEADS_DIR of each machine with a worker; what was missed is added with the next head. A mail or a post
that fails is tried again with the next head, too.
"""

import fcntl
import json
import logging
import os
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage

from discipline.notices import safe_http
from discipline.notices.senders import Permanent, Retry, message_id, raise_for_response, submit_mail
from discipline.ops.append_only.models import SignedHead

FILE = "heads.jsonl"
AT_ONCE = 1000  # heads in a mail or a post
TAIL_BYTES = 1 << 16  # longer than a line

log = logging.getLogger(__name__)


def copy_heads(now: datetime) -> None:
    """Take all heads that were not taken yet to each destination. What fails is logged."""
    try:
        _append_to_file(own_file())
    except OSError as error:
        log.error("heads were not copied to %s: %s", own_file(), error)
    if settings.HEADS_MAIL:
        _send("mailed_at", _mail, now)
    if settings.HEADS_URL:
        _send("posted_at", _post, now)


def own_file() -> Path:
    """Return the path of this machine's copy."""
    return Path(settings.HEADS_DIR) / FILE


def _append_to_file(path: Path) -> None:
    """Add the heads that the file lacks, unless its last one is not ours: then it must stay as it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(max(0, file.seek(0, os.SEEK_END) - TAIL_BYTES))
        *ended, torn = file.read().split(b"\n")
        known = _last_sequence(ended)
        if known and not SignedHead.objects.filter(sequence=known[0], line=known[1]).exists():
            log.error(
                "%s ends with head %d, which the database does not have. Run manage.py verify_evidence; after a "
                "restore, move the file away.",
                path,
                known[0],
            )
            return
        new = SignedHead.objects.filter(sequence__gt=known[0] if known else 0).values_list("line", flat=True)
        lines = "".join(f"{line}\n" for line in new).encode()
        if lines:
            file.write((b"\n" if torn else b"") + lines)
            file.flush()
            os.fsync(file.fileno())


def _last_sequence(lines: list[bytes]) -> tuple[int, str] | None:
    """Return the sequence and the line of the last head; a power cut may have left a torn line after it."""
    for line in reversed(lines):
        try:
            return int(json.loads(line)["sequence"]), line.decode()
        except (ValueError, TypeError, KeyError):
            continue
    return None


def _send(field: str, send: Callable[[list[SignedHead]], None], now: datetime) -> None:
    heads = list(SignedHead.objects.filter(**{field: None})[:AT_ONCE])
    if not heads:
        return
    try:
        send(heads)
    except (Retry, Permanent) as error:
        log.error("heads %s to %s were not sent: %s", heads[0].sequence, heads[-1].sequence, error)
        return
    SignedHead.objects.filter(pk__in=[head.pk for head in heads]).update(**{field: now})


def _mail(heads: list[SignedHead]) -> None:
    name = _name(heads)
    text = "Signed heads of Sidak's append-only tables. Keep them: manage.py verify_evidence --heads FILE compares.\n"
    headers = {"Message-ID": message_id(name, settings.HEADS_MAIL)}
    mail = EmailMessage(f"Sidak: {name}", text, settings.DEFAULT_FROM_EMAIL, [settings.HEADS_MAIL], headers=headers)
    mail.attach(f"{name}.jsonl", _lines(heads), "application/jsonl")
    submit_mail(mail)


def _post(heads: list[SignedHead]) -> None:
    headers = {"Content-Type": "application/jsonl", "Idempotency-Key": _name(heads)}
    try:
        answer = safe_http.post(settings.HEADS_URL, _lines(heads), headers, private=settings.HEADS_PRIVATE_HOSTS)
    except (safe_http.AddressRefused, OSError) as error:
        raise Retry(str(error) or repr(error)) from error
    raise_for_response(answer)


def _name(heads: list[SignedHead]) -> str:
    return f"heads-{heads[0].sequence}-to-{heads[-1].sequence}"


def _lines(heads: Iterable[SignedHead]) -> bytes:
    return "".join(f"{head.line}\n" for head in heads).encode()
