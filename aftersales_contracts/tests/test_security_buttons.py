"""What may be called from outside, by whom; and what takes two people."""

from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw

from .permission_matrix import BUTTONS, RECORDS
from .security_case import INSIDE, PORTAL, MatrixCase

# these answer with a window and change nothing
HARMLESS = (
    "action_view_", "action_open_", "action_preview", "action_record_event", "action_propose_excuse", "action_refresh")


class _UndoneError(Exception):
    """Ends a trial so that nothing of it stays."""


class TestButtons(MatrixCase):
    def outcome(self, role, record, method):
        """"refused" where the call ends for lack of rights, else "let in"; nothing of the call stays."""
        try:
            with self.env.cr.savepoint():
                call_kw(self.env[record._name].with_user(getattr(self, role)), method, [record.ids], {})
                raise _UndoneError
        except AccessError:
            return "refused"
        except (UserError, _UndoneError):  # the right was there; the state of the record may have said no
            return "let in"
        finally:
            self.env.invalidate_all()

    def test_each_button_lets_in_its_roles_only(self):
        for (model, method), roles in BUTTONS.items():
            for role in INSIDE + PORTAL:
                with self.subTest(f"{role} {model}.{method}"):
                    expected = "let in" if role in roles else "refused"
                    found = self.outcome(role, self.own[model], method)
                    self.assertEqual(found, expected, f"{role} {model}.{method}")

    def test_no_button_of_ours_lets_strangers_in(self):
        for model in RECORDS:
            for method in self._own_buttons(model):
                for role in ("clerk", "carla", "outsider"):
                    with self.subTest(f"{role} {model}.{method}"):
                        found = self.outcome(role, self.own[model], method)
                        self.assertEqual(found, "refused", f"{role} {model}.{method}")

    def _own_buttons(self, model):
        """The public action_* methods that this addon adds to a model, without those that only answer with a window."""
        ours = "odoo.addons.aftersales_contracts"
        classes = [c for c in type(self.env[model]).__mro__ if c.__module__.startswith(ours)]
        names = {name for c in classes for name in vars(c) if name.startswith("action_")}
        return sorted(name for name in names if not name.startswith(HARMLESS))

    def test_facts_and_scheduled_actions_are_no_remote_calls(self):
        for model, method in (
            ("aftersales.request.event", "_append"), ("aftersales.sla.clock", "_cron_clocks"),
            ("aftersales.request", "_evaluate"), ("aftersales.statement", "_write_unguarded"),
            ("aftersales.contract", "_transition"), ("aftersales.evaluation.queue", "_put"),
        ):
            with self.subTest(method), self.assertRaises(AccessError):
                call_kw(self.env[model].with_user(self.boss), method, [[]], {})

    def test_dry_runs_ask_for_rights(self):
        Clock = self.env["aftersales.sla.clock"]
        for role in ("clerk", "outsider"):
            with self.subTest(role), self.assertRaises(AccessError):
                Clock.with_user(getattr(self, role)).dry_run_clocks()
        self.assertIsInstance(Clock.with_user(self.agent).dry_run_clocks(), list)

    def test_schedules_that_clocks_count_on_are_the_administrators(self):
        holiday = {"name": "Day off", "date_from": "2026-03-02 00:00:00", "date_to": "2026-03-02 23:59:59",
                   "calendar_id": self.office.id, "company_id": self.company.id}
        window = {"name": "Night", "dayofweek": "0", "hour_from": 18, "hour_to": 20, "calendar_id": self.office.id}
        for role in ("agent", "anna", "felix", "lena", "clerk", "carla"):
            user = getattr(self, role)
            for model, values in (("resource.calendar.leaves", holiday), ("resource.calendar.attendance", window)):
                with self.subTest(f"{role} {model}"), self.assertRaises(AccessError):
                    self.env[model].with_user(user).create([values])
            with self.subTest(role), self.assertRaises(AccessError):
                self.office.with_user(user).write({"tz": "Asia/Taipei"})
        self.env["resource.calendar.leaves"].with_user(self.boss).create([holiday])
        self.env["resource.calendar.attendance"].with_user(self.boss).create([window])
        self.office.with_user(self.boss).write({"tz": "Asia/Taipei"})

    def test_the_excuse_of_a_breach_takes_two_people(self):
        clock = self.a_request().clock_ids.filtered(lambda c: c.metric == "resolution")
        Excuse = self.env["aftersales.sla.excuse"]
        for role in ("agent", "lena", "clerk", "carla"):
            with self.subTest(role), self.assertRaises(AccessError):
                Excuse.with_user(getattr(self, role)).create({"clock_id": clock.id, "evidence": "<p>x</p>"})
        excuse = Excuse.with_user(self.felix).create({"clock_id": clock.id, "evidence": "<p>x</p>"})
        for role in ("anna", "felix"):
            with self.subTest(role), self.assertRaises(AccessError):
                excuse.with_user(getattr(self, role)).action_approve()
        excuse.with_user(self.boss).action_approve()
        self.assertRecordValues(clock, [{"state": "breached", "excused": True}])
