"""May party X see document Y for purpose Z at this moment?"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import BadOption, BadPeriod, BadTerms, NaiveDatetime, UnknownZone
from engine.nda import Document, Nda, Party, Person, may_see

DEALER = Party("dealer")
DRAWING = Document("D-7", "us", "drawings")
SIGNED = datetime(2025, 12, 20, 9, tzinfo=UTC)


def day(text):
    return text and date.fromisoformat(text)


def at(text, zone="UTC"):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def an_nda(key="N-1", kind="one_way", parties=("us", "dealer"), effective="2026-01-01", end="2027-01-01", **terms):
    terms = {"signed": SIGNED, "discloser": "us" if kind == "one_way" else None, **terms}
    return Nda(key, kind, parties, day(effective), day(end), **terms)


def ask(*ndas, party=DEALER, document=DRAWING, purpose="repair", now="2026-06-01 12:00", **terms):
    return may_see(ndas, party, document, purpose, at(now), **terms)


def test_an_agreement_in_force_allows():
    decision = ask(an_nda())
    assert decision.allowed and decision.reasons == ("N-1 allows it",)
    assert decision.access_ends == at("2027-01-01 00:00") and decision.flags == ()
    assert [step.label for step in decision.steps] == ["day", "agreement", "decision"]


def test_without_an_agreement_nothing_is_shown():
    decision = ask()
    assert not decision.allowed and decision.reasons == ("there is no agreement with dealer that covers drawings",)


@pytest.mark.parametrize(
    "document, reason",
    [
        (Document("D-1", "us", "brochure", confidential=False), "D-1 is not confidential"),
        (Document("D-2", "dealer", "drawings"), "it is the party's own"),
    ],
)
def test_what_needs_no_agreement(document, reason):
    decision = ask(document=document)
    assert decision.allowed and decision.reasons == (reason,)


@pytest.mark.parametrize(
    "terms, reason",
    [
        ({"signed": None}, "N-1 is not signed: have it signed"),
        ({"effective": "2026-06-02"}, "N-1 takes effect on 2026-06-02"),
        ({"effective": "2026-06-01"}, None),
        ({"end": "2026-06-01"}, "N-1 ended before 2026-06-01: renew it"),
        ({"end": "2026-06-02"}, None),
        ({"end": None}, None),  # row 30: perpetual
        ({"revoked": date(2026, 6, 1)}, "N-1 was revoked on 2026-06-01"),
        ({"revoked": date(2026, 6, 2)}, None),
        ({"purposes": frozenset({"repair", "sales"})}, None),
        ({"purposes": frozenset({"sales"})}, "N-1 does not allow the purpose repair, only sales"),
        ({"scopes": frozenset({"drawings"})}, None),
        ({"scopes": frozenset({"prices"})}, "there is no agreement with dealer that covers drawings"),
    ],
)
def test_row_30_terms(terms, reason):
    """contracts.md 5 row 30: perpetual, revoked, purpose mismatch, scope, not signed."""
    decision = ask(an_nda(**terms))
    assert decision.allowed is (reason is None)
    assert decision.reasons == (reason or "N-1 allows it",)


@pytest.mark.parametrize(
    "kind, parties, discloser, allowed",
    [
        ("one_way", ("us", "dealer"), "us", True),
        ("one_way", ("us", "dealer"), "dealer", False),  # the dealer's secrets only
        ("mutual", ("us", "dealer"), None, True),
        ("multi_party", ("us", "dealer", "carrier"), None, True),
        ("multi_party", ("us", "carrier", "broker"), None, False),
        ("mutual", ("dealer", "carrier"), None, False),  # not with the owner
    ],
)
def test_row_30_mutual_and_unilateral(kind, parties, discloser, allowed):
    """contracts.md 5 row 30: mutual against unilateral."""
    assert ask(an_nda(kind=kind, parties=parties, discloser=discloser)).allowed is allowed


@pytest.mark.parametrize(
    "strict",
    [
        {"purposes": frozenset({"sales"})},
        {"persons": frozenset({"ben"})},
    ],
)
def test_row_30_the_stricter_of_two_overlapping_agreements_wins(strict):
    """contracts.md 5 row 30: two NDAs overlap with different strictness."""
    decision = ask(an_nda(), an_nda("N-2", "mutual", **strict))
    assert not decision.allowed and decision.reasons[0].startswith("N-2 ")
    assert ask(an_nda(), an_nda("N-2", "mutual", end="2026-06-01", **strict)).allowed  # it has ended
    assert ask(an_nda(), an_nda("N-2", "mutual", scopes=frozenset({"prices"}), **strict)).allowed  # it covers others


def test_row_30_a_parent_company_signed_but_its_subsidiary_works():
    """contracts.md 5 row 30: parent company signed but subsidiary works."""
    subsidiary = Party("dealer-north", group=frozenset({"dealer", "dealer-south"}))
    decision = ask(an_nda(), party=subsidiary)
    assert not decision.allowed
    assert decision.reasons == ("N-1 was signed by dealer and is not group-wide: dealer-north is not bound",)
    assert ask(an_nda(group_wide=True), party=subsidiary).allowed
    assert not ask(an_nda(group_wide=True), party=Party("stranger")).allowed


@pytest.mark.parametrize("group_wide, allowed", [(True, True), (False, False)])
@pytest.mark.parametrize("kind", ["one_way", "mutual"])
def test_row_30_a_document_of_an_affiliate_of_the_signatory(kind, group_wide, allowed):
    document = Document("D-8", "us-north", "drawings", owner_group=frozenset({"us"}))
    assert ask(an_nda(kind=kind, group_wide=group_wide), document=document).allowed is allowed


def test_row_30_a_merged_party_keeps_its_agreements():
    """contracts.md 5 row 30: merger."""
    assert ask(an_nda(), party=Party("new-dealer", formerly=frozenset({"dealer"}))).allowed


@pytest.mark.parametrize(
    "person, allowed, words",
    [
        (Person("ben", "dealer"), True, "N-1 allows it"),
        (Person("eve", "dealer"), False, "allows named persons only, not eve"),
        (None, False, "not nobody in particular"),
        (Person("ben", "dealer", left=date(2026, 6, 2)), True, "N-1 allows it"),
        (Person("ben", "dealer", left=date(2026, 6, 1)), False, "ben left dealer on 2026-06-01"),
        (Person("ben", "carrier"), False, "ben does not act for dealer"),
    ],
)
def test_row_30_named_persons_and_those_who_leave(person, allowed, words):
    """contracts.md 5 row 30: a person leaves the partner."""
    decision = ask(an_nda(persons=frozenset({"ben"})), person=person)
    assert decision.allowed is allowed and words in decision.reasons[0]


def test_row_30_a_portal_user_of_two_partners_sees_for_each_what_that_one_may():
    """contracts.md 5 row 30: portal user of two partners."""
    carrier = Party("carrier")
    assert ask(an_nda(), person=Person("ben", "dealer")).allowed
    assert not ask(an_nda(), party=carrier, person=Person("ben", "carrier")).allowed
    assert not ask(an_nda(), party=carrier, person=Person("ben", "dealer")).allowed


@pytest.mark.parametrize(
    "zone, last_moment",
    [
        ("Asia/Taipei", "2026-12-31 15:59:59"),
        ("America/Los_Angeles", "2027-01-01 07:59:59"),
        ("UTC", "2026-12-31 23:59:59"),
    ],
)
def test_row_17_access_falls_away_at_midnight_of_the_partys_zone(zone, last_moment):
    """contracts.md 5 row 17 and 4 row 7: Taipei and Los Angeles, from the same agreement."""
    party, last = Party("dealer", tz=zone), at(last_moment)
    inside, outside = (may_see([an_nda()], party, DRAWING, "repair", last + timedelta(seconds=more)) for more in (0, 1))
    assert inside.allowed and not outside.allowed
    assert inside.access_ends == last + timedelta(seconds=1)
    assert outside.access_ends is None


def test_row_30_after_the_end_the_duty_of_secrecy_runs_on():
    """contracts.md 5 row 30: NDA expires mid-contract: access stops, the survival duty runs."""
    decision = ask(an_nda(secret_until=date(2032, 1, 1), return_or_destroy=True), now="2027-03-01 12:00")
    assert not decision.allowed
    assert decision.duties == (("N-1", date(2032, 1, 1), True),)


@pytest.mark.parametrize(
    "disclosed, signed, flags",
    [
        ("2025-12-20 09:00", SIGNED, ()),
        ("2025-12-20 08:59", SIGNED, ("disclosed on 2025-12-20, before N-1 was signed on 2025-12-20",)),
        ("2025-12-20 08:59", None, ("disclosed on 2025-12-20 without a signed agreement",)),
    ],
)
def test_row_30_signed_after_the_first_disclosure_is_flagged(disclosed, signed, flags):
    """contracts.md 5 row 30: signed after first disclosure."""
    assert ask(an_nda(signed=signed), disclosed=at(disclosed)).flags == flags


@pytest.mark.parametrize(
    "refused, error",
    [
        (lambda: an_nda(kind="silent"), BadOption),
        (lambda: an_nda(end="2026-01-01"), BadPeriod),
        (lambda: an_nda(discloser="carrier"), BadTerms),
        (lambda: an_nda(parties=("us",)), BadTerms),
        (lambda: an_nda(kind="mutual", parties=("us", "dealer", "carrier")), BadTerms),
        (lambda: may_see([], DEALER, DRAWING, "repair", datetime(2026, 1, 1)), NaiveDatetime),
        (lambda: may_see([], Party("dealer", tz="Mars/Olympus"), DRAWING, "repair", SIGNED), UnknownZone),
    ],
)
def test_terms_that_are_refused(refused, error):
    with pytest.raises(error):
        refused()


# --- laws -------------------------------------------------------------------------------------------

days = st.dates(date(2026, 1, 1), date(2026, 3, 1))
purposes = st.none() | st.sets(st.sampled_from(["repair", "sales"]), min_size=1).map(frozenset)
moments = st.integers(0, 90 * 24).map(lambda hours: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hours))


@st.composite
def agreements(draw):
    effective = draw(days)
    end = draw(st.none() | st.integers(1, 60).map(lambda length: effective + timedelta(days=length)))
    return an_nda(
        f"N-{draw(st.integers(1, 9))}",
        "mutual",
        effective=str(effective),
        end=end and str(end),
        purposes=draw(purposes),
    )


@given(st.lists(agreements(), max_size=4), moments, st.sampled_from(["UTC", "Asia/Taipei", "America/Los_Angeles"]))
def test_allowed_where_some_agreement_is_in_force_and_all_of_them_allow_it(ndas, now, zone):
    local = now.astimezone(ZoneInfo(zone)).date()
    in_force = [nda for nda in ndas if nda.effective <= local and (nda.end is None or local < nda.end)]
    decision = may_see(ndas, Party("dealer", tz=zone), DRAWING, "repair", now)
    assert decision.allowed == (
        bool(in_force) and all(nda.purposes is None or "repair" in nda.purposes for nda in in_force)
    )
    assert decision.reasons
    if decision.access_ends is not None:
        after = [nda for nda in ndas if nda.state(decision.access_ends.astimezone(ZoneInfo(zone)).date()) == "in_force"]
        assert decision.access_ends > now and not [nda for nda in in_force if nda in after]
