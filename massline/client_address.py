"""Tells the address that a request comes from, for limits and logs alike.

`MASSLINE_PROXIES` says how many proxies of our own stand in front. Each adds the address that it was called from at the
right end of X-Forwarded-For: the n-th from the right is what the outermost of ours saw, and what stands further left
was written by the caller, and is not believed.
"""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "unknown"


def client_address(request: HttpRequest) -> str:
    """Returns the address in its canonical spelling; that of the connection when the header says nothing usable."""
    connected = str(request.META.get("REMOTE_ADDR") or "")
    header = str(request.META.get("HTTP_X_FORWARDED_FOR") or "")
    hops = header.split(",")  # an empty one keeps its place, or the one left of it would be believed
    if not settings.PROXIES or not header:
        return plain_address(connected) or UNKNOWN
    return plain_address(hops[-min(settings.PROXIES, len(hops))]) or plain_address(connected) or UNKNOWN


def client_network(request: HttpRequest) -> str:
    """Returns the network that limits count by: an IPv4 address, or the /64 that one IPv6 subscriber has to
    themselves."""
    address = client_address(request)
    return str(ipaddress.ip_network(f"{address}/64", strict=False)) if ":" in address else address


def plain_address(hop: str) -> str:
    """Parses one hop as proxies write it: with blanks, quotes, brackets, a port, a zone; empty when it is no
    address."""
    text = hop.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return ""
    return str(getattr(found, "ipv4_mapped", None) or found)
