"""How often one address may try: Flask-Limiter in memory, or in Redis when several servers run.

When Redis does not answer, every process counts for itself: the door stays guarded (C056).
"""

import ipaddress
from typing import Final

from flask import Flask, request
from flask_limiter import Limiter

from app.core.settings import Settings

IPV6_CUSTOMER_PREFIX: Final = 64


def client_network() -> str:
    """Return who asks: the IPv4 address, or the /64 that one IPv6 customer has (RFC 6177)."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        mapped = address.ipv4_mapped
        if mapped is None:
            return str(ipaddress.ip_network((address, IPV6_CUSTOMER_PREFIX), strict=False))
        return str(mapped)
    return str(address)


limiter = Limiter(client_network, default_limits=[], in_memory_fallback_enabled=True)


def install_rate_limits(app: Flask, settings: Settings) -> None:
    """Count in Redis when `settings.redis_url` is set, else in this process."""
    app.config.setdefault("RATELIMIT_STORAGE_URI", settings.redis_url or "memory://")
    app.config.setdefault("RATELIMIT_STRATEGY", "moving-window")
    app.config.setdefault("RATELIMIT_HEADERS_ENABLED", True)
    limiter.init_app(app)
