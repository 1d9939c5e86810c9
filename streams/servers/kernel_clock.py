"""Whether a time server sets this machine's clock, as the kernel says."""

import ctypes

TIME_ERROR = 5  # of adjtimex(2): the clock is not synchronised
TIMEX_BYTES = 512  # more than struct timex takes anywhere


def kernel_clock_is_synchronised() -> bool | None:
    """Return what adjtimex(2) says, None when the kernel doesn't say."""
    state = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(TIMEX_BYTES))  # all zero: it only reads
    return None if state < 0 else bool(state != TIME_ERROR)
