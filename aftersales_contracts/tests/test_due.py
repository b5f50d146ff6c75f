"""What falls due: one table of every kind, with stable ids, for those who may see it."""

from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .obligation_case import ObligationCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 09:00:00")
class TestDue(ObligationCase):
    def due(self, kind=None, user=None, **more):
        domain = [("partner_id", "=", self.customer.id)]
        domain += [("kind", "=", kind)] if kind else []
        return self.env["aftersales.due"].with_user(user or self.anna).search(domain)

    def test_every_kind_of_this_room_is_there_until_it_is_settled(self):
        obligation = self.an_obligation(due="2026-03-20")
        audit = self.an_audit()
        breach = self.a_breach(notified_on="2026-02-25")
        issue = self.env["aftersales.issue"].create({
            "name": "Slow", "contract_id": self.contract.id, "description": "x", "date_due": "2026-03-09"})
        breach.action_notify()
        audit.action_start()
        finding = self.env["aftersales.finding"].create({
            "name": "Gap", "audit_id": audit.id, "date_due": "2026-03-30", "user_id": self.felix.id})
        self.contract.write({"review_interval": 1, "next_review_date": "2026-03-02"})
        for kind, record, day, user in (
            ("obligation", obligation, "2026-03-20", self.anna), ("audit", audit, "2026-03-02", self.lena),
            ("breach_cure", breach, "2026-03-27", self.anna), ("finding", finding, "2026-03-30", self.felix),
            ("review", self.contract, "2026-03-02", self.anna), ("issue", issue, "2026-03-09", issue.user_id),
        ):
            with self.subTest(kind):
                row = self.due(kind).filtered(lambda r, i=record.id: r.res_id == i)
                self.assertEqual((row.res_model, str(row.date_due), row.user_id, row.contract_id),
                                 (record._name, day, user, self.contract))
        self.assertEqual(self.due("review").name, f"{self.contract.name} {self.contract.title}")
        obligation.action_done()
        finding.with_user(self.boss).action_accept("Small")
        breach.action_cure()
        self.assertFalse(self.due("obligation") | self.due("finding") | self.due("breach_cure"))

    def test_ids_are_stable_and_of_one_record_each(self):
        rows = [self.an_obligation(due=f"2026-04-{day:02d}") for day in range(1, 6)]
        first = {row.res_id: row.id for row in self.due("obligation")}
        self.assertEqual(len(set(self.due().ids)), len(self.due()))
        rows[0].action_done()
        rows[4].date_due = "2026-03-01"
        for row in self.due("obligation"):
            self.assertEqual(row.id, first[row.res_id])
        self.assertEqual(self.due("obligation")[0].res_id, rows[4].id, "ordered by day")

    def test_when_is_told_by_the_readers_day(self):
        for day in ("2026-03-01", "2026-03-02", "2026-03-03", "2026-04-01", "2026-04-02"):
            self.an_obligation(due=day)
        self.assertEqual([(row.state, row.days_left) for row in self.due("obligation")], [
            ("overdue", -1), ("today", 0), ("soon", 1), ("soon", 30), ("later", 31)])

    def test_templates_amendments_and_ended_contracts_fall_not_due(self):
        draft = self.a_contract(activate=False, date_end="2026-06-30")
        self.an_obligation(contract_id=draft.id)
        self.assertEqual(self.due("obligation").contract_id, draft, "what a draft needs is seen")
        self.assertNotIn(draft, self.due("end").contract_id)
        self.amend(draft, state="terminated")
        self.assertFalse(self.due("obligation"))
        shadow = self.a_contract(activate=False)
        self.an_obligation(contract_id=shadow.id)
        shadow._write_unlocked({"amends_id": self.contract.id, "effective_on": "2026-04-01"})
        self.assertFalse(self.due("obligation"))

    def test_a_done_certificate_falls_due_at_its_expiry(self):
        found = self.an_obligation("insurance", repeat="none")
        self.a_file(obligation_id=found.id)
        found.action_done("2026-03-01", "2026-12-31")
        self.assertEqual(str(self.due("certificate").date_due), "2026-12-31")

    def test_people_of_the_service_and_of_the_company_only(self):
        self.an_obligation()
        for user in (self.agent, self.felix, self.lena, self.boss):
            self.assertTrue(self.due("obligation", user))
        self.assertFalse(self.due("obligation", self.other_manager))
        for user in (self.clerk, self.carla, self.diego):
            with self.assertRaises(AccessError):
                self.due("obligation", user)
        with self.assertRaises(AccessError):
            self.due("obligation").with_user(self.boss).unlink()

    def test_a_click_opens_the_record_itself(self):
        found = self.an_obligation()
        row = self.due("obligation")
        self.assertEqual((row.action_open_record()["res_model"], row.action_open_record()["res_id"]),
                         ("aftersales.obligation", found.id))
        self.contract.invalidate_recordset()
        self.assertIn(row, self.contract.due_ids)
        self.assertEqual(self.contract.with_user(self.anna).due_count, 1)

    def test_the_calendar_is_one_query_for_any_number(self):
        for day in range(1, 20):
            self.an_obligation(due=f"2026-03-{day:02d}")
        Due = self.env["aftersales.due"].with_user(self.anna)
        fields = ["name", "kind", "date_due", "state", "user_id"]
        mine = [("kind", "=", "obligation"), ("partner_id", "=", self.customer.id)]
        Due.search_read(mine, fields, limit=5)
        self.env.flush_all()
        with self.assertQueryCount(3):
            rows = Due.search_read(mine, fields)
        self.assertEqual(len(rows), 19)

    def test_the_days_of_the_contract_itself(self):
        own = {"date_end": "2026-12-31", "legal_user_id": self.lena.id}
        kept = self.a_contract(**own, notice_period=90, renewal_kind="automatic")
        let_go = self.a_contract(**own, renewal_kind="automatic", do_not_renew=True,
                                 do_not_renew_reason="Plant closes")
        plain = self.a_contract(**own)
        rows = {(row.contract_id, row.kind): row for row in self.due() if row.contract_id in kept | let_go | plain}
        self.assertEqual(set(rows), {(kept, "notice"), (kept, "renewal"), (let_go, "end"), (plain, "end")})
        self.assertEqual(rows[kept, "notice"].date_due, kept.last_safe_day)
        self.assertEqual((rows[kept, "notice"].desk, rows[kept, "notice"].user_id), ("legal", self.anna))

    def test_a_last_safe_day_that_passed_stays_for_two_weeks(self):
        kept = self.a_contract(date_end="2026-12-31", notice_period=90, renewal_kind="automatic")
        day = kept.last_safe_day
        for after, seen in ((14, True), (15, False)):
            with freeze_time(day + timedelta(days=after)):
                self.assertEqual(bool(self.due("notice").filtered(lambda row: row.contract_id == kept)), seen)

    def test_other_aggregates(self):
        """Every source is a sound query, and its rows open a record of the model it names."""
        sources = self.env["aftersales.due"]._sources()
        self.assertEqual(len({source.code for source in sources}), len(sources), "one code a source")
        kinds = dict(self.env["aftersales.due"]._fields["kind"].selection)
        for source in sources:
            with self.subTest(source.model):
                self.assertIn(source.kind, kinds)
                self.assertLess(source.code, 128)
                self.env.execute_query(self.env["aftersales.due"]._source_sql(source))
        nda = self.env["aftersales.nda"].create({
            "title": "Mutual", "user_id": self.lena.id, "effective_date": "2026-01-01", "term_kind": "end",
            "date_end": "2026-03-20"})
        nda._write_guarded({"state": "signed"})
        row = self.env["aftersales.due"].with_user(self.lena).search([("kind", "=", "nda"), ("res_id", "=", nda.id)])
        self.assertEqual((str(row.date_due), row.user_id, row.state), ("2026-03-20", self.lena, "soon"))
        submitted = self.a_contract(activate=False)
        submitted.with_user(self.anna).action_submit()
        waiting = self.due("approval").filtered(lambda one: one.contract_id == submitted)
        self.assertTrue(waiting)
        self.assertFalse(waiting.user_id, "a group is asked, not a person")
