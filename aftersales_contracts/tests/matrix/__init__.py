"""Who may do what, room by room."""

from . import (
    approvals,
    billing,
    closing,
    customers,
    diligence,
    endings,
    legal,
    maintenance,
    obligations,
    parties,
    penalties,
    performance,
    plans,
    prices,
    reconciliation,
    settlements,
    shares,
    signing,
    versions,
)

ROOMS = (
    approvals, billing, closing, customers, diligence, endings, legal, maintenance, obligations, parties, penalties,
    performance, plans, prices, reconciliation, settlements, shares, signing, versions)
