"""Make malloc of the GNU C library suit many cameras."""

import ctypes

M_ARENA_MAX, ARENAS = -8, 2  # malloc.h
M_MMAP_THRESHOLD, LARGE = -3, 128 << 10
M_TRIM_THRESHOLD, SPARE = -1, 2 << 20


def tune_malloc() -> None:
    """Bound what malloc keeps. Call it before the models are loaded: their compilation frees many large blocks."""
    malloc = ctypes.CDLL(None)
    # By default each thread would get its own arena and never return it.
    malloc.mallopt(M_ARENA_MAX, ARENAS)
    # Return pictures to the system when freed; malloc's dynamic threshold would keep them, 50 MB in all.
    malloc.mallopt(M_MMAP_THRESHOLD, LARGE)
    # Keep the heap that packets use: trimmed each time, its pages would have to be zeroed again each time.
    malloc.mallopt(M_TRIM_THRESHOLD, SPARE)


def return_free_memory() -> None:
    """Give pages that hold nothing any more back to the system."""
    ctypes.CDLL(None).malloc_trim(0)
