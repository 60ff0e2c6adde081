"""Workbooks (XLSX) written while their rows are read: openpyxl would hold back every byte until the last row is in."""

import re
from datetime import date, datetime
from itertools import chain, islice
from zipfile import ZIP_DEFLATED, ZipFile
from zoneinfo import ZoneInfo

JAKARTA = ZoneInfo("Asia/Jakarta")
SHEET_ROWS = 1_000_000  # a sheet holds 1,048,576
ROWS_AT_ONCE = 500
DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - how sheets count days
DAY_STYLE, MOMENT_STYLE = 1, 2
UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
STYLES = (
    f'{XML}<styleSheet xmlns="{MAIN}"><fonts count="1"><font/></fonts><fills count="2"><fill><patternFill '
    'patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/>'
    '</borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf xfId="0"/><xf xfId="0" '
    'numFmtId="14" applyNumberFormat="1"/><xf xfId="0" numFmtId="22" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
BEFORE = (
    f'{XML}<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" '
    'state="frozen"/></sheetView></sheetViews><sheetData>'
)
AFTER = "</sheetData></worksheet>"


def chunks(rows, size=ROWS_AT_ONCE):
    """Yield lists of at most `size` rows."""
    rows = iter(rows)
    while chunk := list(islice(rows, size)):
        yield chunk


class Sink:
    """Where the archive is written to; what has come together is taken away bit by bit."""

    def __init__(self):
        self.parts = []

    def write(self, data):
        self.parts.append(bytes(data))
        return len(data)

    def flush(self):
        """Nothing is held back."""

    def taken(self):
        data, self.parts = b"".join(self.parts), []
        return data


def as_xlsx(header, rows):
    """Yield a workbook: text always as text, days and moments as dates, a full sheet goes on in the next."""
    sink, rows, count = Sink(), iter(rows), 0
    with ZipFile(sink, "w", ZIP_DEFLATED) as book:
        first = next(rows, None)
        while first is not None or not count:
            count += 1
            with book.open(f"xl/worksheets/sheet{count}.xml", "w") as sheet:
                sheet.write(f"{BEFORE}{_row(header)}".encode())
                yield sink.taken()
                these = islice(chain([first] if first is not None else [], rows), SHEET_ROWS)
                for chunk in chunks(these):
                    sheet.write("".join(map(_row, chunk)).encode())
                    yield sink.taken()
                sheet.write(AFTER.encode())
            first = next(rows, None)
        for name, text in _frame(range(1, count + 1)):
            book.writestr(name, text)
    yield sink.taken()


def _row(values):
    return f"<row>{''.join([CELLS.get(type(value), _number)(value) for value in values])}</row>"


def _number(value):
    return f"<c><v>{value}</v></c>"


def _text(value):
    plain = UNPRINTABLE.sub("", str(value)).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f'<c t="inlineStr"><is><t xml:space="preserve">{plain}</t></is></c>'


def _day(value):
    return f'<c s="{DAY_STYLE}"><v>{(value - DAY_ZERO.date()).days}</v></c>'


def _moment(value):
    passed = value.astimezone(JAKARTA).replace(tzinfo=None) - DAY_ZERO
    return f'<c s="{MOMENT_STYLE}"><v>{passed.total_seconds() / 86_400:.8f}</v></c>'


CELLS = {
    str: _text,
    bool: lambda value: f'<c t="b"><v>{value:d}</v></c>',
    date: _day,
    datetime: _moment,
    type(None): lambda value: "<c/>",
}


def _frame(sheets):
    """Yield (name, text) of the parts that hold the sheets together."""
    kinds = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{SHEET_TYPE}.worksheet+xml"/>' for n in sheets
    )
    yield (
        "[Content_Types].xml",
        f'{XML}<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{SHEET_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{SHEET_TYPE}.styles+xml"/>{kinds}</Types>',
    )
    yield "_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")])
    yield (
        "xl/_rels/workbook.xml.rels",
        _relations([*(("worksheet", f"worksheets/sheet{n}.xml") for n in sheets), ("styles", "styles.xml")]),
    )
    listed = "".join(f'<sheet name="Data {n}" sheetId="{n}" r:id="rId{n}"/>' for n in sheets)
    yield "xl/workbook.xml", f'{XML}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>'
    yield "xl/styles.xml", STYLES


def _relations(targets):
    rows = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, 1)
    )
    return f'{XML}<Relationships xmlns="{PACKAGE}/relationships">{rows}</Relationships>'
