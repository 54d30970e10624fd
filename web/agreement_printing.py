"""An agreement on paper: its text, its signatures, its hash and its fixed form as a PDF.

Apart from what serves it: the library takes 7 MiB, which few processes need.
"""

from __future__ import annotations

from importlib.resources import files
from io import BytesIO
from typing import Any
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

from resolvers.agreement_papers import Paper
from resolvers.wording import say

FONT = "NotoSans"
FONT_FILE = files("fontpkg_noto_sans") / "files" / "NotoSans[wdth,wght].ttf"
MARGIN = 20 * mm
LABEL_WIDTH = 45 * mm
# Within the margins a frame keeps that much, in points; a table as wide as the page would be moved.
FRAME_PADDING = 6
# Longer lines of the fixed form go on in the next one; its last word is then the mark of that.
CANONICAL_LINE = 100


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
    width = A4[0] - 2 * (MARGIN + FRAME_PADDING) - LABEL_WIDTH
    return Table(rows, colWidths=[LABEL_WIDTH, width], style=style, splitInRow=1)
