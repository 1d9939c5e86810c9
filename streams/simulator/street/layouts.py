"""The demo's streets: where the camera hangs, how the road runs, and what stands beside it."""

from dataclasses import dataclass, field
from enum import StrEnum

from streams.simulator.layouts import Colour, Lens


class Roadside(StrEnum):
    """What lies beyond a pavement."""

    SHOPS = "shops"  # rows of shop houses of two and three floors
    HOUSES = "houses"  # low houses between trees
    TREES = "trees"
    RIVER = "river"
    STALLS = "stalls"  # a market's stalls in front of shop houses


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane with its middle at x. speed: m/s, away from the camera when positive. gap: usual metres between fronts."""

    x: float
    speed: float
    gap: float = 22.0
    bikes: float = 0.45  # share of motorcycles


@dataclass(frozen=True, slots=True)
class Street:
    """One street. `road` is where its kerbs are; `cross` where a second road crosses it, (near kerb, far kerb)."""

    name: str
    lens: Lens
    road: tuple[float, float]
    lanes: tuple[Lane, ...]
    left: Roadside = Roadside.SHOPS
    right: Roadside = Roadside.SHOPS
    median: float = 0.0  # its width
    pavement: float = 2.5
    setback: float = 1.0  # from pavement to walls
    cross: tuple[float, float] | None = None
    towers: float = 0.0  # distance of a bridge with two red towers over the road, 0 for none
    viaduct: bool = False  # a railway on pillars over the median
    parked: tuple[float, ...] = ()  # where vehicles stand along the left kerb
    zebra: float = 0.0  # distance of a crossing, 0 for none
    tint: Colour = (255, 255, 255)
    lamp: Colour = (120, 200, 255)  # of the street lamps' light
    walkers: int = 4
    seed: int = 0
    rainy: bool = False  # has footage of rain
    glows: bool = False  # has footage of dusk
    jams: bool = False
    turns: bool = False  # has footage of turning.StreetView
    gauge: tuple[float, float] = (0.0, 0.0)  # (x, z) of a water gauge, when not 0
    heap: tuple[float, float] = (0.0, 0.0)  # (x, z) of a rubbish heap, when there is one
    signs: tuple[str, ...] = field(default=("TOKO MAJU", "APOTEK", "WARUNG"))


SODIUM, LED = (90, 175, 255), (225, 240, 255)  # light of lamps, BGR

STREETS: dict[str, Street] = {
    street.name: street
    for street in (
        Street("simpang", Lens(x=-8.5, y=8.2, yaw=15, pitch=15, field=62), (-7.2, 7.2),
               (Lane(-5.2, 8, 30), Lane(-1.9, 10, 34), Lane(1.9, -10, 34), Lane(5.2, -8, 30)),
               median=0.7, cross=(24.0, 35.0), zebra=20.5, seed=1, rainy=True, turns=True,
               signs=("CHARITAS", "BANK SUMSEL", "OPTIK")),
        Street("protokol", Lens(x=-9.6, y=8.8, yaw=14, pitch=14, field=58), (-9.5, 9.5),
               (Lane(-7.4, 9, 25), Lane(-4.2, 12, 30), Lane(4.2, -12, 30), Lane(7.4, -9, 25)),
               left=Roadside.TREES, median=3.4, viaduct=True, lamp=LED, seed=2, tint=(250, 252, 255),
               signs=("HOTEL", "BANK", "PLAZA")),
        Street("tepian", Lens(x=6.8, y=7.6, yaw=-9, pitch=12, field=60), (-5.0, 4.6),
               (Lane(-3.2, 8, 28, 0.6), Lane(1.9, -9, 30, 0.6)),
               left=Roadside.HOUSES, right=Roadside.RIVER, glows=True, seed=3, walkers=7, pavement=3.4,
               tint=(246, 250, 255)),
        Street("jembatan", Lens(x=-9.0, y=9.0, yaw=9, pitch=8, field=54), (-8.8, 8.8),
               (Lane(-6.6, 11, 24), Lane(-3.0, 13, 30), Lane(3.0, -13, 30), Lane(6.6, -11, 24)),
               left=Roadside.TREES, right=Roadside.HOUSES, median=1.0, towers=210.0, jams=True, glows=True,
               lamp=LED, seed=4),
        Street("pasar", Lens(x=-5.8, y=6.4, yaw=12, pitch=15, field=60), (-6.0, 4.6),
               (Lane(-2.3, 4, 13, 0.7), Lane(2.4, -4, 13, 0.7)),
               left=Roadside.SHOPS, right=Roadside.STALLS, pavement=3.0, parked=(16.0, 21.5, 34.0), walkers=12, seed=5,
               lamp=SODIUM, heap=(4.3, 19.0), signs=("TOKO KAIN", "EMAS", "PEMPEK", "PLASTIK")),
        Street("rendah", Lens(x=6.4, y=6.8, yaw=-14, pitch=14, field=58), (-4.8, 4.8),
               (Lane(-2.5, 8, 25, 0.5), Lane(2.5, -8, 25, 0.5)),
               left=Roadside.HOUSES, right=Roadside.HOUSES, seed=6, rainy=True, gauge=(-5.3, 22.0), walkers=3,
               lamp=SODIUM, tint=(248, 252, 255)),
        Street("ruko", Lens(x=-8.6, y=7.4, yaw=20, pitch=17, field=64), (-8.2, 6.4),
               (Lane(-4.5, 7, 24), Lane(-1.6, 9, 30), Lane(1.6, -9, 30), Lane(4.5, -7, 24)),
               parked=(15.5, 27.0, 33.0, 45.0), zebra=24.0, seed=7, rainy=True, lamp=LED,
               signs=("RM PADANG", "FOTOKOPI", "BENGKEL")),
        Street("taman", Lens(x=8.2, y=8.0, yaw=-17, pitch=15, field=58), (-6.6, 6.6),
               (Lane(-4.4, 9, 34), Lane(-1.7, 10, 40), Lane(1.7, -10, 40), Lane(4.4, -9, 34)),
               left=Roadside.TREES, right=Roadside.TREES, walkers=6, zebra=28.0, seed=8, lamp=SODIUM),
        Street("pertigaan", Lens(x=9.4, y=9.2, yaw=-12, pitch=18, field=66), (-7.0, 7.0),
               (Lane(-5.0, 8, 32), Lane(-1.8, 9, 36), Lane(1.8, -9, 36), Lane(5.0, -8, 32)),
               left=Roadside.SHOPS, right=Roadside.HOUSES, cross=(30.0, 39.0), zebra=26.5, seed=9, tint=(252, 250, 248),
               signs=("POLSEK", "SPBU", "SWALAYAN")),
        Street("bawah", Lens(x=-9.2, y=7.0, yaw=13, pitch=12, field=56), (-8.4, 8.4),
               (Lane(-6.3, 6, 18), Lane(-2.9, 8, 24), Lane(2.9, -8, 24), Lane(6.3, -6, 18)),
               left=Roadside.SHOPS, right=Roadside.TREES, median=1.2, viaduct=True, seed=10, lamp=LED, walkers=5,
               turns=True,
               signs=("TOKO BUKU", "PHARMACY", "KOPI")),
    )
}  # fmt: skip
