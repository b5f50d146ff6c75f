"""The share rule of a dealer contract: a row of its paper, and what keeps a contract with it from taking effect."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

AGREED = ("signed", "active", "suspended", "notice", "expired", "terminated")  # what both sides signed stays
IN_FORCE = ("signed", "active", "suspended", "notice")


class ContractShare(models.Model):
    _name = "aftersales.contract.share"
    _inherit = ["aftersales.paper.row"]
    _description = "Share Rule of a Contract"
    _order = "contract_id, id"
    _rec_name = "rule_id"
    _check_company_auto = True
    _paper_group = "prices"
    _paper_fields = ("rule_id",)

    rule_id = fields.Many2one(
        "aftersales.share.rule", string="Share Rule", required=True, index=True, ondelete="restrict",
        check_company=True, domain="[('state', '=', 'released'), ('currency_id', '=', currency_id)]")
    currency_id = fields.Many2one(related="contract_id.currency_id")
    partner_id = fields.Many2one(related="contract_id.partner_id", string="Dealer")
    contract_state = fields.Selection(related="contract_id.state", string="Contract State")
    rule_state = fields.Selection(related="rule_id.state", string="State of the Rule")
    words_text = fields.Text(string="In Words", compute="_compute_words_text")
    gap_text = fields.Char(string="Still Missing", compute="_compute_gap_text", help="Without it, no activation.")

    @api.depends("rule_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for row in self:
            row.display_name = row.rule_id.display_name

    @api.depends("rule_id")
    @api.depends_context("lang")
    def _compute_words_text(self):
        for row in self:
            row.words_text = "\n".join(row.rule_id._in_words()) if row.rule_id else False

    @api.depends("rule_id", "contract_id.currency_id", "contract_id.partner_id", "contract_id.date_start",
                 "contract_id.date_end")
    @api.depends_context("lang")
    def _compute_gap_text(self):
        for row in self:
            row.gap_text = ", ".join(row._gaps()) if row.rule_id else False

    @api.constrains("rule_id", "contract_id")
    def _check_rule(self):
        """Only dealers have shares, in the contract's currency; and no draft gets onto a paper that is locked."""
        for row in self:
            rule, contract = row.rule_id.sudo(), row.contract_id  # of a company that the writer may not see as well
            names = {"rule": rule.display_name, "contract": contract.display_name}
            if contract.kind != "dealer":
                raise ValidationError(self.env._(
                    "Share rule %(rule)s: contract %(contract)s is not with a dealer.", **names))
            if rule.currency_id != contract.currency_id:
                raise ValidationError(self.env._(
                    "Share rule %(rule)s is in %(theirs)s, contract %(contract)s in %(ours)s.",
                    theirs=rule.currency_id.name, ours=contract.currency_id.name, **names))
            if contract.state != "draft" and rule.state == "draft":
                raise ValidationError(self.env._(
                    "Share rule %(rule)s is not released, and contract %(contract)s is no draft.", **names))

    # --- what is missing ---------------------------------------------------------------------------------------------

    def _gaps(self):
        """What keeps this rule from taking effect in its contract: a list of phrases."""
        self.ensure_one()
        _, rule, contract = self.env._, self.rule_id.sudo(), self.contract_id
        name, gaps = rule.display_name, []
        if rule.state == "draft":
            gaps.append(_("the release of share rule %s", name))
        elif rule.state == "withdrawn" and not self._is_agreed():
            gaps.append(_("a share rule in use instead of %s, which was withdrawn", name))
        if rule.currency_id != contract.currency_id:
            gaps.append(_("share rule %(rule)s in %(currency)s", rule=name, currency=contract.currency_id.name))
        if contract.kind != "dealer":
            gaps.append(_("a dealer, for share rule %s", name))
        return gaps + [_("a sound share rule %(rule)s (%(finding)s)", rule=name, finding=sentence)
                       for sentence in rule.with_env(self.env(su=True))._blocking_findings()]

    def _is_agreed(self):
        """Whether both sides have agreed on this rule: what is withdrawn later stays with those who hold it."""
        contract = self.contract_id
        if contract.state in AGREED:
            return True
        same = contract.amends_id.share_ids.filtered(lambda row: row.row_key == self.row_key)
        return bool(same) and same.rule_id == self.rule_id


class Contract(models.Model):
    _inherit = "aftersales.contract"

    share_ids = fields.One2many("aftersales.contract.share", "contract_id", string="Dealer Share", copy=True)
    share_text = fields.Text(string="Share in Words", compute="_compute_share_text")

    @api.depends("share_ids.rule_id")
    @api.depends_context("lang")
    def _compute_share_text(self):
        for contract in self:
            contract.share_text = "\n".join(filter(None, contract.share_ids.mapped("words_text")))

    @api.model
    def _paper_rows(self):
        return {**super()._paper_rows(), "share": "share_ids"}

    # --- what keeps it from taking effect ----------------------------------------------------------------------------

    def _share_gaps(self):
        """What its share rule lacks: a list of phrases."""
        self.ensure_one()
        if not self.share_ids:
            return []
        gaps = [gap for row in self.share_ids for gap in row._gaps()]
        if len(self.share_ids) > 1:
            gaps.append(self.env._("one share rule only"))
        other = self._other_share_contract()
        if other:
            gaps.append(self.env._(
                "the end of contract %(contract)s, by which dealer %(dealer)s has a share in the same days",
                contract=other.display_name, dealer=self.partner_id.commercial_partner_id.display_name))
        return gaps

    def _other_share_contract(self):
        """Another contract with the same dealer in force on some of the same days, with a share: at most one."""
        self.ensure_one()
        dealer, start = self.partner_id.commercial_partner_id, self.effective_on or self.date_start
        if not dealer or not start:
            return self.browse()
        same = Domain("partner_id.commercial_partner_id", "=", dealer.id) & Domain("kind", "=", "dealer")
        same &= Domain("company_id", "=", self.company_id.id) & Domain("state", "in", IN_FORCE)
        same &= Domain("share_ids", "!=", False) & Domain("id", "not in", (self._origin | self.amends_id).ids)
        days = Domain("date_end", "=", False) | Domain("date_end", ">=", start)
        if self.date_end:
            days &= Domain("date_start", "<=", self.date_end)
        # a contract that the reader may not see pays the dealer twice just the same
        found = self.sudo().with_context(active_test=False).search(same & days & self._real(), limit=1)
        return found.with_env(self.env(su=True))

    def _activation_gaps(self):
        return super()._activation_gaps() + self._share_gaps()

    def _draft_warnings(self):
        """What looks odd in its share rule without keeping it from taking effect."""
        warnings = super()._draft_warnings()
        for rule in self.share_ids.rule_id.sudo():  # whoever may read the contract may be told
            newer = rule.search([
                ("number", "=", rule.number), ("company_id", "=", rule.company_id.id), ("state", "=", "released"),
                ("version", ">", rule.version)], order="version desc", limit=1)
            if newer:
                warnings.append(self.env._("Share rule %(rule)s has a later version, %(newer)s.",
                                           rule=rule.display_name, newer=newer._reference()))
            warnings += [self.env._("Share rule %(rule)s: %(finding)s.", rule=rule.display_name,
                                    finding=rule._finding_in_words(finding))
                         for finding in rule.with_env(self.env(su=True))._lint() if not finding.blocks]
        return warnings

    def _check_move(self, action):
        """Nobody approves or signs what was sound when it was submitted and is not any more."""
        super()._check_move(action)
        if action in ("approve", "sign"):
            self._refuse_share_gaps()

    def _moved(self, action):
        """The last gate, of whatever way leads into force: adopting old contracts, amendments, the night."""
        super()._moved(action)
        if action in ("sign", "activate"):
            self._refuse_share_gaps()

    def _refuse_share_gaps(self):
        for contract in self.filtered("share_ids"):
            gaps = contract._share_gaps()
            if gaps:
                raise UserError(self.env._(
                    "Contract %(name)s is not complete. It lacks: %(missing)s.", name=contract.display_name,
                    missing=", ".join(gaps)))
