"""Numbers for many records at once: one draw from the sequence for a whole batch."""

from odoo import api, models
from odoo.tools import SQL


class Numbering(models.AbstractModel):
    """``_number_code``: code of the sequence; ``_number_day``: the date field whose year the number shows."""

    _name = "aftersales.numbering"
    _description = "Numbered in Batches"
    _number_code = None
    _number_day = None

    def _give_numbers(self):
        """Number new records, by company and year; the name is a field that only methods set."""
        for (company, _year), records in self.grouped(lambda r: (r.company_id, r[self._number_day].year)).items():
            numbers = self._draw_numbers(company, records[0][self._number_day], len(records))
            for record, number in zip(records, numbers, strict=True):
                record._write_guarded({"name": number})

    @api.model
    def _draw_numbers(self, company, day, count):
        """``count`` numbers of the company's sequence for the year of ``day``."""
        sequence = self.env["ir.sequence"].sudo().with_company(company).search(  # numbering is nobody's right
            [("code", "=", self._number_code), ("company_id", "in", [company.id, False])], order="company_id", limit=1)
        if not sequence:
            return ["/"] * count
        if sequence.implementation != "standard":
            return [sequence._next(day) for _number in range(count)]
        if not sequence.use_date_range:
            numbers = self._draw_values(f"ir_sequence_{sequence.id:03d}", count)
            return [sequence.get_next_char(number) for number in numbers]
        years = sequence.date_range_ids.filtered(lambda span: span.date_from <= day <= span.date_to)
        year = years[:1] or sequence._create_date_range_seq(day)
        writer = sequence.with_context(ir_sequence_date=day, ir_sequence_date_range=year.date_from)
        return [writer.get_next_char(number)
                for number in self._draw_values(f"ir_sequence_{sequence.id:03d}_{year.id:03d}", count)]

    @api.model
    def _draw_values(self, name, count):
        """``count`` values of the database's sequence of that name. One query."""
        rows = self.env.execute_query(SQL("SELECT nextval(%s) FROM generate_series(1, %s)", name, count))
        return [number for [number] in rows]
