"""Second factors and passkeys of a person, as that person alone sees them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ARRAY, Text, case, cast, func, null, or_
from sqlalchemy.dialects.postgresql import array
from sqlmodel import col, select

from db.tables.accounts import Passkey, RecoveryCode, TotpCredential
from resolvers.rows import Row, Viewer

TOTP, RECOVERY_CODE = "TOTP", "RECOVERY_CODE"


def second_factors(person: Row, viewer: Viewer) -> Any:
    """Give what one can be asked for after the first step of signing in; null of anybody else."""
    has_totp = (
        select(TotpCredential.person_id)
        .where(
            col(TotpCredential.person_id) == person.id,
            col(TotpCredential.confirmed_at).is_not(None),
        )
        .exists()
    )
    has_code = select(RecoveryCode.id).where(
        col(RecoveryCode.person_id) == person.id, col(RecoveryCode.used_at).is_(None)
    )
    return case(
        (or_(viewer.id.is_(None), person.id != viewer.id), null()),
        (~has_totp, cast(array([], type_=Text()), ARRAY(Text()))),
        (has_code.exists(), array([TOTP, RECOVERY_CODE], type_=Text())),
        else_=array([TOTP], type_=Text()),
    )


def recovery_codes_left(person: Row, viewer: Viewer) -> Any:
    """Count one's recovery codes that were not used; null of anybody else."""
    left = (
        select(func.count())
        .select_from(RecoveryCode)
        .where(col(RecoveryCode.person_id) == person.id, col(RecoveryCode.used_at).is_(None))
    )
    return case((person.id == viewer.id, left.scalar_subquery()))


def passkeys(person: Row) -> Any:
    """Give the passkeys of a person."""
    return select(Passkey).where(col(Passkey.person_id) == person.id)
