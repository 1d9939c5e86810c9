"""How many requests one address may make: a bucket that fills again. Many phones share one address of their network."""

from collections import OrderedDict

MOST_ADDRESSES = 20_000  # kept in mind; the one that was quiet for longest is forgotten


class AddressLimit:
    """Lets an address make `burst` requests at once and `per_s` a second in the long run. For one thread."""

    def __init__(self, burst: float, per_s: float) -> None:
        self._burst, self._per_s = burst, per_s
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()  # requests left, and when that was so

    def admit(self, address: str, now: float) -> bool:
        """Return whether the address may make a request now. now: monotonic seconds."""
        left, since = self._left.get(address, (self._burst, now))
        left = min(self._burst, left + (now - since) * self._per_s)
        admitted = left >= 1
        self._left[address] = (left - 1 if admitted else left, now)
        self._left.move_to_end(address)
        if len(self._left) > MOST_ADDRESSES:
            self._left.popitem(last=False)
        return admitted
