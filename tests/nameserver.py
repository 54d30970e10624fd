"""A name server of a few lines, on loopback: what a resolver asks is answered over UDP."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from dns.flags import AA, QR, RA
from dns.message import Message, from_wire, make_response
from dns.name import Name, from_text
from dns.rcode import NXDOMAIN, SERVFAIL
from dns.rdatatype import TXT
from dns.rrset import from_text as rrset

PACKET_MAX = 4096
# What a zone says of a name instead of records.
BROKEN = "broken"
SILENT = "silent"


@dataclass
class NameServer:
    """The zone: TXT records by name, or how the server misbehaves there; and what was asked."""

    port: int
    zone: dict[str, list[str] | str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        """As the setting has it."""
        return f"127.0.0.1:{self.port}"

    def answer(self, query: Message) -> Message | None:
        """Give the answer to one question."""
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True).lower()
        self.asked.append(name)
        found = self.zone.get(name)
        if found == SILENT:
            return None
        response = make_response(query)
        response.flags |= QR | AA | RA
        if found == BROKEN:
            response.set_rcode(SERVFAIL)
        elif found is None:
            below = any(_is_below(from_text(kept), question.name) for kept in self.zone)
            if not below:
                response.set_rcode(NXDOMAIN)
        elif question.rdtype == TXT:
            texts = [" ".join(f'"{part}"' for part in _parts(text)) for text in found]
            response.answer.append(rrset(question.name, 60, "IN", "TXT", *texts))
        return response


def _is_below(name: Name, above: Name) -> bool:
    return name.is_subdomain(above)


def _parts(text: str) -> Iterator[str]:
    """A record is a row of strings of at most 255 bytes; resolvers put them together again."""
    for start in range(0, len(text), 20):
        yield text[start : start + 20]


@contextmanager
def name_server() -> Iterator[NameServer]:
    """Run a name server for the block."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listener.bind(("127.0.0.1", 0))
    listener.settimeout(0.2)
    server = NameServer(listener.getsockname()[1])
    stopping = threading.Event()

    def serve() -> None:
        while not stopping.is_set():
            try:
                packet, sender = listener.recvfrom(PACKET_MAX)
            except TimeoutError:
                continue
            response = server.answer(from_wire(packet))
            if response is not None:
                listener.sendto(response.to_wire(), sender)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        stopping.set()
        thread.join()
        listener.close()
