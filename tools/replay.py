"""Run by `./dev replay` inside an Odoo shell: replays the log LOG under the terms POLICY and writes the CSV OUT."""

import os
import sys

for line in env["aftersales.replay"]._replay(os.environ["LOG"], os.environ["POLICY"], os.environ["OUT"]):  # noqa: F821
    print(line, file=sys.stderr)
env.cr.commit()  # noqa: F821
