"""When to connect to a camera again. Pure."""

import random
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass, field

FIRST_S, LONGEST_S = 1.0, 60.0
STEADY_S = 30.0  # a connection that lasted this long resets the wait
REFUSED_S = 600.0  # between two tries of a login that a camera refused: some lock the account after five
# What only a person can change, but no camera minds being asked for.
SETTLED = (
    "forbidden",
    "not_found",
    "not_acceptable",
    "transport",
    "redirected",
    "certificate",
    "encryption",
    "login_unknown",
)
SETTLED_S = 60.0
WAKE_S, SPREAD_S = 10.0, 3.0


class RefusedLogins:
    """When each address was last refused its login, also across readers that are started anew. Thread-safe."""

    def __init__(self) -> None:
        self._at: MutableMapping[str, float] = {}

    def remember(self, url: str, now: float) -> None:
        """Record that the camera refused this address's login at `now`, in monotonic seconds."""
        self._at[url] = now

    def wait_s(self, url: str, now: float) -> float:
        """Return how long the address must not be tried."""
        return max(0.0, self._at[url] + REFUSED_S - now) if url in self._at else 0.0


def waits_for_network(problem: str) -> bool:
    """Return whether the problem may end with that of other cameras: the network or the power of their building."""
    return problem not in SETTLED and problem != "unauthorized"


class WaitingCameras:
    """The cameras of a watch that wait to be tried again, so that they are tried when one of them returns.

    They are tried within SPREAD_S, and at most every WAKE_S: a camera that comes and goes must not hurry the others.
    For one thread, the reading loop's.
    """

    def __init__(self) -> None:
        self._waiting: dict[object, Callable[[float], None]] = {}
        self._woken_at = -WAKE_S

    def add(self, camera: object, retry_after: Callable[[float], None]) -> None:
        """Record that a camera waits; `retry_after(seconds)` has it tried sooner."""
        self._waiting[camera] = retry_after

    def remove(self, camera: object) -> None:
        """Record that it waits no longer."""
        self._waiting.pop(camera, None)

    def one_returned(self, now: float) -> None:
        """Have all that wait tried soon. `now`: monotonic seconds."""
        if not self._waiting or now - self._woken_at < WAKE_S:
            return
        self._woken_at = now
        waiting, self._waiting = self._waiting, {}
        for retry_after in waiting.values():
            retry_after(random.uniform(0.0, SPREAD_S))  # noqa: S311 jitter, not a secret


@dataclass(slots=True)
class RetryPace:
    """The growing waits of one camera."""

    _wait_s: float = field(default=FIRST_S)

    def after(self, problem: str, lasted_s: float) -> float:
        """Return the seconds to wait after a connection that lasted so long ended with this problem."""
        if lasted_s > STEADY_S:
            self._wait_s = FIRST_S
        wait_s = self._wait_s
        self._wait_s = min(LONGEST_S, wait_s * 2)
        if problem == "unauthorized":
            return REFUSED_S * random.uniform(1.0, 1.1)  # noqa: S311 jitter, not a secret
        if problem in SETTLED:
            wait_s = SETTLED_S
        return wait_s * random.uniform(0.7, 1.3)  # noqa: S311 jitter, not a secret
