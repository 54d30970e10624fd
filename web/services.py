"""What commands need of the world outside the database, made from the settings."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from db.queue import enqueue
from db.storage import BucketAccess, Storage, bucket_storage, folder_storage
from resolvers.acting import Retention, Services
from web.names import txt_lookup
from web.settings import Settings

KEY_FILE = "secret.key"
KEY_BYTES = 32
MEDIA_FOLDER = "media"


def services(settings: Settings) -> Services:
    """Give what the commands of this process need."""
    return Services(
        enqueue=enqueue,
        secret_key=secret_key(settings),
        base_url=(settings.base_url or f"http://localhost:{settings.port}").rstrip("/"),
        storage=storage(settings),
        allow_private_providers=settings.private_providers,
        lookup_txt=txt_lookup(settings.dns_servers),
        retention=Retention(
            event_days=settings.event_days,
            notification_days=settings.notification_days,
            report_days=settings.report_days,
            audit_days=settings.audit_days,
        ),
    )


def storage(settings: Settings) -> Storage:
    """Give where uploads are kept: the bucket that is set, or a folder at home."""
    if not settings.media_url:
        return folder_storage(settings.home / MEDIA_FOLDER)
    return bucket_storage(
        settings.media_url,
        BucketAccess(
            endpoint=settings.media_endpoint or None,
            region=settings.media_region or None,
            access_key_id=settings.media_access_key_id or None,
            secret_access_key=settings.media_secret_access_key or None,
        ),
    )


def secret_key(settings: Settings) -> bytes:
    """Give the server's key: the one that is set, or one that is made once and kept at home."""
    if settings.secret_key:
        return settings.secret_key.encode()
    path: Path = settings.home / KEY_FILE
    if not path.exists():
        settings.home.mkdir(parents=True, exist_ok=True)
        try:
            # Only its owner may read it; two processes that start at once keep one key.
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_bytes()
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
    return path.read_bytes()
