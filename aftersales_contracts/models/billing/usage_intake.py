"""Usage from outside: one call that takes many readings, tells all that is wrong with them, and may be repeated."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .usage_tariff import QUANTITY, exact_number

KNOWN = {"line", "contract", "day", "quantity", "reference", "asset", "source", "note"}


class Usage(models.Model):
    _inherit = "aftersales.usage"

    @api.model
    def record_usage(self, rows):
        """Record readings; all of them, or none and a UserError that names each wrong row and value.

        ``rows``: a list of dicts: ``reference`` (text, known once in a contract: the key of a repeated call), ``line``
        (id, or its description together with ``contract``), ``contract`` (number or id, where the line is named),
        ``day`` ("2026-03-31"), ``quantity`` (0 or more, a number or text such as "12.5"), ``asset`` (serial number or
        id, optional), ``source`` (optional: integration), ``note`` (optional).
        Returns ``[{"reference", "id", "created"}]`` in the order of the rows. A reference that is known with the same
        line, day and quantity is no error and creates nothing; with others it is refused.
        """
        self.check_access("create")
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise UserError(self.env._("Usage is sent as a list of readings, each with its fields by name."))
        parsed, wrong = self._parsed_rows(rows)
        answers, fresh = self._known_and_new(parsed, wrong)
        if wrong:
            raise UserError("\n".join(
                self.env._("Row %(row)s: %(reason)s", row=place + 1, reason=wrong[place]) for place in sorted(wrong)))
        created = self.create([self._reading(parsed[place]) for place in fresh])
        for place, usage in zip(fresh, created, strict=True):
            answers[place] = {"reference": usage.reference, "id": usage.id, "created": True}
        return [answers[place] for place in range(len(rows))]

    @api.model
    def _parsed_rows(self, rows):
        """({place: values of the row}, {place: what is wrong with it})."""
        parsed, wrong = {}, {}
        for place, row in enumerate(rows):
            try:
                parsed[place] = self._parsed(row)
            except (UserError, AccessError) as error:
                wrong[place] = str(error)
        return parsed, wrong

    @api.model
    def _known_and_new(self, parsed, wrong):
        """({place: answer} of readings sent again, [places of new ones]); what is refused is added to ``wrong``."""
        answers, fresh, known = {}, {}, self._by_reference(parsed.values())
        for place, values in parsed.items():
            key, refused = (values["contract"], values["reference"]), ""
            if key in known:
                answers[place], refused = self._again(known[key], values)
            elif key in fresh:
                refused = self.env._("reference %s stands in the list twice.", values["reference"])
            else:
                refused = next(self._refusals(values["line"], values["day"], values["quantity"], values["asset"]), "")
                fresh[key] = place
            if refused:
                wrong[place] = refused
        return answers, list(fresh.values())

    @api.model
    def _parsed(self, row):
        """{contract, line, asset (records), day, quantity, reference, source, note}; UserError naming the field."""
        _ = self.env._
        unknown = sorted(str(name) for name in row.keys() - KNOWN)
        if unknown:
            raise UserError(_("%s is no field of a reading.", ", ".join(unknown)))
        reference = row.get("reference")
        if not isinstance(reference, str) or not reference.strip():
            raise UserError(_("reference is missing: without it a repeated call would count twice."))
        try:
            day = fields.Date.to_date(row.get("day"))
        except (ValueError, TypeError):
            day = None
        if not day:
            raise UserError(_("day “%s” is not a day like 2026-03-31.", row.get("day")))
        source = row.get("source") or "integration"
        if source not in dict(self._fields["source"].selection):
            raise UserError(_("source “%s” is not one that is known.", source))
        line = self._line_of(row)
        return {"reference": reference.strip(), "day": day, "quantity": self._quantity_of(row), "line": line,
                "contract": line.contract_id, "asset": self._asset_of(row, line), "source": source,
                "note": str(row.get("note") or "") or False}

    @api.model
    def _quantity_of(self, row):
        quantity = row.get("quantity")
        try:
            number = float(quantity) if not isinstance(quantity, bool) else None
        except (TypeError, ValueError):
            number = None
        if number is None or number != number or abs(number) == float("inf"):
            raise UserError(self.env._("quantity “%s” is not a number.", quantity))
        return number

    @api.model
    def _line_of(self, row):
        """The one usage line that a row means, among those the user may read."""
        _, Line, line, contract = self.env._, self.env["aftersales.contract.line"], row.get("line"), row.get("contract")
        base = [("contract_id.is_template", "=", False), ("contract_id.amends_id", "=", False)]
        if isinstance(line, int) and not isinstance(line, bool):
            found = Line.search([("id", "=", line), *base])
        elif isinstance(line, str) and line.strip() and contract:
            by = ("contract_id", "=", contract) if isinstance(contract, int) else ("contract_id.name", "=", contract)
            found = Line.search([by, ("charge", "=", "usage"), *base]).filtered(
                lambda one: line.strip() in ((one.name or "").strip(), (one.name or "").split("\n")[0].strip()))
        else:
            raise UserError(_("line “%s” is neither an id nor a description together with a contract.", line))
        if len(found) != 1:
            raise UserError(_(
                "line “%(line)s” of contract “%(contract)s” is found %(count)s times, not once.", line=line,
                contract=contract or "", count=len(found)))
        return found

    @api.model
    def _asset_of(self, row, line):
        asset = row.get("asset")
        if not asset:
            return self.env["aftersales.asset"]
        by = ("id", "=", asset) if isinstance(asset, int) else ("name", "=", asset)
        found = self.env["aftersales.asset"].search([by, ("cover_ids.contract_id", "=", line.contract_id.id)])
        if len(found) != 1:
            raise UserError(self.env._(
                "asset “%(asset)s” is found %(count)s times under contract %(contract)s, not once.", asset=asset,
                count=len(found), contract=line.contract_id.display_name))
        return found

    @api.model
    def _by_reference(self, values_list):
        """{(contract, reference): reading} of those on record; one query."""
        values_list = list(values_list)
        found = self.search([
            ("contract_id", "in", [values["contract"].id for values in values_list]),
            ("reference", "in", [values["reference"] for values in values_list])])
        return {(usage.contract_id, usage.reference): usage for usage in found}

    @api.model
    def _again(self, usage, values):
        """(answer, "") for a reading that is sent again, (None, what differs) for another one of the same reference."""
        same = (usage.line_id == values["line"] and usage.day == values["day"] and exact_number(
            usage.quantity, QUANTITY[1]) == exact_number(values["quantity"], QUANTITY[1]))
        if same:
            return {"reference": usage.reference, "id": usage.id, "created": False}, ""
        return None, self.env._(
            "reference %(reference)s is known already, with %(quantity)s on %(day)s: a reading does not change. Void "
            "it and send the right one with another reference.", reference=usage.reference,
            quantity=f"{exact_number(usage.quantity, QUANTITY[1]):f}", day=usage.day)

    @api.model
    def _reading(self, values):
        return {"line_id": values["line"].id, "asset_id": values["asset"].id, "day": values["day"],
                **{name: values[name] for name in ("quantity", "reference", "source", "note")}}
