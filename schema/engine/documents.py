"""Documents: limited before anything else is done with them, parsed and validated once, then kept.

The limits stand in order of cost: the tokens and brackets of the text, then fields, aliases,
directives and depth of the tree (fragments followed), then validation. None of them needs the
schema, so a hostile document costs no more than reading it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSchema,
    Lexer,
    OperationDefinitionNode,
    Source,
    TokenKind,
    parse,
    validate,
)

from schema.engine.errors import LimitExceeded
from schema.engine.plans import BoundedCache

OPENING = {TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L}
CLOSING = {TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R}


@dataclass(frozen=True)
class Limits:
    """What a document may hold. The defaults leave room for the largest page of the product."""

    tokens: int = 3_000
    nesting: int = 60
    fields: int = 600
    aliases: int = 60
    directives: int = 60
    depth: int = 16
    cost: int = 50_000


@dataclass(frozen=True)
class Document:
    """A document within the limits: its tree, and what validation found."""

    tree: DocumentNode
    errors: tuple[GraphQLError, ...]


class Documents:
    """The documents seen last, by their text."""

    def __init__(self, schema: GraphQLSchema, limits: Limits, rules: Any, maximum: int) -> None:
        self.schema = schema
        self.limits = limits
        self.rules = rules
        self.cache: BoundedCache[Document] = BoundedCache(maximum)

    def get(self, text: str) -> Document:
        """Give the document of a text.

        Raises:
            LimitExceeded: It is too large, too deep or too wide; with the number and the limit.
            GraphQLSyntaxError: It is not GraphQL.
        """
        return self.cache.get(text, lambda: self._read(text))

    def _read(self, text: str) -> Document:
        self._check_text(text)
        tree = parse(text, no_location=False)
        _Tree(tree, self.limits).check()
        return Document(tree, tuple(validate(self.schema, tree, self.rules, max_errors=20)))

    def _check_text(self, text: str) -> None:
        lexer = Lexer(Source(text))
        tokens = nesting = 0
        while (token := lexer.advance()).kind is not TokenKind.EOF:
            tokens += 1
            nesting += (token.kind in OPENING) - (token.kind in CLOSING)
            _refuse_over("tokens", tokens, self.limits.tokens, "Split it.")
            _refuse_over("levels of brackets", nesting, self.limits.nesting, "Make it flatter.")


class _Tree:
    """Counts what a document holds, fragments followed where they are spread."""

    def __init__(self, tree: DocumentNode, limits: Limits) -> None:
        self.limits = limits
        self.operations = [d for d in tree.definitions if isinstance(d, OperationDefinitionNode)]
        self.fragments = {
            d.name.value: d for d in tree.definitions if isinstance(d, FragmentDefinitionNode)
        }
        self.definitions = tree.definitions
        self.fields = self.aliases = self.directives = 0

    def check(self) -> None:
        for definition in self.definitions:
            self._count(definition, frozenset(), 0)
            # What one operation can do is limited; a document may hold several.
            if isinstance(definition, OperationDefinitionNode):
                self.fields = self.aliases = self.directives = 0

    def _count(self, node: Any, spread: frozenset[str], depth: int) -> None:
        self.directives += len(node.directives or ())
        _refuse_over("directives", self.directives, self.limits.directives, "Use fewer.")
        if isinstance(node, FieldNode):
            depth += 1
            self.fields += 1
            self.aliases += node.alias is not None
            _refuse_over("fields", self.fields, self.limits.fields, "Split it.")
            _refuse_over("aliases", self.aliases, self.limits.aliases, "Split it.")
            _refuse_over("levels of fields", depth, self.limits.depth, "Make it flatter.")
        elif isinstance(node, FragmentSpreadNode):
            name = node.name.value
            fragment = self.fragments.get(name)
            # A fragment that spreads itself is refused by validation, which comes after.
            if fragment is not None and name not in spread:
                self._count(fragment, spread | {name}, depth)
        selections = getattr(node, "selection_set", None)
        for child in selections.selections if selections else ():
            self._count(child, spread, depth)


def _refuse_over(what: str, actual: int, limit: int, advice: str) -> None:
    if actual > limit:
        raise LimitExceeded(
            f"This document has more than {limit:,} {what}, which is the limit. {advice}",
            limit=limit,
            actual=actual,
        )
