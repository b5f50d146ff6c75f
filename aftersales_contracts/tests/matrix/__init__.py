"""Who may do what, room by room."""

from . import (
    approvals,
    assets,
    billing,
    claims,
    closing,
    customers,
    diligence,
    endings,
    extended,
    legal,
    maintenance,
    obligations,
    parties,
    penalties,
    performance,
    plans,
    prices,
    reconciliation,
    recoveries,
    reimbursements,
    settlements,
    shares,
    signing,
    versions,
    warranty,
    warranty_portal,
)

ROOMS = (
    approvals, assets, billing, claims, closing, customers, diligence, endings, extended, legal, maintenance,
    obligations, parties, penalties, performance, plans, prices, reconciliation, recoveries, reimbursements,
    settlements, shares, signing, versions, warranty, warranty_portal)
