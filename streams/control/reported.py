"""Values as cameras report them, made safe to keep, show and use. Pure."""

from urllib.parse import unquote, urlsplit, urlunsplit

from offices.city.visible_rule import visible
from streams.control.device import DeviceError

LONGEST_TEXT = 80
LONGEST_URL = 300  # of Camera.url
LONGEST_PATH = 200
MOST = 1_000_000


def short_text(text: object) -> str:
    """Return a text without invisible characters, cut where it is too long."""
    return visible(str(text or ""))[:LONGEST_TEXT]


def exact_token(text: object) -> str:
    """Return a token as the camera wrote it. Raises DeviceError when it is longer than any camera's."""
    token = str(text or "")
    if len(token) > LONGEST_TEXT:
        raise DeviceError("odd_answer")
    return token


def positive_number(value: object) -> int | None:
    """Return a positive whole number of a sensible size, or None."""
    try:
        number = int(float(str(value)))
    except (ValueError, OverflowError):
        return None
    return number if 0 < number < MOST else None


def codec_name(name: object) -> str:
    """Return h264 or h265, or another codec's name in lower case."""
    plain = short_text(name).lower().replace(".", "")
    return {"avc": "h264", "hevc": "h265", "jpeg": "mjpeg", "mpv4-es": "mpeg4"}.get(plain, plain)


def service_path(address: str) -> str:
    """Return the path of a service's address with its query; "" when it has no usable one. The host is dropped."""
    try:
        parts = urlsplit(visible(address))
    except ValueError:
        return ""
    path = urlunsplit(("", "", parts.path, parts.query, ""))
    usable = path.startswith("/") and not path.startswith("//") and len(path) <= LONGEST_PATH and path.isascii()
    return path if usable and not any(one.isspace() for one in path) else ""


def stream_address(reported: str, host: str, password: str) -> str:
    """Return an RTSP address on `host` and without a login; "" when it is unusable or shows the password."""
    try:
        parts = urlsplit(visible(reported))
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in ("rtsp", "rtsps") or (password and password in unquote(reported)):
        return ""
    host = f"[{host}]" if ":" in host else host
    url = urlunsplit((parts.scheme, f"{host}:{port}" if port else host, parts.path or "/", parts.query, ""))
    return "" if len(url) > LONGEST_URL or any(one.isspace() for one in url) else url


def http_ports(addresses: list[str]) -> set[int]:
    """Return the ports of the first HTTP addresses; their hosts are dropped."""
    ports = set()
    for address in addresses[:4]:
        try:
            parts = urlsplit(address)
            if parts.scheme == "http":
                ports.add(parts.port or 80)
        except ValueError:
            continue
    return ports
