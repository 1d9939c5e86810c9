"""A hash chain: each row carries the hash of the previous one, so that changes show. Pure."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

FIRST = ""  # `previous` of the first row


class ChainBreak(StrEnum):
    """What is wrong with a row of a chain."""

    CHANGED = "changed"  # the row's own hash does not match its contents
    REMOVED = "removed"  # one or more rows before this one are missing
    INSERTED = "inserted"  # the row does not continue the one before it


@dataclass(frozen=True, slots=True)
class Link:
    """One row: its number from 1, its contents, the previous row's hash, its own hash."""

    number: int
    body: Mapping[str, Any]
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class ChainFault:
    """A break found at row `number`."""

    number: int
    what: ChainBreak


def hash_of(number: int, body: Mapping[str, Any], previous: str) -> str:
    """Return the SHA-256, in hex, of a row as canonical JSON.

    `body` may hold text, finite numbers, lists and mappings only. Raises ValueError for NaN and infinity.
    """
    text = json.dumps(
        {"number": number, "previous": previous, "body": body},
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
        allow_nan=False,
    )
    return hashlib.sha256(text.encode()).hexdigest()


def chain_faults(links: Iterable[Link]) -> Iterator[ChainFault]:
    """Yield the faults of a chain given in order of its numbers.

    Someone who removes or inserts a row may renumber the later ones; their hashes then match their old numbers.
    """
    number, before, shift = 0, FIRST, 0
    for link in links:
        moved = next((s for s in (shift, shift + 1, shift - 1) if _fits(link, link.number - s)), None)
        if moved is None:
            yield ChainFault(link.number, ChainBreak.CHANGED)
        elif moved > shift:
            yield ChainFault(number, ChainBreak.INSERTED)
        elif moved < shift or link.number > number + 1:
            yield ChainFault(link.number, ChainBreak.REMOVED)
        elif link.previous != before:
            yield ChainFault(link.number, ChainBreak.INSERTED)
        number, before, shift = link.number, link.hash, shift if moved is None else moved


def _fits(link: Link, number: int) -> bool:
    return link.hash == hash_of(number, link.body, link.previous)
