"""``odoo aftersales_import``: import a log of service events from the command line.

Odoo finds commands in the ``cli`` folder of addons and loads them by themselves: no import of the addon here.
"""

import argparse
import json
import sys
from contextlib import ExitStack
from pathlib import Path

from odoo import SUPERUSER_ID, api
from odoo.cli.command import Command
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tools import config


class AftersalesImport(Command):
    """Import a log of service events (CSV, plain or gzip) under a saved import profile.

    Prints the figures as JSON, and one line for each bad cell to standard error. Ends with 0 when every row came in,
    1 when rows were bad, 2 when nothing was imported.
    """

    name = "aftersales_import"

    def __init__(self):
        super().__init__()
        add = self.parser.add_argument
        add("-c", "--config", help="configuration file")
        add("-d", "--database", help="name of the database")
        add("-p", "--profile", required=True, help="name of the import profile")
        add("-u", "--user", help="login of the user who imports; the superuser where empty")
        add("-m", "--mode", choices=("check", "all", "good"), default="all",
            help="check: write nothing; all: all rows or none; good: the good rows")
        add("-e", "--errors", type=Path, metavar="CSV", help="write the bad cells to this file")
        add("log", type=_existing, metavar="LOG", help="the CSV file")

    def run(self, cmdargs):
        arguments = self.parser.parse_args(cmdargs)
        options = ["--no-http"]
        for option, value in (("-c", arguments.config), ("-d", arguments.database)):
            options += [option, value] if value else []
        config.parse_config(options, setup_logging=True)
        databases = config["db_name"]
        if not databases or len(databases) > 1:
            self.parser.error("name a single database by -d")
        with ExitStack() as stack:
            cursor = stack.enter_context(Registry(databases[0]).cursor())
            binary = stack.enter_context(arguments.log.open("rb"))
            try:
                figures = self._import(api.Environment(cursor, SUPERUSER_ID, {}), arguments, binary)
            except UserError as error:
                cursor.rollback()
                sys.stderr.write(f"{error}\n")
                sys.exit(2)
        sys.exit(self._tell(figures))

    def _import(self, env, arguments, binary):
        if arguments.user:
            user = env["res.users"].search([("login", "=", arguments.user)])
            if not user:
                self.parser.error(f"there is no user {arguments.user}")
            env = env(user=user)
        profile = env["aftersales.import.profile"].search([("name", "=", arguments.profile)])
        if len(profile) != 1:
            self.parser.error(f"{len(profile)} import profiles are named {arguments.profile}")
        run = profile._import_stream(binary, arguments.log.name, arguments.mode)
        if arguments.errors and run.rows_bad:
            arguments.errors.write_bytes(run._error_csv())
        return run._figures()

    def _tell(self, figures):
        """Print the figures; returns the exit code."""
        for error in figures.pop("errors"):
            sys.stderr.write("line {line}, {column} {value}: {rule}\n".format(**error))
        sys.stdout.write(json.dumps(figures, ensure_ascii=False, indent=1) + "\n")
        if figures["state"] != "done":
            return 2
        return 1 if figures["rows_bad"] else 0


def _existing(text):
    path = Path(text)
    if not path.is_file():
        raise argparse.ArgumentTypeError(f"{text} is no file")
    return path
