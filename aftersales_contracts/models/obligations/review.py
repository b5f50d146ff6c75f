"""Reviews: a contract is looked at again at an interval, with an outcome; the log of reviews is appended only."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...engine.days import advance
from ...engine.errors import EngineError
from .obligation_type import INTERVAL_UNITS

OUTCOMES = [
    ("keep", "Keep as It Is"),
    ("amend", "Amend"),
    ("end", "End"),
]
REVIEWERS = "aftersales_contracts.group_account_manager,aftersales_contracts.group_legal"


class Review(models.Model):
    _name = "aftersales.review"
    _inherit = ["aftersales.appended"]
    _description = "Contract Review"
    _order = "held_on desc, id desc"
    _rec_name = "contract_id"

    contract_id = fields.Many2one("aftersales.contract", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="contract_id.company_id", store=True, index=True)
    planned_on = fields.Date(string="Due", readonly=True)
    held_on = fields.Date(string="Held", required=True, default=fields.Date.context_today)
    outcome = fields.Selection(OUTCOMES, required=True, default="keep")
    note = fields.Text(string="Findings", help="What was looked at, and why it was decided so.")
    next_on = fields.Date(string="Next Review", readonly=True)
    user_id = fields.Many2one("res.users", string="Held by", readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        """Log reviews and move each contract's next review on by its interval, on its anchor."""
        self._check_reviewer()
        contracts = self.env["aftersales.contract"].browse([vals["contract_id"] for vals in vals_list])
        contracts.check_access("read")
        prepared = []
        for contract, vals in zip(contracts, vals_list, strict=True):
            held = fields.Date.to_date(vals.get("held_on")) or contract._local_today()
            if held > contract._local_today():
                raise ValidationError(self.env._(
                    "The review of %(name)s cannot have been held on %(day)s, which is still to come.",
                    name=contract.display_name, day=held))
            following = contract._review_after(held)
            prepared.append({**vals, "planned_on": contract.next_review_date, "held_on": held, "next_on": following,
                             "user_id": self.env.uid})
            # Past the rights of legal, who reviews contracts without writing them.
            contract.sudo()._write_unlocked({"next_review_date": following})
        reviews = super().create(prepared)
        self.env["aftersales.reminder"]._settled("review", contracts)
        return reviews

    @api.model
    def _check_reviewer(self):
        if not self.env.su and not self.env.user.has_groups(REVIEWERS):
            raise AccessError(self.env._("Only an account manager or legal holds a review."))

    def _refuse_change(self):
        if self:
            raise UserError(self.env._("A review was held: its record does not change."))


class Contract(models.Model):
    _inherit = "aftersales.contract"

    review_interval = fields.Integer(string="Review every", aggregator=None, help="0: it is not reviewed regularly.")
    review_unit = fields.Selection(INTERVAL_UNITS, required=True, default="year")
    next_review_date = fields.Date(
        string="Next Review", compute="_compute_next_review_date", store=True, readonly=False, copy=False, index=True,
        tracking=True)
    review_anchor_day = fields.Integer(
        readonly=True, copy=False, aggregator=None, help="The day of the month on which reviews fall due.")
    review_ids = fields.One2many("aftersales.review", "contract_id", string="Reviews", copy=False)

    _review_not_negative = models.Constraint(
        "CHECK(review_interval >= 0)", "The interval of reviews cannot be negative.")

    @api.depends("review_interval", "review_unit", "date_start")
    def _compute_next_review_date(self):
        """The first review; afterwards it moves as reviews are held, and as people plan it."""
        for contract in self:
            if not contract.review_interval:
                contract.next_review_date = False
            elif not contract.next_review_date and contract.date_start:
                contract.next_review_date = contract._review_step(contract.date_start, 1)

    @api.constrains("review_interval", "review_unit", "date_start")
    def _check_review_interval(self):
        for contract in self.filtered("review_interval"):
            try:
                advance(contract.date_start, contract.review_interval, contract.review_unit)
            except EngineError as error:
                raise ValidationError(self.env._(
                    "Contract %(name)s cannot be reviewed like that: %(error)s",
                    name=contract.display_name, error=error)) from error

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._anchored(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._anchored(vals))

    def _anchored(self, vals):
        """``vals`` with the anchor of a review day that somebody plans."""
        day = fields.Date.to_date(vals.get("next_review_date"))
        return {**vals, "review_anchor_day": day.day} if day else vals

    def _review_step(self, day, count):
        """``count`` intervals after ``day`` on the anchor; False beyond the calendars."""
        try:
            return advance(day, count * self.review_interval, self.review_unit,
                           anchor_day=self.review_anchor_day or self.date_start.day)
        except EngineError:
            return False

    def _review_after(self, held):
        """The next review after one held on that day: the first step of the plan beyond its due day and ``held``."""
        self.ensure_one()
        if not self.review_interval:
            return False
        planned = self.next_review_date or held
        count = 1
        while (following := self._review_step(planned, count)) and following <= held:
            count += 1
        return following

    def action_review(self):
        """Open the dialog that records a review."""
        self.ensure_one()
        self.check_access("read")
        self.env["aftersales.review"]._check_reviewer()
        return {"type": "ir.actions.act_window", "name": self.env._("Record a Review"),
                "res_model": "aftersales.review", "view_mode": "form", "target": "new",
                "context": {"default_contract_id": self.id}}
