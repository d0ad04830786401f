"""Ports for the servers of tests: free ones, outside the range that the system gives to clients.

A client that asks again and again for a server that is not there yet can be given that server's very port as its own,
and then is connected with itself: it reads its own request as the answer, and the server finds its port taken.
"""

import random
import socket
from pathlib import Path

LOWEST = 20_000


def free_port() -> int:
    """A port of 127.0.0.1 that nothing listens on."""
    clients = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text(encoding="ascii").split()[0])
    for port in random.SystemRandom().sample(range(min(LOWEST, clients - 1000), clients), 100):
        with socket.socket() as free:
            try:
                free.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError("a hundred ports are all taken")
