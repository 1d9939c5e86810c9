"""Whether a time server sets this machine's clock, and how far it may be off, as the kernel says."""

import ctypes
from dataclasses import dataclass

TIME_ERROR = 5  # of adjtimex(2): the clock is not synchronised


class _Timex(ctypes.Structure):
    """The beginning of struct timex, with room for more than follows anywhere. Errors in microseconds."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("rest", ctypes.c_char * 512),
    )


@dataclass(frozen=True, slots=True)
class KernelClock:
    """What the kernel says. at_most_s: how far it may be from the time server's; None when it is not synchronised."""

    synchronised: bool
    at_most_s: float | None


def kernel_clock() -> KernelClock | None:
    """Return what adjtimex(2) says, None when the kernel doesn't say."""
    found = _Timex()  # all zero: it only reads
    state = ctypes.CDLL(None).adjtimex(ctypes.byref(found))
    if state < 0:
        return None
    synchronised = state != TIME_ERROR
    return KernelClock(synchronised, found.maxerror / 1_000_000 if synchronised else None)


def kernel_clock_is_synchronised() -> bool | None:
    """Return whether a time server sets the clock, None when the kernel doesn't say."""
    clock = kernel_clock()
    return clock.synchronised if clock else None
