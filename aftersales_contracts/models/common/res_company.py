import os

from odoo import fields, models

from ...report.fonts import load_fonts


def statement_fonts(latin, cjk):
    """The fonts of the two settings; without them what the server has, AFTERSALES_FONT_DIR first."""
    folder = os.environ.get("AFTERSALES_FONT_DIR")
    return load_fonts(latin=latin or "", cjk=cjk or "", folders=(folder,) if folder else ())


class ResCompany(models.Model):
    _inherit = "res.company"

    statement_close_days = fields.Integer(
        string="Close after (days)", default=3, help="A period is closed this many days after it ended.")
    statement_mail = fields.Boolean(string="E-mail Statements", default=True)
    statement_mail_empty = fields.Boolean(string="E-mail Empty Statements", default=True)
    statement_latin_font = fields.Char(
        string="Statement Font", help="A TrueType file on the server, or a folder with one.")
    statement_cjk_font = fields.Char(
        string="Chinese Font", help="A TrueType file on the server for Chinese, Japanese and Korean.")

    _statement_close_days = models.Constraint(
        "CHECK(statement_close_days >= 0)", "A period cannot be closed before it has ended.")

    def _statement_fonts(self):
        self.ensure_one()
        return statement_fonts(self.statement_latin_font, self.statement_cjk_font)
