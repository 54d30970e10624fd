"""Whether a document passes the published limits: counted here, on the oracle's side, once more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLObjectType,
    Lexer,
    Node,
    OperationDefinitionNode,
    SelectionSetNode,
    Source,
    TokenKind,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
    is_object_type,
)

from tests.oracle import exchanging, feeds, looking, suggesting, trading
from tests.oracle.collecting import Collector

TOKENS, NESTING, FIELDS, ALIASES, DIRECTIVES, DEPTH, COST = 3_000, 60, 600, 60, 60, 16, 50_000
# Lists without pages hold at most so many.
AT_MOST = {
    **feeds.AT_MOST,
    **suggesting.AT_MOST,
    **trading.AT_MOST,
    **looking.AT_MOST,
    **exchanging.AT_MOST,
    "Post.images": 8,
    "Post.attachments": 1,
    "Post.skills": 10,
    "Post.mentions": 20,
    "Comment.mentions": 20,
    "Organisation.pinnedPosts": 3,
    "PostDraft.skills": 10,
    "PostDraft.media": 8,
    "Query.taxonomy": 50,
    "SkillDomain.clusters": 30,
}
COUNT = 10


@dataclass
class Size:
    """How much of everything a text or an operation holds."""

    tokens: int = 0
    nesting: int = 0
    fields: int = 0
    aliases: int = 0
    directives: int = 0
    depth: int = 0

    @property
    def is_too_large(self) -> bool:
        """Whether it passes a limit."""
        return (
            self.tokens > TOKENS
            or self.nesting > NESTING
            or self.fields > FIELDS
            or self.aliases > ALIASES
            or self.directives > DIRECTIVES
            or self.depth > DEPTH
        )


def size(text: str, tree: DocumentNode) -> Size:
    """Measure a document: the largest operation in it, fragments counted wherever they are spread."""
    found = Size()
    nesting = 0
    lexer = Lexer(Source(text))
    while (token := lexer.advance()).kind is not TokenKind.EOF:
        found.tokens += 1
        if token.kind in {TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L}:
            nesting += 1
        elif token.kind in {TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R}:
            nesting -= 1
        found.nesting = max(found.nesting, nesting)
    fragments = {
        node.name.value: node
        for node in tree.definitions
        if isinstance(node, FragmentDefinitionNode)
    }
    for node in tree.definitions:
        walked = list(_walk(node, fragments, 0))
        fields = [(inner, depth) for inner, depth in walked if isinstance(inner, FieldNode)]
        found.fields = max(found.fields, len(fields))
        found.aliases = max(found.aliases, sum(inner.alias is not None for inner, _ in fields))
        directives = sum(len(getattr(inner, "directives", None) or ()) for inner, _ in walked)
        found.directives = max(found.directives, directives)
        found.depth = max([found.depth, *(depth for _, depth in fields)])
    return found


def _walk(
    node: Node, fragments: dict[str, FragmentDefinitionNode], depth: int
) -> Iterator[tuple[Node, int]]:
    depth += isinstance(node, FieldNode)
    yield node, depth
    if isinstance(node, FragmentSpreadNode):
        yield from _walk(fragments[node.name.value], fragments, depth)
    selections: SelectionSetNode | None = getattr(node, "selection_set", None)
    for child in selections.selections if selections else ():
        yield from _walk(child, fragments, depth)


class Cost(Collector):
    """Bounds how many objects an operation can return: pages multiply, a count costs ten."""

    def of(self, operation: OperationDefinitionNode) -> int:
        """Give the bound for an operation."""
        root = self.schema.query_type
        assert root is not None
        return self._children(root, [operation.selection_set])

    def _children(self, type_: GraphQLObjectType, selections: list[SelectionSetNode]) -> int:
        total = 0
        for nodes in self.fields(type_, selections).values():
            definition = type_.fields.get(nodes[0].name.value)
            if definition is not None and not get_named_type(definition.type).name.startswith("__"):
                total += self._field(type_, definition, nodes)
        return total

    def _field(
        self, owner: GraphQLObjectType, definition: GraphQLField, nodes: list[FieldNode]
    ) -> int:
        type_: Any = get_named_type(definition.type)
        name = nodes[0].name.value
        if is_leaf_type(type_):
            return COUNT if name == "totalCount" else 0
        inner = [node.selection_set for node in nodes if node.selection_set]
        given = self.arguments(definition, nodes[0])
        if type_.name.endswith("Connection"):
            return self._page(type_, inner, given)
        if type_.name == "PageInfo":
            return 0
        times = AT_MOST.get(f"{owner.name}.{name}", 1)
        if name == "nodes" and owner.name == "Query":
            times = max(1, len(given["ids"]))
        return times * self._object(type_, inner)

    def _page(
        self, type_: GraphQLObjectType, selections: list[SelectionSetNode], given: dict[str, Any]
    ) -> int:
        sizes = [given.get("first"), given.get("last")]
        shown = next((size for size in sizes if size is not None), 20)
        once = each = 0
        for nodes in self.fields(type_, selections).values():
            name = nodes[0].name.value
            inner = [node.selection_set for node in nodes if node.selection_set]
            item: Any = get_named_type(type_.fields["nodes"].type)
            if name == "totalCount":
                once += COUNT
            elif name == "nodes":
                each += self._object(item, inner)
            elif name == "edges":
                edge: Any = get_named_type(type_.fields["edges"].type)
                for below in self.fields(edge, inner).values():
                    if below[0].name.value == "node":
                        sets = [node.selection_set for node in below if node.selection_set]
                        each += self._object(item, sets)
        return once + shown * each

    def _object(self, type_: Any, selections: list[SelectionSetNode]) -> int:
        if is_abstract_type(type_):
            return sum(self._object(t, selections) for t in self.schema.get_possible_types(type_))
        assert is_object_type(type_)
        return 1 + self._children(type_, selections)
