"""Run the demo cameras as a separate process: python -m streams.simulator. Needs no Django."""

import argparse
import asyncio
import signal
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from streams.looks.labels import LabelError
from streams.simulator.footage import ensure_footage
from streams.simulator.onvif import OnvifFace, OnvifStream
from streams.simulator.street.footage import ensure_street_footage
from streams.simulator.street.turning import read_ports, turning_head

from .clips import FPS, GOP_S
from .labelled import ensure_labelled_footage
from .layouts import HEIGHT, WIDTH, layout_of
from .scripts import OFFICE_CAMERAS, SCRIPTS
from .simulator import Simulator


def _print_line(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in text.split(","))


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for name in text.split(",") if name)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m streams.simulator", description="Simulated RTSP cameras.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8554)
    parser.add_argument("--cameras", type=int, default=OFFICE_CAMERAS, help="in offices")
    parser.add_argument("--streets", type=_names, default=(), metavar="NAME,NAME", help="one more camera over each")
    parser.add_argument(
        "--turning",
        type=read_ports,
        default={},
        metavar="N:PORT,N:PORT",
        help="cameras over streets that turn, by ONVIF",
    )
    parser.add_argument("--footage", type=Path, default=Path("var/footage"), help="folder, rendered into once")
    parser.add_argument("--fps", type=int, default=FPS, help="pictures a second; another rate needs footage of its own")
    parser.add_argument("--labels", type=Path, help="labels of real clips beside it, which the cameras show")
    parser.add_argument("--h265", type=_numbers, default=(), metavar="N,N", help="cameras that speak H.265, e.g. 2,80")
    parser.add_argument("--script", choices=sorted(SCRIPTS), default="demo")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--control", type=Path, help="Unix socket for commands, e.g. var/run/simulator.sock")
    parser.add_argument("--user", default="")
    parser.add_argument("--password", default="")
    parser.add_argument("--render-only", action="store_true", help="make the footage and leave")
    return parser.parse_args()


def _footage_of(arguments: argparse.Namespace) -> dict[int, Path]:
    """Render the H.265 cameras' footage, half as long and only of their offices, and return its folder by camera."""
    numbers = [number for number in arguments.h265 if 1 <= number <= arguments.cameras]
    if not numbers:
        return {}
    folder = arguments.footage.with_name(f"{arguments.footage.name}-h265")
    layouts = sorted({layout_of(number).name for number in numbers})
    return dict.fromkeys(numbers, ensure_footage(folder, layouts, 0.5, _print_line, "h265", arguments.fps))


def _street_footage(arguments: argparse.Namespace) -> Path | None:
    """Render the streets, if cameras show any, and return their folder."""
    if not arguments.streets:
        return None
    folder = arguments.footage.with_name(f"{arguments.footage.name}-streets")
    return ensure_street_footage(folder, report_progress=_print_line)


async def _serve(arguments: argparse.Namespace, footage_of: Mapping[int, Path], street_footage: Path | None) -> None:
    heads = {number: turning_head() for number in arguments.turning}
    simulator = Simulator(
        cameras=arguments.cameras,
        footage=arguments.footage,
        footage_of=footage_of,
        streets=arguments.streets,
        street_footage=street_footage,
        turning=heads,
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
    with ExitStack() as faces:
        for number, head in heads.items():
            streams = {"main": OnvifStream(f"/cam{number:03d}", WIDTH, HEIGHT, arguments.fps, arguments.fps * GOP_S)}
            face = OnvifFace(rtsp_port=arguments.port, streams=streams, ptz=head, port=arguments.turning[number])
            faces.enter_context(face)
        await simulator.serve(
            stop,
            lambda: _print_line(
                f"simulator ready: {len(simulator.cameras)} cameras, {address.format(simulator.port)} …"
            ),
        )


def main() -> int:
    """Render the footage if needed, serve until a signal, and return the exit status."""
    arguments = _arguments()
    try:
        if arguments.labels:
            ensure_labelled_footage(arguments.labels, arguments.labels.parent, arguments.footage, arguments.fps)
        else:
            ensure_footage(arguments.footage, report_progress=_print_line, fps=arguments.fps)
        footage_of, street_footage = _footage_of(arguments), _street_footage(arguments)
        if not arguments.render_only:
            asyncio.run(_serve(arguments, footage_of, street_footage))
    except (OSError, LabelError) as error:
        sys.stderr.write(f"simulator: {error}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
