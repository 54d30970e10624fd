"""Events as rows become what their kinds say; what this program does not know is skipped, and said once."""

from __future__ import annotations

import logging
from dataclasses import FrozenInstanceError
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from db.tables.posts import Audience
from subscriptions.events import (
    COLUMNS,
    MODEL_OF,
    EventKind,
    EventReader,
    PostEvent,
    UnknownEvent,
    event_of,
    record,
)

KEY = UUID("01890000-0000-7000-8000-000000000001")
OTHER = UUID("01890000-0000-7000-8000-000000000002")
IDS = {"post_id": str(KEY), "author_id": str(OTHER), "audience": "PARTNERS"}


def row(**changes: Any) -> dict[str, Any]:
    """Give a row about a post, as the database gives it."""
    return {
        "id": 7,
        "transaction_id": 5,
        "created_at": datetime(2026, 11, 24, tzinfo=UTC),
        "kind": "POST_EDITED",
        "version": 1,
        "actor_id": OTHER,
        "organisation_id": OTHER,
        "subject_id": KEY,
        "ids": IDS,
        **changes,
    }


def test_each_kind_has_one_model() -> None:
    assert set(MODEL_OF) == set(EventKind)


@pytest.mark.parametrize("as_text", [False, True])
def test_an_event_gives_its_ids_by_type(*, as_text: bool) -> None:
    ids: Any = {**IDS, "was_audience": "NETWORK", "of_a_newer_program": 1}
    event = event_of(row(ids=str(ids).replace("'", '"') if as_text else ids))
    assert event == PostEvent(
        id=7,
        transaction_id=5,
        created_at=datetime(2026, 11, 24, tzinfo=UTC),
        kind=EventKind.POST_EDITED,
        version=1,
        actor_id=OTHER,
        organisation_id=OTHER,
        subject_id=KEY,
        post_id=KEY,
        author_id=OTHER,
        audience=Audience.PARTNERS,
        was_audience=Audience.NETWORK,
    )
    with pytest.raises(FrozenInstanceError):
        event.id = 8  # type: ignore[misc]
    assert not hasattr(event, "__dict__")


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"kind": "POST_TRANSLATED"}, id="a kind of a newer program"),
        pytest.param({"version": 2}, id="a version of a newer program"),
        pytest.param({"version": 0}, id="from before there were ids"),
        pytest.param({"ids": {}}, id="without its ids"),
        pytest.param({"ids": {**IDS, "audience": "MARS"}}, id="an audience of a newer program"),
        pytest.param({"ids": {**IDS, "post_id": "x"}}, id="no key"),
        pytest.param({"organisation_id": None}, id="without its organisation"),
    ],
)
def test_what_is_not_known_is_skipped_and_said_once(
    caplog: pytest.LogCaptureFixture, changes: dict[str, Any]
) -> None:
    reader = EventReader()
    with pytest.raises(UnknownEvent):
        event_of(row(**changes))
    with caplog.at_level(logging.WARNING, "subscriptions.events"):
        assert [reader.read(row(**changes)) for _ in range(3)] == [None] * 3
        assert reader.read(row()) is not None
    assert len(caplog.messages) == 1
    assert changes.get("kind", "POST_EDITED") in caplog.messages[0]


async def test_what_is_recorded_is_read_as_it_was(scratch_connection: asyncpg.Connection) -> None:
    await scratch_connection.set_type_codec(
        "jsonb", encoder=lambda value: str(value).replace("'", '"').replace("True", "true"),
        decoder=str, schema="pg_catalog",
    )  # fmt: skip
    await record(
        scratch_connection,
        EventKind.POST_DELETED,
        actor_id=None,
        organisation_id=OTHER,
        subject_id=KEY,
        post_id=KEY,
        author_id=OTHER,
        audience=Audience.FOLLOWERS,
        was_audience=None,
        is_hidden=True,
    )
    stored = await scratch_connection.fetchrow(f"select {COLUMNS} from event")
    assert stored is not None
    event = event_of(dict(stored))
    assert isinstance(event, PostEvent)
    assert (event.kind, event.audience, event.is_hidden) == ("POST_DELETED", "FOLLOWERS", True)
    assert (event.was_audience, event.post_id, event.author_id) == (None, KEY, OTHER)
