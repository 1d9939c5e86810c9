"""Share the cameras among watch processes by leases in PostgreSQL, renewed by a heartbeat.

Only the database's clock counts, so that a machine with a wrong clock can neither steal nor keep a lease.
A lease that is not renewed ends after LEASE_S; the other watchers then share its cameras. While the database is away
all leases end; who comes back first must not take those of the others, who come back as well.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from streams.cameras.models import Camera, Watcher

LEASE_S = 15.0
BEAT_S = 3.0
FORGET_S = 3600.0  # watchers without a heartbeat for this long are deleted

LEASE, FORGET_AFTER = timedelta(seconds=LEASE_S), timedelta(seconds=FORGET_S)


@dataclass(frozen=True, slots=True)
class WatcherStats:
    """Figures that a watcher reports with each heartbeat, as stored in Watcher."""

    looks_per_minute: float = 0.0
    dropped: int = 0
    evidence_lost: int = 0
    evidence_problem: str = ""
    standing_still: str = ""


class CameraLeases:
    """One watcher's leases on its share of the enabled cameras. `name` identifies the watcher."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._takes_from = 0.0  # monotonic

    def join(self) -> None:
        """Register this watcher. Its leases, if it was registered before, are kept."""
        Watcher.objects.update_or_create(name=self.name, defaults={"started_at": Now(), "seen_at": Now()})

    def pin(self, certificates: Mapping[int, str]) -> None:
        """Store the certificates of cameras, by their id, that showed one for the first time."""
        for camera, certificate in certificates.items():
            Camera.objects.filter(pk=camera, certificate="", lease_holder=self.name).update(certificate=certificate)

    def beat(self, stats: WatcherStats) -> list[Camera]:
        """Renew the leases held, acquire free cameras up to a fair share, and release those above it.

        Return the cameras held now, with zones and counters loaded. Runs in one transaction and is safe beside other
        watchers. When its leases ended and nobody took them, it acquires no others for LEASE_S.
        """
        with transaction.atomic():
            returns = Watcher.objects.filter(name=self.name, seen_at__lt=Now() - LEASE).exists()
            Watcher.objects.filter(name=self.name).update(seen_at=Now(), **asdict(stats))
            held = self._renew()
            if returns and held:  # nobody took them, as the database was away for all
                self._takes_from = time.monotonic() + LEASE_S
            share = self._fair_share()
            if len(held) > share:
                self._give_back(held[share:])
                held = held[:share]
            elif len(held) < share and time.monotonic() >= self._takes_from:
                held += self._take(share - len(held))
            Watcher.objects.filter(name=self.name).update(cameras=len(held))
        return list(
            Camera.objects.filter(pk__in=held)
            .select_related("place__kelurahan")
            .prefetch_related("zones__subject__counter")
        )

    def leave(self) -> None:
        """Release all leases at once and unregister, so that others need not wait for the leases to end."""
        with transaction.atomic():
            Camera.objects.filter(lease_holder=self.name).update(lease_holder="", lease_until=None)
            Watcher.objects.filter(name=self.name).delete()

    def _renew(self) -> list[int]:
        held = Camera.objects.filter(lease_holder=self.name)
        held.filter(enabled=False).update(lease_holder="", lease_until=None)
        held.update(lease_until=Now() + LEASE)
        return list(held.order_by("pk").values_list("pk", flat=True))

    def _fair_share(self) -> int:
        Watcher.objects.filter(seen_at__lt=Now() - FORGET_AFTER).delete()
        alive = Watcher.objects.filter(seen_at__gte=Now() - LEASE).count()
        enabled = Camera.objects.filter(enabled=True).count()
        return -(-enabled // max(1, alive))

    def _give_back(self, cameras: Sequence[int]) -> None:
        Camera.objects.filter(pk__in=cameras, lease_holder=self.name).update(lease_holder="", lease_until=None)

    def _take(self, most: int) -> list[int]:
        free = Q(lease_until=None) | Q(lease_until__lt=Now())
        taken = list(
            Camera.objects.filter(free, enabled=True)
            .order_by("pk")
            .select_for_update(skip_locked=True)
            .values_list("pk", flat=True)[:most]
        )
        Camera.objects.filter(pk__in=taken).update(lease_holder=self.name, lease_until=Now() + LEASE)
        return taken
