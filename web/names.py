"""Looking up TXT records, for the proof of a domain."""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable, Sequence

from dns.asyncresolver import Resolver
from dns.exception import DNSException
from dns.name import from_text
from dns.nameserver import Do53Nameserver, Nameserver
from dns.rdtypes.ANY.TXT import TXT
from dns.resolver import NXDOMAIN, NoAnswer

from resolvers.domains import NamesUnavailable

# Of one question to one server, and of the whole.
TRY_SECONDS = 2.0
WHOLE_SECONDS = 5.0
PORT = 53


def txt_lookup(servers: str) -> Callable[[str], Awaitable[Sequence[str]]]:
    """Give a function that gives the TXT records at a name; none when there is no such name.

    `servers` are addresses with commas between them, with a port behind a colon or without; empty
    for those of the system, read at each look-up.
    """
    named = [_server(text.strip()) for text in servers.split(",") if text.strip()]

    async def lookup(name: str) -> Sequence[str]:
        try:
            resolver = Resolver(configure=not named)
            if named:
                resolver.nameservers = named
            resolver.timeout = TRY_SECONDS
            answer = await resolver.resolve(
                from_text(name), "TXT", lifetime=WHOLE_SECONDS, search=False
            )
        except (NXDOMAIN, NoAnswer):
            return []
        except (DNSException, OSError) as error:
            raise NamesUnavailable(type(error).__name__) from error
        return [
            b"".join(record.strings).decode("utf-8", "replace")
            for record in answer
            if isinstance(record, TXT)
        ]

    return lookup


def _server(text: str) -> Nameserver:
    """Read `9.9.9.9`, `9.9.9.9:5353`, `2620:fe::fe` or `[2620:fe::fe]:5353`.

    Raises:
        ValueError: It is none of these.
    """
    address, port = text, PORT
    if text.startswith("["):
        address, _, after = text[1:].partition("]")
        port = int(after.removeprefix(":") or PORT)
    elif text.count(":") == 1:
        address, _, after = text.partition(":")
        port = int(after)
    return Do53Nameserver(str(ipaddress.ip_address(address)), port)
