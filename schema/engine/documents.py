"""Documents: limited before anything else is done with them, parsed and validated once, then kept.

The limits stand in order of cost: the tokens and brackets of the text, then fields, aliases,
directives and depth of the tree (fragments followed), then validation. None of them needs the
schema, so a hostile document costs no more than reading it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSchema,
    Lexer,
    Location,
    Source,
    Token,
    TokenKind,
    validate,
)
from graphql.language.parser import Parser
from typing_extensions import override

from schema.engine.errors import LimitExceeded
from schema.engine.plans import BoundedCache, tree_bytes

ERRORS_MAX = 20
MESSAGE_MAX = 500
# Room for a hundred of the largest pages of the product, or for 500 small documents.
MAXIMUM_BYTES = 6 * 1024 * 1024
OPENING = {TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L}
CLOSING = {TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R}
NO_TOKEN = Token(TokenKind.SOF, 0, 0, 0, 0)


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
    """A document within the limits: its tree, what validation found, and its known operations.

    `known` is by the name that was asked for, see `schema.engine.shortcut`.
    """

    tree: DocumentNode
    errors: tuple[GraphQLError, ...]
    known: dict[str | None, Any] = field(default_factory=dict)


class Documents:
    """The documents seen last, by their text."""

    def __init__(self, schema: GraphQLSchema, limits: Limits, rules: Any, maximum: int) -> None:
        self.schema = schema
        self.limits = limits
        self.rules = rules
        self.cache: BoundedCache[Document] = BoundedCache(
            maximum, weigh=lambda document: tree_bytes(document.tree), maximum_bytes=MAXIMUM_BYTES
        )

    def get(self, text: str) -> Document:
        """Give the document of a text.

        Raises:
            LimitExceeded: It is too large, too deep or too wide; with the number and the limit.
            GraphQLSyntaxError: It is not GraphQL.
        """
        return self.cache.get(text, lambda: self._read(text))

    def _read(self, text: str) -> Document:
        self._check_text(text)
        tree = _Parser(text).parse_document()
        _Tree(tree, self.limits).check()
        errors = validate(self.schema, tree, self.rules, max_errors=ERRORS_MAX)
        return Document(tree, tuple(map(_told, errors)))

    def _check_text(self, text: str) -> None:
        lexer = Lexer(Source(text))
        tokens = nesting = 0
        while (token := lexer.advance()).kind is not TokenKind.EOF:
            tokens += 1
            nesting += (token.kind in OPENING) - (token.kind in CLOSING)
            _refuse_over("tokens", tokens, self.limits.tokens, "Split it.")
            _refuse_over("levels of brackets", nesting, self.limits.nesting, "Make it flatter.")


class _Parser(Parser):
    """Leaves the tokens out of the tree, a third of its weight: errors need but places."""

    @override
    def loc(self, start_token: Token) -> Location | None:
        location = super().loc(start_token)
        if location is not None:
            location.start_token = location.end_token = NO_TOKEN
        return location


class _Size(NamedTuple):
    """What a piece of a document holds, fragments followed where they are spread."""

    fields: int = 0
    aliases: int = 0
    directives: int = 0
    depth: int = 0

    def beside(self, other: _Size) -> _Size:
        return _Size(
            self.fields + other.fields,
            self.aliases + other.aliases,
            self.directives + other.directives,
            max(self.depth, other.depth),
        )


class _Tree:
    """Measures a document. A fragment is measured once, however often it is spread."""

    def __init__(self, tree: DocumentNode, limits: Limits) -> None:
        self.limits = limits
        self.definitions = tree.definitions
        self.fragments = {
            d.name.value: d for d in tree.definitions if isinstance(d, FragmentDefinitionNode)
        }
        # Empty while it is measured: one that spreads itself is refused by validation, later.
        self.measured: dict[str, _Size] = {}

    def check(self) -> None:
        for definition in self.definitions:
            size = self._measure(definition)
            _refuse_over("directives", size.directives, self.limits.directives, "Use fewer.")
            _refuse_over("fields", size.fields, self.limits.fields, "Split it.")
            _refuse_over("aliases", size.aliases, self.limits.aliases, "Split it.")
            _refuse_over("levels of fields", size.depth, self.limits.depth, "Make it flatter.")

    def _measure(self, node: Any) -> _Size:
        inner = _Size()
        selections = getattr(node, "selection_set", None)
        for child in selections.selections if selections else ():
            inner = inner.beside(self._measure(child))
        is_field = isinstance(node, FieldNode)
        own = _Size(
            fields=int(is_field),
            aliases=int(is_field and node.alias is not None),
            directives=len(node.directives or ()),
        )
        if isinstance(node, FragmentSpreadNode):
            inner = self._fragment(node.name.value)
        return own.beside(inner)._replace(depth=inner.depth + is_field)

    def _fragment(self, name: str) -> _Size:
        if name not in self.measured and name in self.fragments:
            self.measured[name] = _Size()
            self.measured[name] = self._measure(self.fragments[name])
        return self.measured.get(name, _Size())


def _told(error: GraphQLError) -> GraphQLError:
    """Give what validation found without what it may quote at length, and without its cause.

    The cause of a bad literal is an exception of Python's; it is the client's doing all the same.
    """
    message = error.message
    if len(message) > MESSAGE_MAX:
        message = message[:MESSAGE_MAX] + "…"
    return GraphQLError(message, error.nodes, error.source, error.positions)


def _refuse_over(what: str, actual: int, limit: int, advice: str) -> None:
    if actual > limit:
        raise LimitExceeded(
            f"This document has more than {limit:,} {what}, which is the limit. {advice}",
            limit=limit,
            actual=actual,
        )
