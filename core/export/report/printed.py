"""A report as one page for a browser, and as PDF."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

from reportlab import rl_config
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    Image,
    KeepTogether,
    LongTable,
    PageTemplate,
    Spacer,
    TableStyle,
)
from reportlab.platypus import Paragraph as Printed

from core.export.report.blocks import Block, Grid, Heading, Paragraph, Picture
from core.export.report.scripts import BOLD, FONTS, REGULAR, StandIns

_PAGE_CSS = """
body { font: 15px/1.5 "Segoe UI", "Helvetica Neue", Arial, sans-serif; color: #222; max-width: 62rem;
       margin: 2rem auto; padding: 0 1.5rem; }
h1 { font-size: 1.7rem; } h2 { font-size: 1.3rem; margin-top: 2.2rem; } h3 { font-size: 1.05rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .84rem; font-variant-numeric: tabular-nums; }
th, td { padding: .25rem .7rem .25rem 0; text-align: left; vertical-align: top; }
th { border-bottom: 1.5px solid #222; } td { border-bottom: 1px solid #ddd; }
figure { margin: 1.4rem 0; } figure img { max-width: 100%; height: auto; }
figcaption, .note { font-size: .85rem; color: #555; }
.note { margin: .3rem 0; }
nav a { display: block; color: #0b5394; }
@media print { nav { display: none; } figure, tr { break-inside: avoid; } }
"""


def as_html(title: str, blocks: Sequence[Block], pictures: Mapping[str, bytes]) -> str:
    """Return the report as one file that needs no other.

    Parameters
    ----------
    title : str
    blocks : sequence of Block
    pictures : mapping of plot name to bytes
        The SVG of every plot.
    """
    chapters = [block.text for block in blocks if isinstance(block, Heading) and block.level == 1]
    nav = "".join(f'<a href="#{_anchor(text)}">{escape(text)}</a>' for text in chapters)
    body = "\n".join(_html(block, pictures) for block in blocks)
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{_PAGE_CSS}</style></head>\n"
        f"<body><h1>{escape(title)}</h1>\n<nav>{nav}</nav>\n{body}\n</body></html>\n"
    )


def _html(block: Block, pictures: Mapping[str, bytes]) -> str:
    if isinstance(block, Heading):
        level = block.level + 1
        return f'<h{level} id="{_anchor(block.text)}">{escape(block.text)}</h{level}>'
    if isinstance(block, Paragraph):
        return f"<p>{escape(block.text)}</p>"
    if isinstance(block, Picture):
        data = base64.b64encode(pictures[block.plot.name]).decode()
        caption = escape(f"Figure {block.number}. {block.plot.caption}")
        return (
            f'<figure><img src="data:image/svg+xml;base64,{data}" alt="{escape(block.plot.name)}">'
            f"<figcaption>{caption}</figcaption></figure>"
        )
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in block.headings)
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in block.rows
    )
    note = "".join(f'<p class="note">{escape(text)}</p>' for text in (block.note, *block.remarks) if text)
    return (
        f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>{note}'
    )


def _anchor(text: str) -> str:
    return "".join(c if c.isalnum() else "-" for c in text.lower())


# ---- PDF

# pictures as bytes, not as text: a fifth smaller and sooner done
rl_config.useA85 = 0
_WIDTH = A4[0] - 36 * mm
_TABLE_BEGINNING = 50 * mm


def as_pdf(
    path: Path,
    title: str,
    blocks: Sequence[Block],
    pictures: Mapping[str, bytes],
    *,
    stand_ins: StandIns | None = None,
    whole: str = "",
) -> None:
    """Write the report as PDF, A4, with page numbers; tables go on with their headings on the next page.

    Parameters
    ----------
    path : Path
    title : str
    blocks : sequence of Block
    pictures : mapping of plot name to bytes
        The PNG of every plot.
    stand_ins : StandIns, optional
        Those of the pictures, which go on here.
    whole : str
        Where texts in scripts that a PDF cannot set stand as they are: the file's name.
    """
    for name in (REGULAR, BOLD):
        pdfmetrics.registerFont(TTFont(name, str(FONTS / f"{name}.ttf")))
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)
    stand_ins = stand_ins or StandIns()
    told, blocks = stand_ins.set(title), [_set(block, stand_ins) for block in blocks]
    if stand_ins.found:
        blocks.insert(0, Paragraph(
            f"Texts in scripts that this PDF cannot set are numbered in it: [text 1] and so on; {whole} has "
            "them as they are."))  # fmt: skip
    story: list[Flowable] = [Printed(escape(told), _style(17, space=6 * mm))]
    held: list[Flowable] = []
    for block in blocks:
        made = _flowables(block, pictures)
        if isinstance(block, Heading):
            held += made
            continue
        # a heading stays with the beginning of what it is over; a table may go on over many pages
        if held and isinstance(block, Grid):
            story += [CondPageBreak(_TABLE_BEGINNING), *held, *made]
        else:
            story += [KeepTogether([*held, *made])] if held else made
        held = []
    # in memory first: a disk that is full in the middle would leave the file open
    made_whole = io.BytesIO()
    template = BaseDocTemplate(
        made_whole, pagesize=A4, title=title, author="FerroRead", leftMargin=18 * mm, rightMargin=18 * mm,
        topMargin=16 * mm, bottomMargin=18 * mm, invariant=1,
    )  # fmt: skip
    frame = Frame(
        template.leftMargin, template.bottomMargin, _WIDTH, template.height, id="page", leftPadding=0,
        rightPadding=0, topPadding=0, bottomPadding=0,
    )  # fmt: skip
    template.addPageTemplates(PageTemplate("all", [frame], onPage=partial(_foot, title=told)))
    template.build([*story, *held])
    path.write_bytes(made_whole.getvalue())


def _set(block: Block, stand_ins: StandIns) -> Block:
    """Return a block in letters that can be set."""
    if isinstance(block, Picture):
        return block
    if isinstance(block, Grid):
        rows = [[stand_ins.set(cell) for cell in row] for row in block.rows]
        headings, remarks = (list(map(stand_ins.set, texts)) for texts in (block.headings, block.remarks))
        return Grid(headings, rows, stand_ins.set(block.note), remarks)
    return replace(block, text=stand_ins.set(block.text))


def _style(
    size: float, *, bold: bool = True, space: float = 0.0, colour: Any = colors.black
) -> ParagraphStyle:
    return ParagraphStyle(
        f"{size}{bold}", fontName=BOLD if bold else REGULAR, fontSize=size, leading=1.35 * size,
        spaceAfter=space, spaceBefore=space / 2, textColor=colour,
    )  # fmt: skip


_TEXT = 8.5


def _flowables(block: Block, pictures: Mapping[str, bytes]) -> list[Flowable]:
    if isinstance(block, Heading):
        return [Printed(escape(block.text), _style(13 if block.level == 1 else 10.5, space=3 * mm))]
    if isinstance(block, Paragraph):
        return [Printed(escape(block.text), _style(_TEXT, bold=False, space=2 * mm))]
    if isinstance(block, Picture):
        width, height = block.plot.figure.get_size_inches()
        image = Image(io.BytesIO(pictures[block.plot.name]), width=_WIDTH, height=_WIDTH * height / width)
        caption = escape(f"Figure {block.number}. {block.plot.caption}")
        return [
            KeepTogether(
                [image, Printed(caption, _style(7.5, bold=False, space=4 * mm, colour=colors.dimgrey))]
            )
        ]
    return _table(block)


def _table(block: Grid) -> list[Flowable]:
    size = 7.0 if len(block.headings) <= 8 else 6.2
    plain, bold = _style(size, bold=False), _style(size)
    cells = [[Printed(escape(text), bold) for text in block.headings]]
    cells += [[Printed(escape(text), plain) for text in row] for row in block.rows]
    table = LongTable(cells, colWidths=_widths(block, size), repeatRows=1, hAlign="LEFT")
    table.setStyle(
        TableStyle(
            [
                ("LINEBELOW", (0, 0), (-1, 0), 0.8, colors.black),
                ("LINEBELOW", (0, 1), (-1, -1), 0.25, colors.lightgrey),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("RIGHTPADDING", (0, 0), (-1, -1), 5),
                ("TOPPADDING", (0, 0), (-1, -1), 1.5),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5),
            ]
        )
    )
    quiet = _style(7.0, bold=False, colour=colors.dimgrey)
    notes = [Printed(escape(text), quiet) for text in (block.note, *block.remarks) if text]
    return [table, *notes, Spacer(1, 4 * mm)]


def _widths(block: Grid, size: float) -> list[float]:
    """Return the columns' widths: as wide as what they hold, shrunk together where the page is narrower.

    No column becomes narrower than its longest word.
    """
    wide, least = [], []
    for column, heading in enumerate(block.headings):
        texts = [row[column] for row in block.rows]
        of_texts = [pdfmetrics.stringWidth(text, REGULAR, size) for text in texts]
        words = [pdfmetrics.stringWidth(word, REGULAR, size) for text in texts for word in text.split(" ")]
        heads = [pdfmetrics.stringWidth(word, BOLD, size) for word in heading.split(" ")]
        least.append(max([*words, *heads, 8]) + 6)
        wide.append(max([*of_texts, pdfmetrics.stringWidth(heading, BOLD, size), 8]) + 6)
    if sum(wide) <= _WIDTH:
        return wide
    if sum(least) >= _WIDTH:
        return _evenly(least, _WIDTH)
    spare = (_WIDTH - sum(least)) / (sum(wide) - sum(least))
    return [low + spare * (high - low) for low, high in zip(least, wide, strict=True)]


def _evenly(widths: list[float], page: float) -> list[float]:
    """Return widths that fill the page: the widest are cut alike, so that only their words break."""
    left, order = page, sorted(widths)
    for place, width in enumerate(order):
        share = left / (len(order) - place)
        if width > share:
            return [min(each, share) for each in widths]
        left -= width
    return widths


def _foot(canvas: Canvas, document: BaseDocTemplate, *, title: str) -> None:
    canvas.saveState()
    canvas.setFont(REGULAR, 7)
    canvas.setFillColor(colors.dimgrey)
    canvas.drawString(18 * mm, 10 * mm, title)
    canvas.drawRightString(A4[0] - 18 * mm, 10 * mm, str(document.page))
    canvas.restoreState()
