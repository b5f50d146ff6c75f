"""What a settlement statement is made of, as plain data in the dealer's words: see ``statement_snapshot`` for its form.
Drawing it needs no record, no translation and no clock."""

from decimal import Decimal

from odoo import models

from ...engine.money import allocate
from ...report.settlement_labels import SETTLEMENT_LABELS
from ...report.settlement_pdf import result
from ..penalties.penalty_snapshot import _amount_pattern
from ..signing.document_words import DocumentWords
from ..statements.statement_snapshot import known
from .settlement_books import ShareBooks
from .settlement_line import GROUPS
from .settlement_sheets import SHEET_LABELS
from .settlement_values import settlement_values

FORMAT = 1
LISTED = 10_000  # lines that stand in the PDF; where there are more, they stand in the spreadsheet alone
ADJUSTMENTS = {  # kinds of lines that come to the shares: the step that tells how
    "retroactive": "retroactive", "bonus": "bonus", "cap": "cap", "guarantee": "guarantee", "brand_fee": "brand fee",
    "penalty": "penalty", "withholding": "withholding", "released": "released", "carried_forward": "carried forward"}

NAMED = ("bonus", "penalty", "released", "reimbursement")  # kinds of lines that have a name of their own


class Settlement(models.Model):
    _inherit = "aftersales.settlement"

    def _statement_snapshot(self, document=None):
        """The snapshot of this settlement as it stands. ``document``: empty for a preview."""
        self.ensure_one()
        local = self.sudo().with_context(  # it tells all that the settlement is made of
            lang=self.sudo().contract_id._statement_lang())
        words = local._step_words(local.env.lang)
        presentation = local._statement_presentation()
        groups, head = local._groups_told(presentation)
        return {
            "format": FORMAT, **local.contract_id._parties(), "presentation": presentation,
            "document": {**local._statement_head(document), **head}, "groups": groups,
            **known(
                adjustments=local._adjustments_told(words), brackets=local._brackets_told(words),
                penalties=local._penalties_told(), payment=local._payment_told(), payees=local._payees_told(),
                steps=local._steps_in_words(words),
                agreed=local.rule_id._in_words(DocumentWords(local.env, local.env.lang)) if local.rule_id else [],
                warnings=local._warnings_told(), settlement=local._settlement_told(words),
                notes=local._notes_told(words))}

    def _told(self, snapshot=None):
        """{"values": `SettlementValues`, "result": its sentences} of a snapshot, else as it stands."""
        values = settlement_values(snapshot or self._statement_snapshot(), draft=not snapshot)
        return {"values": values, "result": result(values)}

    def _statement_presentation(self):
        """How the language writes dates, figures, amounts and the fixed texts."""
        base, currency = self.contract_id._presentation(), self.currency_id
        _ = self.env._
        labels = {source: _(source) for source in (*SETTLEMENT_LABELS, *SHEET_LABELS)}
        base["labels"].update({source: text for source, text in labels.items() if text != source})
        base["title"] = _("Settlement Statement")
        base["currency"] = {"name": currency.name, "digits": currency.decimal_places,
                            "pattern": _amount_pattern(base["language"], currency.name)}
        return base

    def _statement_head(self, document):
        payable, rule = self._money(self.payable), self.rule_id
        held, carried = self._money(self.held), self._money(self.carried_left)
        opening = self._money(self.opening)
        return known(
            number=document.name if document else "", settlement=self.name, result=_result(payable),
            period_start=self.period_start.isoformat(), period_end=self.period_end.isoformat(),
            zone=self.contract_id._zone(), issued=document.issued_on.isoformat() if document else "",
            answer_until=self.answer_until.isoformat() if document and self._awaits_answer() else "",
            rule=rule.display_name if rule else "", total=str(self._money(self.total)), payable=str(payable),
            held=str(held) if held else "", carried_forward=str(carried) if carried else "",
            opening=str(opening) if opening else "", inputs_hash=self.inputs_hash or "",
            result_hash=self.result_hash or "")

    def _awaits_answer(self):
        return bool(self.answer_until and self.state == "sent")

    # --- lines ---------------------------------------------------------------------------------------------------

    def _groups_told(self, presentation):
        """The groups of shares with their rows, and what the head says of them: the hash of the lines."""
        sums, names = self._line_sums(), dict(
            self.env["aftersales.settlement.line"]._fields["group"]._description_selection(self.env))
        listed = sum(count for count, _base, _amount in sums.values()) <= LISTED
        rows = self._statement_lines(presentation)
        by_group, head = {}, {}
        if listed:
            for row in rows:
                by_group.setdefault(row["group"], []).append(row)
        else:
            head = {"unlisted": 1, "lines_hash": self._hash_lines(rows)}
        found = []
        for key, _label in GROUPS:
            if key in sums:
                count, base, amount = sums[key]
                found.append(known(
                    key=key, name=names[key], count=count, base=self._decimal(base), amount=self._decimal(amount),
                    rows=by_group.get(key, [])))
        return found, head

    def _decimal(self, value):
        return f"{Decimal(value or 0):.{self.currency_id.decimal_places}f}"

    def _adjustments_told(self, words):
        """What comes to the shares, in the order of the lines: {name, detail, amount}."""
        lines = self._adjustment_lines()
        kinds = dict(lines._fields["kind"]._description_selection(self.env))
        steps = {}
        for row in self._steps_in_words(words):
            steps.setdefault(row["label"], []).append(row["detail"])
        found = []
        for kind, same in lines.grouped("kind").items():
            details = steps.get(ADJUSTMENTS.get(kind), [])
            for index, line in enumerate(same):
                detail = details[index] if len(details) == len(same) else ""
                named = line.component_name or (line.name if kind in NAMED else "")
                found.append(known(
                    name=kinds[kind], detail=" · ".join(filter(None, (named, detail, self._mark_of(line)))),
                    amount=str(self._money(line.amount))))
        return found

    def _adjustment_lines(self):
        return self.env["aftersales.settlement.line"].search(
            [("settlement_id", "=", self.id), ("kind", "not in", ("share", "carried_in"))], order="sequence, id")

    def _mark_of(self, line):
        """What is under dispute of a line that is no share."""
        if line.state not in ("disputed", "held"):
            return ""
        return self.env._("Disputed: %s", line.dispute_reason or "")

    # --- penalties and payment -----------------------------------------------------------------------------------

    def _penalties_told(self):
        """Every penalty that is set off, with its causes: {number, text, period, causes, amount}."""
        lines = self._adjustment_lines().filtered("penalty_id")
        found = []
        for line in lines:
            penalty = line.penalty_id
            told = penalty._reckoning()
            causes = [" · ".join(filter(None, (one["name"], one.get("detail", "")))) for one in told.get("amounts", [])]
            causes += [" ".join(filter(None, (one["reference"], one.get("title", ""))))
                       for one in told.get("failures", []) if "reason" not in one]
            found.append(known(number=penalty.name, text=told["title"], period=penalty.period_text, causes=causes,
                               amount=str(self._money(line.amount))))
        return found

    def _payment_told(self):
        """From the total to what is transferred: {name, detail, amount, strong}."""
        _ = self.env._
        total, payable, held = (self._money(self[name]) for name in ("total", "payable", "held"))
        taxes = self._statement_taxes(payable)
        if payable == total and not taxes:
            return []
        rows = [known(name=_("Total"), amount=str(total))]
        if held:
            count = self.disputed_line_count
            rows.append(known(name=_("Held until the dispute is settled"), amount=str(-held),
                              detail=_("Lines: %s", count) if count else ""))
        left = payable - (total - held)
        if left:
            rows.append(known(name=_("Left to the next settlement instead"), amount=str(left)))
        if payable != total:
            rows.append(known(name=_("To be paid"), amount=str(payable), strong=1))
        rows += [known(name=name, amount=str(amount)) for name, amount in taxes]
        if taxes:
            due = payable + sum(amount for _name, amount in taxes)
            rows.append(known(name=_("With taxes"), amount=str(due), strong=1))
        return rows

    def _statement_taxes(self, payable):
        """[(name of the tax, amount as a Decimal)] on what is paid, as its documents will have them."""
        if not payable:
            return []
        books, found = ShareBooks(self.company_id), {}
        for document in self._documents_to_make(books, None):
            if self._document_gaps(document, books):
                return []  # without accounts or a fiscal position nobody knows: it stays "before taxes"
            sign = 1 if document.move_type == "in_invoice" else -1
            for _command, _id, line in self._document_values(document, books)["invoice_line_ids"]:
                taxes = self.env["account.tax"].browse(line["tax_ids"][0][2] if line.get("tax_ids") else [])
                told = taxes.compute_all(line["price_unit"], currency=self.currency_id, partner=document.payee)
                for one in told["taxes"]:
                    found[one["name"]] = found.get(one["name"], 0) + sign * self._money(one["amount"])
        return [(name, amount) for name, amount in found.items() if amount]

    def _payees_told(self):
        """[{name, percent, amount}] where several are paid, to the cent: as the bills will have it."""
        payees, payable = self._payees(), self._money(self.payable)
        if len(payees) < 2 or not payable:
            return []
        amounts = allocate(payable, [percent for _payee, percent in payees], self._payable_unit())
        return [known(name=payee.display_name, percent=f"{percent.normalize():f}", amount=str(amount))
                for (payee, percent), amount in zip(payees, amounts, strict=True)]

    # --- sentences -----------------------------------------------------------------------------------------------

    def _warnings_told(self):
        labels = dict(self.env["aftersales.settlement.line"]._fields["warning"]._description_selection(self.env))
        return [self.env._("%(what)s (lines: %(count)s).", what=labels.get(word, word), count=count)
                for word, count in (self.warnings or {}).items() if count]

    def _settlement_told(self, words):
        """Payment and objection in sentences."""
        _ = self.env._
        payable, sentences = self._money(self.payable), []
        if payable > 0:
            sentences.append(_(
                "We draw up the bill in your name, with the reference %s: please send no invoice of your own.",
                self.name))
            terms = self.dealer_id.with_company(self.company_id).property_supplier_payment_term_id
            if terms:
                sentences.append(_("Payment terms: %s.", terms.name))
        elif payable < 0:
            sentences.append(_("We send you an invoice for it, with the reference %s.", self.name))
        if self._money(self.carried_left):
            sentences.append(_(
                "What you owe is carried forward: it is set off against your next settlement in this currency."))
        if self._awaits_answer():
            sentences.append(_(
                "Accept or dispute each line until %s, in the portal or in writing and with your reasons.",
                words.words.day(self.answer_until)))
            if self.rule_id.silence_accepts:
                sentences.append(_("Lines that are not disputed by then count as accepted."))
        sentences.append(_(
            "Lines that you dispute are held until the dispute is settled; all others are settled without them."))
        return sentences

    def _notes_told(self, words):
        """What still waits from earlier settlements."""
        waiting = self.env["aftersales.settlement.line"].search(
            [("settlement_id", "in", self._earlier().ids), ("state", "in", ("disputed", "held"))])
        return [
            self.env._("Still under dispute of %(number)s of %(period)s: %(amount)s (lines: %(count)s).",
                       number=settlement.name, period=settlement.period_text, count=len(lines),
                       amount=words.words.amount(sum(lines.mapped("amount")), settlement.currency_id))
            for settlement, lines in waiting.grouped("settlement_id").items()]


def _result(payable):
    """One of ``report.settlement_values.RESULTS``."""
    return "receives" if payable > 0 else "owes" if payable < 0 else "nothing"
