"""Warranty policy: the terms of a warranty, in versions. The engine's `Policy` is made of it in `policy_terms`."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...engine import warranty_terms as engine

STATES = [("draft", "Draft"), ("released", "Released"), ("withdrawn", "Withdrawn")]
KINDS = [
    ("warranty", "Warranty"), ("extended", "Extended Warranty"), ("supplier", "Supplier's Warranty"),
    ("goodwill", "Goodwill"),
]
TRIGGERS = [
    ("delivery", "Delivery"), ("installation", "Installation"), ("activation", "Activation"), ("invoice", "Invoice"),
    ("first_use", "First Use"), ("receipt", "Receipt from the Supplier"),
]
UNITS = [("day", "Days"), ("week", "Weeks"), ("month", "Months"), ("quarter", "Quarters"), ("year", "Years")]
TRANSFERS = [("free", "Passes to a New Owner"), ("consent", "Only with Our Consent"), ("never", "First Owner Only")]
REPLACEMENTS = [
    ("inherit", "What Is Left"), ("restart", "A New Term"), ("longer", "What Lasts Longer")]
RESALES = [("keep", "The First Sale's"), ("reset", "The New Sale's")]
KITS = [("own", "Their Own"), ("kit", "Those of the Kit")]


class WarrantyPolicy(models.Model):
    _name = "aftersales.warranty.policy"
    _description = "Warranty Policy"
    _inherit = ["aftersales.released", "mail.thread"]
    _order = "number desc, version desc, id desc"
    _rec_names_search = ["name", "number"]
    _check_company_auto = True
    _free_fields = frozenset({"message_main_attachment_id", "message_follower_ids", "message_ids", "valid_until"})
    _releasers = "aftersales_contracts.group_legal,aftersales_contracts.group_administrator"
    _guarded = {"state": "draft", "number": "/", "version": 1, **dict.fromkeys(
        ("previous_id", "released_by_id", "released_on", "withdrawn_by_id", "withdrawn_on", "edited_by_id"), False)}

    name = fields.Char(required=True, translate=True, tracking=True, help="As it is printed.")
    number = fields.Char(required=True, readonly=True, copy=False, default="/", index=True)
    version = fields.Integer(required=True, readonly=True, copy=False, default=1, aggregator=None)
    state = fields.Selection(
        STATES, required=True, readonly=True, copy=False, default="draft", index=True, tracking=True)
    previous_id = fields.Many2one(
        "aftersales.warranty.policy", string="Previous Version", readonly=True, copy=False, ondelete="set null",
        index="btree_not_null")
    edited_by_id = fields.Many2one("res.users", string="Last Changed by", readonly=True, copy=False)
    released_by_id = fields.Many2one("res.users", string="Released by", readonly=True, copy=False)
    released_on = fields.Date(readonly=True, copy=False)
    withdrawn_by_id = fields.Many2one("res.users", string="Withdrawn by", readonly=True, copy=False)
    withdrawn_on = fields.Date(readonly=True, copy=False)
    company_id = fields.Many2one(
        "res.company", index=True, default=lambda self: self.env.company, tracking=True,
        help="Empty: for assets of every company, and only an administrator changes it.")
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id, tracking=True,
        help="Of its caps; the currency of the companies whose assets it covers.")
    cover_kind = fields.Selection(KINDS, string="Kind", required=True, default="warranty", tracking=True)
    # which machines
    valid_from = fields.Date(string="Machines Sold from", tracking=True, help="First day of sale; empty: always.")
    valid_until = fields.Date(
        string="Machines Sold until", tracking=True,
        help="Last day of sale; empty: until further notice. It can be written after the release, too.")
    product_ids = fields.Many2many("product.product", "aftersales_policy_product_rel", string="Products",
                                   help="Machines of these products; empty: see the categories.")
    categ_ids = fields.Many2many("product.category", "aftersales_policy_categ_rel", string="Product Categories",
                                 help="And of these categories and those below them. Both empty: all machines.")
    serial_first = fields.Char(string="Serials from", help="Only serial numbers of this range, both ends included.")
    serial_last = fields.Char(string="Serials to")
    batch = fields.Char(string="Supplier Batch", help="Only machines of this batch.")
    additional = fields.Boolean(
        string="Beside Others", tracking=True,
        help="Holds in addition to others of its kind. Else the closest one counts: of the product, then of the "
        "nearest category, then of everything.")
    # when it begins
    start_trigger = fields.Selection(TRIGGERS, string="Begins with", required=True, default="delivery", tracking=True)
    start_at_most = fields.Integer(
        string="At the Latest", aggregator=None, help="So long after the day below; 0: no latest day.")
    start_at_most_unit = fields.Selection(UNITS, required=True, default="month")
    start_after = fields.Selection(TRIGGERS, string="After", required=True, default="delivery")
    start_otherwise = fields.Selection(
        TRIGGERS, string="Otherwise", help="The day that counts where the first one is not known.")
    day_after = fields.Boolean(string="The Day After", help="It begins on the day after, as where the law counts so.")
    # what it pays
    benefit_ids = fields.One2many("aftersales.warranty.benefit", "policy_id", string="Benefits", copy=True)
    limit_ids = fields.One2many("aftersales.warranty.limit", "policy_id", string="Limits of Use", copy=True)
    exclusion_ids = fields.One2many("aftersales.warranty.exclusion", "policy_id", string="Exclusions", copy=True)
    cap = fields.Monetary(string="At Most in All", help="Over the life of a cover, all kinds together; 0: no cap.")
    claim_cap = fields.Monetary(string="At Most in a Claim", help="0: no cap.")
    deductible = fields.Monetary(tracking=True, help="What the customer pays of each claim before the cover does.")
    report_days = fields.Integer(
        string="To Be Reported within", aggregator=None,
        help="Days after the failure; claims reported later are refused by rule. 0: no such limit.")
    priority = fields.Integer(
        aggregator=None, help="Who pays first: the lower number. 0: by the kind of cover.")
    # what becomes of it
    transfer = fields.Selection(TRANSFERS, string="New Owner", required=True, default="free", tracking=True)
    transfer_fee = fields.Monetary(help="Invoiced when a machine is transferred; 0: none.")
    replacement = fields.Selection(
        REPLACEMENTS, string="A Replacement Gets", required=True, default="inherit", tracking=True)
    replacement_count = fields.Integer(
        string="Term of a Replacement", aggregator=None, help="0: the full term. For a new term and what lasts longer.")
    replacement_unit = fields.Selection(UNITS, required=True, default="month")
    resale = fields.Selection(RESALES, string="After a Resale Count the Days of", required=True, default="keep")
    kit = fields.Selection(KITS, string="Days of Components", required=True, default="own")
    repair_extends = fields.Boolean(help="Whole days in repair move the end.")
    # a supplier's
    supplier_id = fields.Many2one("res.partner", index="btree_not_null",
                                  help="Who gives a supplier's warranty.")
    recovers = fields.Boolean(
        string="Refunds Us", default=True, help="The supplier refunds us, instead of paying for the customer.")
    note = fields.Html(string="Terms and Conditions", translate=True)
    cover_ids = fields.One2many("aftersales.warranty.cover", "policy_id", string="Covers")
    cover_count = fields.Integer(compute="_compute_cover_count", string="Number of Covers")
    findings = fields.Text(compute="_compute_findings", string="To Be Mended", help="What stops the release.")
    in_words = fields.Text(compute="_compute_in_words", )

    _not_negative = models.Constraint(
        "CHECK(cap >= 0 AND claim_cap >= 0 AND deductible >= 0 AND transfer_fee >= 0 AND report_days >= 0 "
        "AND start_at_most >= 0 AND replacement_count >= 0)",
        "Caps, deductible, fee, terms and days of a warranty policy are zero or more.")
    _sale_days = models.Constraint(
        "CHECK(valid_until IS NULL OR valid_from IS NULL OR valid_until >= valid_from)",
        "The last day of sale of a warranty policy comes before the first.")
    _version_uniq = models.UniqueIndex(
        "(number, version, COALESCE(company_id, 0)) WHERE number <> '/'",
        "This version of the warranty policy exists already.")

    @api.depends("name", "number", "version")
    def _compute_display_name(self):
        for policy in self:
            policy.display_name = f"{policy._reference()} {policy.name or ''}".strip()

    def _reference(self):
        """"WP/00001 v2", as verdicts name it."""
        return f"{self.number} v{self.version}"

    def _lineage(self):
        """What all versions of one policy have in common."""
        self.ensure_one()
        return self.number if self.number and self.number != "/" else f"new {self.id}"

    def _compute_cover_count(self):
        counts = dict(self.env["aftersales.warranty.cover"]._read_group(
            [("policy_id", "in", self.ids)], ["policy_id"], ["__count"]))
        for policy in self:
            policy.cover_count = counts.get(policy, 0)

    @api.constrains("supplier_id", "cover_kind")
    def _check_supplier(self):
        for policy in self:
            if (policy.cover_kind == "supplier") != bool(policy.supplier_id):
                raise ValidationError(self.env._(
                    "Warranty policy %s: a supplier's warranty names its supplier, another one none.",
                    policy.display_name))

    @api.depends("benefit_ids", "limit_ids", "exclusion_ids", "start_trigger", "serial_first", "serial_last")
    @api.depends_context("lang")
    def _compute_findings(self):
        for policy in self:
            policy.findings = "\n".join(policy._lint()) or False

    def _check_release(self):
        super()._check_release()
        findings = self._lint()
        if self.env.user in self.create_uid | self.edited_by_id and not self.env.su:
            findings.append(self.env._("it is released by another person than its author"))
        if findings:
            raise UserError(self.env._(
                "Warranty policy %(name)s cannot be released: %(reasons)s.", name=self.display_name,
                reasons="; ".join(findings)))

    def write(self, vals):
        result = super().write(vals)
        self._note_editor()
        return result

    def _note_editor(self):
        """Who changes a draft is its author as well: another person releases it."""
        if not self.env.su:
            drafts = self.filtered(lambda one: one.state == "draft" and one.edited_by_id != self.env.user)
            drafts._write_guarded({"edited_by_id": self.env.uid})

    def action_release(self):
        """Put drafts to use. What was reckoned of terms in a transaction that failed is forgotten."""
        result = super().action_release()
        self.env.registry.clear_cache()
        return result

    def action_view_covers(self):
        """The covers by this version."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("aftersales_contracts.action_warranty_cover")
        return {**action, "domain": [("policy_id", "=", self.id)], "context": {}}

    # the engine's words are those of the selections: a test compares them
    _ENGINE_WORDS = {"cover_kind": engine.COVER_KINDS, "start_trigger": engine.TRIGGERS, "transfer": engine.TRANSFERS,
                     "replacement": engine.REPLACEMENTS, "resale": engine.RESALES, "kit": engine.KIT_RULES}
