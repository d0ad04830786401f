"""Has the allocator give back what a process needed once: bodies and answers of some MiB come and go.

glibc maps a block of its own for what is larger than a size that it raises, up to 32 MiB, whenever such a block is
freed; smaller ones stay with the process, in an arena for each thread. https://man7.org/linux/man-pages/man3/mallopt.3.html
"""

import ctypes
import sys

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8
MAPPED = 256 * 1024  # bytes from which on a block is mapped, and unmapped when it is freed
ARENAS = 2


def give_back() -> None:
    """Sets it for this process, where the C library has it."""
    if not sys.platform.startswith("linux"):
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt:
        mallopt(M_MMAP_THRESHOLD, MAPPED)
        mallopt(M_TRIM_THRESHOLD, MAPPED)
        mallopt(M_ARENA_MAX, ARENAS)
