"""Text as people see it. Pure."""

import unicodedata

INVISIBLE = ("Cf", "Cc")  # Unicode categories: zero-width and directional marks, controls


def visible(text: str) -> str:
    """Return the text without invisible characters, which documents and chats add, and without spaces around it."""
    return "".join(one for one in text if unicodedata.category(one) not in INVISIBLE).strip()
