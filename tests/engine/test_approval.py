"""Who must approve, and who may not."""

from datetime import date
from decimal import Decimal

import pytest

from engine.approval import (
    Approval,
    ApprovalRule,
    ApprovalStep,
    Delegation,
    may_act,
    may_approve,
    outstanding,
    required_steps,
    separation,
)
from engine.errors import BadAmount, BadOption, NoApprovalRule

ON = date(2026, 6, 1)
RULES = [
    ApprovalRule(None, 0, Decimal(0), Decimal(1000), frozenset({"customer"})),
    ApprovalRule("managers", 1, Decimal(1000), types=frozenset({"customer"})),
    ApprovalRule("managers", 1, Decimal(0), types=frozenset({"dealer"})),
    ApprovalRule("finance", 2, Decimal(50000)),
    ApprovalRule("legal", 3, Decimal(0), deviation="last_resort"),
    ApprovalRule("board", 9, Decimal(50000), deviation="deviating"),
]


def groups(amount, kind="customer", deviation="none"):
    return [step.group for step in required_steps(RULES, Decimal(amount), kind, deviation).steps_to_take]


@pytest.mark.parametrize(
    "amount, kind, deviation, expected",
    [
        ("0", "customer", "none", []),  # a row that says nobody need approve
        ("999.99", "customer", "none", []),
        ("1000", "customer", "none", ["managers"]),
        ("49999.99", "customer", "none", ["managers"]),
        ("50000", "customer", "none", ["managers", "finance"]),
        ("-50000", "customer", "none", ["managers", "finance"]),  # a credit is as large as an invoice
        ("10", "dealer", "none", ["managers"]),
        ("10", "dealer", "acceptable", ["managers"]),
        ("10", "dealer", "last_resort", ["managers", "legal"]),
        ("50000", "dealer", "deviating", ["managers", "finance", "legal", "board"]),
        ("10", "customer", "deviating", ["legal"]),
    ],
)
def test_amount_type_and_deviation(amount, kind, deviation, expected):
    assert groups(amount, kind, deviation) == expected


def test_what_no_row_covers_is_not_approved_by_silence():
    with pytest.raises(NoApprovalRule, match="10 for provider, deviation none"):
        groups("10", "provider")
    with pytest.raises(BadOption):
        groups("10", "customer", "some")
    with pytest.raises(BadAmount):
        required_steps(RULES, 10.0, "customer")


@pytest.mark.parametrize("amount, expected", [("99.99", ["small"]), ("100", ["large"]), ("100.01", ["large"])])
def test_an_amount_on_the_limit_belongs_to_the_row_above(amount, expected):
    rules = [ApprovalRule("small", 1, Decimal(0), Decimal(100)), ApprovalRule("large", 1, Decimal(100))]
    assert [one.group for one in required_steps(rules, Decimal(amount), "customer").steps_to_take] == expected


STEPS = required_steps(RULES, Decimal(50000), "customer").steps_to_take


@pytest.mark.parametrize(
    "approvals, left",
    [
        ([], ["managers", "finance"]),
        ([Approval("managers", "anna", ON, "f00d")], ["finance"]),
        ([Approval("finance", "felix", ON, "f00d")], ["managers"]),
        ([Approval("managers", "anna", ON, "beef")], ["managers", "finance"]),  # for other terms
        ([Approval("managers", "anna", ON, "f00d", ON)], ["managers", "finance"]),  # expired today
        ([Approval("managers", "anna", ON, "f00d", date(2026, 6, 2))], ["finance"]),
    ],
)
def test_an_approval_lasts_until_it_expires_or_the_terms_change(approvals, left):
    assert [step.group for step in outstanding(STEPS, approvals, ON, "f00d")] == left


MANAGERS = ApprovalStep("managers", 1)
AWAY = Delegation("anna", "ben", date(2026, 6, 1), date(2026, 6, 8))


@pytest.mark.parametrize(
    "person, acted, on, allowed, words",
    [
        ("anna", [], ON, True, None),
        ("anna", [("author", "anna")], ON, False, "anna is the author of this contract and cannot be its approver too"),
        ("anna", [("author", "lena")], ON, True, None),
        ("anna", [("signer", "anna")], ON, True, None),
        ("carl", [], ON, False, "carl is not of managers, nor a substitute on that day"),
        ("ben", [], date(2026, 5, 31), False, "ben is not of managers"),
        ("ben", [], date(2026, 6, 1), True, None),
        ("ben", [], date(2026, 6, 7), True, None),
        ("ben", [], date(2026, 6, 8), False, "ben is not of managers"),
        ("ben", [("author", "ben")], ON, False, "ben is the author"),
        ("ben", [("author", "anna")], ON, False, "anna is the author"),  # nobody approves through a substitute
    ],
)
def test_who_may_approve(person, acted, on, allowed, words):
    verdict = may_approve(MANAGERS, person, {"anna", "bert"}, acted, on, [AWAY])
    assert verdict.allowed is allowed
    assert (words in verdict.reasons[0]) if words else verdict.reasons == ()
    assert verdict.acts_for == ("anna" if person == "ben" and date(2026, 6, 1) <= on < date(2026, 6, 8) else None)


def test_a_substitute_of_two_acts_for_the_one_who_may():
    second = Delegation("bert", "ben", date(2026, 6, 1), date(2026, 6, 8))
    verdict = may_approve(MANAGERS, "ben", {"anna", "bert"}, [("author", "anna")], ON, [AWAY, second])
    assert verdict.allowed and verdict.acts_for == "bert"


@pytest.mark.parametrize(
    "duty, acted, allowed",
    [
        ("settler", [("author", "anna")], False),
        ("settler", [("approver", "anna")], False),
        ("author", [("approver", "anna")], False),
        ("author", [("settler", "anna")], False),
        ("signer", [("author", "anna"), ("approver", "anna")], True),
        ("approver", [("approver", "anna")], True),
        ("settler", [("author", "lena"), ("approver", "felix")], True),
    ],
)
def test_section_4_row_13_author_approver_and_settler_differ(duty, acted, allowed):
    """contracts.md 4 row 13: separation of duties, each pair in both directions."""
    assert may_act(duty, "anna", acted).allowed is allowed


def test_section_4_row_13_the_report_that_proves_it():
    clean = [("author", "anna"), ("approver", "felix"), ("signer", "anna"), ("settler", "lena")]
    assert separation(clean) == ()
    assert separation([*clean, ("settler", "anna"), ("approver", "lena")]) == (
        "anna is author and settler",
        "lena is approver and settler",
    )
    with pytest.raises(BadOption):
        separation([("reader", "anna")])
