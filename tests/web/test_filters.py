"""What a grid's filters and its way of reading rows promise, on both databases."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from app.announcements.models import Announcement, AnnouncementKind
from app.catalogue.models import WorkdayOverride
from app.days import BEIJING
from app.extensions import db
from app.web import rows
from app.web.filters import FilterNotAfter, FilterNotBefore, FilterPrefix, FilterYesNo, GridFilters
from app.web.rows import GridRows
from tests.factories import utc


def beijing(day: int, hour: int, minute: int = 0, second: int = 0) -> dt.datetime:
    return dt.datetime(2026, 5, day, hour, minute, second, tzinfo=BEIJING)


def announce(session, *titles: str, published_at: dt.datetime | None = None, pinned: bool = False) -> list[int]:
    made = [
        Announcement(
            kind=AnnouncementKind.NOTICE, title=title, body="正文", pinned=pinned, published_at=published_at,
            created_at=utc(2026, 5, 1),
        )
        for title in titles
    ]
    session.add_all(made)
    session.commit()
    return [row.id for row in made]


@pytest.fixture
def grid(app):
    """GridRows of announcements, in an application context."""
    with app.app_context():
        yield GridRows(Announcement, db.session)


def found(grid: GridRows, *conditions: tuple, **asked) -> list[str]:
    filters = grid.get_filters()
    for column, kind, value in conditions:
        filters.add_filter(column, kind, value)
    _count, page = grid.query(filters, "title", "asc", **asked)
    return [row.title for row in page]


def test_the_first_and_the_last_day_are_included_by_the_clock_of_beijing(session, grid) -> None:
    announce(session, "前一天最后一秒", published_at=beijing(2, 23, 59, 59))
    announce(session, "首日零点", published_at=beijing(3, 0))
    announce(session, "末日最后一秒", published_at=beijing(4, 23, 59, 59))
    announce(session, "后一天零点", published_at=beijing(5, 0))
    announce(session, "未发布")
    from_day = ("published_at", FilterNotBefore, "2026-05-03")
    to_day = ("published_at", FilterNotAfter, "2026-05-04")
    assert sorted(found(grid, from_day, to_day)) == sorted(["首日零点", "末日最后一秒"])
    assert sorted(found(grid, from_day)) == sorted(["首日零点", "末日最后一秒", "后一天零点"])
    assert sorted(found(grid, to_day)) == sorted(["前一天最后一秒", "首日零点", "末日最后一秒"])
    one_day = ("published_at", FilterNotAfter, "2026-05-03")
    assert found(grid, from_day, one_day) == ["首日零点"]


def test_a_date_column_includes_both_end_days(session, grid) -> None:
    session.execute(sa.delete(WorkdayOverride))
    session.add_all([WorkdayOverride(date=dt.date(2026, 5, n), is_workday=False) for n in range(2, 6)])
    session.commit()
    days = GridRows(WorkdayOverride, db.session)
    filters = days.get_filters()
    filters.add_filter("date", FilterNotBefore, "2026-05-03")
    filters.add_filter("date", FilterNotAfter, "2026-05-04")
    assert [row.date.day for row in days.query(filters, "date", "asc")[1]] == [3, 4]


def test_wildcards_in_a_text_are_letters(session, grid) -> None:
    announce(session, "5%优惠", "50优惠", "5_优惠", "5\\优惠", "超5%")
    assert found(grid, ("title", FilterPrefix, "5%")) == ["5%优惠"]
    assert found(grid, ("title", FilterPrefix, "5_")) == ["5_优惠"]
    assert found(grid, ("title", FilterPrefix, "5\\")) == ["5\\优惠"]
    assert found(grid, ("title", FilterPrefix, "%")) == []
    assert sorted(found(grid, ("title", FilterPrefix, "5"))) == sorted(["5%优惠", "50优惠", "5_优惠", "5\\优惠"])


def test_a_boolean_column_is_filtered_both_ways(session, grid) -> None:
    announce(session, "置顶", pinned=True)
    announce(session, "平常")
    assert found(grid, ("pinned", FilterYesNo, "y")) == ["置顶"]
    assert found(grid, ("pinned", FilterYesNo, "n")) == ["平常"]


def test_a_grid_offers_only_filters_that_people_understand(grid) -> None:
    assert grid.filter_converter_class is GridFilters
    offered = grid.get_filters(["title", "pinned", "published_at"]).get_search_filters()
    names = {column: [type(each).__name__ for each in kinds] for column, kinds in offered.items()}
    assert names == {
        "title": ["FilterPrefix", "FilterEqual"],
        "pinned": ["FilterYesNo"],
        "published_at": ["FilterNotBefore", "FilterNotAfter"],
    }


@pytest.mark.parametrize(("how_many", "count"), [(4, 4), (5, 5), (6, 6), (9, 6)])
def test_a_count_stops_one_above_the_cap_and_the_rows_do_not(session, grid, monkeypatch, how_many, count) -> None:
    monkeypatch.setattr(rows, "COUNT_CAP", 5)
    announce(session, *(f"公告{n}" for n in range(how_many)))
    counted, page = grid.query(grid.get_filters(), "title", "asc", page=0, page_size=25)
    assert counted == count
    assert [row.title for row in page] == [f"公告{n}" for n in range(how_many)]


@pytest.mark.parametrize("direction", ["asc", "desc"])
def test_rows_that_are_equal_stand_in_one_order_over_all_pages(session, grid, direction) -> None:
    keys = announce(session, *["同题"] * 11)
    pages = [
        [row.id for row in grid.query(grid.get_filters(), "title", direction, page=n, page_size=3)[1]]
        for n in range(5)
    ]
    assert [len(page) for page in pages] == [3, 3, 3, 2, 0]
    assert [key for page in pages for key in page] == sorted(keys, reverse=direction == "desc")


def test_without_an_order_the_newest_row_is_first(session, grid) -> None:
    keys = announce(session, "甲", "乙", "丙")
    assert [row.id for row in grid.query(grid.get_filters())[1]] == keys[::-1]


def test_keys_give_visible_rows_only_in_the_order_of_the_keys(session, grid) -> None:
    shown = announce(session, "甲", "乙", "丙", pinned=True)
    hidden = announce(session, "丁")
    visible = grid.get_filters()
    visible.add_filter("pinned", FilterYesNo, "y")
    asked = [shown[2], hidden[0], shown[0], 10**9, shown[1]]
    assert [row.title for row in grid.by_keys(asked, visible)] == ["丙", "甲", "乙"]
    assert [row.title for row in grid.by_keys(asked, grid.get_filters())] == ["丙", "丁", "甲", "乙"]
    assert grid.get(str(hidden[0]), grid.get_filters()).title == "丁"
    assert grid.get(str(hidden[0]), visible) is None


@pytest.mark.parametrize(
    "junk", ["", "0", "-1", "1 ", "1.0", "１", "²", "abc", "1 OR 1=1", "None", "2147483648", "9" * 18, "9" * 40, "1\x00"]
)
def test_a_key_that_is_none_finds_nothing(session, grid, junk) -> None:
    announce(session, "甲")
    assert grid.get(junk, grid.get_filters()) is None
