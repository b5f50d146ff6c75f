"""Who may do what, room by room."""

from . import approvals, customers, endings, legal, maintenance, obligations, parties, plans, prices, signing, versions

ROOMS = (approvals, customers, endings, legal, maintenance, obligations, parties, plans, prices, signing, versions)
