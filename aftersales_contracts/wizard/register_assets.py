"""Registration of machines: typed in a list, or read from a file that is looked at before anything is written."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.imports.event_import_file import UnreadableFile
from .register_assets_file import NAMES, guess, read_table

SHOWN, PREVIEW = 200, 5


class RegisterAssets(models.TransientModel):
    """Nothing is written while a row is wrong, unless the good rows are asked for."""

    _name = "aftersales.register.assets"
    _description = "Register Assets"

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    line_ids = fields.One2many("aftersales.register.assets.line", "wizard_id", string="Machines")
    file = fields.Binary(help="CSV or XLSX; its first row names the columns.")
    file_name = fields.Char()
    column_ids = fields.One2many("aftersales.register.assets.column", "wizard_id", string="Columns")
    problem_ids = fields.One2many("aftersales.register.assets.problem", "wizard_id", string="Problems", readonly=True)
    rows = fields.Integer(readonly=True)
    wrong = fields.Integer(string="Wrong Rows", readonly=True)
    preview = fields.Text(readonly=True)
    only_good = fields.Boolean(string="Import the Good Rows", help="Wrong rows are left out instead of stopping all.")

    # --- the file ----------------------------------------------------------------------------------------------------

    def action_read(self):
        """Read the file, guess what its columns are, and tell what is wrong with its rows. Nothing is written."""
        self.ensure_one()
        header, rows = self._read_file()
        if self.column_ids.mapped("name") != [name for name in header if name]:
            self.column_ids = [fields.Command.clear()] + [
                fields.Command.create({"place": place, "name": name, "key": guess(name)})
                for place, name in enumerate(header) if name]
        self.preview = "\n".join(" | ".join(str(cell) for cell in row) for row in rows[:PREVIEW])
        self._check()
        return self._again()

    def action_check(self):
        """Look at the rows again, after columns were chosen or lines typed."""
        self.ensure_one()
        self._check()
        return self._again()

    def _check(self):
        rows, numbers = self._rows()
        errors = self._assets().check_registration(rows)
        self._show(errors, numbers, len(rows))

    def _show(self, errors, numbers, count):
        labels = {column.key: column.name for column in self.column_ids}
        self.rows, self.wrong = count, len({error["row"] for error in errors})
        self.problem_ids = [fields.Command.clear()] + [fields.Command.create({
            "row": numbers[error["row"] - 1] if numbers else error["row"], "value": error["value"],
            "column": labels.get(error["field"]) or self._assets()._row_label(error["field"]),
            "message": error["message"]}) for error in errors[:SHOWN]]

    def _read_file(self):
        try:
            return read_table(self.with_context(bin_size=False).file, self.file_name or "")
        except UnreadableFile as error:
            told = {
                "empty": self.env._("The file is empty."),
                "size": self.env._("The file is too large: split it."),
                "rows": self.env._("The file has more than 50,000 rows: split it."),
                "header": self.env._("The first row of the file names no columns."),
                "record": self.env._("Line %s of the file cannot be read.", error.value),
            }.get(error.rule, self.env._("The file is neither CSV nor XLSX."))
            raise UserError(told) from error

    def _rows(self):
        """(rows for `register`, the number that people call each by)."""
        if not self.file:
            return [line._row() for line in self.line_ids], list(range(1, len(self.line_ids) + 1))
        keys = self._keys()
        rows, numbers = [], []
        for number, cells in enumerate(self._read_file()[1], 2):  # the header is row 1
            row = {key: cells[place] for place, key in keys.items() if place < len(cells) and cells[place] != ""}
            if row:
                rows.append(row)
                numbers.append(number)
        return rows, numbers

    def _keys(self):
        """{place of the column: key}; raises UserError where one is chosen twice or the serial number has none."""
        chosen = self.column_ids.filtered("key")
        for key, columns in chosen.grouped("key").items():
            if len(columns) > 1:
                raise UserError(self.env._(
                    "Columns %(columns)s are both %(field)s: choose one of them.",
                    columns=", ".join(columns.mapped("name")), field=self._assets()._row_label(key)))
        for key in ("serial", "partner"):
            if key not in chosen.mapped("key"):
                raise UserError(self.env._(
                    "No column of the file is the %s: choose the one that is.", self._assets()._row_label(key)))
        return {column.place: column.key for column in chosen}

    def _assets(self):
        return self.env["aftersales.asset"].with_company(self.company_id)

    # --- writing -----------------------------------------------------------------------------------------------------

    def action_register(self):
        """Register the rows and open the new assets. With wrong rows among them nothing, or the good ones if asked."""
        self.ensure_one()
        rows, numbers = self._rows()
        if not rows:
            raise UserError(self.env._("There is no machine to register: type some, or choose a file."))
        Asset = self._assets()
        if not self.only_good and (errors := Asset.check_registration(rows)):
            self._show(errors, numbers, len(rows))
            return self._again()  # the problems are kept and shown, and nothing else is
        result = Asset.register(rows, "import" if self.file else "registration", partial=self.only_good)
        made = [asset_id for asset_id in result["ids"] if asset_id]
        if result["errors"]:
            self._show(result["errors"], numbers, len(rows))
        return {
            "type": "ir.actions.act_window", "res_model": "aftersales.asset", "name": self.env._("Registered Assets"),
            "views": [(False, "list"), (False, "form")], "domain": [("id", "in", made)]}

    def _again(self):
        return {"type": "ir.actions.act_window", "res_model": self._name, "res_id": self.id, "view_mode": "form",
                "target": "new", "name": self.env._("Register Assets")}


class RegisterAssetsLine(models.TransientModel):
    _name = "aftersales.register.assets.line"
    _description = "Asset to Register"

    wizard_id = fields.Many2one("aftersales.register.assets", required=True, ondelete="cascade")
    name = fields.Char(string="Serial Number", required=True)
    product_id = fields.Many2one("product.product")
    partner_id = fields.Many2one("res.partner", string="Owner", required=True)
    delivered_on = fields.Date(string="Delivered")
    installed_on = fields.Date(string="Installed")
    place = fields.Char()
    batch = fields.Char(string="Supplier Batch")
    dealer_id = fields.Many2one("res.partner", string="Sold by")

    def _row(self):
        return {"serial": self.name, "product": self.product_id.id, "partner": self.partner_id.id,
                "dealer": self.dealer_id.id, **{
                    name: self[name] for name in ("delivered_on", "installed_on", "place", "batch")}}


class RegisterAssetsColumn(models.TransientModel):
    _name = "aftersales.register.assets.column"
    _description = "Column of a File of Assets"
    _order = "place"

    wizard_id = fields.Many2one("aftersales.register.assets", required=True, ondelete="cascade")
    place = fields.Integer(readonly=True)
    name = fields.Char(string="Column", readonly=True)
    key = fields.Selection("_select_key", string="Is")

    @api.model
    def _select_key(self):
        label = self.env["aftersales.asset"]._row_label
        return [(key, label(key)) for key in NAMES]


class RegisterAssetsProblem(models.TransientModel):
    _name = "aftersales.register.assets.problem"
    _description = "Problem of a Row of Assets"
    _order = "row, id"

    wizard_id = fields.Many2one("aftersales.register.assets", required=True, ondelete="cascade")
    row = fields.Integer(readonly=True, aggregator=None)
    column = fields.Char(readonly=True)
    value = fields.Char(readonly=True)
    message = fields.Char(readonly=True)
