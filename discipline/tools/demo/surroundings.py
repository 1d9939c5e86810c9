"""What the launcher finds on this machine: free ports, a Valkey of your own, the health of the site that it started."""

import json
import socket
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urlsplit

import redis

from discipline.ops.health import health_token
from discipline.ops.local.supervisor import LaunchError


def site_health(port: int) -> dict[str, Any] | None:
    """Return the JSON of /healthz, or the status code when it failed; None while nothing answers."""
    try:
        token = {"Authorization": f"Bearer {health_token()}"}
        request = urllib.request.Request(f"http://127.0.0.1:{port}/healthz", headers=token)
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 on this machine
            report: dict[str, Any] = json.load(answer)
            return report
    except urllib.error.HTTPError as error:
        with error:
            return {"status": error.code}
    except (OSError, ValueError):
        return None


def require_free(port: int) -> None:
    """Raise LaunchError when this port of 127.0.0.1 is taken."""
    with socket.socket() as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind(("127.0.0.1", port))
        except OSError as error:
            raise LaunchError(f"Port {port} can't be used ({error.strerror}). Try: PORT={port + 10} make run") from None


def free_port(wanted: int) -> int:
    """Return the wanted port, or any free one when it is taken. Raises LaunchError."""
    for port in (wanted, 0):
        with socket.socket() as attempt:
            attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                attempt.bind(("127.0.0.1", port))
                return int(attempt.getsockname()[1])
            except OSError:
                continue
    raise LaunchError("No free port for the simulated cameras.")


def free_ports(wanted: int, count: int) -> list[int]:
    """Return as many different free ports, from the wanted one on where they are free. Raises LaunchError."""
    ports: list[int] = []
    while len(ports) < count:
        port = free_port(wanted + len(ports))
        if port not in ports:
            ports.append(port)
    return ports


def require_answer(url: str) -> None:
    """Raise LaunchError when no Valkey answers at the address."""
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=5, socket_timeout=5) as client:
            client.ping()
    except redis.RedisError as error:
        raise LaunchError(f"Valkey at {without_password(url)} (REDIS_URL) does not answer: {error}") from error


def without_password(url: str) -> str:
    """Return a Redis address for display: host, port and path, or the socket's path."""
    parts = urlsplit(url)
    return parts.path if parts.scheme == "unix" else f"{parts.hostname}:{parts.port or 6379}{parts.path}"
