"""Requests from a program on this machine, which didn't come through a proxy."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import request

from bridge.config import Config

LOOPBACK = ("127.0.0.1", "::1", "localhost")
PROXY_HEADERS = (
    "Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip",
)  # fmt: skip


def serves_this_machine_only(config: Config) -> bool:
    """Whether the configuration says that nobody else reaches the service."""
    hosts = (config.service.host, urlsplit(config.service.url).hostname)
    return all(host in LOOPBACK for host in hosts) and not config.service.behind_proxy


def is_local(config: Config) -> bool:
    """Whether this request comes from this machine, as far as anyone can tell.

    A proxy on this machine that names neither itself nor the visitor looks the same, but then
    `service.url` is its address, or links don't work.
    """
    return (
        serves_this_machine_only(config)
        and request.remote_addr in ("127.0.0.1", "::1")
        and urlsplit(f"//{request.host}").hostname in LOOPBACK
        and not any(name in request.headers for name in PROXY_HEADERS)
    )
