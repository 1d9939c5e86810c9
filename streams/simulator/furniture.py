"""The furniture of an office and the things on its walls, as boxes in metres."""

from dataclasses import dataclass

from .decor import Picture, binders, cabinet, clock, notice, portrait, red_and_white, sign_board, window
from .layouts import Colour, Layout


@dataclass(frozen=True, slots=True, eq=False)
class Cuboid:
    """A box between two corners. `glow`: how bright it shines by itself, 0 for not at all."""

    low: tuple[float, float, float]
    high: tuple[float, float, float]
    colour: Colour
    grain: str = ""  # "wood", "tile", "plaster"
    face: Picture | None = None  # shown on the side facing the camera
    glow: float = 0.0


def _shade(colour: Colour, by: float) -> Colour:
    blue, green, red = (min(255, int(by * c)) for c in colour)
    return blue, green, red


def furniture(layout: Layout) -> list[Cuboid]:
    """Return everything in the room, beginning with floor, ceiling and walls."""
    side, depth, top = layout.side, layout.depth, 2.9
    x0, x1, z0, z1 = layout.desk
    high, wood = layout.desk_height, layout.wood
    dark = _shade(wood, 0.72)
    boxes = [
        Cuboid((-side, -0.1, -1), (side, 0, depth), layout.floor, "tile"),
        Cuboid((-side, top, -1), (side, top + 0.1, depth), (225, 226, 226), "plaster"),
        Cuboid((-side, 0, depth), (side, top, depth + 0.1), layout.wall, "plaster"),
        Cuboid((-side - 0.1, 0, -1), (-side, top, depth), layout.wall, "plaster"),
        Cuboid((side, 0, -1), (side + 0.1, top, depth), layout.wall, "plaster"),
        Cuboid((-side, 0, depth - 0.015), (side, 0.95, depth), layout.dado, "plaster"),
        Cuboid((-side, 0.95, depth - 0.03), (side, 1.0, depth), dark, "wood"),
    ]
    # the counter: body, top, kick board, panels
    boxes += [
        Cuboid((x0, 0.08, z0 + 0.06), (x1, high - 0.04, z0 + 0.1), wood, "wood"),
        Cuboid((x0, 0.0, z0 + 0.1), (x0 + 0.05, high, z1), dark, "wood"),
        Cuboid((x1 - 0.05, 0.0, z0 + 0.1), (x1, high, z1), dark, "wood"),
        Cuboid(
            (x0 - 0.06, high - 0.04, z0),
            (x1 + 0.06, high, z1),
            _shade(wood, 1.12),
            "wood",
        ),
    ]
    panels = 3
    for n in range(panels):
        width = (x1 - x0) / panels
        left = x0 + n * width + 0.08
        boxes.append(Cuboid((left, 0.2, z0 + 0.045), (left + width - 0.16, high - 0.16, z0 + 0.06), dark, "wood"))
    # on the counter, clear of the clerk's place
    near, far = (x0, x1) if layout.clerk[0] > (x0 + x1) / 2 else (x1, x0)
    turn = 1 if far > near else -1
    computer = layout.clerk[0] + turn * 0.62
    boxes += [
        Cuboid((computer - 0.23, high + 0.1, z1 - 0.22), (computer + 0.23, high + 0.4, z1 - 0.18), (38, 38, 40)),
        Cuboid((computer - 0.04, high, z1 - 0.2), (computer + 0.04, high + 0.12, z1 - 0.16), (50, 50, 52)),
        Cuboid(
            (near + turn * 0.15 - 0.12, high, z0 + 0.15),
            (near + turn * 0.15 + 0.12, high + 0.05, z0 + 0.45),
            (235, 238, 240),
        ),
        Cuboid(
            (near + turn * 0.15 - 0.11, high + 0.05, z0 + 0.18),
            (near + turn * 0.15 + 0.1, high + 0.075, z0 + 0.43),
            (150, 190, 225),
        ),
        Cuboid(
            (layout.clerk[0] - turn * 0.45 - 0.03, high, z0 + 0.2),
            (layout.clerk[0] - turn * 0.45 + 0.03, high + 0.11, z0 + 0.26),
            (60, 60, 150),
        ),
    ]
    # the clerk's chair, visible over the counter when it is empty
    cx, cz = layout.clerk
    boxes += [
        Cuboid((cx - 0.21, 0.62, cz + 0.28), (cx + 0.21, 1.08, cz + 0.34), (52, 46, 44)),
        Cuboid((cx - 0.22, 0.5, cz - 0.15), (cx + 0.22, 0.56, cz + 0.3), (52, 46, 44)),
    ]
    boxes += _back_wall(layout)
    if layout.chairs:
        boxes += _waiting_chairs(layout)
    for x in (-side / 2, side / 2):
        boxes.append(Cuboid((x - 0.6, top - 0.02, 2.6), (x + 0.6, top, 2.9), (250, 252, 255), glow=1.25))
    return boxes


def _hung(x: float, y: float, width: float, height: float, depth: float, face: Picture, thick: float = 0.03) -> Cuboid:
    low, high = (x - width / 2, y - height / 2, depth - thick), (x + width / 2, y + height / 2, depth)
    return Cuboid(low, high, (90, 90, 90), face=face)


def _back_wall(layout: Layout) -> list[Cuboid]:
    depth, turn = layout.depth, (1 if layout.mirrored else -1)
    x, _ = layout.clerk
    boxes = [
        _hung(x, 2.38, 1.9, 0.34, depth, sign_board(layout.sign), 0.05),
        _hung(x + turn * 0.32 - 0.26, 2.02, 0.3, 0.38, depth, portrait((60, 60, 150))),
        _hung(x + turn * 0.32 + 0.26, 2.02, 0.3, 0.38, depth, portrait((120, 70, 40))),
        _hung(x - turn * 1.25, 2.3, 0.34, 0.34, depth, clock(layout.wall), 0.04),
        _hung(x - turn * 1.3, 1.62, 0.62, 0.82, depth, notice(len(layout.name))),
        Cuboid(
            (x + turn * 1.5 - 0.45, 0, depth - 0.42),
            (x + turn * 1.5 + 0.45, 1.9, depth),
            (168, 172, 172),
            face=cabinet(),
        ),
        Cuboid(
            (x - turn * 2.1 - 0.4, 0, depth - 0.36),
            (x - turn * 2.1 + 0.4, 1.35, depth),
            (110, 130, 150),
            face=binders(len(layout.name)),
        ),
        # the flag stands beside the cabinet
        Cuboid(
            (x + turn * 0.88 - 0.012, 0, depth - 0.3),
            (x + turn * 0.88 + 0.012, 2.15, depth - 0.27),
            (60, 130, 180),
        ),
        _hung(x + turn * 0.8, 1.78, 0.18, 0.7, depth - 0.25, red_and_white(), 0.02),
    ]
    if layout.window:
        boxes.append(_hung(x - turn * 2.25, 1.95, 0.95, 0.9, depth, window(), 0.02))
    else:
        boxes.append(
            Cuboid(
                (x - turn * 2.2 - 0.45, 2.35, depth - 0.22),
                (x - turn * 2.2 + 0.45, 2.65, depth),
                (238, 240, 240),
            )
        )
    return boxes


def _waiting_chairs(layout: Layout) -> list[Cuboid]:
    boxes = []
    turn = -1 if layout.visitor[0] > layout.clerk[0] else 1
    for n in range(3):
        x = layout.clerk[0] + turn * (0.75 + 0.56 * n)
        boxes += [
            Cuboid((x - 0.23, 0.42, 1.55), (x + 0.23, 0.47, 1.98), (140, 82, 36)),
            Cuboid((x - 0.23, 0.5, 1.5), (x + 0.23, 0.86, 1.55), (150, 88, 38)),
            Cuboid((x - 0.2, 0.0, 1.7), (x - 0.16, 0.42, 1.74), (90, 90, 92)),
            Cuboid((x + 0.16, 0.0, 1.7), (x + 0.2, 0.42, 1.74), (90, 90, 92)),
        ]
    return boxes
