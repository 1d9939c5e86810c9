"""Search names as people type them: "35 ilir", "tiga puluh lima Ilir" and "Tiga-puluh-lima Ilir" are equal. Pure.

static/js/core/search.js does the same in the browser; tests/offices/places/test_search.py checks both against one
table.
"""

import re
import unicodedata

ONES = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan")
ROMAN = {"i": "satu", "ii": "dua", "iii": "tiga", "iv": "empat"}
ALIASES = {"sei": "sungai", "kel": "", "kelurahan": "", "kec": "", "kecamatan": ""}
PARTS = re.compile(r"\d+|[a-z]+")


def number_word(number: int) -> str:
    """Return a number from 0 to 99 as one Indonesian word without spaces: 35 → "tigapuluhlima".

    Raises ValueError for other numbers.
    """
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
    """Return the text in lower case, without accents and punctuation, each number as one Indonesian word.

    Numbers may be digits, words or Roman.
    """
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
    """Return the text for `matches` to search: the names normalised, each once, separated by "|"."""
    return "|".join(dict.fromkeys(filter(None, map(normalise, names))))


def matches(query: str, text: str) -> bool:
    """Return whether a normalised query matches `text` (from search_text).

    It matches when, without spaces, it is a prefix of a name from some word on; or when each of its words is in the
    text. The last word may then be a prefix, unless it is a number: 2 does not match 26.
    """
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
