"""Questions to name servers."""

from __future__ import annotations

from collections.abc import Sequence

from dns.asyncresolver import Resolver
from dns.exception import DNSException
from dns.name import from_text
from dns.nameserver import Do53Nameserver
from dns.rdtypes.ANY.TXT import TXT
from dns.resolver import NXDOMAIN, NoAnswer

from resolvers.domains import NamesUnavailable

# Of one question to one server, and of the whole.
TRY_SECONDS = 2.0
WHOLE_SECONDS = 5.0


async def txt_records(name: str, servers: Sequence[tuple[str, int]]) -> Sequence[str]:
    """Give the TXT records at a name, asking these servers; the system's when there are none.

    Raises:
        NamesUnavailable: No server answered, or the name is none.
    """
    try:
        resolver = Resolver(configure=not servers)
        if servers:
            resolver.nameservers = [Do53Nameserver(address, port) for address, port in servers]
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
