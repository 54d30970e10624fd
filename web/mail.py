"""Mails on their way out: to the SMTP server that is set, or into a mailbox on disk without one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import formatdate
from pathlib import Path
from urllib.parse import urlsplit

from resolvers.mails import Mail
from web.settings import Settings

MAILBOX = "mailbox"
MAILBOX_KEPT = 200

logger = logging.getLogger(__name__)
Send = Callable[[Mail], Awaitable[None]]


def sender(settings: Settings) -> Send:
    """Give what delivers the mails of this process."""
    if settings.smtp_url:
        # Servers without one, and those whose mails a worker sends, do without its 2 MiB.
        from web.smtp import Smtp  # noqa: PLC0415

        return Smtp(urlsplit(settings.smtp_url), settings.mail_from)
    return _Folder(mailbox(settings), settings.mail_from)


def mailbox(settings: Settings) -> Path:
    """Give the folder in which mails are kept when no SMTP server is set."""
    return settings.home / MAILBOX


def mailbox_is_shown(settings: Settings) -> bool:
    """Tell whether the mailbox is a page: never where mails go out, nor behind https."""
    return not settings.smtp_url and not settings.base_url.startswith("https://")


def compose(mail: Mail, mail_from: str) -> EmailMessage:
    """Give a mail in the form of RFC 5322: plain text, and HTML as its alternative."""
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = mail_from
    message["To"] = mail.to
    message["Subject"] = mail.subject
    message["Date"] = formatdate(usegmt=True)
    message["Message-ID"] = mail.message_id
    # Nobody's holiday message is wanted in answer (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    for name, value in mail.headers.items():
        message[name] = value
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    return message


class _Folder:
    """Keeps the newest mails as files; development needs no server."""

    def __init__(self, folder: Path, mail_from: str) -> None:
        self.folder = folder
        self.mail_from = mail_from

    async def __call__(self, mail: Mail) -> None:
        """Keep a mail; the same one twice is kept once."""
        await asyncio.to_thread(self._keep, mail)

    def _keep(self, mail: Mail) -> None:
        # Links in mails let people in: the folder is its owner's alone.
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = "".join(c for c in mail.message_id if c.isalnum() or c in "-.")
        path = self.folder / f"{name}.eml"
        path.write_bytes(compose(mail, self.mail_from).as_bytes())
        path.chmod(0o600)
        for old in newest_first(self.folder)[MAILBOX_KEPT:]:
            old.unlink(missing_ok=True)


def newest_first(folder: Path) -> list[Path]:
    """Give the files of a mailbox, what came last first."""
    if not folder.is_dir():
        return []
    found = [(path.stat().st_mtime_ns, path) for path in folder.glob("*.eml")]
    return [path for _, path in sorted(found, reverse=True)]


def read_kept(path: Path) -> EmailMessage:
    """Give a kept mail."""
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)  # noqa: S101 - what the policy makes
    return message
