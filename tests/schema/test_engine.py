"""The compiler's own promises: loud mistakes, bounded caches, references, mixed operations."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import orjson
import pytest
import strawberry
from sqlalchemy import Uuid, exists, or_
from sqlmodel import col, select

from db.pools import ReadPool
from db.tables.network import Follow
from db.tables.organisations import Organisation as OrganisationTable
from db.tables.people import Membership as MembershipTable
from db.tables.posts import Post as PostTable
from resolvers.accounts import hash_secret, issue_token, person_of_secret
from resolvers.changes import event_row, known
from resolvers.network import standing, standing_of_all
from resolvers.rows import Row, Viewer
from schema.build import build_schema
from schema.engine.declare import column, connection, one, root, table, value
from schema.engine.documents import Limits
from schema.engine.engine import Asking, GraphContext
from schema.engine.execute import Ref
from schema.engine.graph import GraphSchema
from schema.engine.plans import BoundedCache
from schema.engine.relay import Connection, Node
from schema.engine.startup import SchemaFault
from schema.engine.visibility import equated
from schema.organisations import Organisation
from schema.query import Query


def schema_of(query: type, **options: Any) -> GraphSchema:
    asking = Asking(person_of_secret, standing, standing_of_all, event_row, known)
    return GraphSchema(query, asking=asking, **options)


async def run(graph: GraphSchema, pool: ReadPool, text: str, **options: Any) -> Any:
    context = GraphContext(reader=pool, secret_hash=options.pop("secret_hash", None))
    result = await graph.execute(text, context_value=context, **options)
    assert not result.errors, result.errors
    return orjson.loads(orjson.dumps(result.data))


# A wrong scope is refused when it is compiled


def followed_somewhere(organisation: Row, viewer: Viewer) -> Any:
    """Mean the outer organisation two SELECTs down: SQLAlchemy would read the table again."""
    inner = select(Follow.id).where(
        col(Follow.organisation_id) == col(OrganisationTable.id),
        col(Follow.person_id) == viewer.id,
    )
    middle = select(MembershipTable.id).where(
        col(MembershipTable.organisation_id) == col(OrganisationTable.id), inner.exists()
    )
    return (
        select(OrganisationTable.id)
        .where(col(OrganisationTable.id) == organisation.id, middle.exists())
        .exists()
    )


def unrelated(organisation: Row) -> Any:  # noqa: ARG001 - forgetting the row is the point
    """Read two tables that nothing joins."""
    return exists(
        select(PostTable.id).select_from(PostTable, MembershipTable).where(col(PostTable.id) == 1)
    )


def organisations() -> Any:
    return select(OrganisationTable)


@table(OrganisationTable, prefix="bad", visible=None)
class Careless(Node):
    """An organisation with careless resolvers."""

    followed_somewhere: bool = value(followed_somewhere, "Wrong on purpose.")
    unrelated: bool = value(unrelated, "Wrong on purpose.")


@root
class AsksCareless:
    """Where it is asked."""

    careless: Connection[Careless] = connection(organisations, "All.", order=("id",))


@pytest.mark.parametrize("mistake", ["followedSomewhere", "unrelated"])
async def test_a_stray_from_is_refused(
    world_pool: ReadPool, mistake: str, caplog: pytest.LogCaptureFixture
) -> None:
    graph = schema_of(AsksCareless)
    context = GraphContext(reader=world_pool, request_id="r1")
    result = await graph.execute(
        f"{{ careless {{ nodes {{ {mistake} }} }} }}", context_value=context
    )
    assert result.errors is not None
    assert result.errors[0].extensions == {"code": "INTERNAL", "requestId": "r1"}
    assert "StrayFrom" in caplog.text


# What cannot be promised is refused when the schema is built


def owner(post: Row) -> Any:
    return select(OrganisationTable).where(col(OrganisationTable.id) == post.organisation_id)


def is_self(row: Row, viewer: Viewer) -> Any:
    return row.id == viewer.id


def posts() -> Any:
    return select(PostTable)


@table(OrganisationTable, prefix="hid", visible=is_self)
class Hidden(Node):
    """Seen by few."""


@table(PostTable, prefix="shw", visible=None)
class Shown(Node):
    """Seen by all."""

    owner: Hidden = one(owner, "Cannot be promised.")


@root
class AsksShown:
    """Where it is asked."""

    shown: Connection[Shown] = connection(posts, "All.", order=("id",))


@table(OrganisationTable, prefix="nul", visible=None)
class Bold(Node):
    """Promises a website."""

    website: str = column("May be null.")


@root
class AsksBold:
    """Where it is asked."""

    bold: Connection[Bold] = connection(organisations, "All.", order=("id",))


def test_a_non_null_relation_to_what_may_be_hidden_is_refused() -> None:
    with pytest.raises(SchemaFault, match=r"Shown.owner is non-null, but its row can be missing"):
        schema_of(AsksShown)


def test_a_non_null_field_on_a_nullable_column_is_refused() -> None:
    with pytest.raises(SchemaFault, match=r"Bold.website is non-null, its column is not"):
        schema_of(AsksBold)


# Ordinary resolvers beside compiled fields


@strawberry.type
class Mixed(Query):
    """The graph with ordinary resolvers that refer to rows."""

    @strawberry.field
    async def hello(self, name: str = "world") -> str:
        return f"hello {name}"

    @strawberry.field
    async def chosen(self, keys: list[str]) -> list[Organisation]:
        return [Ref(Organisation, UUID(key)) for key in keys]  # type: ignore[misc]

    @strawberry.field
    async def first_of(self, key: str) -> Organisation:
        return Ref(Organisation, UUID(key))  # type: ignore[return-value]

    @strawberry.field
    async def any_of(self, key: str) -> Node:
        return Ref(Organisation, UUID(key))  # type: ignore[return-value]


@pytest.fixture(scope="module")
def mixed() -> GraphSchema:
    return schema_of(Mixed)


async def test_compiled_and_ordinary_fields_answer_together_in_order(
    mixed: GraphSchema, world_pool: ReadPool
) -> None:
    text = '{ a: hello skill(slug: "projectmanagement") { id } b: hello(name: "x") __typename }'
    data = await run(mixed, world_pool, text)
    assert list(data) == ["a", "skill", "b", "__typename"]
    assert data["a"] == "hello world"
    assert data["b"] == "hello x"


async def test_references_are_rendered_in_order_and_guarded(
    mixed: GraphSchema, world_pool: ReadPool
) -> None:
    visible = await world_pool.fetch(
        "select id, name from organisation where suspended_at is null order by random() limit 3"
    )
    suspended = await world_pool.fetchval(
        "select id from organisation where suspended_at is not null limit 1"
    )
    keys = [str(visible[0]["id"]), str(suspended), str(visible[1]["id"]), str(visible[2]["id"])]
    text = """query ($keys: [String!]!, $one: String!) {
        chosen(keys: $keys) { name posts(first: 1) { nodes { organisation { name } } } }
        firstOf(key: $one) { name } anyOf(key: $one) { __typename id ... on Organisation { slug } }
    }"""
    data = await run(
        mixed, world_pool, text, variable_values={"keys": keys, "one": str(visible[1]["id"])}
    )
    assert [item["name"] for item in data["chosen"]] == [row["name"] for row in visible]
    assert data["firstOf"]["name"] == visible[1]["name"]
    assert data["anyOf"]["__typename"] == "Organisation"


async def test_a_reference_to_what_is_hidden_is_an_error_not_a_leak(
    mixed: GraphSchema, world_pool: ReadPool
) -> None:
    suspended = await world_pool.fetchval(
        "select id from organisation where suspended_at is not null limit 1"
    )
    result = await mixed.execute(
        "query ($one: String!) { firstOf(key: $one) { name } }",
        {"one": str(suspended)},
        GraphContext(reader=world_pool),
    )
    assert result.data is None
    assert result.errors is not None
    assert result.errors[0].path == ["firstOf"]
    assert result.errors[0].extensions == {"code": "EXECUTION_FAILED"}


async def test_a_bad_argument_stops_the_request_before_anything_runs(
    mixed: GraphSchema, world_pool: ReadPool
) -> None:
    result = await mixed.execute(
        "{ hello organisations(first: 0) { nodes { id } } }",
        context_value=GraphContext(reader=world_pool),
    )
    assert result.data is None
    assert result.errors is not None
    assert result.errors[0].path == ["organisations"]
    assert (result.errors[0].extensions or {})["code"] == "INVALID_ARGUMENT"


# JSON


async def test_an_object_may_have_more_pieces_than_a_function_takes_arguments(
    world_pool: ReadPool,
) -> None:
    keys = [f"k{number}" for number in range(55)]
    fields = " ".join(f"{key}: slug" for key in keys)
    text = f"{{ organisations(first: 1) {{ nodes {{ slug {fields} }} }} }}"
    (found,) = (await run(build_schema(), world_pool, text))["organisations"]["nodes"]
    slug = found["slug"]
    assert list(found.items()) == [("slug", slug), *((key, slug) for key in keys)]


# Plans


async def test_different_values_share_a_plan(world_pool: ReadPool) -> None:
    graph = build_schema()
    text = "query ($n: Int!, $s: String) { organisations(first: $n, search: $s) { nodes { id } } }"
    for count in (1, 2, 3):
        for search in ("a", "e"):
            await run(graph, world_pool, text, variable_values={"n": count, "s": search})
    assert len(graph.engine.plans) == 1
    assert (graph.engine.plans.misses, graph.engine.plans.hits) == (1, 5)
    await run(graph, world_pool, text, variable_values={"n": 1, "s": None})
    assert len(graph.engine.plans) == 2


async def test_shaping_variables_get_plans_of_their_own(world_pool: ReadPool) -> None:
    graph = build_schema()
    text = """query ($o: OrganisationOrder!, $i: Boolean!) {
        organisations(first: 2, order: $o) { nodes { name id @include(if: $i) } } }"""
    answers = [
        await run(graph, world_pool, text, variable_values={"o": order, "i": include})
        for order in ("NAME", "FOLLOWERS")
        for include in (True, False)
    ]
    assert len(graph.engine.plans) == 4
    assert ["id" in answer["organisations"]["nodes"][0] for answer in answers] == [
        True,
        False,
        True,
        False,
    ]


async def test_plans_are_bounded(world_pool: ReadPool) -> None:
    graph = build_schema()
    graph.engine.plans.maximum = 5
    for number in range(12):
        await run(graph, world_pool, f"{{ a{number}: viewer {{ id }} }}")
    assert len(graph.engine.plans) == 5


def test_the_least_recently_used_entry_goes_first() -> None:
    cache: BoundedCache[int] = BoundedCache(2)
    cache.put("a", 1)
    cache.put("b", 2)
    assert cache.find("a") == 1
    cache.put("c", 3)
    assert (cache.find("a"), cache.find("b"), cache.find("c")) == (1, None, 3)


def test_entries_go_when_they_weigh_too_much_together() -> None:
    cache: BoundedCache[str] = BoundedCache(100, weigh=len, maximum_bytes=20)
    for key in "abcd":
        cache.put(key, key * 5)
    assert cache.find("a") == "aaaaa"
    cache.put("e", "eee")
    assert [key for key in "abcde" if cache.find(key)] == ["a", "c", "d", "e"]
    cache.put("a", "a")
    assert (len(cache), cache.bytes) == (4, 14)
    # One that is large does not push out what is asked for all the time.
    cache.put("f", "f" * 6)
    assert (cache.find("f"), len(cache), cache.bytes) == (None, 4, 14)


async def test_documents_and_plans_are_bounded_by_what_they_weigh(world_pool: ReadPool) -> None:
    graph = build_schema()
    caches = (graph.documents.cache, graph.engine.plans)
    for cache in caches:
        cache.maximum_bytes = 100_000
    for number in range(12):
        text = f"{{ a{number:02}: viewer {{ id }} }}" + "#" * 500
        for _ in range(2):
            await run(graph, world_pool, text)
    # The comment weighs with its document, not with the plan.
    assert [len(cache) for cache in caches] == [6, 12]
    assert all(cache.bytes <= cache.maximum_bytes for cache in caches)


async def test_errors_say_where_they_are_though_tokens_are_forgotten(world_pool: ReadPool) -> None:
    graph = build_schema()
    text = """query ($n: Int!) {\n  organisations(first: $n) { nodes { id } }\n}"""
    context = GraphContext(reader=world_pool)
    result = await graph.execute(text, {"n": 100_000}, context_value=context)
    assert result.errors
    assert [(place.line, place.column) for place in result.errors[0].locations or []] == [(2, 3)]


async def test_cost_counts_rows_times_nested_selections(world_pool: ReadPool) -> None:
    graph = build_schema(limits=Limits(cost=600))
    text = (
        "{ organisations(first: 10) { nodes { posts(first: 5) { nodes { id author { id } } } } } }"
    )
    context = GraphContext(reader=world_pool)
    result = await graph.execute(text, context_value=context)
    # 10 organisations, 50 posts, 50 authors.
    assert result.extensions == {"cost": {"requested": 110, "limit": 600}}
    result = await graph.execute(
        text.replace("first: 5", "first: 50"), context_value=GraphContext(reader=world_pool)
    )
    assert result.errors is not None
    assert result.errors[0].extensions == {"code": "LIMIT_EXCEEDED", "limit": 600, "actual": 1010}


# Sign-in


async def test_a_revoked_or_expired_token_is_nobodys(world_pool: ReadPool) -> None:
    graph = build_schema()
    async with world_pool.acquire() as connection:
        person = await connection.fetchval(
            "select id from person where deactivated_at is null limit 1"
        )
        secret = await issue_token(connection, person, name="test")
        hashed = hash_secret(secret)
        assert (await run(graph, world_pool, "{ viewer { id } }", secret_hash=hashed))["viewer"]
        for change in ("revoked_at = now()", "revoked_at = null, expires_at = now()"):
            await connection.execute(
                f"update access_token set {change} where secret_hash = $1",
                hashed,
            )
            context = GraphContext(reader=world_pool, secret_hash=hashed)
            result = await graph.execute("{ viewer { id } }", context_value=context)
            assert result.data is None
            assert result.errors is not None
            assert (result.errors[0].extensions or {})["code"] == "UNAUTHENTICATED"


# What is proven about a row


def namesake(organisation: Row) -> Any:
    """Posts of *other* organisations, found by a follow of this one: nothing is proven of them."""
    return (
        select(PostTable)
        .join(Follow, col(Follow.person_id) == col(PostTable.author_id))
        .where(col(Follow.organisation_id) == organisation.id)
    )


def test_a_namesake_in_another_table_proves_nothing() -> None:
    row = Row("o", {"id": Uuid()})
    table: Any = PostTable.__table__  # type: ignore[attr-defined]
    own = select(PostTable).where(col(PostTable.organisation_id) == row.id)
    assert equated(own, row, table) == {"organisation_id": "id"}
    assert equated(namesake(row), row, table) == {}
    assert equated(own.where(col(PostTable.author_id) != row.id), row, table) == {
        "organisation_id": "id"
    }
    either = select(PostTable).where(
        or_(col(PostTable.organisation_id) == row.id, col(PostTable.author_id) == row.id)
    )
    assert equated(either, row, table) == {}
