"""Retry-After (RFC 9110 section 10.2.3): seconds, or a date."""

from email.utils import parsedate_to_datetime


def retry_after(header: str, now: float) -> float | None:
    """Seconds from `now` (Unix time), or None if the header says nothing that can be read."""
    if header.isascii() and header.isdecimal():
        return float(header)
    try:
        return max(0.0, parsedate_to_datetime(header).timestamp() - now)
    except (ValueError, OverflowError):
        return None
