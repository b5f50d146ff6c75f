"""The command line: the same import, from a file on the server."""

import contextlib
import io
import json
import tempfile
from pathlib import Path

from odoo.cli.command import find_command

from .import_case import ROWS, ImportCase, a_log


class TestImportCommand(ImportCase):
    def command(self, content, *options):
        """(exit code, figures, standard error, error file) of the command, inside this test's transaction."""
        command = find_command("aftersales_import")()
        with tempfile.TemporaryDirectory() as folder:
            log = Path(folder) / "log.csv"
            log.write_bytes(content)
            arguments = command.parser.parse_args(["-p", "Dealer log", "-u", "anna.test", *options, str(log)])
            with log.open("rb") as binary:
                figures = command._import(self.env, arguments, binary)
            told, errors = io.StringIO(), io.StringIO()
            with contextlib.redirect_stdout(told), contextlib.redirect_stderr(errors):
                code = command._tell(figures)
            written = arguments.errors.read_text("utf-8-sig") if arguments.errors else ""
        return code, json.loads(told.getvalue()), errors.getvalue(), written

    def test_a_log_comes_in(self):
        code, figures, errors, _written = self.command(a_log())
        self.assertEqual((code, figures["events_new"], errors), (0, 6, ""))
        self.assertEqual(len(self.facts()), 6)
        self.assertEqual(self.events().create_uid, self.anna)

    def test_bad_rows_are_told_and_written(self):
        with tempfile.TemporaryDirectory() as folder:
            path = str(Path(folder) / "errors.csv")
            log = a_log(*ROWS, "A1,never,New,,Low,se")
            code, figures, errors, written = self.command(log, "-m", "good", "-e", path)
        self.assertEqual((code, figures["rows_bad"], figures["events_new"]), (1, 1, 6))
        self.assertIn("line 8, at never: Not an instant", errors)
        self.assertIn("8,at,never", written)
        self.assertEqual(self.command(log, "-m", "all")[0], 2)

    def test_an_unknown_profile_user_or_file_ends_the_command(self):
        command = find_command("aftersales_import")()
        for arguments in (["-p", "No such profile", __file__], ["-p", "Dealer log", "-u", "nobody", __file__]):
            with self.assertRaises(SystemExit), contextlib.redirect_stderr(io.StringIO()) as told:
                command._import(self.env, command.parser.parse_args(arguments), io.BytesIO(a_log()))
            self.assertTrue(told.getvalue())
        with self.assertRaises(SystemExit), contextlib.redirect_stderr(io.StringIO()):
            command.parser.parse_args(["-p", "Dealer log", "/no/such/file"])
