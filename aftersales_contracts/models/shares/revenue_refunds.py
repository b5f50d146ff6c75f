"""Credit notes follow the invoices that they take back: same dealers, same percentages, the day of the original's rate.

Which line of the original a line credits: the one with the same product, text and price, else product and text, else
the product, else the text; of several alike the first credits the first. A line that fits none follows the original
all the same where one dealer contract has all of it; else it is attributed by itself.
"""

from collections import defaultdict

from odoo import models
from odoo.tools import SQL

# What is compared, the closest first: (product, text, price).
LIKE = (
    lambda line: (line["product_id"], line["name"], line["price_unit"]),
    lambda line: (line["product_id"], line["name"]),
    lambda line: (line["product_id"],) if line["product_id"] else None,
    lambda line: (line["name"],) if line["name"] else None,
)


class Revenue(models.Model):
    _inherit = "aftersales.revenue"

    def _follow_originals(self):
        """Link the credit notes at hand to the lines that they credit. Returns whether any are."""
        links = find_links(self, SQL("SELECT line_id FROM attributing_line WHERE NOT is_settlement"))
        if links:
            self._write_links(links)
        return bool(links)

    def _original_lines(self, moves):
        """{move: its lines that have rows, in order}, each with the dealer contract that has all of it, if any."""
        rows = self.env.execute_query_dict(SQL("""
            SELECT l.id, l.move_id, l.product_id, l.name, l.price_unit, abs(l.amount_currency) AS size,
                   CASE WHEN count(*) = 1 THEN min(r.dealer_contract_id) END AS contract
              FROM account_move_line l JOIN aftersales_revenue r ON r.move_line_id = l.id
             WHERE l.move_id = ANY(%s) AND %s GROUP BY l.id ORDER BY l.move_id, l.sequence, l.id""",
            list(moves), self._live("r")))
        return _grouped(rows, "move_id")

    def _write_links(self, links):
        """Write ``links`` [(line, line of the original, whether it credits just that line)] into the table of lines,
        with the running totals of what was credited of each before."""
        self.env.cr.execute("CREATE TEMP TABLE attributing_link (line_id integer, origin integer, credits boolean)")
        self.env.cr.execute_values("INSERT INTO attributing_link VALUES %s", links, page_size=10000)
        self.env.cr.execute("""
            UPDATE attributing_line f SET parts_key = -k.origin, origin_line_id = CASE WHEN k.credits THEN k.origin END
              FROM attributing_link k WHERE k.line_id = f.line_id""")
        self.env.cr.execute("DROP TABLE attributing_link")
        self.env.cr.execute("""
            UPDATE attributing_line f
               SET amount_before = b.amount, company_before = b.company, cost_before = b.cost
              FROM (SELECT line_id, sum(amount) OVER so_far - amount AS amount,
                           sum(company_amount) OVER so_far - company_amount AS company,
                           sum(COALESCE(cost, 0)) OVER so_far - COALESCE(cost, 0) AS cost
                      FROM attributing_line WHERE origin_line_id IS NOT NULL
                    WINDOW so_far AS (PARTITION BY origin_line_id ORDER BY move_id, line_id)) b
             WHERE b.line_id = f.line_id""")

    def _find_original_parts(self):
        """The parts of the original lines: those of the rows that stand for them."""
        self.env.cr.execute(SQL("""
            INSERT INTO attributing_part
            SELECT -r.move_line_id, count(*) OVER line, row_number() OVER (PARTITION BY r.move_line_id ORDER BY r.id),
                   r.percent, r.dealer_contract_id, r.dealer_id, r.attribution_id, r.reason, r.pay_basis, r.id,
                   r.rate_day
              FROM aftersales_revenue r
             WHERE r.move_line_id IN (SELECT -parts_key FROM attributing_line WHERE parts_key < 0) AND %s
            WINDOW line AS (PARTITION BY r.move_line_id)""", self._live("r")))


def find_links(ledger, lines):
    """[(line, line of the original, whether it credits just that line)] of those among ``lines`` (ids, or an `SQL` of
    them) that are on credit notes of posted documents. A dealer named on the line itself is closer."""
    notes = ledger.env.execute_query_dict(SQL("""
        SELECT l.id, l.move_id, m.reversed_entry_id AS original, l.product_id, l.name, l.price_unit
          FROM account_move_line l JOIN account_move m ON m.id = l.move_id
          JOIN account_move o ON o.id = m.reversed_entry_id AND o.state = 'posted'
         WHERE l.aftersales_dealer_id IS NULL AND %s
         ORDER BY l.move_id, l.sequence, l.id""",
        SQL("l.id IN (%s)", lines) if isinstance(lines, SQL) else SQL("l.id = ANY(%s)", lines)))
    originals = ledger._original_lines({note["original"] for note in notes}) if notes else {}
    links = []
    for found in _grouped(notes, "move_id").values():
        links += _links(found, originals.get(found[0]["original"], []))
    return links


def _links(notes, lines):
    """[(id of a note's line, id of the original's line, True)] of one credit note; False: it follows the dealer."""
    found, open_notes, free = [], notes, list(lines)
    for like in LIKE:
        places, waiting = _grouped_by(like, free), []
        for note in open_notes:
            alike = places.get(like(note))
            if alike:
                line = alike.pop(0)
                free.remove(line)
                found.append((note["id"], line["id"], True))
            else:
                waiting.append(note)
        open_notes = waiting
    if not lines:
        return []
    for note in open_notes:  # the line that it would credit was credited by another one of the same note
        line = next((line for like in LIKE for line in lines if like(note) and like(line) == like(note)), None)
        if line:
            found.append((note["id"], line["id"], True))
        elif lines[0]["contract"] and len({one["contract"] for one in lines}) == 1:
            found.append((note["id"], max(lines, key=lambda one: one["size"])["id"], False))
    return found


def _grouped(rows, name):
    return _grouped_by(lambda row: row[name], rows)


def _grouped_by(key, rows):
    found = defaultdict(list)
    for row in rows:
        if key(row) is not None:
            found[key(row)].append(row)
    return found
