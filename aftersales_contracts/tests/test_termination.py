"""Termination: the figures before it happens, what is refused, grounds, who may, moved earlier, cancelled."""

from datetime import date
from decimal import Decimal

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import Form, freeze_time

from .common import AftersalesCase

NOON = "2026-02-02 12:00:00"


class TerminationCase(AftersalesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ground = {name: cls.env.ref(f"aftersales_contracts.ground_{name}")
                      for name in ("cause", "convenience", "mutual", "insolvency")}
        with freeze_time(NOON):
            cls.kept = cls.oracle()
            cls.mine = cls.kept.with_user(cls.anna)

    @classmethod
    def oracle(cls, **values):
        """contracts.md 5 row 10: 1,200 a year from 1 Dec 2025, half a year billed."""
        contract = cls.a_contract(activate=False, **{
            "date_start": "2025-12-01", "date_end": "2026-11-30", "partner_id": cls.stranger.id,
            "line_ids": [Command.create(
                {"name": "Care", "price": 1200, "unit": "year", "proration_rule": "per-month"})], **values})
        contract._adopt("Test")
        contract.line_ids._write_unlocked({"billed_until": "2026-05-31"})
        return contract

    def end(self, last_day, ground="mutual", contract=None, by=None, **values):
        contract = (contract or self.kept).with_user(by or self.anna)
        return self.env["aftersales.termination"].browse(
            contract.terminate(last_day, self.ground[ground].id, "Agreed", **values))

    def notice(self, contract=None, **values):
        return self.env["aftersales.notice"].browse((contract or self.kept).with_user(self.lena).give_notice(**{
            "sent_at": "2026-01-02 09:00:00", "received_at": "2026-01-02 09:00:00", "note": "By hand", **values}))

    def night(self, day):
        """Carry out what is due on ``day``, and expire, of this test's contract only."""
        with freeze_time(f"{day} 12:00:00"):
            self.env.invalidate_all()
            for model, name, key in (("aftersales.termination", "_nightly_terminate", "contract_id"),
                                     ("aftersales.contract", "_nightly_expire", "id")):
                Model = self.env[model]
                due = Model.search(getattr(Model, f"{name}_domain")(None) & fields.Domain(key, "=", self.kept.id))
                getattr(due, name)(None)


@freeze_time(NOON)
class TestTermination(TerminationCase):
    def test_row10_the_oracle_vector(self):
        """contracts.md 5 row 10: ends 1 Mar: unused credit 300; override 200: contract value 400, terminated 800."""
        for rule, amount, credit, value, terminated in (
            (None, None, 300, 300, 900), ("override", 200, 200, 400, 800), ("suppress", None, 0, 600, 600),
        ):
            with self.subTest(rule):
                contract = self.oracle()
                one = self.end("2026-02-28", contract=contract, credit_rule=rule, credit_amount=amount)
                self.assertRecordValues(one, [{
                    "billed": 600, "used": 300, "unbilled": 0, "credit": credit, "fee": 0, "net": -credit,
                    "contract_value": value, "terminated_amount": terminated, "state": "planned"}])
                self.assertEqual((contract.state, str(contract.date_end)), ("notice", "2026-02-28"))
                self.assertEqual(one.line_ids.steps[-1][0], "Net")

    def test_row10_before_the_start_after_the_end_and_on_the_end(self):
        """contracts.md 5 row 10: date before start, after end, on end."""
        for day, words in (("2025-11-29", "begins on 2025-12-01"), ("2026-12-01", "ends by itself on 2026-11-30")):
            with self.subTest(day), self.assertRaisesRegex(UserError, words):
                self.end(day)
        one = self.end("2026-11-30")
        self.assertRecordValues(one, [{
            "credit": 0, "unbilled": 600, "net": 600, "contract_value": 1200, "terminated_amount": 0}])

    def test_row10_already_terminated(self):
        """contracts.md 5 row 10: already terminated, before and after it took effect."""
        self.end("2026-03-31")
        for day in ("2026-03-31", "2026-04-30"):
            with self.subTest(day), self.assertRaisesRegex(UserError, "only be moved to an earlier day"):
                self.end(day)
        self.night("2026-04-01")
        self.assertEqual((self.kept.state, str(self.kept.ended_on)), ("terminated", "2026-03-31"))
        with self.assertRaisesRegex(UserError, "ended for good"):
            self.end("2026-03-15")

    def test_row10_a_future_termination_moved_earlier_settles_the_difference(self):
        """contracts.md 5 row 10: future termination moved earlier = a correction."""
        first = self.end("2026-04-30")
        second = self.end("2026-02-28")
        self.assertEqual((first.state, first.net, first.correction), ("replaced", -100, -100))
        self.assertRecordValues(second, [{
            "state": "planned", "replaces_id": first.id, "net": -300, "correction": -200}])
        self.assertEqual((str(self.kept.date_end), str(second.previous_end)), ("2026-02-28", "2026-11-30"))
        self.assertEqual(second.line_ids.correction, -200)

    def test_row10_a_fee_larger_than_the_credit(self):
        """contracts.md 5 row 10: fee larger than credit: the customer owes."""
        for kind, value, cap, fee in (
            ("fixed", 500, 0, 500), ("fixed", 500, 80, 80), ("percent_of_remaining", 10, 0, 90),
            ("percent_of_remaining", 10, 50, 50), ("periods", 0.5, 0, 600), ("none", 5, 0, 0),
        ):
            with self.subTest(f"{kind} {value} {cap}"):
                contract = self.oracle(fee_kind=kind, fee_value=value, fee_cap=cap)
                notice = self.notice(contract, kind="termination")
                one = self.end("2026-02-28", "convenience", contract, notice_id=notice.id)
                self.assertEqual((one.fee, one.net), (fee, fee - 300))

    def test_row10_at_once_and_backdated(self):
        contract = self.oracle()
        self.end("2026-02-02", contract=contract)  # today
        self.assertEqual((contract.state, str(contract.ended_on), str(contract.date_end)),
                         ("terminated", "2026-02-02", "2026-02-02"))
        contract = self.oracle()
        self.end("2026-01-15", contract=contract)
        self.assertEqual((contract.state, str(contract.ended_on)), ("terminated", "2026-01-15"))

    def test_row10_undone_whole_before_it_began(self):
        signed = self.put_in_force(self.a_contract(
            activate=False, date_start="2026-06-01", date_end="2027-05-31", partner_id=self.stranger.id), until="sign")
        self.end("2026-05-31", contract=signed)
        self.night("2026-06-01")
        signed.invalidate_recordset()
        with freeze_time("2026-06-01 12:00:00"):
            signed.termination_ids._nightly_terminate(None)
        self.assertEqual((signed.state, str(signed.ended_on)), ("terminated", "2026-05-31"))
        with freeze_time("2026-06-02 12:00:00"):
            request = self.a_request("2026-06-01 10:00:00", partner_id=self.stranger.id)
        self.assertNotEqual(request.contract_id, signed)

    def test_a_fixed_fee_is_one_amount_for_the_contract(self):
        contract = self.oracle(fee_kind="fixed", fee_value=100)
        lines = self.env["aftersales.contract.line"]
        lines._create_unlocked([{"contract_id": contract.id, "name": "Extra", "price": 600, "unit": "year"}])
        notice = self.notice(contract, kind="termination")
        one = self.end("2026-02-28", "convenience", contract, notice_id=notice.id)
        self.assertEqual((one.fee, sorted(one.line_ids.mapped("fee"))), (100, [33.33, 66.67]))
        bare = self.oracle(line_ids=False, fee_kind="fixed", fee_value=100)
        one = self.end("2026-02-28", "convenience", bare, notice_id=self.notice(bare, kind="termination").id)
        self.assertEqual((one.fee, one.net, len(one.line_ids)), (100, 100, 1))

    def test_an_agreed_credit_is_within_what_was_billed(self):
        with self.assertRaisesRegex(UserError, "from 0 to the 600"):
            self.end("2026-02-28", credit_rule="override", credit_amount=601)

    def test_days_whose_billing_was_paused_are_neither_used_nor_billed(self):
        self.mine.suspend("2026-02-02", "Rebuilding", "2026-02-28", shift_end=False)
        rows = self.kept._termination_rows(
            self.kept._termination_terms(fields.Date.to_date("2026-03-31"), self.ground["mutual"]))
        self.assertEqual(rows[0]["used"], 303.57)  # 4 months of 100, less 27 of 28 days of February
        self.assertEqual(rows[0]["credit"], 200.0)

    def test_a_price_that_changed_counts_from_its_own_day(self):
        line = self.kept.line_ids
        self.patch(type(line), "_price_slices", lambda line: [
            (date.min, date(2026, 2, 1), Decimal(1200)), (date(2026, 2, 1), date.max, Decimal(2400))])
        charge = line._line_charge(self.kept.date_end, date(2026, 3, 1), ())
        self.assertEqual((charge.value(), charge.price), (Decimal("2200.00"), Decimal("2400.00")))
        self.assertEqual(charge.value(date(2026, 1, 1), date(2026, 3, 1)), Decimal("300.00"))

    # --- grounds -------------------------------------------------------------------------------------------------

    def test_for_cause_rests_on_a_notified_breach_that_was_not_cured(self):
        with self.assertRaisesRegex(UserError, "notified breach"):
            self.end("2026-02-28", "cause")
        breach = self.notice(kind="breach")  # 2 January: to be cured until Sunday 1 February, so until the 2nd
        with self.assertRaisesRegex(UserError, "cured until 2026-02-02"):
            self.end("2026-02-01", "cause", notice_id=breach.id)
        one = self.end("2026-02-28", "cause", notice_id=breach.id)
        self.assertEqual(one.state, "to_confirm")
        breach.with_user(self.lena).record_cure("2026-02-01", "Inspected")
        self.assertEqual(one.state, "cancelled")
        with self.assertRaisesRegex(UserError, "and it was on 2026-02-01"):
            self.end("2026-02-28", "cause", notice_id=breach.id)

    def test_a_breach_cured_in_time_undoes_the_planned_termination(self):
        breach = self.notice(kind="breach", received_at="2026-01-20 09:00:00", sent_at="2026-01-19 09:00:00")
        one = self.end("2026-02-28", "cause", notice_id=breach.id)  # to be cured until 19 February
        one.with_user(self.lena).action_confirm()
        self.assertEqual((one.state, self.kept.state, str(self.kept.date_end)), ("planned", "notice", "2026-02-28"))
        breach.with_user(self.lena).record_cure("2026-02-19", "Inspected")
        self.assertEqual((one.state, self.kept.state, str(self.kept.date_end)), ("cancelled", "active", "2026-11-30"))

    def test_legal_confirms_what_needs_it(self):
        one = self.end("2026-02-28", "insolvency")
        self.assertEqual((one.state, self.kept.state, str(self.kept.date_end)), ("to_confirm", "active", "2026-11-30"))
        for user in (self.anna, self.felix, self.boss, self.agent):
            with self.subTest(user.login), self.assertRaises(AccessError):
                one.with_user(user).action_confirm()
        with self.assertRaisesRegex(UserError, "waits for legal"):
            self.end("2026-02-27")
        one.with_user(self.lena).action_confirm()
        self.assertEqual((one.state, one.confirmed_by_id, self.kept.state), ("planned", self.lena, "notice"))

    def test_convenience_needs_notice_and_its_period(self):
        self.amend(self.kept, notice_period=2, notice_unit="month")
        with self.assertRaisesRegex(UserError, "needs a notice"):
            self.end("2026-04-30", "convenience")
        notice = self.notice(kind="termination")
        with self.assertRaisesRegex(UserError, "cannot end before 2026-03-02"):
            self.end("2026-03-01", "convenience", notice_id=notice.id)
        self.assertEqual(self.end("2026-03-02", "convenience", notice_id=notice.id).state, "planned")

    # --- what follows ----------------------------------------------------------------------------------------------

    def test_cancelled_it_goes_on(self):
        one = self.end("2026-03-31")
        for user in (self.agent, self.felix, self.lena):
            with self.subTest(user.login), self.assertRaises(AccessError):
                one.with_user(user).action_cancel()
        one.with_user(self.anna).action_cancel()
        self.assertEqual((one.state, self.kept.state, str(self.kept.date_end)), ("cancelled", "active", "2026-11-30"))
        with self.assertRaises(UserError):
            one.with_user(self.anna).action_cancel()
        self.night("2026-04-01")
        self.assertEqual(self.kept.state, "active")

    def test_a_suspension_meanwhile_moves_the_agreed_end_not_the_planned_one(self):
        one = self.end("2026-03-31")
        self.mine.suspend("2026-02-02", "Rebuilding", "2026-02-11")
        self.assertEqual((str(self.kept.date_end), str(one.previous_end)), ("2026-03-31", "2026-12-10"))
        one.with_user(self.anna).action_cancel()
        self.assertEqual((str(self.kept.date_end), self.kept.state), ("2026-12-10", "suspended"))

    def test_row13_a_terminated_contract_does_not_renew(self):
        self.amend(self.kept, renewal_kind="automatic")
        self.end("2026-03-31")
        self.assertFalse(self.kept.next_renewal_on)
        with self.assertRaises(UserError):
            self.mine.action_renew()

    def test_facts_cannot_be_written(self):
        one = self.end("2026-03-31")
        for user in (self.anna, self.felix, self.lena, self.boss):
            for record, vals in ((one, {"net": 0}), (one, {"state": "cancelled"}), (one.line_ids, {"net": 0})):
                with self.subTest(f"{user.login} {vals}"), self.assertRaises(AccessError):
                    record.with_user(user).write(vals)
            with self.assertRaises(UserError):
                one.with_user(user).unlink()
            with self.assertRaises(AccessError):
                self.env["aftersales.termination"].with_user(user).create({"contract_id": self.kept.id})
        with self.assertRaises(UserError):
            one.unlink()

    def test_over_rpc_with_dates_as_text_and_out_of_order(self):
        Contract = self.env["aftersales.contract"]
        ids, mutual = self.kept.ids, self.ground["mutual"].id
        for user in (self.agent, self.felix, self.lena, self.carla, self.other_manager):
            with self.subTest(user.login), self.assertRaises(AccessError):
                call_kw(Contract.with_user(user), "terminate", [ids, "2026-03-31", mutual, "No"], {})
            with self.subTest(user.login), self.assertRaises(AccessError):
                call_kw(Contract.with_user(user), "action_terminate", [ids], {})
        anna = Contract.with_user(self.anna)
        draft = self.a_contract(activate=False)
        with self.assertRaisesRegex(UserError, "nothing binds yet"):
            call_kw(anna, "terminate", [draft.ids, "2026-03-31", mutual, "No"], {})
        with self.assertRaisesRegex(UserError, "say why"):
            call_kw(anna, "terminate", [ids, "2026-03-31", mutual, " "], {})
        with self.assertRaisesRegex(UserError, "ground"):
            call_kw(anna, "terminate", [ids, "2026-03-31", 0, "Why"], {})
        one = call_kw(anna, "terminate", [ids, "2026-03-31", mutual, "Agreed"], {})
        self.assertEqual(self.kept.state, "notice")
        for method in ("action_withdraw_notice", "action_renew", "action_activate", "action_resume"):
            with self.subTest(method), self.assertRaises(UserError):
                call_kw(anna, method, [ids], {})
        call_kw(self.env["aftersales.termination"].with_user(self.anna), "action_cancel", [[one]], {})
        self.assertEqual(self.kept.state, "active")

    def test_the_dialog_shows_every_figure_first(self):
        action = self.mine.action_terminate()
        wizard = Form(self.env[action["res_model"]].with_user(self.anna).with_context(**action["context"]))
        wizard.ground_id = self.ground["mutual"]
        wizard.last_day = "2026-12-31"
        self.assertIn("ends by itself", wizard.problem)
        wizard.last_day = "2026-02-28"
        self.assertFalse(wizard.problem)
        self.assertEqual((wizard.net, wizard.contract_value, wizard.terminated_amount), (-300, 300, 900))
        self.assertEqual(len(wizard.line_ids), 1)
        wizard.credit_rule = "override"
        wizard.credit_amount = 200
        self.assertEqual((wizard.net, wizard.contract_value), (-200, 400))
        wizard.reason = "Agreed"
        self.assertEqual((self.kept.state, self.kept.termination_ids), ("active", self.kept.termination_ids.browse()))
        saved = wizard.save()
        self.assertEqual(saved.line_ids.mapped("net"), [-200])
        saved.action_confirm()
        self.assertEqual((self.kept.state, self.kept.termination_ids.net), ("notice", -200))
