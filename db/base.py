"""What every table shares: the key, the clock, the naming of constraints, enums stored as text."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Enum, MetaData, func, text
from sqlmodel import Field, SQLModel

# Names are part of the contract: a violated constraint is mapped to a typed error by its name.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
SQLModel.metadata.naming_convention = NAMING
metadata: MetaData = SQLModel.metadata

Timestamp = DateTime(timezone=True)


def text_enum(values: type[StrEnum], name: str) -> Any:
    """Column type that stores an enum's values as text, kept honest by the check constraint `name`."""
    return Enum(
        values,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )


class Entity(SQLModel):
    """A row with a time-ordered key made by the database (`uuidv7()`)."""

    id: UUID = Field(
        default=None, primary_key=True, sa_column_kwargs={"server_default": text("uuidv7()")}
    )
    created_at: datetime = Field(
        default=None,
        nullable=False,
        sa_type=Timestamp,
        sa_column_kwargs={"server_default": func.now()},
    )
