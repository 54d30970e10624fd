"""Agreements on paper over HTTP: `GET /agreements/<version>.pdf`, for those who see the exchange.

The same version with the same signatures gives the same bytes: a PDF has no time of its own.
"""

from __future__ import annotations

import asyncio
from importlib.resources import files
from io import BytesIO
from typing import Any
from uuid import UUID
from xml.sax.saxutils import escape

from reportlab.lib.enums import TA_LEFT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Paragraph,
    Preformatted,
    SimpleDocTemplate,
    Spacer,
    Table,
    TableStyle,
)
from starlette.requests import Request
from starlette.responses import Response

from db.tables.people import Locale
from resolvers.agreement_papers import Paper, paper_for
from resolvers.performing import Performer, UnknownSecret, sign_in
from resolvers.wording import say
from schema import prefixes
from web.message_page import message_page
from web.origins import Refused, origin_of

TITLE = "agreements.paper_page_title"
FONT = "NotoSans"
FONT_FILE = files("fontpkg_noto_sans") / "files" / "NotoSans[wdth,wght].ttf"
MARGIN = 20 * mm
LABEL_WIDTH = 45 * mm
# Longer lines of the fixed form go on in the next one; its last word is then the mark of that.
CANONICAL_LINE = 100


async def agreement_file(request: Request) -> Response:
    """Give a version as a PDF, in the language asked for or that of the person."""
    performer: Performer = request.app.state.performer
    key = _key(request.path_params["version"])
    try:
        origin = origin_of(request)
        async with performer.pool.acquire(timeout=performer.acquire_seconds) as connection:
            actor = await sign_in(connection, origin.secret_hash)
            if actor is None:
                return _unknown(request)
            locale = _language(request, actor.locale)
            paper = key and await paper_for(connection, actor.id, key, locale)
    except (UnknownSecret, Refused):
        return _unknown(request)
    if not paper:
        return message_page(request, TITLE, "agreements.paper_gone", 404)
    return Response(
        await asyncio.to_thread(render, paper),
        media_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{prefixes.AGREEMENT_VERSION}_{key}.pdf"',
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )


def render(paper: Paper) -> bytes:
    """Give a paper as a PDF: the same paper, the same bytes."""
    registerFont(TTFont(FONT, str(FONT_FILE)))
    out = BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN,
        title=paper.title,
        lang=paper.locale.value.lower(),
        # Without the time and a random key.
        invariant=1,
    )
    text = ParagraphStyle("text", fontName=FONT, fontSize=9.5, leading=13.5, alignment=TA_LEFT)
    head = ParagraphStyle("head", parent=text, fontSize=12, leading=16, spaceBefore=10)
    title = ParagraphStyle("title", parent=text, fontSize=15, leading=20, spaceAfter=8)
    fixed = ParagraphStyle("fixed", parent=text, fontSize=7, leading=9)

    def said(value: str) -> Paragraph:
        return Paragraph(escape(value).replace("\n", "<br/>"), text)

    parts: list[Any] = [Paragraph(escape(paper.title), title)]
    parts.append(_table([[said(label), said(value)] for label, value in paper.lines]))
    parts.append(Paragraph(escape(paper.signatures_title), head))
    if paper.signatures:
        parts.append(
            _table(
                [
                    [
                        said(signed.side),
                        said(
                            f"{signed.name}\n{signed.when}"
                            + (f" ({paper.void})" if signed.is_void else "")
                        ),
                    ]
                    for signed in paper.signatures
                ]
            )
        )
    else:
        parts.append(said(paper.nobody_signed))
    parts += [
        Paragraph(escape(paper.hash_title), head),
        said(paper.content_hash),
        Paragraph(escape(paper.canonical_title), head),
        Spacer(1, 2 * mm),
        Preformatted(paper.canonical, fixed, maxLineLength=CANONICAL_LINE, newLineChars="↩ "),
    ]

    def number(canvas: Canvas, page: BaseDocTemplate) -> None:
        canvas.setFont(FONT, 8)
        label = say("agreements.page", paper.locale, number=page.page)
        canvas.drawRightString(A4[0] - MARGIN, MARGIN / 2, label)

    document.build(parts, onFirstPage=number, onLaterPages=number)
    return out.getvalue()


def _table(rows: list[list[Paragraph]]) -> Table:
    style = TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (0, -1), 0)])
    width = A4[0] - 2 * MARGIN - LABEL_WIDTH
    return Table(rows, colWidths=[LABEL_WIDTH, width], style=style, splitInRow=1)


def _language(request: Request, own: Locale) -> Locale:
    try:
        return Locale(request.query_params.get("language", "").upper())
    except ValueError:
        return own


def _unknown(request: Request) -> Response:
    bearer = {"WWW-Authenticate": "Bearer"}
    return message_page(request, TITLE, "agreements.paper_sign_in", 401, headers=bearer)


def _key(value: str) -> UUID | None:
    prefix, _, key = value.removesuffix(".pdf").partition("_")
    try:
        return UUID(key) if prefix == prefixes.AGREEMENT_VERSION else None
    except ValueError:
        return None
