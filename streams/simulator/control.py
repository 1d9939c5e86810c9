"""Send commands to a running simulator over a Unix socket: one JSON object per line, each answered by one."""

import asyncio
import contextlib
import json
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

LINE_BYTES = 4096


class ControlError(Exception):
    """The simulator refused the command or can't be reached."""


def command(socket_path: Path | str, order: dict[str, Any], timeout_s: float = 5.0) -> dict[str, Any]:
    """Send a command such as {"camera": 5, "scene": "empty"} or {"camera": 5, "fault": "stall"}.

    Streets also have a light: {"camera": 112, "scene": "flood-high", "light": "night"}. A value of None returns control
    to the script. Returns the current {"camera", "scene", "fault", "viewers"} and, of streets, "light".
    Raises ControlError with the reason.
    """
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as link:
            link.settimeout(timeout_s)
            link.connect(str(socket_path))
            link.sendall(json.dumps(order).encode() + b"\n")
            with link.makefile("rb") as lines:
                answer: dict[str, Any] = json.loads(lines.readline(LINE_BYTES) or b"{}")
    except (OSError, ValueError) as error:
        raise ControlError(f"no answer from the simulator at {socket_path}: {error}") from error
    if "error" in answer or not answer:
        raise ControlError(answer.get("error", "the simulator closed the connection"))
    return answer


async def serve_control(path: Path, obey: Callable[[dict[str, Any]], dict[str, Any]]) -> asyncio.Server:
    """Listen at `path`, accessible to this user only. A socket left behind by a dead simulator is replaced.

    `obey` runs a command and returns the answer, or raises ControlError. Raises OSError when another simulator listens.
    """

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, ValueError):
            while line := await reader.readline():
                writer.write(json.dumps(_answer(line, obey)).encode() + b"\n")
                await writer.drain()
        writer.close()

    _prepare(path)
    server = await asyncio.start_unix_server(talk, path, limit=LINE_BYTES)
    os.chmod(path, 0o600)
    return server


def _prepare(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_socket():
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            if probe.connect_ex(str(path)) == 0:
                raise OSError(f"another simulator listens at {path}")
        path.unlink()


def _answer(line: bytes, obey: Callable[[dict[str, Any]], dict[str, Any]]) -> dict[str, Any]:
    try:
        order = json.loads(line)
        if not isinstance(order, dict):
            raise ControlError("an order is a JSON object")
        return obey(order)
    except (ControlError, ValueError, TypeError) as error:
        return {"error": str(error)}
