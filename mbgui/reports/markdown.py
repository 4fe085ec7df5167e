"""A report as GitHub-flavoured Markdown."""

import re
from collections.abc import Iterator

from mbgui.reports.section import Document, Section
from mbgui.reports.tables import Align, Column, Table

_SPECIAL = re.compile(r"([\\|`*<\[\]&~])")
_OUTER_UNDERSCORE = re.compile(r"(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
_RULES = {Align.LEFT: "---", Align.RIGHT: "---:"}


def render(document: Document) -> str:
    """The whole report. Long tables are left out: they are for forms that can fold them."""
    lines = [f"# {escape(document.title)}", "", f"**{escape(document.headline)}**", ""]
    for section in document.sections:
        lines.extend(_section_lines(section))
    return "\n".join(lines).rstrip() + "\n"


def escape(text: str) -> str:
    """The text on one line, so that no character in it is taken for markup."""
    line = " ".join(text.split())
    return _OUTER_UNDERSCORE.sub(r"\\_", _SPECIAL.sub(r"\\\1", line))


def _section_lines(section: Section) -> Iterator[str]:
    yield from (f"## {escape(section.title)}", "")
    for sentence in section.sentences:
        yield from (escape(sentence), "")
    shown = [table for table in section.tables if not table.is_long]
    for table in shown:
        if len(shown) > 1:
            yield from (f"### {escape(table.title)}", "")
        yield from (*_table_lines(table), "")
    if section.points:
        yield from (f"- {escape(point)}" for point in section.points)
        yield ""


def _table_lines(table: Table) -> Iterator[str]:
    yield _row_line(tuple(column.title for column in table.columns))
    yield f"| {' | '.join(_rule(column) for column in table.columns)} |"
    yield from (_row_line(row) for row in table.rows)


def _row_line(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(escape(cell) for cell in cells)} |"


def _rule(column: Column) -> str:
    return _RULES[column.align]
