"""Recall or campaign: machines that are mended for nothing, however old they are; which, why, and what is done."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

KINDS = [("recall", "Recall"), ("campaign", "Campaign")]
STATES = [("draft", "Draft"), ("released", "Released"), ("closed", "Closed")]
# What owners and claims rest on: it stays once the recall is released.
TERMS = frozenset((
    "title", "kind", "company_id", "product_ids", "categ_ids", "range_ids", "batches", "cause_ids", "start_on",
    "end_on", "reason", "authority", "authority_ref", "remedy", "line_ids"))


class Recall(models.Model):
    """Which machines: those that fit all that is named of products, categories, serial numbers and batches (W12)."""

    _name = "aftersales.recall"
    _inherit = ["aftersales.numbering", "aftersales.guarded", "mail.thread", "mail.activity.mixin"]
    _description = "Recall"
    _order = "opened_on desc, id desc"
    _rec_names_search = ["name", "title", "authority_ref"]
    _check_company_auto = True
    _number_code = "aftersales.recall"
    _number_day = "opened_on"
    _guarded = {
        "name": "/", "state": "draft", "edited_by_id": False, "released_by_id": False, "released_on": False,
        "closed_on": False, "notify_asked_on": False}

    name = fields.Char(string="Number", readonly=True, copy=False, index="trigram")
    title = fields.Char(required=True, tracking=True)
    kind = fields.Selection(
        KINDS, required=True, default="recall", tracking=True,
        help="A recall is for safety and is reported to an authority; a campaign mends a defect of a series.")
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related="company_id.currency_id")
    opened_on = fields.Date(string="Opened", required=True, default=fields.Date.context_today)
    product_ids = fields.Many2many("product.product", string="Products", check_company=True)
    categ_ids = fields.Many2many(
        "product.category", string="Product Categories", help="With the categories below them.")
    range_ids = fields.One2many("aftersales.recall.range", "recall_id", string="Serial Numbers", copy=True)
    batches = fields.Text(string="Supplier Batches", help="One on each line, as it stands on the machine.")
    cause_ids = fields.Many2many(
        "aftersales.cause", string="Causes", help="Failures that it is for; empty: whatever failed.")
    start_on = fields.Date(
        string="From", required=True, default=fields.Date.context_today, tracking=True,
        help="The first failure day that it pays for.")
    end_on = fields.Date(string="Until", tracking=True, help="The last failure day that it pays for; empty: no end.")
    reason = fields.Text(string="Defect", tracking=True, help="What is wrong, and what may happen.")
    authority = fields.Char(help="To which the recall is reported.")
    authority_ref = fields.Char(string="Authority's Reference", tracking=True)
    remedy = fields.Text(help="What is done to the machine.")
    line_ids = fields.One2many("aftersales.recall.line", "recall_id", string="Work on a Machine", copy=True)
    user_id = fields.Many2one(
        "res.users", string="Responsible", default=lambda self: self.env.user, index=True, tracking=True,
        domain=[("share", "=", False)])
    state = fields.Selection(
        STATES, required=True, readonly=True, default="draft", copy=False, index=True, tracking=True)
    edited_by_id = fields.Many2one("res.users", string="Last Changed by", readonly=True, copy=False)
    released_by_id = fields.Many2one("res.users", string="Released by", readonly=True, copy=False)
    released_on = fields.Date(string="Released", readonly=True, copy=False)
    closed_on = fields.Date(string="Closed", readonly=True, copy=False, help="The last failure day that it paid for.")
    notify_asked_on = fields.Date(
        string="Owners Notified since", readonly=True, copy=False,
        help="From that day on owners are told, also those of machines that are found later.")
    asset_ids = fields.One2many("aftersales.recall.asset", "recall_id", string="Recalled Machines", copy=False)
    active = fields.Boolean(default=True)

    _number_uniq = models.UniqueIndex(
        "(company_id, name) WHERE name <> '/'", "Two recalls of a company cannot have the same number.")
    _days = models.Constraint(
        "CHECK(end_on IS NULL OR end_on >= start_on)", "A recall cannot end before it begins.")

    @api.depends("name", "title")
    def _compute_display_name(self):
        for recall in self:
            recall.display_name = " · ".join(filter(None, (recall.name if recall.name != "/" else "", recall.title)))

    # --- what stays ----------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        recalls = super().create(vals_list)
        recalls._give_numbers()
        recalls._write_guarded({"edited_by_id": self.env.uid})
        return recalls

    def write(self, vals):
        terms = TERMS & vals.keys()
        if terms:
            self._refuse_released()
            self._write_guarded({"edited_by_id": self.env.uid})
        return super().write(vals)

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        self._refuse_released()
        return super()._update_field_translations(field_name, translations, digest=digest, source_lang=source_lang)

    def _refuse_released(self):
        for recall in self:
            if recall.state != "draft":
                raise UserError(self.env._(
                    "%s is released: owners and claims rest on what it says. Close it and open another one instead.",
                    recall.display_name))

    def _touch(self):
        """Its serial numbers or its work change: only in a draft, and whoever changed them does not release it."""
        self._refuse_released()
        self._write_guarded({"edited_by_id": self.env.uid})

    def _refuse_deletion(self):
        for recall in self:
            if recall.state != "draft":
                raise UserError(self.env._("%s has been released and stays on record. Close it.", recall.display_name))

    # --- in words ------------------------------------------------------------------------------------------------

    def _batch_names(self):
        """The batches, without blanks around them."""
        self.ensure_one()
        return [one.strip() for one in (self.batches or "").splitlines() if one.strip()]

    def _scope_in_words(self):
        """Which machines it is for, in one sentence of the reader's language."""
        self.ensure_one()
        _ = self.env._
        recall = self.sudo()  # who reads the recall reads the names of what it is for
        parts = [
            recall.product_ids and ", ".join(recall.product_ids.mapped("display_name")),
            recall.categ_ids and _("category %s", ", ".join(recall.categ_ids.mapped("display_name"))),
            recall.range_ids and _("serial numbers %s", ", ".join(recall.range_ids.mapped("display_name"))),
            recall._batch_names() and _("batches %s", ", ".join(recall._batch_names())),
        ]
        days = _("from %s on", format_date(self.env, recall.start_on)) if not recall._last_day() else _(
            "from %(start)s to %(end)s", start=format_date(self.env, recall.start_on),
            end=format_date(self.env, recall._last_day()))
        return _("%(machines)s, failures %(days)s", machines="; ".join(filter(None, parts)) or _("nothing"), days=days)

    def _last_day(self):
        """The last failure day that it pays for, or None."""
        self.ensure_one()
        return min(filter(None, (self.end_on, self.closed_on)), default=None)
