"""Attributing revenue: marked invoices are taken in batches, and everything about their lines happens in sets.

A batch is the marked invoices and what hangs together with them: the original of a credit note, and all credit notes of
an original. Originals come first, for credit notes follow their rows. Who has what is found once for each contract,
customer, product and so on; the lines are joined to it in the database.
"""

from odoo import api, models
from odoo.tools import SQL

from .revenue_claims import Claims
from .revenue_facts import KEYS, SALES

BATCH = 20000  # invoices
TABLES = ("attributing_move", "attributing_line", "attributing_piece", "attributing_part", "attributing_row",
          "attributing_kept")


class Revenue(models.Model):
    _inherit = "aftersales.revenue"

    @api.model
    def _attribute(self, company, until=None, commit=None, batch=BATCH):
        """Attribute the revenue of the marked invoices of ``company``, those up to the day ``until`` (a date; None:
        all). Returns how many. ``commit``: called after each batch; None: all in the transaction at hand.

        Invoices that somebody else holds stay marked. Done again it finds nothing to do; broken off between or within
        batches it loses and doubles nothing.
        """
        worker, count = self.sudo(), 0  # the ledger is everybody's, whoever starts the run
        self.env.flush_all()
        while moves := worker._take(company, until, batch):
            count += len(moves)
            worker._attribute_moves(company, moves)
            if commit:
                commit()
        return count

    def _take(self, company, until, batch):
        """Ids of up to ``batch`` marked invoices, locked."""
        if not self.env.execute_query(SQL("SELECT 1 FROM aftersales_revenue_mark LIMIT 1")):
            return []
        days = SQL("AND COALESCE(m.invoice_date, m.date) <= %s", until) if until else SQL()
        return [row[0] for row in self.env.execute_query(SQL(
            """SELECT m.id FROM account_move m
                WHERE m.id IN (SELECT move_id FROM aftersales_revenue_mark) AND m.company_id = %s %s
                ORDER BY m.id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED""", company.id, days, batch))]

    def _attribute_moves(self, company, moves):
        """Attribute the locked invoices with the ids ``moves`` of one company, and take their marks off."""
        together = self._together(moves)
        # All marks that this transaction sees: one that another worker took off in between ends this one.
        self.env.cr.execute(SQL("DELETE FROM aftersales_revenue_mark WHERE move_id = ANY(%s)", list(together)))
        self._make_tables()
        self.env.cr.execute_values(
            "INSERT INTO attributing_move (id, turn) VALUES %s", list(together.items()), page_size=10000)
        self.env.cr.execute("ANALYZE attributing_move")
        for turn in sorted(set(together.values())):
            self._attribute_turn(company, turn)
        self._drop_tables()
        self.invalidate_model()
        self.env["account.move"].invalidate_model(["aftersales_revenue_due"], flush=False)

    def _attribute_turn(self, company, turn):
        """Attribute the invoices of one turn: originals have 0, their credit notes 1."""
        self._find_lines(turn)
        linked = turn and self._follow_originals()
        levels = self._find_parts(company)
        if linked:
            self._find_original_parts()
        self._write_rows(turn, levels, linked)
        self._write_payments(turn)

    # --- what hangs together -----------------------------------------------------------------------------------------

    def _together(self, moves):
        """{id: turn} of ``moves``, of the originals that must come with them, and of all credit notes of either."""
        ids, above = set(moves), set(moves)
        while above := self._originals(above) - ids:
            ids |= above
        below = ids | self._reversed(moves)
        while below := self._credit_notes(below) - ids:
            ids |= below
        turns, reverses = {}, self._reverses(ids)
        for one in sorted(ids):
            chain = [one]
            while (origin := reverses.get(chain[-1])) and origin not in chain:
                chain.append(origin)
            turns[one] = len(chain) - 1
        return turns

    def _originals(self, moves):
        """Originals of the credit notes among ``moves`` that are marked or were never attributed; locked."""
        return {row[0] for row in self.env.execute_query(SQL(
            """SELECT o.id FROM account_move o
                WHERE o.id IN (SELECT reversed_entry_id FROM account_move WHERE id = ANY(%s))
                  AND o.move_type IN %s AND o.state = 'posted'
                  AND (EXISTS (SELECT FROM aftersales_revenue_mark k WHERE k.move_id = o.id)
                       OR NOT EXISTS (SELECT FROM aftersales_revenue r WHERE r.move_id = o.id))
                ORDER BY o.id FOR NO KEY UPDATE""", list(moves), SALES))}

    def _reversed(self, moves):
        return {row[0] for row in self.env.execute_query(SQL(
            "SELECT reversed_entry_id FROM account_move WHERE id = ANY(%s) AND reversed_entry_id IS NOT NULL",
            list(moves)))}

    def _credit_notes(self, moves):
        """All documents that take back ``moves``, locked."""
        return {row[0] for row in self.env.execute_query(SQL(
            """SELECT id FROM account_move WHERE reversed_entry_id = ANY(%s) AND move_type IN %s
                ORDER BY id FOR NO KEY UPDATE""", list(moves), SALES))}

    def _reverses(self, ids):
        """{id: the posted original that it takes back}."""
        return dict(self.env.execute_query(SQL(
            """SELECT m.id, o.id FROM account_move m JOIN account_move o ON o.id = m.reversed_entry_id
                WHERE m.id = ANY(%s) AND m.state = 'posted' AND o.state = 'posted' AND o.move_type IN %s""",
            list(ids), SALES)))

    # --- lines and their parts ---------------------------------------------------------------------------------------

    def _make_tables(self):
        self._drop_tables()
        self.env.cr.execute("SET LOCAL work_mem = '64MB'")
        self.env.cr.execute("CREATE TEMP TABLE attributing_move (id integer PRIMARY KEY, turn integer)")

    def _drop_tables(self):
        for table in TABLES:
            self.env.cr.execute(SQL("DROP TABLE IF EXISTS pg_temp.%s", SQL.identifier(table)))

    def _find_lines(self, turn):
        """The facts of the lines of the posted invoices of this turn."""
        self.env.cr.execute("DROP TABLE IF EXISTS pg_temp.attributing_line")
        self.env.cr.execute(SQL("CREATE TEMP TABLE attributing_line AS %s", self._facts(
            SQL("SELECT id FROM attributing_move WHERE turn = %s", turn), SQL("m.state = 'posted'"))))

    def _find_parts(self, company):
        """Who has what part of the lines, by what they name: pieces of days with a group of parts each. Returns the
        levels that have any."""
        claims = self._claims(company)
        for table in ("attributing_piece", "attributing_part"):
            self.env.cr.execute(SQL("DROP TABLE IF EXISTS pg_temp.%s", SQL.identifier(table)))
        self.env.cr.execute("""
            CREATE TEMP TABLE attributing_piece (level varchar, key integer, start date, stop date, grp integer)""")
        self.env.cr.execute("""
            CREATE TEMP TABLE attributing_part (
                parts_key bigint, parts integer, ord integer, weight numeric, dealer_contract_id integer,
                dealer_id integer, attribution_id integer, reason varchar, pay_basis varchar, origin_id integer,
                rate_day date)""")
        pieces = [(level, key, *piece) for level, found in claims.pieces.items() for key, one in found.items()
                  for piece in one]
        if pieces:
            self.env.cr.execute_values("INSERT INTO attributing_piece VALUES %s", pieces, page_size=10000)
        self.env.cr.execute_values("INSERT INTO attributing_part VALUES %s", [
            (group, len(parts), place, part.percent, part.contract, part.dealer, part.attribution, part.reason,
             part.basis, None, None)
            for parts, group in claims.groups.items() for place, part in enumerate(parts)], page_size=10000)
        self.env.cr.execute("ANALYZE attributing_piece, attributing_part")
        return [level for level in KEYS if claims.pieces[level]]

    def _claims(self, company):
        """The `Claims` on what the lines at hand name."""
        keys = {level: {row[0] for row in self.env.execute_query(SQL(
            "SELECT DISTINCT %(key)s FROM attributing_line WHERE parts_key IS NULL AND %(key)s IS NOT NULL",
            key=SQL.identifier(column)))} for level, column in KEYS.items()}
        [(first, last)] = self.env.execute_query(SQL("SELECT min(day), max(day) FROM attributing_line"))
        if first is None:
            keys, first, last = {}, *[self.env.cr.now().date()] * 2
        return Claims(self.with_company(company).env, company, keys, first, last)

    def _group_of_line(self, levels):
        """(`SQL` of the group of parts of a line f, `SQL` of the joins that it needs): the closest of ``levels`` that
        has one. Group 0 is nobody's, 1 that of settlements' documents."""
        joins = [SQL("""LEFT JOIN attributing_piece %(piece)s ON %(piece)s.level = %(level)s
                         AND %(piece)s.key = f.%(key)s AND f.day >= %(piece)s.start AND f.day < %(piece)s.stop""",
                     piece=SQL.identifier(level), level=level, key=SQL.identifier(KEYS[level])) for level in levels]
        groups = SQL("").join(SQL("%s.grp, ", SQL.identifier(level)) for level in levels)
        return SQL("COALESCE(f.parts_key, CASE WHEN f.is_settlement THEN 1 END, %s0)", groups), SQL(" ").join(joins)
