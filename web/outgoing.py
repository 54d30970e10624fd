"""Requests to addresses that people name: https only, to public addresses only, bounded.

A server that fetches what it is told to can be made to look into the network it stands in (SSRF). So
the name is looked up here, every address it has must be public, and the connection goes to the very
address that was looked at: a second look-up could answer otherwise.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket

import httpx2
from typing_extensions import override

SECONDS = 10.0
RESPONSE_MAX = 256 * 1024
# Networks of version 6 that stand for addresses of version 4 (RFC 6052, 3056, 4380).
TRANSLATED = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "2002::/16", "2001::/32")))


class OutgoingRefused(Exception):
    """A request that is not sent, or an answer that is not read; the text is for the log."""


class Guarded(httpx2.AsyncBaseTransport):
    """Sends requests to public addresses over https; with `allow_private` to all, and over http."""

    def __init__(self, *, allow_private: bool) -> None:
        self.allow_private = allow_private
        self.inner = httpx2.AsyncHTTPTransport(trust_env=False)

    @override
    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.scheme != "https" and not self.allow_private:
            raise OutgoingRefused(f"{request.url.scheme} is not https")
        name = request.url.host
        address = await self._address(name, request.url.port or 443)
        # The name is still what the certificate is for, and the Host header.
        request.url = request.url.copy_with(host=address)
        request.extensions = {**request.extensions, "sni_hostname": name}
        request.headers["Accept-Encoding"] = "identity"
        return await _read(await self.inner.handle_async_request(request))

    @override
    async def aclose(self) -> None:
        await self.inner.aclose()

    async def _address(self, name: str, port: int) -> str:
        try:
            found = await asyncio.get_running_loop().getaddrinfo(
                name, port, type=socket.SOCK_STREAM
            )
        except (OSError, UnicodeError) as error:
            raise OutgoingRefused(f"{name} has no address") from error
        addresses = [str(entry[4][0]) for entry in found]
        if not self.allow_private and not all(map(is_public, addresses)):
            raise OutgoingRefused(f"{name} is at a private address")
        # Version 4 first: not every network has the other.
        return min(addresses, key=lambda address: ":" in address)


def is_public(address: str) -> bool:
    """Tell whether an address belongs to the public internet."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            parsed = parsed.ipv4_mapped
        elif any(parsed in network for network in TRANSLATED):
            return False
    return parsed.is_global and not parsed.is_multicast


async def _read(response: httpx2.Response) -> httpx2.Response:
    """Read an answer whole, up to RESPONSE_MAX bytes as they come over the wire."""
    try:
        # A packed answer may be a thousand times as long.
        if response.headers.get("content-encoding", "identity") != "identity":
            raise OutgoingRefused("The answer is packed")
        body = b""
        async for chunk in response.aiter_raw():
            body += chunk
            if len(body) > RESPONSE_MAX:
                raise OutgoingRefused(f"The answer has more than {RESPONSE_MAX} bytes")
    finally:
        await response.aclose()
    return httpx2.Response(response.status_code, headers=response.headers, content=body)
