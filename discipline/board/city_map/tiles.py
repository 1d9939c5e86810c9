"""The settings of map tiles: pictures of streets from a server that the city chose, or none."""

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

PLACES = ("{z}", "{x}", "{y}")
SUBDOMAIN = "{s}"


def tile_settings(url: str, attribution: str) -> dict[str, str]:
    """Return the settings MAP_TILES_URL, MAP_TILES_ATTRIBUTION and MAP_TILES_ORIGIN, all "" without an address.

    The origin is what a page's policy allows pictures from. Raises ImproperlyConfigured.
    """
    origin = _origin(url) if url else ""
    if url and not attribution:
        raise ImproperlyConfigured("MAP_TILES_URL needs MAP_TILES_ATTRIBUTION, the words that its maker asks for")
    return {
        "MAP_TILES_URL": url,
        "MAP_TILES_ATTRIBUTION": attribution if url else "",
        "MAP_TILES_ORIGIN": origin,
    }


def _origin(url: str) -> str:
    wrong = ImproperlyConfigured(
        f"MAP_TILES_URL must be like https://tiles.example/{{z}}/{{x}}/{{y}}.png, with a path of these three: {url}"
    )
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise wrong from error
    # Only what is safe in a policy: no blanks, commas or semicolons.
    bare = host.removeprefix(f"{SUBDOMAIN}.")
    plain = bare.replace("-", "").replace(".", "").isalnum() and bare.isascii()
    if parts.scheme not in ("https", "http") or not plain or not all(place in parts.path for place in PLACES):
        raise wrong
    return f"{parts.scheme}://{'*.' if bare != host else ''}{bare}{f':{port}' if port else ''}"
