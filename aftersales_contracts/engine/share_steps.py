"""The words of a settlement's explanation: fixed labels in the order of evaluation, and how its sentences are made.

>>> from decimal import Decimal
>>> from fractions import Fraction
>>> trail = Trail(Decimal("0.01"))
>>> trail.say(TOTAL, "to be paid", trail.money(Fraction(25, 2)))
>>> trail.steps
[Step(label='total', detail='to be paid', value=Decimal('12.50'))]
"""


from .penalty_steps import Trail, plain, times

__all__ = ["LABELS", "Trail", "plain", "times"]

RULE = "rule"
PAYOUT = "payout"
SHARE = "share"
VOLUME = "volume"
BRACKET = "bracket"
REFUNDS = "refunds"
RETROACTIVE = "retroactive"
UNPAID = "unpaid"
SHARES = "shares"
BONUS = "bonus"
CAP = "cap"
GUARANTEE = "guarantee"
BRAND_FEE = "brand fee"
PENALTY = "penalty"
WITHHOLDING = "withholding"
RELEASED = "released"
REIMBURSEMENT = "reimbursement"
CARRIED_IN = "carried in"
CARRIED_FORWARD = "carried forward"
TOTAL = "total"
SPLIT = "split"
# Fixed words, in the order of evaluation, so that each can be translated.
LABELS = (
    RULE, PAYOUT, SHARE, VOLUME, BRACKET, REFUNDS, RETROACTIVE, UNPAID, SHARES, BONUS, CAP, GUARANTEE,
    BRAND_FEE, PENALTY, WITHHOLDING, RELEASED, REIMBURSEMENT, CARRIED_IN, CARRIED_FORWARD, TOTAL, SPLIT,
)
