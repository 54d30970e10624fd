"""How a person proves to be there. Secrets are stored as hashes, or sealed with the server's key."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import CITEXT
from sqlmodel import Field, SQLModel

from db.base import Entity, Timestamp, text_enum
from db.tables.people import Role

SECRET_HASH_BYTES = (
    32  # SHA-256 of a secret with 256 random bits: nothing to guess, so no slow hash.
)
PASSKEY_NAME_MAX = 80


class SignInMethod(StrEnum):
    """How a session came about."""

    PASSWORD = "PASSWORD"  # noqa: S105 - the name of a method
    PASSKEY = "PASSKEY"
    SINGLE_SIGN_ON = "SINGLE_SIGN_ON"
    EMAIL = "EMAIL"


class TokenScope(StrEnum):
    """What a program may do with a person's token."""

    READ = "READ"
    WRITE = "WRITE"


class ChallengePurpose(StrEnum):
    """What the holder of a one-time secret may do."""

    SIGN_UP = "SIGN_UP"
    VERIFY_EMAIL = "VERIFY_EMAIL"
    CHANGE_EMAIL = "CHANGE_EMAIL"
    RESET_PASSWORD = "RESET_PASSWORD"  # noqa: S105 - the name of a purpose
    SECOND_FACTOR = "SECOND_FACTOR"
    PASSKEY_REGISTRATION = "PASSKEY_REGISTRATION"
    PASSKEY_SIGN_IN = "PASSKEY_SIGN_IN"
    SINGLE_SIGN_ON = "SINGLE_SIGN_ON"
    VERIFY_DOMAIN = "VERIFY_DOMAIN"


class Session(Entity, table=True):
    """A browser that a person signed in with."""

    __tablename__ = "session"
    __table_args__ = (
        CheckConstraint(f"length(secret_hash) = {SECRET_HASH_BYTES}", name="secret_hash"),
        UniqueConstraint("secret_hash"),
        Index(None, "person_id", "id"),
    )

    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE")
    secret_hash: bytes = Field(sa_type=LargeBinary)
    method: SignInMethod = Field(
        default=SignInMethod.PASSWORD,
        sa_type=text_enum(SignInMethod, "method"),
        sa_column_kwargs={"server_default": SignInMethod.PASSWORD.value},
    )
    user_agent: str | None = Field(default=None, sa_type=Text)
    # Shortened before it is stored: enough to recognise a place, not a person.
    address: str | None = Field(default=None, sa_type=Text)
    expires_at: datetime = Field(sa_type=Timestamp)
    revoked_at: datetime | None = Field(default=None, sa_type=Timestamp)


class AccessToken(Entity, table=True):
    """A bearer token that a person gave to a program."""

    __tablename__ = "access_token"
    __table_args__ = (
        CheckConstraint(f"length(secret_hash) = {SECRET_HASH_BYTES}", name="secret_hash"),
        UniqueConstraint("secret_hash"),
        Index(None, "person_id", "id"),
    )

    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE")
    name: str = Field(sa_type=Text)
    secret_hash: bytes = Field(sa_type=LargeBinary)
    scopes: list[str] = Field(
        default=[TokenScope.READ, TokenScope.WRITE],
        sa_type=ARRAY(Text),
        sa_column_kwargs={"server_default": text("'{READ,WRITE}'")},
    )
    expires_at: datetime | None = Field(default=None, sa_type=Timestamp)
    revoked_at: datetime | None = Field(default=None, sa_type=Timestamp)


class PasswordCredential(SQLModel, table=True):
    """A person's password, as argon2id wrote it (parameters and salt included)."""

    __tablename__ = "password_credential"

    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE", primary_key=True)
    hash: str = Field(sa_type=Text)
    changed_at: datetime = Field(
        default=None, sa_type=Timestamp, sa_column_kwargs={"server_default": text("now()")}
    )


class Challenge(Entity, table=True):
    """A secret that works once: sent by e-mail, or kept by a browser between two steps."""

    __tablename__ = "challenge"
    __table_args__ = (
        CheckConstraint(f"length(secret_hash) = {SECRET_HASH_BYTES}", name="secret_hash"),
        UniqueConstraint("secret_hash"),
        # Serves "end all open challenges of this kind for this person".
        Index(None, "person_id", "purpose"),
        # Serves the removal of what has expired.
        Index(None, "expires_at"),
    )

    purpose: ChallengePurpose = Field(sa_type=text_enum(ChallengePurpose, "purpose"))
    person_id: UUID | None = Field(default=None, foreign_key="person.id", ondelete="CASCADE")
    organisation_id: UUID | None = Field(
        default=None, foreign_key="organisation.id", ondelete="CASCADE"
    )
    email: str | None = Field(default=None, sa_type=CITEXT)
    secret_hash: bytes = Field(sa_type=LargeBinary)
    # What the second step needs of the first (a WebAuthn challenge, a PKCE verifier), sealed.
    state: bytes | None = Field(default=None, sa_type=LargeBinary)
    expires_at: datetime = Field(sa_type=Timestamp)
    used_at: datetime | None = Field(default=None, sa_type=Timestamp)


class Passkey(Entity, table=True):
    """A WebAuthn credential: its public half."""

    __tablename__ = "passkey"
    __table_args__ = (
        CheckConstraint(f"char_length(name) between 1 and {PASSKEY_NAME_MAX}", name="name_length"),
        UniqueConstraint("credential_id"),
        Index(None, "person_id", "id"),
    )

    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE")
    credential_id: bytes = Field(sa_type=LargeBinary)
    public_key: bytes = Field(sa_type=LargeBinary)
    sign_count: int = Field(default=0, sa_type=BigInteger)
    name: str = Field(sa_type=Text)
    last_used_at: datetime | None = Field(default=None, sa_type=Timestamp)


class TotpCredential(SQLModel, table=True):
    """A second factor by time-based codes (RFC 6238); in force once it is confirmed."""

    __tablename__ = "totp_credential"

    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE", primary_key=True)
    # Sealed with the server's key: a copy of the database alone makes no codes.
    sealed_secret: bytes = Field(sa_type=LargeBinary)
    confirmed_at: datetime | None = Field(default=None, sa_type=Timestamp)
    # The last time step that was accepted: a code works once.
    last_step: int = Field(default=0, sa_type=BigInteger)


class RecoveryCode(Entity, table=True):
    """A code that stands in for a lost second factor, once."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("person_id", "code_hash"),)

    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE")
    code_hash: bytes = Field(sa_type=LargeBinary)
    used_at: datetime | None = Field(default=None, sa_type=Timestamp)


class Throttle(SQLModel, table=True):
    """Failures counted against one bucket: an account with an address, or an address alone."""

    __tablename__ = "throttle"
    # Serves the removal of what has cooled down.
    __table_args__ = (Index(None, "last_failed_at"),)

    # SHA-256 of what is counted, so that the table names nobody.
    bucket: bytes = Field(sa_type=LargeBinary, primary_key=True)
    failures: int = Field(default=0)
    last_failed_at: datetime = Field(sa_type=Timestamp)


class IdentityProvider(Entity, table=True):
    """An organisation's own sign-in by OpenID Connect, for addresses of one verified domain."""

    __tablename__ = "identity_provider"
    __table_args__ = (
        UniqueConstraint("organisation_id"),
        # Serves "who signs in the people of this domain".
        UniqueConstraint("email_domain"),
    )

    organisation_id: UUID = Field(foreign_key="organisation.id", ondelete="CASCADE")
    issuer: str = Field(sa_type=Text)
    client_id: str = Field(sa_type=Text)
    sealed_client_secret: bytes = Field(sa_type=LargeBinary)
    email_domain: str = Field(sa_type=CITEXT)
    default_role: Role = Field(
        default=Role.MEMBER,
        sa_type=text_enum(Role, "default_role"),
        sa_column_kwargs={"server_default": Role.MEMBER.value},
    )


class ExternalIdentity(Entity, table=True):
    """Who a person is at an identity provider."""

    __tablename__ = "external_identity"
    __table_args__ = (UniqueConstraint("provider_id", "subject"), Index(None, "person_id"))

    provider_id: UUID = Field(foreign_key="identity_provider.id", ondelete="CASCADE")
    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE")
    subject: str = Field(sa_type=Text)


class DataExport(Entity, table=True):
    """All that is kept about a person, as a file that they asked for and may fetch for a week."""

    __tablename__ = "data_export"
    __table_args__ = (
        # Serves a person's own list, newest first.
        Index(None, "person_id", "id"),
        # One that is being made at a time.
        Index(
            "uq_data_export_pending",
            "person_id",
            unique=True,
            postgresql_where=text("ready_at is null"),
        ),
        # Serves the removal of what has expired.
        Index(None, "expires_at"),
    )

    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE")
    storage_key: str | None = Field(default=None, sa_type=Text)
    byte_count: int | None = Field(default=None, sa_type=BigInteger)
    ready_at: datetime | None = Field(default=None, sa_type=Timestamp)
    expires_at: datetime | None = Field(default=None, sa_type=Timestamp)
