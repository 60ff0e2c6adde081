"""The dashboard in hands: values by keyboard, pointer and touch; from a figure to its rows to its file."""

import csv
import io
import re

import pytest

CHART = "#waktu svg.plot"


def digits(text):
    return int(re.sub(r"\D", "", text))


@pytest.fixture
def board(visit, width):
    visitor = visit(width=width)
    return visitor.open("/transparansi/")


def column(page, chart, index):
    """Return the numbers of a column of a chart's table."""
    return [digits(text) for text in page.locator(f"#{chart} tbody td:nth-of-type({index})").all_text_contents()]


def test_arrow_keys_walk_through_the_values_of_the_table(board):
    shown = board.locator("#waktu .readout")
    board.locator(CHART).focus()
    board.keyboard.press("Home")
    for delivered in column(board, "waktu", 3)[:5]:
        assert f"Tersalurkan: {delivered:,}".replace(",", ".") in shown.inner_text()
        board.keyboard.press("ArrowRight")
    board.keyboard.press("Escape")
    assert shown.is_hidden()


def test_enter_opens_the_rows_behind_a_value(board):
    board.locator(CHART).focus()
    board.keyboard.press("Home")
    delivered = column(board, "waktu", 3)[0]
    board.keyboard.press("Enter")
    board.wait_for_url("**/kolaborasi/?*")
    assert f"tersalurkan {delivered:,}".replace(",", ".") in board.locator(".result-line").inner_text()


def test_the_pointer_shows_what_it_is_over(board):
    drawing = board.locator(CHART)
    drawing.scroll_into_view_if_needed()
    drawing.hover(position={"x": 2, "y": 120})
    first = board.locator("#waktu tbody th").first.text_content()
    assert first in board.locator("#waktu .readout").inner_text()
    board.mouse.move(0, 0)
    assert board.locator("#waktu .readout").is_hidden()


def test_a_finger_shows_it_too(visit):
    page = visit(width=360, has_touch=True).open("/transparansi/")
    drawing = page.locator("#pemerataan svg.plot")
    drawing.scroll_into_view_if_needed()
    drawing.tap(position={"x": 5, "y": 100})
    least = column(page, "pemerataan", 1)[0]
    assert f"{least:,}".replace(",", ".") in page.locator("#pemerataan .readout").inner_text()


def test_a_sparkline_adds_up_to_its_kota(board):
    for row in board.locator("#wilayah tbody tr").all():
        values = row.locator("svg[data-values]").get_attribute("data-values").split(" ")
        assert sum(map(int, values)) == digits(row.locator("td").last.inner_text())


def test_the_readout_stays_in_the_window_and_words_stay_readable(board, width):
    for drawing in board.locator("svg.plot").all():
        drawing.focus()
        for key in ("Home", "End"):
            board.keyboard.press(key)
            assert board.evaluate("document.documentElement.scrollWidth") <= width
    sizes = board.locator(".chart :is(text, th, td, p, a, span)").evaluate_all(
        "all => all.map((each) => parseFloat(getComputedStyle(each).fontSize))"
    )
    assert min(sizes) >= 11


# Links and files are the same with scripts and without, on a phone and on a desk: each of the four is seen once.
@pytest.mark.parametrize(
    ("width", "javascript", "cut"), [(360, True, ""), (1280, False, "&program=pangan")], ids=["phone-js", "desk-no-js"]
)
def test_from_a_figure_to_its_file_the_sum_is_the_same_in_three_clicks(visit, width, javascript, cut):
    """Clicks: the figure, the file of its rows (on paper three are allowed)."""
    page = visit(width=width, javascript=javascript).open(f"/transparansi/?sampai=2020-05-27{cut}")
    figure = page.locator(".stats .figure", has_text="paket tersalurkan")
    delivered = digits(figure.locator(".value").inner_text())
    figure.locator("a.value").click()
    page.wait_for_url("**/kolaborasi/?*")
    with page.expect_download() as download:
        page.get_by_role("link", name="Unduh CSV").first.click()
    rows = csv.DictReader(io.StringIO(download.value.path().read_text(encoding="utf-8-sig")))
    assert sum(int(row["rincian_tersalurkan"]) for row in rows) == delivered == 561_118


@pytest.mark.parametrize("query", ["?per=hari", "?sampai=2020-05-02", "?sampai=2019-01-01", "?per=kelurahan"])
def test_every_cut_fits(visit, query):
    visitor = visit(width=360)
    visitor.open(f"/transparansi/{query}")
    assert visitor.overflow(360, 1280) <= 0


@pytest.mark.parametrize("query", ["?per=kecamatan", "?sampai=2019-01-01"])
def test_axe_finds_nothing_in_other_cuts(visit, query):
    visitor = visit(width=360)
    visitor.open(f"/transparansi/{query}").locator("svg.plot, .scroll").first.focus()
    assert visitor.accessibility_faults() == []
