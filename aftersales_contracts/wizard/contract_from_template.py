from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain


class ContractFromTemplate(models.TransientModel):
    """New contract from a template: the template is proposed by type, language and company."""

    _name = "aftersales.contract.from.template"
    _description = "New Contract from a Template"

    contract_type_id = fields.Many2one(
        "aftersales.contract.type", string="Type", required=True,
        domain="[('company_id', 'in', (company_id, False))]",
        default=lambda self: self.env.ref("aftersales_contracts.contract_type_customer", raise_if_not_found=False))
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    partner_id = fields.Many2one("res.partner", required=True)
    lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(), string="Language", required=True, compute="_compute_lang",
        store=True, readonly=False, precompute=True)
    template_id = fields.Many2one(
        "aftersales.contract", compute="_compute_template_id", store=True, readonly=False,
        precompute=True,
        domain="[('is_template', '=', True), ('contract_type_id', '=', contract_type_id), "
        "('company_id', 'in', (company_id, False))]")
    proposal = fields.Char(compute="_compute_proposal")
    title = fields.Char(compute="_compute_title", store=True, readonly=False, precompute=True)
    date_start = fields.Date(string="First Day", required=True, default=fields.Date.context_today)

    @api.depends("partner_id")
    def _compute_lang(self):
        for wizard in self:
            wizard.lang = wizard.partner_id.lang or wizard.lang or self.env.lang

    @api.depends("contract_type_id", "lang", "company_id")
    def _compute_template_id(self):
        Contract = self.env["aftersales.contract"]
        for wizard in self:
            wizard.template_id = wizard.contract_type_id and wizard.company_id and Contract._propose_template(
                wizard.contract_type_id, wizard.lang, wizard.company_id)

    @api.depends("template_id", "contract_type_id", "lang", "company_id")
    def _compute_proposal(self):
        Contract = self.env["aftersales.contract"]
        languages = dict(self.env["res.lang"].get_installed())
        for wizard in self:
            if wizard.template_id:
                kind = wizard.env._("of %s", wizard.template_id.company_id.name) if wizard.template_id.company_id else (
                    wizard.env._("shared by all companies"))
                wizard.proposal = wizard.env._("Template %(kind)s, in %(language)s.", kind=kind,
                                               language=languages.get(wizard.template_id.lang, wizard.template_id.lang))
                continue
            others = wizard.contract_type_id and wizard.company_id and Contract.search_count(
                Contract._template_domain(wizard.company_id)
                & Domain("contract_type_id", "=", wizard.contract_type_id.id))
            wizard.proposal = wizard.env._(
                "No template of this type in %(language)s; %(count)s in other languages.",
                language=languages.get(wizard.lang, ""), count=others or 0)

    @api.depends("template_id")
    def _compute_title(self):
        for wizard in self:
            wizard.title = wizard.template_id.title or wizard.title

    def action_create(self):
        """Make the contract and open it."""
        self.ensure_one()
        template = self.template_id
        if not template:
            raise UserError(self.env._("Choose the template from which the contract is made."))
        self._check_rights(template)
        # As the system: a shared template's rows belong to no company, so that the reader's rules may hide some.
        contract = template.sudo()._make_contract({
            "partner_id": self.partner_id.id, "company_id": self.company_id.id, "lang": self.lang,
            "date_start": self.date_start, "title": self.title or template.title, "user_id": self.env.uid})
        return {"type": "ir.actions.act_window", "res_model": "aftersales.contract", "res_id": contract.id,
                "views": [(False, "form")]}

    def _check_rights(self, template):
        self.env["aftersales.contract"].check_access("create")
        template.check_access("read")
        self.partner_id.check_access("read")
        if self.company_id not in self.env.user.company_ids:
            raise AccessError(self.env._("You do not work for %s.", self.company_id.sudo().name))
        if not template.is_template or template.company_id not in (self.company_id, self.company_id.browse()):
            raise UserError(self.env._(
                "%(template)s is no template of %(company)s.", template=template.display_name,
                company=self.company_id.name))
        if template.contract_type_id != self.contract_type_id:
            raise UserError(self.env._(
                "Template %(template)s is for contracts of type %(type)s.", template=template.display_name,
                type=template.contract_type_id.name))
