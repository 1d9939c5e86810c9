"""Names as people type them: "35 ilir", "tiga puluh lima Ilir" and "Tiga-puluh-lima Ilir" are one. Pure.

static/js/core/search.js does the same in the browser; tests/offices/places/test_search.py holds both to one table.
"""

import re
import unicodedata

ONES = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan")
ROMAN = {"i": "satu", "ii": "dua", "iii": "tiga", "iv": "empat"}
ALIASES = {"sei": "sungai", "kel": "", "kelurahan": "", "kec": "", "kecamatan": ""}
PARTS = re.compile(r"\d+|[a-z]+")


def number_word(number: int) -> str:
    """0 to 99 as one word without spaces: 35 → "tigapuluhlima". ValueError beyond."""
    if not 0 <= number <= 99:
        raise ValueError(f"{number} is not the number of a kelurahan")
    tens, ones = divmod(number, 10)
    if number < 10:
        return ONES[ones]
    if number in (10, 11):
        return "sepuluh" if number == 10 else "sebelas"
    if tens == 1:
        return f"{ONES[ones]}belas"
    return f"{ONES[tens]}puluh{ONES[ones] if ones else ''}"


def normalise(text: str) -> str:
    """Lower case, no accents or punctuation, numbers (digits, words, Roman) as one Indonesian word each."""
    plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    words: list[str] = []
    for part in PARTS.findall(plain):
        word = ROMAN.get(part) or ALIASES.get(part, part)
        if part.isdigit():
            word = number_word(int(part)) if len(part) <= 2 else part
        if not word:
            continue
        previous = words[-1] if words else ""
        joins = (word in ("puluh", "belas") and previous in ONES) or (
            word in ONES and previous.endswith("puluh") and previous != "sepuluh"
        )
        if joins:
            words[-1] += word
        else:
            words.append(word)
    return " ".join(words)


def search_text(*names: str) -> str:
    """What is searched in: each name once, normalised."""
    return "|".join(dict.fromkeys(filter(None, map(normalise, names))))


def matches(query: str, text: str) -> bool:
    """Whether a normalised query begins at some word of `text` (from search_text), spaces left out; or else
    whether it has each of its words; the last may be a beginning, unless it is a number: 2 is not 26."""
    wanted = query.split()
    if not wanted:
        return True
    starts = []
    for name in text.split("|"):
        words = name.split()
        starts += ["".join(words[n:]) for n in range(len(words))]
    whole = "".join(wanted)
    if any(start.startswith(whole) for start in starts):
        return True
    words = text.replace("|", " ").split()
    *before, last = wanted
    ends = last in words if last in ONES else any(word.startswith(last) for word in words)
    return ends and all(word in words for word in before)
