"""Dry run: what a scheduled action would change if it ran now. Nothing but this answer is written."""

from odoo import fields, models
from odoo.tools import format_date

SHOWN = 200  # lines; the count above them is that of all


class DryRun(models.TransientModel):
    _name = "aftersales.dry.run"
    _description = "Dry Run of a Scheduled Action"

    scheduled_action = fields.Selection(
        [("clocks", "Evaluate Clocks"), ("compliance", "Compliance of the Open Period"),
         ("close", "Close Periods and Send Statements"), ("nightly", "Nightly Contract Work")],
        required=True, default="clocks")
    done = fields.Boolean(readonly=True)
    summary = fields.Char(readonly=True)
    line_ids = fields.One2many("aftersales.dry.run.line", "dry_run_id", string="What Would Change", readonly=True)

    def action_run(self):
        """Ask the scheduled action what it would do, and show it in this dialog."""
        self.ensure_one()
        rows = getattr(self, f"_rows_{self.scheduled_action}")()
        self.line_ids.unlink()
        self.write({
            "done": True,
            "summary": self._summary(len(rows)),
            "line_ids": [fields.Command.create(row) for row in rows[:SHOWN]],
        })
        return {
            "type": "ir.actions.act_window", "name": self.env._("Dry Run"), "res_model": self._name,
            "res_id": self.id, "view_mode": "form", "target": "new", "context": {"dialog_size": "extra-large"},
        }

    def _summary(self, count):
        if not count:
            return self.env._("Nothing would change.")
        if count > SHOWN:
            return self.env._("%(count)s changes; the first %(shown)s are shown.", count=count, shown=SHOWN)
        return self.env._("1 change.") if count == 1 else self.env._("%s changes.", count)

    # --- one translator a scheduled action -------------------------------------------------------------------

    def _rows_clocks(self):
        Clock = self.env["aftersales.sla.clock"]
        states = dict(Clock._fields["state"]._description_selection(self.env))
        metrics = dict(Clock._fields["metric"]._description_selection(self.env))
        found = Clock.dry_run_clocks()
        names = self._names("aftersales.request", found, "request_id")
        Step, rows = self.env["aftersales.sla.escalation"], []
        for change in found:
            row = {"subject": names[change["request_id"]], "res_model": "aftersales.request",
                   "res_id": change["request_id"]}
            if "error" in change:
                rows.append({**row, "what": self.env._("Cannot be evaluated"), "new": change["error"]})
                continue
            rows.append({
                **row, "what": metrics[change["metric"]],
                "old": self._clock_text(states.get(change["old_state"]), change["old_due_at"]),
                "new": self._clock_text(states.get(change["new_state"]), change["new_due_at"]),
                "steps": ", ".join(Step.browse(change.get("steps", ())).mapped("name")),
            })
        return rows

    def _clock_text(self, state, due):
        if not state:
            return False
        due_text = self._local(due) if due else self.env._("never")
        return self.env._("%(state)s, due %(due)s", state=state, due=due_text)

    def _rows_compliance(self):
        found = self.env["aftersales.compliance"].dry_run_compliance()
        contracts = self._names("aftersales.contract", found, "contract_id")
        targets = self._names("aftersales.sla.target", found, "target_id")
        return [
            {"subject": contracts[change["contract_id"]], "res_model": "aftersales.contract",
             "res_id": change["contract_id"],
             "what": f"{targets[change['target_id']]} · {self._period(change)}",
             "old": self._figures({name[4:]: value for name, value in change.items() if name.startswith("old_")}),
             "new": self._figures({name[4:]: value for name, value in change.items() if name.startswith("new_")})}
            for change in found]

    def _rows_close(self):
        found = self.env["aftersales.statement"].dry_run_close()
        contracts = self._names("aftersales.contract", found, "contract_id")
        rows = []
        for change in found:
            people = self.env["res.partner"].browse(change["recipient_ids"]).mapped("display_name")
            rows.append({
                "subject": contracts[change["contract_id"]], "res_model": "aftersales.contract",
                "res_id": change["contract_id"], "what": self._period(change), "old": self._figures(change),
                "new": self.env._("closed, statement to %s", ", ".join(people) or self.env._("nobody")),
                "steps": self.env._("%s corrections", change["corrections"]) if change["corrections"] else False})
        return rows

    def _period(self, change):
        start, end = (format_date(self.env, change[name]) for name in ("period_start", "period_end"))
        return self.env._("%(start)s to %(end)s", start=start, end=end)

    def _figures(self, figures):
        """"12 due, 11 met, 1 breached, 0 excused"; empty where there are none yet."""
        if figures.get("due") is None:
            return False
        return self.env._(
            "%(due)s due, %(met)s met, %(breached)s breached, %(excused)s excused",
            due=figures["due"], met=figures["met"], breached=figures["breached"], excused=figures["excused"])

    def _rows_nightly(self):
        return [
            {"subject": change["name"], "res_model": change["res_model"], "res_id": change["res_id"],
             "what": change["step"], "new": change["what"]}
            for change in self.env["aftersales.nightly"].dry_run()]

    def _names(self, model, found, key):
        """{id: display name} of the records that the dicts ``found`` name under ``key``, in one read."""
        records = self.env[model].browse({change[key] for change in found if change.get(key)})
        return {record.id: record.display_name for record in records}

    def _local(self, instant):
        return fields.Datetime.context_timestamp(self, instant).strftime("%Y-%m-%d %H:%M")


class DryRunLine(models.TransientModel):
    _name = "aftersales.dry.run.line"
    _description = "Dry Run Line"

    dry_run_id = fields.Many2one("aftersales.dry.run", required=True, ondelete="cascade")
    res_model = fields.Char()
    res_id = fields.Many2oneReference(model_field="res_model")
    subject = fields.Char(string="Record")
    what = fields.Char()
    old = fields.Char(string="Now")
    new = fields.Char(string="After the Run")
    steps = fields.Char(string="With It", help="Escalation steps that would fire, or corrections that it takes in.")
