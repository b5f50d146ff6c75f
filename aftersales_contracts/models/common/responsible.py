"""Who is addressed: the responsible person, the substitute while away, and somebody else where that person has left."""

from datetime import timedelta

from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    aftersales_fallback_user_id = fields.Many2one(
        "res.users", string="After-sales Fallback", domain=[("share", "=", False)],
        help="Is told what falls due where the responsible person and the account manager have left.")


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    aftersales_fallback_user_id = fields.Many2one(related="company_id.aftersales_fallback_user_id", readonly=False)


class Responsible(models.AbstractModel):
    _name = "aftersales.responsible"
    _description = "Responsible Person"

    @api.model
    def _substitutes(self, days):
        """{(user id, day, company id or False): substitute} of the delegations that run on any of ``days``."""
        if not days:
            return {}
        rows = self.env["aftersales.delegation"].sudo().search(  # who stands in for whom is no secret of those two
            [("date_from", "<=", max(days)), ("date_to", ">=", min(days))], order="id")
        found = {}
        for row in rows.filtered(lambda r: r.substitute_id.active):
            first, last = max(row.date_from, min(days)), min(row.date_to, max(days))
            for number in range((last - first).days + 1):
                found[row.person_id.id, first + timedelta(days=number), row.company_id.id] = row.substitute_id
        return found

    @api.model
    def _addressees(self, rows):
        """Who is to be told, for ``rows`` of (wanted users, contract, company, day): a list of users, none archived.

        Each wanted user, or the substitute while away; where nobody of them is left the account manager of the
        contract, then the company's fallback; empty where nobody is. A constant number of queries for the batch.
        """
        away = self._substitutes({day for *_, day in rows})

        def stand_in(user, company, day):
            substitute = away.get((user.id, day, company.id)) or away.get((user.id, day, False))
            return substitute or user

        found = []
        for wanted, contract, company, day in rows:
            for users in (wanted, contract.user_id, company.aftersales_fallback_user_id):
                told = users.browse().union(
                    *(stand_in(user, company, day) for user in users)).filtered("active")
                if told:
                    break
            found.append(told)
        return found

    @api.model
    def _activities(self, xmlid, rows):
        """Schedule one activity for each of ``rows`` (record, wanted user, deadline, summary), in one create.

        Returns {record: user addressed (empty: nobody)}.
        """
        if not rows:
            return {}
        people = self._addressees([
            (user, record.contract_id, record.company_id, day) for record, user, day, _summary in rows])
        kind = self.env.ref(xmlid)
        planned = [
            {"res_model_id": self.env["ir.model"]._get_id(record._name), "res_id": record.id, "user_id": user[:1].id,
             "activity_type_id": kind.id, "summary": summary, "date_deadline": day, "automated": True}
            for (record, _user, day, summary), user in zip(rows, people, strict=True) if user]
        # Quick: no e-mail for each of them; they show in the systray, and reminders have their own e-mail.
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(planned)
        return {row[0]: user[:1] for row, user in zip(rows, people, strict=True)}
