"""Checking a closed statement: is it what was closed, and what would today's facts say? Changes nothing."""

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .statement_snapshot import digest


class Statement(models.Model):
    _inherit = "aftersales.statement"

    def action_verify(self):
        """Recompute hash and PDF from the snapshot and compare the stated clocks with today's; tell the result."""
        self.ensure_one()
        self.check_access("read")
        self.env["aftersales.statement.correction"].check_access("read")  # customers read statements, but not this
        findings = self.sudo()._verify()
        sound = not findings
        message = "\n".join(findings) or self.env._(
            "Hash and PDF are those of the closing, and today's clocks say the same.")
        return {"type": "ir.actions.client", "tag": "display_notification", "params": {
            "title": self.name, "message": message, "type": "success" if sound else "warning", "sticky": not sound}}

    def _verify(self):
        """Named differences, one sentence each; empty: everything is as it was closed."""
        self.ensure_one()
        if self.state == "draft":
            raise UserError(self.env._("Only a closed statement can be checked."))
        findings = []
        if digest(self.snapshot) != self.snapshot_hash:
            findings.append(self.env._("The snapshot does not have the hash that was stored: it was tampered with."))
        if self._draw(self.snapshot) != self.attachment_id.raw:
            findings.append(self._why_pdf_differs())
        return findings + self._figure_differences() + self._drift()

    def _why_pdf_differs(self):
        renderer = self.company_id._statement_renderer()
        if renderer != self.rendered_with:
            return self.env._("The PDF drawn now differs: it was drawn with %(then)s, now with %(now)s.",
                              then=self.rendered_with, now=renderer)
        return self.env._("The stored PDF is not the one that the snapshot gives.")

    def _figure_differences(self):
        """Figures of the lines that are not those of the snapshot."""
        stated = {row["target"]: row for row in self.snapshot.get("targets", [])}
        return [
            self.env._("%(target)s: %(field)s is %(now)s, the snapshot says %(was)s.",
                       target=line.target_id.display_name, field=name, now=line[name],
                       was=stated.get(line.target_id.id, {}).get(name))
            for line in self.line_ids for name in ("due", "met", "breached", "excused", "running")
            if line[name] != stated.get(line.target_id.id, {}).get(name)]

    def _drift(self):
        """What late facts would change in this statement, whether a later statement has told it already or not."""
        Correction = self.env["aftersales.statement.correction"]
        self.env["aftersales.sla.clock"].flush_model()
        Correction.flush_model()
        rows = self.env.execute_query_dict(SQL(
            "SELECT * FROM (%s) d WHERE d.origin_id = %s ORDER BY d.clock_ref",
            Correction._differences(self.contract_id), self.id))
        told = [self.env._("Told in %(statement)s: %(text)s", statement=c.statement_id.name,
                           text=c._in_words(self.zone))
                for c in self.later_correction_ids.filtered("statement_id")]
        new = Correction.browse()
        return told + [new.new(dict(row, found_at=False))._in_words(self.zone) for row in rows]
