"""Who may do what, room by room."""

from . import (
    approvals,
    billing,
    closing,
    customers,
    endings,
    legal,
    maintenance,
    obligations,
    parties,
    penalties,
    plans,
    prices,
    signing,
    versions,
)

ROOMS = (
    approvals, billing, closing, customers, endings, legal, maintenance, obligations, parties, penalties, plans, prices,
    signing, versions)
