"""May party X see document Y for purpose Z at this moment?

A confidential document of another party is shown only under a non-disclosure agreement that is signed, in
force on the party's own calendar day, between owner and party, and covers the document. Every such agreement
has a say: where one of them forbids the purpose or the person, the stricter one wins. At the end access falls
away at midnight of the party's zone; the duty of secrecy runs on.

>>> signed = datetime(2026, 1, 1, 9, tzinfo=UTC)
>>> ours = Nda("NDA-1", "one_way", ("us", "dealer"), date(2026, 1, 1), date(2027, 1, 1), "us", signed=signed)
>>> dealer, drawing = Party("dealer", tz="Asia/Taipei"), Document("D-7", "us", "drawings")
>>> may_see([ours], dealer, drawing, "repair", datetime(2026, 12, 31, 15, 59, tzinfo=UTC)).allowed
True
>>> may_see([ours], dealer, drawing, "repair", datetime(2026, 12, 31, 16, 0, tzinfo=UTC)).reasons
('NDA-1 ended before 2027-01-01: renew it',)
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

from .days import require_choice, require_day
from .errors import BadPeriod, BadTerms
from .explanation import Step
from .notice_log import local_day
from .wallclock import load_zone

ONE_WAY, MUTUAL, MULTI_PARTY = KINDS = ("one_way", "mutual", "multi_party")


@dataclass(frozen=True)
class Party:
    """``group``: the keys of its affiliates; ``formerly``: keys of parties merged into it; ``tz``: its zone."""

    key: str
    group: frozenset = frozenset()
    tz: str = "UTC"
    formerly: frozenset = frozenset()


@dataclass(frozen=True)
class Document:
    """``owner``: the key of the party whose secret it is, ``owner_group``: of its affiliates; ``scope``: the
    category agreements name."""

    key: str
    owner: str
    scope: str
    confidential: bool = True
    owner_group: frozenset = frozenset()


@dataclass(frozen=True)
class Person:
    """Somebody who acts for the party ``party``; ``left``: the first day on which no longer, or None."""

    key: str
    party: str
    left: date | None = None


@dataclass(frozen=True)
class Nda:
    """In force in ``[effective, end)`` (``end`` None: perpetual) unless ``revoked`` from a day on.

    ``discloser``: whose secrets a one-way agreement covers. ``purposes``, ``scopes``, ``persons``: what and
    whom it is restricted to, None: no restriction. ``group_wide``: binds the affiliates of its parties too.
    ``secret_until``: the day the duty of secrecy ends, None: never.
    """

    key: str
    kind: str
    parties: tuple
    effective: date
    end: date | None = None
    discloser: str | None = None
    purposes: frozenset | None = None
    scopes: frozenset | None = None
    persons: frozenset | None = None
    group_wide: bool = False
    signed: datetime | None = None
    revoked: date | None = None
    secret_until: date | None = None
    return_or_destroy: bool = False

    def __post_init__(self):
        require_choice(self.kind, "kind", KINDS)
        require_day(self.effective, "effective")
        if self.end is not None and require_day(self.end, "end") <= self.effective:
            raise BadPeriod("term", f"{self.effective} to {self.end}", "ends where it starts or before")
        if self.kind == ONE_WAY and self.discloser not in self.parties:
            raise BadTerms("discloser", self.discloser, "is not a party: a one-way agreement needs one")
        if len(set(self.parties)) < 2 or (self.kind != MULTI_PARTY and len(self.parties) > 2):
            raise BadTerms("parties", ", ".join(self.parties), f"are not the parties of a {self.kind} agreement")

    def state(self, day):
        """in_force, or the sentence that says why not, on the calendar day ``day``."""
        if self.signed is None:
            return f"{self.key} is not signed: have it signed"
        if day < self.effective:
            return f"{self.key} takes effect on {self.effective}"
        if self.revoked is not None and day >= self.revoked:
            return f"{self.key} was revoked on {self.revoked}"
        if self.end is not None and day >= self.end:
            return f"{self.key} ended before {self.end}: renew it"
        return "in_force"


@dataclass(frozen=True)
class Decision:
    """``reasons``: sentences, why not or why; ``flags``: what is wrong nevertheless; ``access_ends``: the instant
    at which nothing in force is left, None: never or no access; ``duties``: (agreement, secret until or None,
    return or destroy) of every agreement that ever applied."""

    allowed: bool
    reasons: tuple
    flags: tuple
    access_ends: datetime | None
    duties: tuple
    steps: tuple = field(repr=False)


def may_see(ndas, party, document, purpose, at, person=None, disclosed=None):
    """The `Decision`. ``at``, ``disclosed`` (the first disclosure to that party, or None): aware datetimes."""
    day = local_day(at, party.tz, "at")
    if not document.confidential or document.owner == party.key:
        words = f"{document.key} is not confidential" if not document.confidential else "it is the party's own"
        return Decision(True, (words,), (), None, (), (Step("open", words, True),))
    related = [nda for nda in ndas if _covers(nda, document) and _related(nda, party)]
    bound = [nda for nda in related if _binds(nda, party)]
    in_force = [nda for nda in bound if nda.state(day) == "in_force"]
    steps = [Step("day", f"in {party.tz}", day)]
    steps += [Step("agreement", f"{nda.key}: {_standing(nda, party, day)}", nda in in_force) for nda in related]
    objections = _person_objections(person, party, day)
    for nda in in_force:
        objections += _objections(nda, purpose, person)
    if not in_force:
        objections += [_standing(nda, party, day) for nda in related]
        objections = objections or [f"there is no agreement with {party.key} that covers {document.scope}"]
    allowed = bool(in_force) and not objections
    reasons = objections or [f"{nda.key} allows it" for nda in in_force]
    steps.append(Step("decision", "; ".join(reasons), allowed))
    return Decision(
        allowed,
        tuple(reasons),
        _flags(bound, disclosed),
        _access_ends(in_force, party) if allowed else None,
        tuple((nda.key, nda.secret_until, nda.return_or_destroy) for nda in bound if nda.signed),
        tuple(steps),
    )


def _covers(nda, document):
    owners = {document.owner} | (document.owner_group if nda.group_wide else set())
    disclosers = {nda.discloser} if nda.kind == ONE_WAY else set(nda.parties)
    if not owners & disclosers:
        return False
    return nda.scopes is None or document.scope in nda.scopes


def _names(party):
    return {party.key} | party.formerly


def _related(nda, party):
    """Whether the party, one it absorbed, or an affiliate signed."""
    return bool((_names(party) | party.group) & set(nda.parties))


def _binds(nda, party):
    return nda.group_wide or bool(_names(party) & set(nda.parties))


def _standing(nda, party, day):
    if not _binds(nda, party):
        signatories = ", ".join(sorted(party.group & set(nda.parties)))
        return f"{nda.key} was signed by {signatories} and is not group-wide: {party.key} is not bound"
    return nda.state(day)


def _person_objections(person, party, day):
    if person is None:
        return []
    if person.party not in _names(party):
        return [f"{person.key} does not act for {party.key}"]
    if person.left is not None and day >= person.left:
        return [f"{person.key} left {party.key} on {person.left}"]
    return []


def _objections(nda, purpose, person):
    found = []
    if nda.purposes is not None and purpose not in nda.purposes:
        found.append(f"{nda.key} does not allow the purpose {purpose}, only {', '.join(sorted(nda.purposes))}")
    if nda.persons is not None and (person is None or person.key not in nda.persons):
        who = "nobody in particular" if person is None else person.key
        found.append(f"{nda.key} allows named persons only, not {who}")
    return found


def _flags(bound, disclosed):
    signed = [nda for nda in bound if nda.signed is not None]
    if disclosed is None or any(nda.signed <= disclosed for nda in signed):
        return ()
    if not signed:
        return (f"disclosed on {disclosed:%Y-%m-%d} without a signed agreement",)
    first = min(signed, key=lambda nda: nda.signed)
    return (f"disclosed on {disclosed:%Y-%m-%d}, before {first.key} was signed on {first.signed:%Y-%m-%d}",)


def _access_ends(in_force, party):
    """Local midnight of the last of the ends, in UTC."""
    ends = [min(filter(None, (nda.end, nda.revoked)), default=None) for nda in in_force]
    if None in ends:
        return None
    return datetime.combine(max(ends), time(), load_zone(party.tz)).astimezone(UTC)
