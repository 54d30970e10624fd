"""What is wrong with the arguments of a document, whatever rows there are.

The graph refuses a request as a whole before anything runs, so a bad argument counts even where
no row would ever be reached.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLObjectType,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
)

from tests.oracle.collecting import Collector
from tests.oracle.lists import LISTS, order_of
from tests.oracle.paging import Refused, page_size, text
from tests.oracle.values import key_of, split_id

INVALID = "INVALID"
ITEMS = 100
RANGES = {"length": range(1, 1001), "minimumLevel": range(1, 6)}
# What an ID argument or input field takes.
TAKES = {
    "Query.organisation.id": "Organisation",
    "Query.person.id": "Person",
    "Query.skill.id": "Skill",
    "Query.listing.id": "Listing",
    "Query.exchange.id": "Exchange",
    "filter.strengths": "Skill",
    "filter.skills": "Skill",
    "filter.organisations": "Organisation",
    "filter.authors": "Person",
    "filter.clusters": "SkillCluster",
}


class Refusals(Collector):
    """Finds the codes of all refusals that an operation deserves."""

    def of(self, operation: OperationDefinitionNode) -> set[str]:
        """Give the codes."""
        root = self.schema.query_type
        assert root is not None
        return set(self._selected(root, [operation.selection_set]))

    def _selected(self, type_: Any, selections: list[SelectionSetNode]) -> Iterator[str]:
        if is_abstract_type(type_):
            for concrete in self.schema.get_possible_types(type_):
                yield from self._selected(concrete, selections)
            return
        assert isinstance(type_, GraphQLObjectType)
        for nodes in self.fields(type_, selections).values():
            name = nodes[0].name.value
            definition = type_.fields.get(name)
            if definition is None:
                continue
            try:
                given = self.arguments(definition, nodes[0])
            except GraphQLError:
                yield INVALID
            else:
                yield from codes(f"{type_.name}.{name}", given)
            inner = get_named_type(definition.type)
            if not is_leaf_type(inner) and not inner.name.startswith("__"):
                yield from self._selected(
                    inner, [node.selection_set for node in nodes if node.selection_set]
                )


def codes(where: str, given: dict[str, Any]) -> Iterator[str]:
    """Give the codes of what is wrong with the arguments of one field."""
    for check in (_check_combination, _check_values, _check_page, _check_after, _check_before):
        try:
            check(where, given)
        except Refused as refused:
            yield refused.code


def _check_combination(where: str, given: dict[str, Any]) -> None:
    if where in {"Query.organisation", "Query.skill"}:
        if (given.get("slug") is None) == (given.get("id") is None):
            raise Refused("INVALID_ARGUMENT", "slug or id")
    elif where == "Query.people":
        wanted = given.get("filter") or {}
        if wanted.get("minimumLevel") is not None and wanted.get("skills") is None:
            raise Refused("INVALID_ARGUMENT", "minimumLevel without skills")


def _check_values(where: str, given: dict[str, Any]) -> None:
    for name, value in given.items():
        if name not in {"after", "before"}:
            _check_value(f"{where}.{name}", name, value)


def _check_page(where: str, given: dict[str, Any]) -> None:
    if where in LISTS:
        page_size(given)


def _check_after(where: str, given: dict[str, Any], name: str = "after") -> None:
    if where in LISTS and given.get(name) is not None:
        order_of(where, given).position(given[name])


def _check_before(where: str, given: dict[str, Any]) -> None:
    _check_after(where, given, "before")


def _check_value(where: str, name: str, value: Any) -> None:
    if isinstance(value, list):
        if len(value) > ITEMS:
            raise Refused("INVALID_ARGUMENT", f"{len(value)} items")
        for item in value:
            _check_value(where, name, item)
    elif isinstance(value, dict):
        for inner_name, inner in value.items():
            _check_value(f"{name}.{inner_name}", inner_name, inner)
    elif isinstance(value, datetime):
        if value.tzinfo is None:
            raise Refused("INVALID_ARGUMENT", "a time without its offset")
    elif isinstance(value, str):
        _check_text(where, name, value)
    elif value is not None and name in RANGES and value not in RANGES[name]:
        raise Refused("INVALID_ARGUMENT", f"{value} is out of range")


def _check_text(where: str, name: str, value: str) -> None:
    if where in TAKES:
        key_of(value, TAKES[where])
    elif where in {"Query.node.id", "Query.nodes.ids"}:
        split_id(value)
    elif name in {"search", "query", "location", "slug"}:
        try:
            text(value)
        except ValueError as error:
            raise Refused("INVALID_ARGUMENT", "no text") from error
