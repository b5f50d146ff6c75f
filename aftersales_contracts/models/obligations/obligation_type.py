from odoo import fields, models

DIRECTIONS = [("ours", "Us"), ("theirs", "The Other Side")]
REPEATS = [
    ("none", "Once"),
    ("interval", "At an Interval"),
    ("expiry", "When the Certificate Expires"),
]
INTERVAL_UNITS = [
    ("day", "Days"),
    ("week", "Weeks"),
    ("month", "Months"),
    ("quarter", "Quarters"),
    ("year", "Years"),
]


class ObligationType(models.Model):
    """Type of obligation, and how obligations of that type usually come: a report, an insurance, a payment."""

    _name = "aftersales.obligation.type"
    _description = "Obligation Type"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    description = fields.Text(translate=True)
    direction = fields.Selection(DIRECTIONS, required=True, default="theirs")
    needs_evidence = fields.Boolean(help="It is done only with a file that proves it.")
    expires = fields.Boolean(string="Has an Expiry", help="A certificate, insurance or licence: valid until a day.")
    activation_check = fields.Selection(
        [("none", "Nothing"), ("warn", "Warns"), ("block", "Blocks")], required=True, default="none",
        string="If Missing at Activation",
        help="What happens to a contract that is about to take effect while such a certificate is missing or expired.")
    repeat = fields.Selection(REPEATS, required=True, default="none")
    interval = fields.Integer(default=1, aggregator=None)
    unit = fields.Selection(INTERVAL_UNITS, required=True, default="month")
    escalate_after = fields.Integer(string="Escalate after (days)", default=7, aggregator=None)

    _name_uniq = models.UniqueIndex("(name)", "There is an obligation type of that name already.")
    _interval_positive = models.Constraint("CHECK(interval >= 1)", "An interval is one or more.")
    _escalate_not_negative = models.Constraint(
        "CHECK(escalate_after >= 0)", "The days until an obligation escalates cannot be negative.")
