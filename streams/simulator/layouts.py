"""The geometry of the demo's offices: the positions of camera, counter, clerk and visitor, and so of the zone.

Coordinates are in metres: x to the right, y up, z into the room; the floor is at y = 0, the camera near z = 0.
"""

import math
from dataclasses import dataclass

Point = tuple[float, float]  # fractions of the picture's width and height, origin top left
Colour = tuple[int, int, int]  # BGR

WIDTH, HEIGHT = 640, 360


@dataclass(frozen=True, slots=True)
class Lens:
    """A pinhole camera at (x, y, 0), turned right by `yaw` and down by `pitch` degrees."""

    x: float = 0.0
    y: float = 2.2
    yaw: float = 0.0
    pitch: float = 10.5
    field: float = 54.0  # degrees across the picture

    @property
    def focal(self) -> float:
        """Focal length in widths of the picture."""
        return 0.5 / math.tan(math.radians(self.field) / 2)

    @property
    def axes(self) -> tuple[tuple[float, float, float], ...]:
        """The camera's right, down and forward unit vectors."""
        cy, sy = math.cos(math.radians(self.yaw)), math.sin(math.radians(self.yaw))
        cp, sp = math.cos(math.radians(self.pitch)), math.sin(math.radians(self.pitch))
        return (cy, 0.0, -sy), (-sp * sy, -cp, -sp * cy), (cp * sy, -sp, cp * cy)

    def see(self, x: float, y: float, z: float) -> Point:
        """Project a point of the room onto the picture."""
        right, down, ahead = (
            sum(a * d for a, d in zip(axis, (x - self.x, y - self.y, z), strict=True)) for axis in self.axes
        )
        return 0.5 + self.focal * right / ahead, 0.5 + self.focal * down / ahead * WIDTH / HEIGHT


@dataclass(frozen=True, slots=True)
class Layout:
    """One office. `clerk` and `visitor` are (x, z) on the floor; `desk` is (x0, x1, z0, z1)."""

    name: str
    lens: Lens
    desk: tuple[float, float, float, float]
    clerk: Point
    visitor: Point
    depth: float = 5.0
    side: float = 2.9
    wall: Colour = (205, 215, 218)
    dado: Colour = (150, 160, 120)
    floor: Colour = (190, 196, 200)
    wood: Colour = (70, 105, 150)
    light: float = 1.0
    warmth: float = 0.0  # -1 cold tubes, 1 warm bulbs
    uniform: Colour = (95, 140, 160)
    visitor_shirt: Colour = (120, 70, 50)
    mirrored: bool = False
    exit: float = -1.0  # to which side the clerk leaves
    sign: str = "PELAYANAN UMUM"
    window: bool = False
    chairs: bool = True
    desk_height: float = 0.95
    head: float = 1.52  # top of the seated clerk's head

    @property
    def zone(self) -> tuple[Point, ...]:
        """The polygon of the counter's staff side on the picture."""
        x, z = self.clerk
        edges = ((x - 0.6, 1.74), (x + 0.6, 1.74), (x + 0.6, 0.88), (x - 0.6, 0.88))
        points = (self.lens.see(px, py, z) for px, py in edges)
        return tuple((round(min(0.995, max(0.005, u)), 4), round(min(0.995, max(0.06, v)), 4)) for u, v in points)


def _all(*layouts: Layout) -> dict[str, Layout]:
    return {layout.name: layout for layout in layouts}


LAYOUTS: dict[str, Layout] = _all(
    Layout("hall", Lens(), (-1.25, 1.25, 2.75, 3.4), (0.0, 3.75), (0.95, 2.3)),
    Layout(
        "corner",
        Lens(x=-0.7, y=2.35, yaw=14, pitch=13, field=57),
        (-0.9, 1.6, 2.7, 3.3),
        (0.35, 3.65),
        (-0.95, 2.35),
        wall=(196, 214, 205),
        dado=(128, 150, 96),
        floor=(172, 186, 196),
        wood=(52, 74, 104),
        uniform=(120, 84, 52),
        visitor_shirt=(60, 60, 140),
        mirrored=True,
        exit=1.0,
        sign="LOKET 1  KTP & KK",
        window=True,
    ),
    Layout(
        "narrow",
        Lens(x=0.25, y=2.1, yaw=-4, pitch=8, field=51),
        (-1.0, 1.1, 2.9, 3.45),
        (-0.15, 3.8),
        (-0.72, 2.3),
        depth=4.8,
        side=2.2,
        wall=(214, 210, 200),
        dado=(150, 128, 108),
        floor=(150, 168, 184),
        wood=(96, 132, 172),
        light=0.8,
        warmth=0.6,
        uniform=(84, 72, 130),
        visitor_shirt=(150, 150, 150),
        exit=1.0,
        sign="SURAT KETERANGAN",
        chairs=False,
    ),
    Layout(
        "bright",
        Lens(x=0.6, y=2.45, yaw=-12, pitch=14.5, field=58),
        (-1.7, 0.9, 2.5, 3.1),
        (-0.35, 3.45),
        (1.0, 2.3),
        wall=(226, 228, 230),
        dado=(196, 170, 130),
        floor=(206, 208, 210),
        wood=(150, 165, 178),
        light=1.05,
        warmth=-0.5,
        uniform=(210, 212, 215),
        visitor_shirt=(70, 120, 60),
        mirrored=True,
        sign="PELAYANAN TERPADU",
        window=True,
    ),
    Layout(
        "dim",
        Lens(x=-0.2, y=2.0, yaw=3, pitch=8, field=54),
        (-1.1, 1.3, 2.8, 3.4),
        (0.2, 3.75),
        (0.78, 2.35),
        wall=(178, 190, 200),
        dado=(96, 112, 134),
        floor=(120, 132, 140),
        wood=(44, 62, 92),
        light=0.68,
        warmth=0.9,
        uniform=(100, 145, 165),
        visitor_shirt=(40, 90, 150),
        sign="ADMINISTRASI",
    ),
    Layout(
        "wide",
        Lens(x=0.0, y=2.3, yaw=6, pitch=12, field=62),
        (-1.4, 1.9, 2.45, 3.0),
        (0.55, 3.35),
        (-0.85, 2.2),
        side=3.4,
        wall=(206, 220, 226),
        dado=(128, 138, 166),
        floor=(184, 192, 188),
        wood=(58, 88, 128),
        light=0.95,
        uniform=(72, 60, 52),
        visitor_shirt=(170, 140, 90),
        mirrored=True,
        exit=1.0,
        sign="LOKET 2  PBB & USAHA",
        window=True,
    ),
)


def layout_of(camera: int) -> Layout:
    """Return the office of camera number `camera` (from 1), when all footage is rendered."""
    return list(LAYOUTS.values())[(camera - 1) % len(LAYOUTS)]
