"""python -m streams.simulator: the demo cameras as a process of their own. Needs no Django."""

import argparse
import asyncio
import signal
import sys
from pathlib import Path

from .footage import ensure
from .scripts import SCRIPTS
from .simulator import Simulator


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m streams.simulator", description="Simulated RTSP cameras.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8554)
    parser.add_argument("--cameras", type=int, default=107)
    parser.add_argument("--footage", type=Path, default=Path("var/footage"), help="folder, rendered into once")
    parser.add_argument("--script", choices=sorted(SCRIPTS), default="demo")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--control", type=Path, help="Unix socket for commands, e.g. var/run/simulator.sock")
    parser.add_argument("--user", default="")
    parser.add_argument("--password", default="")
    parser.add_argument("--render-only", action="store_true", help="make the footage and leave")
    return parser.parse_args()


async def _serve(arguments: argparse.Namespace) -> None:
    simulator = Simulator(
        cameras=arguments.cameras,
        footage=arguments.footage,
        host=arguments.host,
        port=arguments.port,
        script=arguments.script,
        seed=arguments.seed,
        user=arguments.user,
        password=arguments.password,
        control=arguments.control,
    )
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    address = f"rtsp://{arguments.host}:{{}}/cam001"
    await simulator.serve(
        stop,
        lambda: _say(f"simulator ready: {arguments.cameras} cameras, {address.format(simulator.port)} …"),
    )


def main() -> int:
    arguments = _arguments()
    try:
        ensure(arguments.footage, tell=_say)
        if not arguments.render_only:
            asyncio.run(_serve(arguments))
    except OSError as error:
        sys.stderr.write(f"simulator: {error}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
