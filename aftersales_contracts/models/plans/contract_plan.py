"""The service plan of a contract: taken over as promises while it is a draft, and what keeps it from activation."""

from odoo import api, fields, models

from .promise_terms import TERMS


class Contract(models.Model):
    _inherit = "aftersales.contract"

    plan_id = fields.Many2one(
        "aftersales.service.plan", string="Service Plan", tracking=True, check_company=True, index="btree_not_null",
        ondelete="restrict", help="Choosing a plan writes its promises into the draft.")
    add_on_ids = fields.Many2many(
        "aftersales.service.plan.module", "aftersales_contract_add_on", string="Add-ons",
        domain="[('plan_id', '=', plan_id), ('is_add_on', '=', True)]", help="Modules bought beside the plan.")
    promise_ids = fields.One2many("aftersales.promise", "contract_id", string="Promises", copy=True)
    plan_changed = fields.Boolean(compute="_compute_plan_changed")

    @api.model
    def _paper_groups(self):
        return {**super()._paper_groups(), "plan_id": "promises", "add_on_ids": "promises"}

    @api.model
    def _paper_rows(self):
        return {**super()._paper_rows(), "promise": "promise_ids"}

    @api.onchange("plan_id")
    def _onchange_plan_id(self):
        self.add_on_ids = self.add_on_ids.filtered(lambda module: module.plan_id == self.plan_id)

    @api.model_create_multi
    def create(self, vals_list):
        contracts = super().create(vals_list)
        for contract, vals in zip(contracts, vals_list, strict=True):
            if vals.get("plan_id") and not contract.promise_ids.plan_promise_id:
                contract._take_plan()
        return contracts

    def write(self, vals):
        if not {"plan_id", "add_on_ids"} & set(vals):
            return super().write(vals)
        before = {contract: (contract.plan_id, contract.add_on_ids) for contract in self}
        result = super().write(vals)
        self.filtered(lambda contract: (contract.plan_id, contract.add_on_ids) != before[contract])._take_plan()
        return result

    # --- taking over ---------------------------------------------------------------------------------------------

    def _plan_promises(self):
        """The promises that plan and chosen add-ons make."""
        self.ensure_one()
        modules = self.plan_id.module_ids.filtered(lambda module: not module.is_add_on or module in self.add_on_ids)
        return modules.promise_ids.sorted(lambda promise: (promise.module_id.sequence, promise.module_id.id,
                                                           promise.sequence, promise.id))

    def _take_plan(self):
        """Make the promises of drafts those of their plan. Overrides stay as they are and are shown beside the plan;
        an override of a promise that the plan does not make becomes the contract's own."""
        for contract in self.filtered(lambda contract: contract.state == "draft"):
            wanted = contract._plan_promises()
            dropped = contract.promise_ids.filtered(
                lambda row, wanted=wanted: row.plan_terms and row.plan_promise_id not in wanted)
            dropped.filtered(lambda row: row.origin == "plan").unlink()
            dropped.exists().write({"plan_promise_id": False, "plan_terms": False})
            known = {row.plan_promise_id: row for row in contract.promise_ids if row.plan_promise_id}
            new = []
            for promise in wanted:
                if promise in known:
                    known[promise]._take(promise)
                else:
                    new.append(contract._promise_row(promise))
            self.env["aftersales.promise"].create(new)

    def _promise_row(self, promise):
        terms = promise._terms()
        return {
            **{name: value or False for name, value in terms.items()},
            "contract_id": self.id, "plan_promise_id": promise.id, "plan_terms": terms,
            "name": promise.with_context(lang=self.lang or self.env.lang).name,
            "sequence": promise.module_id.sequence * 100 + promise.sequence}

    @api.depends("state", "promise_ids.plan_terms", "plan_id.module_ids.is_add_on", "add_on_ids",
                 *(f"plan_id.module_ids.promise_ids.{name}" for name in TERMS))
    def _compute_plan_changed(self):
        for contract in self:
            taken = {row.plan_promise_id._origin: row.plan_terms for row in contract.promise_ids if row.plan_terms}
            contract.plan_changed = contract.state == "draft" and bool(contract.plan_id) and taken != {
                promise._origin: promise._terms() for promise in contract._plan_promises()}

    def action_take_plan(self):
        """Take over the plan as it is now: for a draft whose plan was changed since."""
        self.check_access("write")
        self._refuse_locked({"plan_id": False})
        self._take_plan()

    # --- what a contract lacks -----------------------------------------------------------------------------------

    def _check_complete(self, entry=False):
        """Targets that were added to the policy since are found before anything is said to be missing."""
        rows = self.filtered(lambda contract: contract.state == "draft").promise_ids
        rows.filtered(lambda row: row.source == "sla_target" and not row.target_id)._compute_target_id()
        return super()._check_complete(entry)

    def _activation_gaps(self):
        gaps = super()._activation_gaps()
        if self.contract_type_id.needs_plan and not self.plan_id:
            gaps.append(self.env._("a service plan"))
        gaps += [self.env._("in plan %(plan)s: %(gap)s", plan=self.plan_id.name, gap=gap)
                 for gap in (self.plan_id._plan_gaps() if self.plan_id else [])]
        if self.contract_type_id.needs_plan and self.plan_id and not self.promise_ids:
            gaps.append(self.env._("a promise"))
        return gaps + [gap for promise in self.promise_ids if (gap := promise._source_gap())]

    def _draft_warnings(self):
        warnings, _ = super()._draft_warnings(), self.env._
        if self.plan_changed:
            warnings.append(_("The promises are not those of plan %s as it is now. Take over the plan again to bring "
                               "them up to date; overrides stay.", self.plan_id.name))
        overrides = self.promise_ids.filtered(lambda promise: promise.origin == "override")
        if overrides:
            warnings.append(_("These promises differ from the plan: %s.", ", ".join(overrides.mapped("name"))))
        warnings += [_("Promise %(promise)s holds around the clock, but working schedule %(schedule)s does not.",
                        promise=promise.name, schedule=promise._schedule().name)
                     for promise in self.promise_ids if promise.round_the_clock and not promise._always_open()]
        sold = self.line_ids.product_id
        warnings += [_("Add-on %(module)s has no price: no price line names %(product)s.",
                        module=module.name, product=module.product_id.display_name)
                     for module in self.add_on_ids if module.product_id and module.product_id not in sold]
        return warnings


class Promise(models.Model):
    _inherit = "aftersales.promise"

    def _take(self, promise):
        """Say what the plan's ``promise`` says now; an override keeps its words and learns what the plan says."""
        self.ensure_one()
        terms = promise._terms()
        if self.plan_terms == terms:
            return
        values = {"plan_terms": terms}
        if self.origin == "plan":
            values.update(self._values_of_plan(terms))
        else:
            follows = [name for name in TERMS if name not in self._overridden()]
            values.update(self._values_of_plan({name: terms[name] for name in follows}))
        self.write(values)

    def _schedule(self):
        return self.contract_id.calendar_id or self.contract_id.policy_id.calendar_id

    def _always_open(self):
        """Whether the schedule that this promise is measured on has all the hours of the week."""
        lines = self._schedule().attendance_ids.filtered(
            lambda line: line.day_period != "lunch" and not line.display_type)
        return sum(line.hour_to - line.hour_from for line in lines) > 7 * 24 - 0.1
