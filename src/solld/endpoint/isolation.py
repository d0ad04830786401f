"""Takes from a process what a query does not need: the network, other programs, memory above a limit.

Each lock where the platform has it: a network namespace of its own, a seccomp filter that refuses sockets and new
programs (https://www.kernel.org/doc/html/latest/userspace-api/seccomp_filter.html), limits of the process. A process
also ends with the one that started it.
"""

import ctypes
import os
import resource
import signal
import struct
import sys

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
PR_SET_PDEATHSIG, PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS = 1, 22, 38
SECCOMP_MODE_FILTER = 2
ALLOW, ERRNO = 0x7FFF0000, 0x00050000
EPERM = 1
# AUDIT_ARCH of linux/audit.h, then the numbers of: socket, connect, bind, sendto, sendmsg; and of: listen, accept,
# execve, execveat, ptrace, fork, vfork. Threads (clone) stay allowed, the store has some.
CALLS = {
    "x86_64": (0xC000003E, (41, 42, 49, 44, 46), (50, 43, 59, 322, 101, 57, 58)),
    "aarch64": (0xC00000B7, (198, 203, 200, 206, 211), (201, 202, 221, 281, 117)),
}
STACK = 64 * 2**20  # bytes; with 8 MiB, 2,300 groups in one another end the process
LOAD_WORD, JUMP_EQUAL, RETURN = 0x20, 0x15, 0x06  # of classic BPF


class Program(ctypes.Structure):
    """struct sock_fprog"""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def isolate(memory: int, network: bool = False) -> tuple[str, ...]:
    """Closes every lock that there is here; `memory` in MiB. Returns the names of those that hold.

    With `network` the process may call a server: where the data are on another machine it has to.
    """
    # RLIMIT_AS would not work: an idle process already maps hundreds of MiB that it never touches.
    resource.setrlimit(resource.RLIMIT_DATA, (memory * 2**20, memory * 2**20))
    _, hard = resource.getrlimit(resource.RLIMIT_STACK)
    if hard == resource.RLIM_INFINITY or hard >= STACK:
        resource.setrlimit(resource.RLIMIT_STACK, (STACK, hard))  # the main thread's grows up to it, also from now on
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # it writes no file
    if not sys.platform.startswith("linux"):
        return ("limits",)
    libc = ctypes.CDLL(None, use_errno=True)
    end_with_parent()
    named = not network and (libc.unshare(CLONE_NEWNET) == 0 or libc.unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0)
    filtered = _filter(libc, network)
    return ("limits", *(("namespace",) if named else ()), *(("seccomp",) if filtered else ()))


def end_with_parent() -> None:
    """Has this process killed when the one that started it ends, where the system can do that."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _filter(libc: ctypes.CDLL, network: bool) -> bool:
    machine = os.uname().machine
    if machine not in CALLS or struct.calcsize("P") != 8:
        return False
    architecture, calling, others = CALLS[machine]
    refused = others if network else (*calling, *others)
    # struct seccomp_data: the number of the call at 0, the architecture at 4.
    steps = [
        (LOAD_WORD, 0, 0, 4),
        (JUMP_EQUAL, 1, 0, architecture),
        (RETURN, 0, 0, ERRNO | EPERM),
        (LOAD_WORD, 0, 0, 0),
    ]
    steps += [(JUMP_EQUAL, len(refused) - place, 0, number) for place, number in enumerate(refused)]
    steps += [(RETURN, 0, 0, ALLOW), (RETURN, 0, 0, ERRNO | EPERM)]
    code = b"".join(struct.pack("=HBBI", *step) for step in steps)
    program = Program(len(steps), ctypes.c_char_p(code))
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) == 0)
