"""A kecamatan's month as one document that can be signed: canonical JSON and its SHA-256. Pure.

A document is the mapping that freezing.snapshot_contents makes, with its `number` (1: what was signed, 2 and on:
amendments) and `amends`, the SHA-256 of the document before it: so they are a chain, and `sha256sum` of a downloaded
one is its hash. Nothing in it depends on the reader's language, and nobody's name is in it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

FORMAT = "sidak.month.1"
SIGNED = 1


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document as it was stored, with the hash that was stored beside it."""

    number: int
    body: bytes
    sha256: str


def build_document(contents: Mapping[str, Any], number: int = SIGNED, amends: str = "") -> bytes:
    """Sorted keys, no spaces, UTF-8, no floats that are none."""
    whole = {**contents, "format": FORMAT, "number": number, "amends": amends}
    return json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def read_document(body: bytes | memoryview) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(bytes(body))
    return found


def sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def broken_documents(chain: Iterable[StoredDocument]) -> list[int]:
    """The numbers of the documents that are not what was signed: changed, or not hanging on the one before. In the
    order of their numbers, from SIGNED."""
    found, expected, before = [], SIGNED, ""
    for kept in chain:
        if sha256(kept.body) != kept.sha256 or not _hangs(kept, expected, before):
            found.append(kept.number)
        expected, before = kept.number + 1, kept.sha256
    return found


def _hangs(kept: StoredDocument, expected: int, before: str) -> bool:
    said = read_document(kept.body)  # its hash was right, so it is what document() made
    return kept.number == expected == said["number"] and said["amends"] == before
