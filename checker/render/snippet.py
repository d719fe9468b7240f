"""One finding as text: what is wrong, where, the line with the place marked, and what to write instead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from checker.findings import Finding, Severity
from checker.render.wrap import Line, Piece, Style, columns, fold, visible
from checker.source import Source, Span

STYLES = {Severity.ERROR: Style.BAD, Severity.WARNING: Style.WARN, Severity.NOTE: Style.PLACE}

_TAB = 4
_CUT = "..."
_BEFORE_MARK = 12


def finding_lines(found: Finding, sources: Mapping[str, str], width: int) -> Iterator[Line]:
    """The finding, laid out for ``width`` columns.

    ``sources`` holds the texts of files by their shown names. Where a file is not among them, its line is not shown,
    and neither is that of a note.
    """
    style = STYLES[found.severity]
    spans = [span for span in (found.span, *(related.span for related in found.related)) if span.line]
    gutter = max((len(str(span.line)) for span in spans), default=0)
    head = [Piece(f"{found.severity}[{found.code}]", style), Piece(":", Style.STRONG), Piece(" ")]
    yield from fold(Piece(found.message, Style.STRONG), width, first=head, rest=4)
    # A note is worth a look, not an interruption: its place is enough.
    shown = {} if found.severity is Severity.NOTE else sources
    yield from _place(found.span, shown, gutter, width, style)
    if found.hint:
        yield from fold(found.hint, width, first=_remark("hint", gutter))
    for related in found.related:
        yield from fold(related.message, width, first=_remark("see", gutter))
        yield from _place(related.span, sources, gutter, width, Style.PLACE)


def findings_lines(findings: Sequence[Finding], sources: Mapping[str, str], width: int) -> Iterator[Line]:
    """Findings one after the other, with an empty line between them except between notes."""
    for number, found in enumerate(findings):
        if number and not (found.severity is findings[number - 1].severity is Severity.NOTE):
            yield []
        yield from finding_lines(found, sources, width)


def _remark(word: str, gutter: int) -> Line:
    return [Piece(" " * (gutter + 1) + "= ", Style.PLACE), Piece(f"{word}:", Style.STRONG), Piece(" ")]


def _place(span: Span, sources: Mapping[str, str], gutter: int, width: int, style: Style) -> Iterator[Line]:
    """Where it is: the file, and the first line with its mark. Nothing for what stands in no file."""
    if not span.line:
        return
    # A place is one word for editors and terminals that follow it, so it is never broken.
    yield [Piece(" " * gutter + "--> ", Style.PLACE), Piece(visible(str(span)))]
    if span.file not in sources:
        return
    text, mark = marked_line(Source(span.file, sources[span.file]).line(span.line), span, width - gutter - 3)
    bar = Piece(" " * (gutter + 1) + "|", Style.PLACE)
    yield [bar]
    yield _joined(Piece(f"{span.line:>{gutter}} |", Style.PLACE), Piece(text))
    yield _joined(bar, Piece(mark, style))


def _joined(bar: Piece, text: Piece) -> Line:
    return [bar, Piece(" "), text] if text.text else [bar]


def marked_line(line: str, span: Span, width: int) -> tuple[str, str]:
    """A line of source as it is shown, and the line below that marks the part in ``span``.

    The line is made visible, its tabs are widened, and it is cut to about ``width`` columns around the beginning of the
    mark. Of a span over several lines the first is marked. A mark is at least one column wide, and may stand behind the
    end of the line.
    """
    cells = _cells(line)
    starts = [0]
    for cell in cells:
        starts.append(starts[-1] + columns(cell))
    first = min(span.column - 1, len(cells))
    last = len(line.rstrip()) if span.end_line > span.line else min(span.end_column - 1, len(cells))
    begin, end = starts[first], starts[max(first, last)]

    left, right = _window(starts[-1], begin, width)
    shown = [(start, cell) for start, cell in zip(starts, cells, strict=False) if left <= start]
    while shown and shown[-1][0] + columns(shown[-1][1]) > right:
        shown.pop()
    text = "".join(cell for _, cell in shown)
    offset = 0
    if left:
        # A wide character that the cut goes through is left out, so what is shown may start a column later.
        offset = (shown[0][0] if shown else left) - len(_CUT)
        text = _CUT + text
    shown_end = shown[-1][0] + columns(shown[-1][1]) if shown else left
    if shown_end < starts[-1]:
        text += _CUT
    marks = max(min(end, shown_end) - begin, 1)
    return text.rstrip(), " " * (begin - offset) + "^" * marks


def _window(size: int, begin: int, width: int) -> tuple[int, int]:
    """Which columns of a line of ``size`` columns to show, so that the mark that starts at ``begin`` is seen."""
    if size <= width:
        return 0, size
    before = min(_BEFORE_MARK, width // 3)
    if begin + before <= width - len(_CUT):
        return 0, width - len(_CUT)
    left = begin - before
    return left, min(size, left + width - 2 * len(_CUT))


def _cells(line: str) -> list[str]:
    """How each character of a line is shown."""
    cells: list[str] = []
    column = 0
    for char in line:
        cell = " " * (_TAB - column % _TAB) if char == "\t" else visible(char)
        cells.append(cell)
        column += columns(cell)
    return cells
