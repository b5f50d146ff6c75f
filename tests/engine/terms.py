"""Hypothesis strategies: calendars (as terms, which the oracle reads too), instants, pauses."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from engine.worktime import WorkCalendar

ZONES = [
    "UTC",
    "Europe/Paris",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "America/Sao_Paulo",
    "America/St_Johns",
    "Africa/Casablanca",
    "Pacific/Apia",
]
# Days on which some of these zones change their clocks, a new year, a leap day, and days without anything.
ANCHORS = [
    "2011-12-29",
    "2016-10-16",
    "2026-03-28",
    "2026-03-07",
    "2026-10-03",
    "2026-10-24",
    "2026-10-31",
    "2026-12-31",
    "2028-02-28",
    "2026-06-10",
]


def moments(spread_minutes=6 * 24 * 60, tick=60):
    """Aware UTC instants near the anchors, on whole ticks."""
    return st.builds(
        lambda day, ticks: datetime.fromisoformat(day).replace(tzinfo=UTC) + timedelta(seconds=ticks * tick),
        st.sampled_from(ANCHORS),
        st.integers(0, spread_minutes * 60 // tick),
    )


def _clock_time(minute):
    return f"{minute // 60:02d}:{minute % 60:02d}"


def windows():
    pairs = st.tuples(st.integers(0, 1439), st.integers(0, 1440)).filter(lambda pair: pair[0] != pair[1])
    return pairs.map(lambda pair: (_clock_time(pair[0]), _clock_time(pair[1])))


def weeks(least=0):
    return st.dictionaries(st.integers(0, 6), st.lists(windows(), min_size=1, max_size=3), min_size=least)


def pauses(tick=60):
    """(start, end) pairs: overlapping, empty, reversed, repeated, and some still open."""
    ends = st.one_of(st.none(), st.integers(-600, 4 * 24 * 60))
    pair = st.builds(
        lambda start, length: (start, None if length is None else start + timedelta(minutes=length)),
        moments(),
        ends,
    )
    return st.lists(pair, max_size=4)


def closures(longest_minutes=4 * 24 * 60):
    """(start, end) holidays of up to four days: none makes a desert of ten years."""
    return st.builds(
        lambda start, length: (start, start + timedelta(minutes=length)),
        moments(),
        st.integers(0, longest_minutes),
    )


@st.composite
def terms(draw, least=0):
    """(week, holidays, zone) for a calendar and for the oracle."""
    zone = draw(st.sampled_from(ZONES))
    days = draw(st.lists(moments().map(lambda moment: moment.date()), max_size=2))
    return draw(weeks(least)), [*days, *draw(st.lists(closures(), max_size=2))], zone


def calendars(least=1):
    """Calendars, of at least one window unless told otherwise."""
    return terms(least).map(lambda drawn: WorkCalendar(*drawn))
