"""Every Indonesian text on screens has an English translation with the same placeholders."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation import gettext, override
from django.utils.translation.template import templatize

from tests.support.paths import ROOT

CALLS = dict.fromkeys(("_", "_lazy", "gettext", "gettext_lazy")) | {
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
# Words that gave way to others, so that one word stands for one thing. Sidak is the product; what it does is inspeksi.
RETIRED = re.compile(
    r"[Bb]erpetugas|\b[Tt]enggang\b|[Tt]idak diketahui|\bteramati\b|[Bb]atas toleransi|dalam toleransi"
    r"|\b[Dd]inding\b|\b[Pp]apan\b(?! (CCTV|ketik|tombol))|\bsidak\b|\b[Dd]isidak\b"
    r"|\b[Rr]etensi|\bditahan\b|\b[Pp]enahanan|Tahan bukti|[Kk]epala rantai|\b[Pp]ita\b|Kalah:|Lewat mana|Dirangkum"
    r"|^(Aturannya|Jamnya|Yang terlihat|Dari waktu ke waktu|Konfirmasi|Terlewat|Sambung ulang|Dipegang oleh)$"
    r"|Tetapkan lain|[Tt]enggat (penjelasan )?terlewati|Tidak dijelaskan sampai"
)
RETIRED_ENGLISH = re.compile(
    r"\b[Aa]bsences?\b|\b[Ee]mptiness\b|\brated\b|with permission|[Rr]oll call|[Uu]nobserved|Observed share"
    r"|^(Look live|Going on and to come|Which ways|Decide otherwise|Over)$|Arrange the wall|[Hh]ead of the evidence"
)
BLANK = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


def english() -> Catalog:
    with (ROOT / "locale/en/LC_MESSAGES/django.po").open("rb") as file:
        return read_po(file, locale="en")


def messages() -> Iterator[tuple[str, str]]:
    """Yield each msgid with its file."""
    return ((message, place) for message, _context, place in in_contexts())


def in_contexts() -> Iterator[tuple[str, str | None, str]]:
    """Yield each msgid with its context and its file."""
    for app in ("offices", "streams", "discipline"):
        for path in (ROOT / app).rglob("*.py"):
            yield from messages_of(path, path.read_text())
    for path in (one for ending in ("html", "txt") for one in (ROOT / "templates").rglob(f"*.{ending}")):
        code = templatize(path.read_text(), origin=str(path))
        yield from messages_of(path, re.sub(r"^[ \t]+", "", code, flags=re.MULTILINE))  # no indentation for Python


def messages_of(path: Path, source: str) -> Iterator[tuple[str, str | None, str]]:
    for _line, message, _comments, context in extract("python", io.BytesIO(source.encode()), keywords=CALLS):  # type: ignore[arg-type]
        yield message if isinstance(message, str) else message[0], context, path.relative_to(ROOT).as_posix()


def test_nothing_is_left_untranslated() -> None:
    translated = (m for m in english() if m.string and all(m.string))
    known = {(m.id if isinstance(m.id, str) else m.id[0], m.context) for m in translated}
    missing = {one[:2]: one[2] for one in in_contexts() if one[:2] not in known}
    assert missing == {}


def test_the_english_keeps_the_blanks_of_the_indonesian() -> None:
    for message in english():
        if not message.id:
            continue
        indonesian = [message.id] if isinstance(message.id, str) else list(message.id)
        texts = [message.string] if isinstance(message.string, str) else list(message.string or ())
        for text in texts:
            assert set(BLANK.findall(text)) <= set(BLANK.findall(indonesian[-1])), message.id
            if text is texts[-1]:
                assert set(BLANK.findall(text)) == set(BLANK.findall(indonesian[-1])), message.id


def test_nothing_is_translated_that_nobody_says() -> None:
    spoken = {message for message, _ in messages()}
    ids = (m.id if isinstance(m.id, str) else m.id[0] for m in english() if m.id)
    assert [one for one in ids if one not in spoken] == []


def test_no_retired_word_comes_back() -> None:
    mails = [(path.read_text(), path.name) for path in (ROOT / "templates").rglob("*.txt")]
    assert [(text, place) for text, place in [*messages(), *mails] if RETIRED.search(text)] == []
    spoken = (text for m in english() for text in ([m.string] if isinstance(m.string, str) else m.string or ()))
    assert [text for text in spoken if RETIRED_ENGLISH.search(text)] == []


def test_no_package_puts_its_own_words_in_place_of_ours() -> None:
    with override("id"):
        replaced = {message: gettext(message) for message, _ in messages() if gettext(message) != message}
    assert replaced == {}, "locale/id keeps them"
