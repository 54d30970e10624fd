"""What an operator may set, by environment variables. Read once, at the edge."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

SECRET_KEY_MIN = 32
WORKERS_MAX = 64


class Settings(BaseSettings):
    """The settings of one process; each says its variable and what it is for."""

    model_config = SettingsConfigDict(env_prefix="COMMONS_", extra="ignore")

    host: str = Field(
        default="127.0.0.1", description="COMMONS_HOST: address to listen on; 0.0.0.0 for all."
    )
    port: int = Field(default=8000, ge=0, le=65535, description="COMMONS_PORT: port to listen on.")
    workers: int = Field(
        default=1,
        ge=1,
        le=WORKERS_MAX,
        description="COMMONS_WORKERS: processes that serve on the port, each with connections of its "
        "own; with more than one, background jobs are done in one more (COMMONS_WORKER).",
    )
    home: Path = Field(
        default=Path(".data"),
        description="COMMONS_HOME: folder for the embedded database and all that is kept on disk.",
    )
    database_url: str | None = Field(
        default=None,
        validation_alias="DATABASE_URL",
        description="DATABASE_URL: Postgres 18 to use; absent: an embedded one under COMMONS_HOME.",
    )
    nats_url: str | None = Field(
        default=None,
        validation_alias="NATS_URL",
        description="NATS_URL: NATS with JetStream by which processes tell each other that something "
        "happened, as in nats://user:password@host:4222, several with commas; absent: Postgres.",
    )
    pool_size: int = Field(
        default=8,
        ge=2,
        le=100,
        description="COMMONS_POOL_SIZE: database connections of a process for reads.",
    )
    write_pool_size: int = Field(
        default=4,
        ge=1,
        le=100,
        description="COMMONS_WRITE_POOL_SIZE: database connections of a process for writes.",
    )
    base_url: str = Field(
        default="",
        description="COMMONS_BASE_URL: where people reach the pages, as in https://commons.example; "
        "absent: http://localhost and the port. Links in e-mails begin with it.",
    )
    secret_key: str = Field(
        default="",
        description="COMMONS_SECRET_KEY: seals second factors and signs links, 32 characters or more; "
        "absent: made once and kept under COMMONS_HOME.",
    )
    trusted_proxies: str = Field(
        default="127.0.0.1",
        description="COMMONS_TRUSTED_PROXIES: addresses and networks, with commas, of the proxies whose "
        "X-Forwarded-For and X-Forwarded-Proto are believed; * for all.",
    )
    worker: bool = Field(
        default=True,
        description="COMMONS_WORKER: do background jobs inside the server (true, false); false where "
        "`python -m web worker` runs beside it.",
    )
    event_days: int = Field(
        default=7,
        ge=1,
        description="COMMONS_EVENT_DAYS: how long it is kept what happened (kinds and ids, no content): "
        "so long may somebody be away and be told afterwards what they missed.",
    )
    notification_days: int = Field(
        default=180,
        ge=1,
        description="COMMONS_NOTIFICATION_DAYS: how long notifications are kept after they changed last.",
    )
    report_days: int = Field(
        default=365,
        ge=1,
        description="COMMONS_REPORT_DAYS: how long reports are kept that moderators have decided.",
    )
    audit_days: int = Field(
        default=1_095,
        ge=1,
        description="COMMONS_AUDIT_DAYS: how long the audit trails of organisations are kept.",
    )
    smtp_url: str = Field(
        default="",
        description="COMMONS_SMTP_URL: where mails go out, as in smtps://user:password@host, "
        "smtp+starttls://… or, without encryption, smtp://host; absent: they are kept under "
        "COMMONS_HOME and shown at /mailbox.",
    )
    mail_from: str = Field(
        default="Talent Commons <no-reply@localhost>",
        description="COMMONS_MAIL_FROM: whom mails come from.",
    )
    media_url: str = Field(
        default="",
        pattern=r"^(s3://[^/]+.*)?$",
        description="COMMONS_MEDIA_URL: where uploads are kept, as in s3://bucket/prefix; absent: the "
        "folder media under COMMONS_HOME.",
    )
    media_endpoint: str = Field(
        default="",
        description="COMMONS_MEDIA_ENDPOINT: address of an S3-compatible server; absent: Amazon's own.",
    )
    media_region: str = Field(
        default="", description="COMMONS_MEDIA_REGION: region of the bucket; absent: AWS_REGION."
    )
    media_access_key_id: str = Field(
        default="",
        description="COMMONS_MEDIA_ACCESS_KEY_ID: key for the bucket; absent: AWS_ACCESS_KEY_ID, or "
        "the role of the machine.",
    )
    media_secret_access_key: str = Field(
        default="",
        description="COMMONS_MEDIA_SECRET_ACCESS_KEY: secret of that key; absent: as above.",
    )
    dns_servers: str = Field(
        default="",
        description="COMMONS_DNS_SERVERS: name servers to ask for the proof of a domain, as in "
        "9.9.9.9, [2620:fe::fe]:53; absent: the system's.",
    )
    private_providers: bool = Field(
        default=False,
        description="COMMONS_PRIVATE_PROVIDERS: let identity providers be at private addresses, and "
        "at http://localhost (true, false); for development, or where yours is inside your network.",
    )
    live_per_person: int = Field(
        default=20,
        ge=1,
        description="COMMONS_LIVE_PER_PERSON: most connections for live updates of one person.",
    )
    live_per_address: int = Field(
        default=500,
        ge=1,
        description="COMMONS_LIVE_PER_ADDRESS: most connections for live updates from one address.",
    )
    live_anonymous_per_address: int = Field(
        default=10,
        ge=0,
        description="COMMONS_LIVE_ANONYMOUS_PER_ADDRESS: how many of these may be of visitors who are "
        "not signed in.",
    )
    live_subscriptions: int = Field(
        default=50,
        ge=1,
        description="COMMONS_LIVE_SUBSCRIPTIONS: most subscriptions of one connection.",
    )
    statement_timeout_ms: int = Field(
        default=10_000,
        ge=100,
        description="COMMONS_STATEMENT_TIMEOUT_MS: longest that one statement may take.",
    )
    explorer: bool = Field(
        default=True,
        description="COMMONS_EXPLORER: serve the graph explorer at /graphiql (true, false).",
    )
    introspection: bool = Field(
        default=True,
        description="COMMONS_INTROSPECTION: answer questions about the schema (true, false).",
    )
    body_limit: int = Field(
        default=256 * 1024,
        ge=1024,
        description="COMMONS_BODY_LIMIT: largest request body, in bytes.",
    )
    cost_limit: int = Field(
        default=50_000,
        ge=100,
        description="COMMONS_COST_LIMIT: most objects that one operation may return.",
    )

    @field_validator("secret_key")
    @classmethod
    def _is_long(cls, value: str) -> str:
        if value and len(value) < SECRET_KEY_MIN:
            raise ValueError(f"It has {SECRET_KEY_MIN} characters or more")
        return value

    @field_validator("nats_url")
    @classmethod
    def _is_nats(cls, value: str | None) -> str | None:
        servers = [urlsplit(part.strip()) for part in (value or "").split(",")]
        if value and not all(s.scheme in {"nats", "tls"} and s.hostname for s in servers):
            raise ValueError("Each server begins with nats:// or tls:// and names a host")
        return value

    @field_validator("smtp_url")
    @classmethod
    def _is_smtp(cls, value: str) -> str:
        if not value:
            return value
        parts = urlsplit(value)
        if parts.scheme not in {"smtp", "smtp+starttls", "smtps"} or not parts.hostname:
            raise ValueError(
                "It begins with smtps://, smtp+starttls:// or smtp:// and names a host"
            )
        if parts.scheme == "smtp" and parts.password:
            raise ValueError("A password goes over smtps:// or smtp+starttls://")
        return value
