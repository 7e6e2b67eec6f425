"""The network that a request comes from: what rate limits count."""

from __future__ import annotations

import hmac
from hashlib import sha256
from ipaddress import IPv6Address, IPv6Network, ip_address

from flask import current_app, request

SUBSCRIBER_BITS = 64
"""One subscriber has at least this much of IPv6, so each of its addresses is the same client."""
SITE_BITS = 48
"""Organisations, and tunnels that are free, have this much: 65,536 subscriber networks."""


def network_of(address: str, bits: int = SUBSCRIBER_BITS) -> str:
    """An IPv4 address as it is, or the IPv6 network with this prefix that an address is in.

    An IPv4 address written as IPv6 is that IPv4 address. Anything else is returned unchanged.
    """
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(IPv6Network((int(parsed), bits), strict=False))


def client_network() -> str:
    """The network of this request's client: an IPv4 address, or an IPv6 /64."""
    return network_of(request.remote_addr or "")


def client_site() -> str:
    """The larger network of an IPv6 client (/48); for IPv4 the same as `client_network`."""
    return network_of(request.remote_addr or "", SITE_BITS)


def has_larger_site() -> bool:
    """Whether the client's site is larger than its network, which is so for IPv6."""
    return client_site() != client_network()


def hashed_client() -> str:
    """The client's network as a keyed hash, to count by it without storing the address."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, client_network().encode(), sha256).hexdigest()[:32]
