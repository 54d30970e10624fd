"""Mails on their way to an SMTP server."""

from __future__ import annotations

from urllib.parse import SplitResult, unquote

import aiosmtplib

from resolvers.jobs import Hopeless
from resolvers.mails import Mail
from web.mail import compose

SMTP_SECONDS = 20.0
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
PERMANENT = 500


class Smtp:
    """Delivers to an SMTP server, one connection a mail."""

    def __init__(self, url: SplitResult, mail_from: str) -> None:
        self.host = url.hostname or "localhost"
        self.port = url.port or PORTS[url.scheme]
        self.scheme = url.scheme
        self.username = unquote(url.username) if url.username else None
        self.password = unquote(url.password) if url.password else None
        self.mail_from = mail_from

    async def __call__(self, mail: Mail) -> None:
        """Deliver a mail.

        Raises:
            Hopeless: The server will never take it, such as for an address that is none.
            aiosmtplib.SMTPException: It did not take it now.
        """
        try:
            await aiosmtplib.send(
                compose(mail, self.mail_from),
                hostname=self.host,
                port=self.port,
                username=self.username,
                password=self.password,
                use_tls=self.scheme == "smtps",
                start_tls=self.scheme == "smtp+starttls",
                timeout=SMTP_SECONDS,
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            if all(refused.code >= PERMANENT for refused in error.recipients):
                raise Hopeless(f"The server refused the address: {error}") from error
            raise
        except aiosmtplib.SMTPResponseException as error:
            # Of a sign-in that is refused the settings are to blame, and they can be mended.
            if error.code >= PERMANENT and not isinstance(
                error, aiosmtplib.SMTPAuthenticationError
            ):
                raise Hopeless(f"The server refused the mail: {error}") from error
            raise
