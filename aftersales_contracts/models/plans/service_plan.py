"""Service plan: what is offered to a segment of customers, in modules, each of them a set of promises."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import is_html_empty

SEGMENTS = [
    ("high_value", "High Value"),
    ("ordinary", "Ordinary"),
    ("low_frequency", "Low Frequency"),
]
MODULES = [
    ("technical_support", "Technical Support"),
    ("repair", "Repair"),
    ("customer_care", "Customer Care"),
]
CLASSES = [
    ("basic", "Basic"),
    ("standard", "Standard"),
    ("advanced", "Advanced"),
]


class ServicePlan(models.Model):
    """A plan is complete when it says for whom it is, what it is made of, how it is carried out and by which figures
    its effect is judged. Contracts take over its promises when they are drafted: a later change of the plan changes
    no contract by itself."""

    _name = "aftersales.service.plan"
    _description = "Service Plan"
    _inherit = ["mail.thread"]
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True, tracking=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", default=lambda self: self.env.company,
        help="Empty: every company may offer this plan, and only an administrator may change it.")
    segment = fields.Selection(SEGMENTS, string="Customer Segment", tracking=True, help="Which customers it is for.")
    summary = fields.Text(translate=True, help="What the customer gets, in a sentence or two.")
    process = fields.Html(
        translate=True, sanitize=True, help="From the need to the target, the resources and the execution: who does "
        "what, and when.")
    module_ids = fields.One2many("aftersales.service.plan.module", "plan_id", string="Modules", copy=True)
    kpi_ids = fields.One2many("aftersales.service.plan.kpi", "plan_id", string="Key Figures", copy=True)
    contract_ids = fields.One2many("aftersales.contract", "plan_id", string="Contracts")
    contract_count = fields.Integer(compute="_compute_contract_count")
    is_complete = fields.Boolean(compute="_compute_gaps")
    gaps_text = fields.Char(string="Still Missing", compute="_compute_gaps")

    @api.depends("contract_ids")
    def _compute_contract_count(self):
        Contract = self.env["aftersales.contract"]
        counts = dict(Contract._read_group(
            Contract._real() & Domain("plan_id", "in", self.ids), ["plan_id"], ["__count"]))
        for plan in self:
            plan.contract_count = counts.get(plan._origin, 0)

    @api.depends("segment", "process", "module_ids.promise_ids", "kpi_ids")
    @api.depends_context("lang")
    def _compute_gaps(self):
        for plan in self:
            gaps = plan._plan_gaps()
            plan.is_complete = not gaps
            plan.gaps_text = plan._gaps_in_words(gaps)

    def _plan_gaps(self):
        """What this plan lacks of its four aspects, and of the proof of its promises: a list of phrases."""
        self.ensure_one()
        _, gaps = self.env._, []
        if not self.segment:
            gaps.append(_("the customer segment"))
        if not self.module_ids.filtered(lambda module: not module.is_add_on):
            gaps.append(_("a module that is no add-on"))
        gaps += [_("a promise in module %s", module.name) for module in self.module_ids if not module.promise_ids]
        if is_html_empty(self.process):
            gaps.append(_("the process"))
        if not self.kpi_ids:
            gaps.append(_("the key figures that show its effect"))
        return gaps + [gap for promise in self.module_ids.promise_ids if (gap := promise._terms_gap())]

    def _gaps_in_words(self, gaps):
        if not gaps:
            return False
        return self.env._("Plan %(plan)s is not complete. It lacks: %(gaps)s.", plan=self.name, gaps=", ".join(gaps))

    def action_view_contracts(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("aftersales_contracts.action_contract")
        return {**action, "domain": [("plan_id", "=", self.id)], "context": {"default_plan_id": self.id}}

    @api.ondelete(at_uninstall=False)
    def _unlink_unused(self):
        used = self.env["aftersales.contract"].sudo().with_context(active_test=False).search(
            [("plan_id", "in", self.ids)], limit=1)
        if used:
            raise UserError(self.env._(
                "Plan %(plan)s is that of contract %(contract)s. Archive it instead.",
                plan=used.plan_id.name, contract=used.display_name))


class ServicePlanModule(models.Model):
    """A part of a plan. An add-on is bought beside it: its promises come with it only where a contract chooses it."""

    _name = "aftersales.service.plan.module"
    _description = "Module of a Service Plan"
    _order = "plan_id, sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    plan_id = fields.Many2one("aftersales.service.plan", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="plan_id.company_id", store=True, index=True)
    kind = fields.Selection(MODULES, required=True, default="technical_support")
    service_class = fields.Selection(CLASSES, string="Class", required=True, default="basic")
    is_add_on = fields.Boolean(string="Paid Add-on", help="Chosen, and paid for, by contract.")
    product_id = fields.Many2one("product.product", string="Sold as", help="What the contract's price line names.")
    description = fields.Text(translate=True)
    promise_ids = fields.One2many("aftersales.service.plan.promise", "module_id", string="Promises", copy=True)
    promises_text = fields.Char(string="What It Promises", compute="_compute_promises_text")

    @api.depends("promise_ids.name")
    def _compute_promises_text(self):
        for module in self:
            module.promises_text = ", ".join(module.promise_ids.mapped("name"))

    @api.depends("name", "plan_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for module in self:
            module.display_name = f"{module.plan_id.name} · {module.name}"


class ServicePlanKpi(models.Model):
    """A figure by which the effect of a plan is judged, with its goal."""

    _name = "aftersales.service.plan.kpi"
    _description = "Key Figure of a Service Plan"
    _order = "plan_id, sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    plan_id = fields.Many2one("aftersales.service.plan", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="plan_id.company_id", store=True, index=True)
    direction = fields.Selection(
        [("higher", "At Least"), ("lower", "At Most")], required=True, default="higher",
        help="Whether more or less of it is better.")
    goal = fields.Float(required=True, digits=(16, 2))
    unit = fields.Char(translate=True, help="Percent, hours, points, ...")


class ServicePlanPromise(models.Model):
    """One promise of a module, to be taken over by contracts."""

    _name = "aftersales.service.plan.promise"
    _description = "Promise of a Service Plan"
    _inherit = ["aftersales.promise.terms"]
    _order = "module_id, sequence, id"

    name = fields.Char(required=True, translate=True)
    module_id = fields.Many2one("aftersales.service.plan.module", required=True, ondelete="cascade", index=True)
    plan_id = fields.Many2one(related="module_id.plan_id", store=True, index=True)
    company_id = fields.Many2one(related="plan_id.company_id", store=True, index=True)
