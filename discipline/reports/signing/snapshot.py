"""The document of a kecamatan's month that is signed: canonical JSON and its SHA-256. Pure.

A document is what freezing.snapshot_contents returns, with its `number` (1: the signed one, 2 and on: amendments) and
`amends`, the SHA-256 of the document before, which makes them a chain. `sha256sum` of a downloaded document gives its
hash. Nothing in it depends on the reader's language, and it names no person.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypedDict

FORMAT = "sidak.month.1"
SIGNED = 1


class AreaLabel(TypedDict):
    """A kecamatan's Kemendagri code and name."""

    code: str
    name: str


class CounterLabel(TypedDict):
    """A counter's name and the code of its kelurahan."""

    name: str
    office: str


class BandLabel(TypedDict):
    """A band's name and the regulation it comes from."""

    name: str
    reference: str


class MonthNames(TypedDict):
    """The names that the facts' keys had at the time."""

    offices: dict[str, str]
    counters: dict[str, CounterLabel]
    bands: dict[str, BandLabel]


class IndicationFacts(TypedDict):
    """One indication; `counter` is a key like "loket-5", moments are ISO 8601 in UTC, "" stands for none yet."""

    counter: str
    kind: str
    since: str
    ended: str
    outcome: str
    reason: str


class MonthFacts(TypedDict):
    """What amendments compare. Numbers by name and in seconds, as in figures.Sums.

    Offices are keyed by code, counters by a key like "loket-5", bands by one like "late 31-60", days by counter and
    date, indications by id.
    """

    coverage_floor: int
    total: dict[str, int]
    offices: dict[str, dict[str, int]]
    counters: dict[str, dict[str, int]]
    bands: dict[str, int]
    days: dict[str, dict[str, dict[str, int]]]
    indications: dict[str, IndicationFacts]


class MonthContents(TypedDict):
    """A document without its number and its link to the one before.

    `month` is a Period's key, `evidence_head` the hash over all offices at the end of the month. `made_up`: a demo's.
    """

    month: str
    kecamatan: AreaLabel
    made_up: bool
    evidence_head: str
    names: MonthNames
    facts: MonthFacts


class MonthDocument(MonthContents):
    """A document of a month as JSON gives it; `format` is FORMAT."""

    format: str
    number: int
    amends: str


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document's stored bytes, with the hash that was stored beside them."""

    number: int
    body: bytes
    sha256: str


def build_document(contents: Mapping[str, object], number: int = SIGNED, amends: str = "") -> bytes:
    """Return the document of a MonthContents as JSON in UTF-8: sorted keys, no spaces, no NaN or infinity."""
    whole = {**contents, "format": FORMAT, "number": number, "amends": amends}
    return json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def read_document(body: bytes | memoryview) -> MonthDocument:
    """Parse the bytes of a document that build_document made."""
    document: MonthDocument = json.loads(bytes(body))
    return document


def sha256(body: bytes) -> str:
    """Return the SHA-256 of a document in hexadecimal."""
    return hashlib.sha256(body).hexdigest()


def broken_documents(chain: Iterable[StoredDocument]) -> list[int]:
    """Return the numbers of documents that were changed or don't continue the chain.

    `chain` is ordered by number, from SIGNED on.
    """
    broken, expected, before = [], SIGNED, ""
    for stored in chain:
        if sha256(stored.body) != stored.sha256 or not _continues(stored, expected, before):
            broken.append(stored.number)
        expected, before = stored.number + 1, stored.sha256
    return broken


def _continues(stored: StoredDocument, expected: int, before: str) -> bool:
    document = read_document(stored.body)  # parses: its hash was checked, so build_document made it
    return stored.number == expected == document["number"] and document["amends"] == before
