"""The rows of the ledger: lines split among dealers, compared with what stands there, and written.

Amounts are split as ``engine.money.allocate`` splits them (cut down to the smallest coin, the residue to the largest
remainders, ties to the first): the same rule in SQL, for a million lines at once. Of credit notes not the note itself
is split but the running total of all that were made of the line, and each gets the difference: so the dealers' parts of
the last one are exactly what is left of theirs.

What a settlement has taken stays. Where it still says the same as the lines do, nothing is added; else it is taken back
by a ``change`` and the line is said anew. What no settlement has taken is removed and said anew.
"""

from odoo import api, models
from odoo.tools import SQL
from psycopg2 import IntegrityError, OperationalError

DIMENSIONS = (  # what a row that takes from another one, or pays it, has from that one
    "company_id", "move_id", "move_line_id", "move_name", "rate_day", "generation", "customer_id", "product_id",
    "categ_id", "line_kind", "contract_id", "asset_id", "job", "standard_met", "currency_id", "pay_basis",
    "dealer_contract_id", "dealer_id", "attribution_id", "percent", "reason")
MEASURES = ("quantity", "amount", "company_amount", "cost")
ROW = (*DIMENSIONS, *MEASURES, "day", "is_due", "kind", "origin_id")
# a row that was settled still says the same as the line does where these are equal
SAME = ("dealer_contract_id", "dealer_id", "day", "amount", "company_amount", "quantity", "currency_id", "product_id",
        "pay_basis", "origin_id")


def names(columns, prefix=None):
    """`SQL` of a list of columns."""
    return SQL(", ").join(SQL.identifier(*filter(None, (prefix, name))) for name in columns)


def _share(units):
    """`SQL` of a part of ``units`` (of a line) by its weight out of 100; see the module's docstring."""
    cut = SQL("div(abs(%s) * weight, 100)", units)
    return SQL("""sign(%(units)s) * (%(cut)s + (row_number() OVER (
                      PARTITION BY line_id ORDER BY mod(abs(%(units)s) * weight, 100) DESC, ord)
                      <= abs(%(units)s) - sum(%(cut)s) OVER (PARTITION BY line_id))::int)""", units=units, cut=cut)


def _part(name, digits, running, before):
    """`SQL` of a part of the amount ``name`` of a line; ``running``: the difference of two running totals."""
    amount, digits, before = SQL.identifier(name), SQL.identifier(digits), SQL.identifier(before)
    units = SQL("round(%s * 10.0 ^ %s)", SQL("(%s + %s)", before, amount) if running else amount, digits)
    part = _share(units)
    if running:
        part = SQL("(%s - %s)", part, _share(SQL("round(%s * 10.0 ^ %s)", before, digits)))
    return SQL("round(%s * 10.0 ^ -%s, %s)", part, digits, digits)


class Revenue(models.Model):
    _inherit = "aftersales.revenue"

    def _rows_of_lines(self, levels, running):
        """`SQL` of what the ledger should say of the lines at hand. ``running``: some of them are of credit notes that
        follow their originals. Lines that one has whole need no splitting, which is most of the work."""
        group, joins = self._group_of_line(levels)
        part = SQL("""
            SELECT f.*, p.parts, p.ord, p.weight, p.dealer_contract_id, p.dealer_id, p.attribution_id, p.reason,
                   p.pay_basis, p.origin_id, p.rate_day
              FROM attributing_line f %(joins)s JOIN attributing_part p ON p.parts_key = %(group)s""",
            joins=joins, group=group)
        whole = SQL("""SELECT *, quantity AS part_quantity, amount AS part_amount, company_amount AS part_company,
                              cost AS part_cost FROM part WHERE parts = 1""")
        split = SQL("SELECT *, quantity * weight / 100, %s, %s, %s FROM part WHERE parts > 1",
                    _part("amount", "digits", running, "amount_before"),
                    _part("company_amount", "company_digits", running, "company_before"),
                    _part("cost", "company_digits", running, "cost_before"))
        [(several,)] = self.env.execute_query(SQL("SELECT max(parts) > 1 FROM attributing_part"))
        return SQL("""
            WITH part AS (%(part)s), found AS (%(found)s)
            SELECT company_id, move_id, line_id AS move_line_id, move_name, COALESCE(rate_day, day) AS rate_day,
                   0 AS generation, customer_id, product_id, categ_id, line_kind, contract_id, asset_id, job,
                   standard_met, currency_id, pay_basis, dealer_contract_id, dealer_id, attribution_id,
                   weight AS percent, reason, part_quantity AS quantity, part_amount AS amount,
                   part_company AS company_amount, part_cost AS cost, day,
                   dealer_contract_id IS NOT NULL AND pay_basis = 'posted' AS is_due,
                   CASE WHEN is_refund THEN 'refund' ELSE 'invoice' END AS kind,
                   CASE WHEN origin_line_id IS NOT NULL THEN origin_id END AS origin_id
              FROM found ORDER BY move_id, line_id, ord""", part=part,
            found=SQL("%s UNION ALL %s", whole, split) if several else whole)

    # --- what is there already ---------------------------------------------------------------------------------------

    @api.model
    def _taken(self, row):
        """`SQL` that holds where a settlement has taken ``row`` (an alias)."""
        return SQL("EXISTS (SELECT FROM aftersales_settlement_line s WHERE s.revenue_id = %s)",
                   SQL.identifier(row, "id"))

    @api.model
    def _live(self, row):
        """`SQL` that holds where ``row`` (an alias) says what a line is, and was not taken back."""
        return SQL("""%(kind)s IN ('invoice', 'refund') AND NOT EXISTS (
                          SELECT FROM aftersales_revenue c WHERE c.taken_back_id = %(id)s)""",
                   kind=SQL.identifier(row, "kind"), id=SQL.identifier(row, "id"))

    def _keep_taken(self, turn):
        """Remove the rows of the invoices of this turn that no settlement has taken and that no taken one names.
        Returns whether any stay."""
        mine = SQL("SELECT id FROM attributing_move WHERE turn = %s", turn)
        if not self.env.execute_query(SQL(
                "SELECT 1 FROM aftersales_revenue r WHERE r.move_id IN (%s) LIMIT 1", mine)):
            return False
        self.env.cr.execute("DROP TABLE IF EXISTS pg_temp.attributing_kept")
        self.env.cr.execute(SQL("""
            CREATE TEMP TABLE attributing_kept AS
            SELECT r.id FROM aftersales_revenue r
             WHERE r.move_id IN (%(mine)s) AND (%(taken)s
                OR EXISTS (SELECT FROM aftersales_revenue t WHERE t.origin_id = r.id AND %(names)s)
                OR EXISTS (SELECT FROM aftersales_revenue t WHERE t.source_id = r.id AND %(names)s))""",
            mine=mine, taken=self._taken("r"), names=self._taken("t")))
        try:
            self.env.cr.execute(SQL("""
                DELETE FROM aftersales_revenue r
                 WHERE r.move_id IN (%s) AND NOT EXISTS (SELECT FROM attributing_kept k WHERE k.id = r.id)""", mine))
        except IntegrityError as error:
            # A settlement took one of them a moment ago: begin anew, on what it left behind.
            raise OperationalError("A settlement takes revenue that is being attributed anew.") from error
        return bool(self.env.execute_query(SQL("SELECT 1 FROM attributing_kept LIMIT 1")))

    def _compare_taken(self):
        """Take back what stays and is not so any more; of what still is so, no row is to be written."""
        same = SQL(" AND ").join(
            SQL("%s IS NOT DISTINCT FROM %s", SQL.identifier("r", name), SQL.identifier("n", name)) for name in SAME)
        self.env.cr.execute(SQL("""
            CREATE TEMP TABLE attributing_same AS
            SELECT r.id, n.ctid AS place FROM aftersales_revenue r JOIN attributing_kept USING (id)
              JOIN attributing_row n ON n.move_line_id = r.move_line_id AND %(same)s
             WHERE %(live)s AND NOT EXISTS (
                   SELECT FROM aftersales_revenue p WHERE p.source_id = r.id AND p.document_total <> %(total)s)""",
            same=same, live=self._live("r"), total=self._document_total(SQL("r.move_id"))))
        back = SQL(", ").join(SQL("-%s", SQL.identifier("r", name)) for name in MEASURES)
        self.env.cr.execute(SQL("""
            INSERT INTO aftersales_revenue (%(row)s, taken_back_id, create_date)
            SELECT %(dimensions)s, %(back)s, r.day, r.is_due, 'change', COALESCE(r.origin_id, r.id), r.id,
                   now() AT TIME ZONE 'UTC'
              FROM aftersales_revenue r JOIN attributing_kept USING (id)
             WHERE %(live)s AND r.id NOT IN (SELECT id FROM attributing_same)""",
            row=names(ROW), dimensions=names(DIMENSIONS, "r"), back=back, live=self._live("r")))
        self.env.cr.execute("DELETE FROM attributing_row n USING attributing_same s WHERE s.place = n.ctid")
        self.env.cr.execute("""
            UPDATE attributing_row n SET generation = k.last + 1
              FROM (SELECT move_line_id, max(generation) AS last FROM aftersales_revenue
                      JOIN attributing_kept USING (id) GROUP BY move_line_id) k
             WHERE k.move_line_id = n.move_line_id""")
        self.env.cr.execute("DROP TABLE attributing_same")

    def _write_rows(self, turn, levels, running):
        """Bring the ledger to what it should say of the invoices of this turn."""
        wanted = self._rows_of_lines(levels, running)
        if self._keep_taken(turn):
            self.env.cr.execute("DROP TABLE IF EXISTS pg_temp.attributing_row")
            self.env.cr.execute(SQL("CREATE TEMP TABLE attributing_row AS %s", wanted))
            self._compare_taken()
            wanted = SQL("TABLE attributing_row")
        self.env.cr.execute(SQL(
            "INSERT INTO aftersales_revenue (%s, create_date) SELECT %s, now() AT TIME ZONE 'UTC' FROM (%s) wanted",
            names(ROW), names(ROW), wanted))
