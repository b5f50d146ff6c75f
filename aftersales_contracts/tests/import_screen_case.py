"""Files through Odoo's import screens, as its client does it: preview, the mapping it proposes, import."""

import io
import re

import openpyxl
from odoo.tools import file_open

from .common import AftersalesCase

OPTIONS = {  # what the client sends
    "advanced": True, "date_format": "", "datetime_format": "", "encoding": "", "fallback_values": {},
    "float_decimal_separator": ".", "float_thousand_separator": ",", "has_headers": True, "import_set_empty_fields": [],
    "import_skip_records": [], "keep_matches": False, "limit": 2000, "name_create_enabled_fields": {}, "quoting": '"',
    "separator": "", "sheet": "", "sheets": [], "skip": 0, "tracking_disable": True,
}
ORDER = ("res.partner", "aftersales.contract", "aftersales.contract.line", "aftersales.contract.party",
         "aftersales.asset", "aftersales.cover", "aftersales.nda", "aftersales.obligation")
COUNTED = (*ORDER, "aftersales.nda.party", "ir.model.data", "mail.message", "mail.followers", "ir.attachment")


class ImportScreenCase(AftersalesCase):
    @classmethod
    def the_screen(cls, user, model, content, name="file.csv"):
        if isinstance(content, str):
            content = content.encode()
        return cls.env["base_import.import"].with_user(user).create(
            {"res_model": model, "file": content, "file_name": name})

    @classmethod
    def bring(cls, user, model, content, name="file.csv", paths=None, dryrun=False, **options):
        """Import a file (text or bytes) as ``user``; ``paths`` instead of the mapping that the screen proposes."""
        screen = cls.the_screen(user, model, content, name)
        preview = screen.parse_preview({**OPTIONS, **options})
        assert not preview.get("error"), preview
        matches = preview["matches"] or {}
        paths = paths or ["/".join(matches[index]) if index in matches else False
                          for index in range(len(preview["headers"]))]
        result = screen.execute_import(
            paths, [heading.strip().lower() for heading in preview["headers"]], preview["options"], dryrun=dryrun)
        return {**result, "paths": paths, "headings": preview["headers"]}

    @classmethod
    def bring_template(cls, user, model):
        """Import the template that the screen of ``model`` offers."""
        path = cls.env[model].with_user(user).get_import_templates()[-1]["template"]
        with file_open(path.lstrip("/"), "rb") as file:
            return cls.bring(user, model, file.read(), path)

    @classmethod
    def bring_templates(cls, count=None):
        """Import the first templates in their order: anna the business, lena what is legal. [result]."""
        legal = ("aftersales.nda", "aftersales.obligation")
        return [cls.bring_template(cls.lena if model in legal else cls.anna, model) for model in ORDER[:count]]

    def counts(self):
        self.env.flush_all()
        return {model: self.env[model].with_context(active_test=False).search_count([]) for model in COUNTED}

    def refused(self, *sentences, user=None, **file):
        """The file is refused with exactly these sentences, and nothing of it stays."""
        before = self.counts()
        result = self.bring(user or self.anna, **file)
        found = [re.sub(r"(SC|NDA)/\d{4}/\d+", "NUMBER", message["message"]) for message in result["messages"]]
        self.assertEqual(found, list(sentences))
        self.assertEqual({message["type"] for message in result["messages"]}, {"error"})
        self.assertFalse(result.get("ids"))
        self.env.invalidate_all()
        self.assertEqual(self.counts(), before)
        return result


def spreadsheet(*rows):
    """Bytes of a spreadsheet; None is an empty row."""
    book = openpyxl.Workbook()
    for number, row in enumerate(rows, 1):
        for place, value in enumerate(row or (), 1):
            book.active.cell(number, place, value)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
