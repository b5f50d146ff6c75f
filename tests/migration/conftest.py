"""These tests run inside Odoo, on an updated database: without Odoo on the path they are not collected."""

import importlib.util

collect_ignore_glob = [] if importlib.util.find_spec("odoo") else ["*.py"]
