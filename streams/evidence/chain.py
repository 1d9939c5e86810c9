"""Rows that each carry the hash of the one before: what was changed, taken out or put in shows. Pure."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

FIRST = ""  # what the first row of a chain has for `previous`


class ChainBreak(StrEnum):
    """What is wrong at a place of a chain."""

    CHANGED = "changed"  # the row's own hash does not fit its contents
    REMOVED = "removed"  # one or more rows before this one are gone
    INSERTED = "inserted"  # the row does not hang on the one before it


@dataclass(frozen=True, slots=True)
class Link:
    """One row: its place (from 1), its contents, the hash of the row before, its own hash."""

    number: int
    body: Mapping[str, Any]
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class ChainFault:
    number: int
    what: ChainBreak


def hash_of(number: int, body: Mapping[str, Any], previous: str) -> str:
    """SHA-256, in hex, over canonical JSON. `body` holds text, numbers, lists and mappings only."""
    text = json.dumps(
        {"number": number, "previous": previous, "body": body},
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
        allow_nan=False,
    )
    return hashlib.sha256(text.encode()).hexdigest()


def chain_faults(links: Iterable[Link]) -> Iterator[ChainFault]:
    """Where a chain, in the order of its numbers, does not hold.

    Whoever takes a row out or puts one in may number the later ones anew: they then fit under their old number.
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
