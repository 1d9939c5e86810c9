"""Name a browser and its system by the User-Agent header. Pure."""

import re
from collections.abc import Mapping

# The first match wins: Edge and Opera also call themselves Chrome, and Chrome calls itself Safari.
BROWSERS = {
    "Edg": "Edge",
    "EdgA": "Edge",
    "OPR": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "CrOS": "ChromeOS",
    "Mac OS X": "Mac",
    "Linux": "Linux",
}


def browser_name(user_agent: str) -> str:
    """Return browser and system in Indonesian, for instance "Chrome di Android"; "Peramban" when both are unknown."""

    def first(names: Mapping[str, str]) -> str:
        return next((name for sign, name in names.items() if re.search(rf"\b{sign}\b", user_agent)), "")

    return " di ".join(filter(None, [first(BROWSERS), first(SYSTEMS)])) or "Peramban"
