"""What is selected of an object: fragments followed, directives obeyed, fields merged by key."""

from __future__ import annotations

from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLIncludeDirective,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLSkipDirective,
    InlineFragmentNode,
    SelectionNode,
    SelectionSetNode,
    is_abstract_type,
)
from graphql.execution.values import VariableValues, get_argument_values, get_directive_values


class Collector:
    """Reads the selections of one operation."""

    def __init__(
        self, schema: GraphQLSchema, tree: DocumentNode, variables: VariableValues
    ) -> None:
        self.schema = schema
        self.variables = variables
        self.fragments = {
            node.name.value: node
            for node in tree.definitions
            if isinstance(node, FragmentDefinitionNode)
        }

    def arguments(self, definition: GraphQLField, node: FieldNode) -> dict[str, Any]:
        """Give what a field's arguments are.

        Raises:
            GraphQLError: One is null, or missing, that may not be.
        """
        return get_argument_values(definition, node, self.variables)

    def fields(
        self, type_: GraphQLObjectType, selections: list[SelectionSetNode]
    ) -> dict[str, list[FieldNode]]:
        """Give the fields by the key under which they are answered."""
        found: dict[str, list[FieldNode]] = {}
        for selection_set in selections:
            for node in selection_set.selections:
                self._collect(type_, node, found)
        return found

    def _collect(
        self, type_: GraphQLObjectType, node: SelectionNode, found: dict[str, list[FieldNode]]
    ) -> None:
        skip = get_directive_values(GraphQLSkipDirective, node, self.variables)
        include = get_directive_values(GraphQLIncludeDirective, node, self.variables)
        if (skip and skip["if"]) or (include and not include["if"]):
            return
        if isinstance(node, FieldNode):
            found.setdefault((node.alias or node.name).value, []).append(node)
            return
        inner: Any = node
        if isinstance(node, FragmentSpreadNode):
            inner = self.fragments[node.name.value]
        assert isinstance(inner, InlineFragmentNode | FragmentDefinitionNode)
        condition = inner.type_condition
        if condition is not None:
            wanted: Any = self.schema.type_map[condition.name.value]
            fits = wanted is type_ or (
                is_abstract_type(wanted) and self.schema.is_sub_type(wanted, type_)
            )
            if not fits:
                return
        for child in inner.selection_set.selections:
            self._collect(type_, child, found)
