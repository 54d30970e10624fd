"""The SQL of ten operations, word for word: a change of plan is a difference to be read.

After a change that is meant: `pytest tests/schema/test_golden_sql.py --rewrite-golden`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLSchema, OperationDefinitionNode, parse
from graphql.execution.collect_fields import FragmentDetails, collect_fields
from graphql.execution.values import VariableValues, get_variable_values

from schema.build import build_schema
from schema.engine.compile import Operation
from schema.engine.graph import GraphSchema

GOLDEN = Path(__file__).with_name("golden")
UUID = "01a20a7c-21af-7185-b898-9374c6c85cb0"
DOCUMENTS: dict[str, tuple[str, dict[str, Any]]] = {
    "viewer": ("{ viewer { id name email } }", {}),
    "organisation": (
        "query ($slug: String!) { organisation(slug: $slug) { id name viewerFollows viewerRole } }",
        {"slug": "x"},
    ),
    "members": (
        "{ organisations(first: 2) { nodes { members(first: 3) { nodes { role person { name } } } } } }",
        {},
    ),
    "feed": (
        "query ($first: Int!) { feed(first: $first) { edges { cursor node { id body author { name } "
        "organisation { name } viewerReaction } } pageInfo { hasNextPage endCursor } } }",
        {"first": 20},
    ),
    "feed_after": (
        "query ($after: String!) { feed(after: $after) { nodes { id } pageInfo { hasPreviousPage } } }",
        {"after": UUID},
    ),
    "people_backward": (
        "query ($before: String!) { people(last: 5, before: $before, order: NAME) "
        "{ totalCount nodes { name } } }",
        {"before": f'["NAME", "x", "{UUID}"]'},
    ),
    "filtered": (
        "query ($skills: [ID!]) { people(filter: { skills: $skills, minimumLevel: 3 }, first: 5) "
        "{ nodes { name skills(first: 2) { nodes { level skill { label(language: NL) } } } } } }",
        {"skills": [f"skl_{UUID}"]},
    ),
    "comments": (
        "query ($id: ID!) { node(id: $id) { id ... on Post { comments(threaded: true, first: 2) "
        "{ nodes { body replies(first: 2) { nodes { body parent { id } } } } } } } }",
        {"id": f"pst_{UUID}"},
    ),
    "search": (
        "query ($q: String!) { search(query: $q, first: 3) { nodes { __typename "
        "... on Organisation { name } ... on Person { name } ... on Skill { labelEn } } } }",
        {"q": "water"},
    ),
    "nodes": ("query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", {"ids": []}),
}


@pytest.fixture(scope="module")
def graph() -> GraphSchema:
    return build_schema()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_sql_is_as_recorded(graph: GraphSchema, name: str, request: pytest.FixtureRequest) -> None:
    document, variables = DOCUMENTS[name]
    sql = sql_of(graph, document, variables)
    recorded = GOLDEN / f"{name}.sql"
    if request.config.getoption("--rewrite-golden"):
        recorded.write_text(sql + "\n", encoding="utf-8")
    assert sql + "\n" == recorded.read_text(encoding="utf-8")


def sql_of(graph: GraphSchema, document: str, variables: dict[str, object]) -> str:
    """Give the statement that a document is answered with."""
    core: GraphQLSchema = graph._schema
    tree = parse(document)
    node = tree.definitions[0]
    assert isinstance(node, OperationDefinitionNode)
    assert core.query_type is not None
    values = get_variable_values(core, node.variable_definitions or (), variables)
    assert isinstance(values, VariableValues)
    fragments: dict[str, FragmentDetails] = {}
    fields = collect_fields(core, fragments, values, core.query_type, node).grouped_field_set
    operation = Operation(core, node, fragments, values)
    return graph.engine.root_plan(operation, core.query_type, fields).sql
