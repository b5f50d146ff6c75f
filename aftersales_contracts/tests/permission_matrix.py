"""Who may do what, as data: r(ead), w(rite), c(reate), d(elete); a role that is not named may do nothing.

Roles are the users of `AftersalesCase`. Records of the matrix belong to the users' own company and to a contract of
carla's company that diego's company serves as dealer; the statement among them is closed. On the same records of
another company nobody but that company's users may do anything. What a right does not say is said by the models:
an event is appended and never changed, a clock is nobody's to write, a closed statement does not move.
"""

from .matrix import ROOMS

READERS = ("agent", "anna", "felix", "lena", "boss")  # everybody of the service: a base that other groups build on
MANAGERS = ("anna", "boss")


def _row(readers="r", **roles):
    return {**dict.fromkeys(READERS, readers), **roles}


CONFIGURATION = {  # shared by all companies
    "aftersales.support.tier": _row(boss="rwcd"),
    "aftersales.service.status": _row(boss="rwcd"),
    "aftersales.request.type": _row(boss="rwcd"),
}

RECORDS = {
    # terms
    "aftersales.team": _row(anna="rwc", boss="rwcd"),
    "aftersales.sla.policy": _row(anna="rwc", boss="rwcd"),
    "aftersales.sla.policy.calendar": _row(anna="rwcd", boss="rwcd"),
    "aftersales.sla.status.rule": _row(anna="rwcd", boss="rwcd"),
    "aftersales.sla.target": _row(anna="rwcd", boss="rwcd"),
    "aftersales.sla.escalation": _row(anna="rwcd", boss="rwcd"),
    "aftersales.contract": _row(anna="rwcd", boss="rwcd", carla="r", diego="r"),
    "aftersales.asset": _row(anna="rwcd", boss="rwcd", carla="r", diego="r"),
    # facts
    "aftersales.request": _row("rwc", boss="rwcd", carla="r", diego="r"),
    "aftersales.request.event": _row("rc"),
    # results
    "aftersales.sla.clock": _row(carla="r", diego="r"),
    "aftersales.sla.clock.change": _row(),
    "aftersales.sla.escalation.log": _row(),
    "aftersales.evaluation.queue": _row(boss="rw"),
    "aftersales.compliance": _row(),
    "aftersales.compliance.queue": {"boss": "r"},
    "aftersales.sla.excuse": _row(anna="rwcd", felix="rwcd", boss="rwcd"),
    "aftersales.statement": _row(anna="rw", felix="rw", boss="rw", carla="r"),
    "aftersales.statement.line": _row(),
    "aftersales.statement.clock": _row(),
    "aftersales.statement.correction": _row(),
    # import
    "aftersales.import.profile": {"anna": "rwc", "boss": "rwcd"},
    "aftersales.import.column": dict.fromkeys(MANAGERS, "rwcd"),
    "aftersales.import.state": dict.fromkeys(MANAGERS, "rwcd"),
    "aftersales.import.value": dict.fromkeys(MANAGERS, "rwcd"),
    "aftersales.event.import.run": {"anna": "rwc", "boss": "rwcd"},
    "aftersales.event.import.row": {"boss": "r"},
    "aftersales.event.import.error": dict.fromkeys(MANAGERS, "r"),
}

WIZARDS = {  # records of their own user only; who may open them at all
    "aftersales.record.event": _row("rwcd"),
    "aftersales.dry.run": {"boss": "rwcd"},
    "aftersales.dry.run.line": {"boss": "rwcd"},
    "aftersales.event.import": dict.fromkeys(MANAGERS, "rwcd"),
    "aftersales.event.import.column": dict.fromkeys(MANAGERS, "rwcd"),
    "aftersales.event.import.state": dict.fromkeys(MANAGERS, "rwcd"),
}

# (model, method called from outside): the roles it does not refuse
BUTTONS = {
    ("aftersales.contract", "action_activate"): MANAGERS,
    ("aftersales.contract", "action_open_draft"): (*READERS, "carla", "diego"),  # ends at a form of the office
    ("aftersales.request", "action_start_work"): READERS,
    ("aftersales.request", "action_assign_to_me"): READERS,
    ("aftersales.request", "action_close_request"): READERS,
    ("aftersales.request", "action_find_contract"): READERS,
    ("aftersales.request.event", "action_void"): READERS,
    ("aftersales.sla.excuse", "action_approve"): ("felix", "boss"),
    ("aftersales.sla.excuse", "action_refuse"): ("felix", "boss"),
    ("aftersales.statement", "action_close"): ("felix", "boss"),
    ("aftersales.statement", "action_send"): ("felix", "boss"),
    ("aftersales.evaluation.queue", "action_retry"): ("boss",),
    ("aftersales.sla.policy", "action_archive"): MANAGERS,
    ("aftersales.sla.target", "action_archive"): MANAGERS,
}

for room in ROOMS:
    CONFIGURATION.update(getattr(room, "CONFIGURATION", {}))
    RECORDS.update(room.RECORDS)
    WIZARDS.update(room.WIZARDS)
    BUTTONS.update(room.BUTTONS)
