"""Agreements: who may be told what, for which purpose, until when; signature, ending, and what contracts need."""

import base64
from datetime import datetime

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged

from .legal_case import PDF, LegalCase


@tagged("post_install", "-at_install")
class TestGate(LegalCase):
    """Field study 5 row 30, each part; the engine's own tests hold the same rows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls.a_contract(title="Served", dealer_id=cls.dealer.id)
        cls.document = cls.a_document(shared_with_ids=[Command.set(cls.dealer.ids)])

    def test_without_an_agreement_nothing_is_shown(self):
        decision = self.ask(self.document)
        self.assertFalse(decision.allowed)
        self.assertEqual(decision.reasons, ("there is no agreement with Northern Dealer that covers "
                                            "Drawings and Parts Lists",))
        self.document.confidential = False
        self.assertTrue(self.ask(self.document).allowed)
        self.document.write({"confidential": True, "owner_id": self.dealer.id})
        self.assertEqual(self.ask(self.document).reasons, ("it is the party's own",))

    def test_row_30_two_agreements_overlap_and_the_stricter_wins(self):
        first = self.an_nda(self.dealer)
        self.assertEqual(self.ask(self.document).reasons, (f"{first.display_name} allows it",))
        second = self.an_nda(self.dealer, purpose_ids=[Command.set(self.sales.ids)])
        decision = self.ask(self.document)
        self.assertFalse(decision.allowed)
        self.assertIn(second.name, decision.reasons[0])
        self.assertTrue(self.ask(self.document, purpose=self.sales).allowed)
        third = self.an_nda(self.dealer, scope_ids=[Command.set(self.prices.ids)],
                            purpose_ids=[Command.set(self.sales.ids)])
        self.assertNotIn(third.name, "".join(self.ask(self.document).reasons), "it covers other documents")

    def test_row_30_mutual_and_unilateral(self):
        roles = {self.us: "recipient", self.dealer: "discloser"}
        nda = self.an_nda(self.dealer, kind="one_way", roles=roles)
        self.assertFalse(self.ask(self.document).allowed, "it covers the dealer's secrets only")
        theirs = self.a_document(owner_id=self.dealer.id)
        self.assertTrue(self.ask(theirs, party=self.us).allowed)
        self.assertEqual(nda.discloser_id, self.dealer)
        self.an_nda(self.dealer, kind="one_way", roles={self.us: "discloser", self.dealer: "recipient"})
        self.assertTrue(self.ask(self.document).allowed)

    def test_row_30_multi_party(self):
        self.an_nda(self.dealer, self.provider, kind="multi_party")
        for party, allowed in ((self.dealer, True), (self.provider, True), (self.stranger, False)):
            self.assertEqual(self.ask(self.document, party=party).allowed, allowed, party.name)

    def test_row_30_a_parent_company_signed_but_its_subsidiary_works(self):
        subsidiary = self.env["res.partner"].create(
            {"name": "Northern Dealer North", "is_company": True, "parent_id": self.dealer.id})
        nda = self.an_nda(self.dealer)
        decision = self.ask(self.document, party=subsidiary)
        self.assertFalse(decision.allowed)
        self.assertIn("is not group-wide: Northern Dealer North is not bound", decision.reasons[0])
        self.assertIn(nda.name, decision.reasons[0])
        wide = self.an_nda(self.dealer, group_wide=True)
        self.assertEqual(self.ask(self.document, party=subsidiary).reasons, (f"{wide.display_name} allows it",))

    def test_row_30_expires_mid_contract_and_secrecy_runs_on(self):
        nda = self.an_nda(self.dealer, survival_kind="months", survival_months=60, return_duty="destroy")
        self.assertTrue(self.ask(self.document, on="2026-12-31 23:59:59").allowed)
        decision = self.ask(self.document, on="2027-01-01 00:00:00")
        self.assertFalse(decision.allowed)
        self.assertIn("ended before 2027-01-01", decision.reasons[0])
        self.assertEqual(decision.duties[0][1:], (fields.Date.to_date("2032-01-01"), True))
        self.assertEqual(nda.secret_until, fields.Date.to_date("2031-12-31"))

    def test_row_30_signed_after_first_disclosure_is_flagged(self):
        record = self.env["aftersales.nda.access"].with_user(self.anna).record_disclosure
        with freeze_time("2026-02-01 12:00:00"):
            record(self.document.id, self.dealer.id, self.service.id, "2026-01-20 09:00:00", "By e-mail")
        line = self.document.access_ids
        self.assertEqual((line.kind, line.allowed, line.disclosed), ("by_hand", False, True))
        self.assertEqual(self.ask(self.document).flags, ("disclosed on 2026-01-20 without a signed agreement",))
        nda = self.an_nda(self.dealer, signed="2026-02-10 08:00:00")
        flags = self.ask(self.document).flags
        self.assertIn("disclosed on 2026-01-20, before", flags[0])
        self.assertIn("was signed on 2026-02-10", flags[0])
        self.assertIn("before the signature", nda.with_user(self.lena).early_disclosure)
        other = self.an_nda(self.provider)
        self.assertFalse(other.early_disclosure)

    def test_what_was_signed_later_was_not_signed_then(self):
        self.an_nda(self.dealer, signed="2026-02-10 08:00:00")
        self.assertIn("is not signed", self.ask(self.document, on="2026-02-10 07:59:59").reasons[0])
        self.assertTrue(self.ask(self.document, on="2026-02-10 08:00:00").allowed)

    def test_row_30_perpetual(self):
        nda = self.an_nda(self.dealer, term_kind="perpetual", date_end=False)
        self.assertFalse(nda.date_end or nda.last_day)
        decision = self.ask(self.document, on="2076-01-01 00:00:00")
        self.assertTrue(decision.allowed)
        self.assertIsNone(decision.access_ends)

    def test_row_30_revoked(self):
        nda = self.an_nda(self.dealer)
        with freeze_time("2026-06-01 12:00:00"):
            nda.with_user(self.lena).revoke("2026-06-02", "Found at a competitor's")
            self.assertTrue(self.ask(self.document, on="2026-06-01 23:59:59").allowed)
            decision = self.ask(self.document, on="2026-06-02 00:00:00")
        self.assertIn("was revoked on 2026-06-02", decision.reasons[0])
        self.assertEqual(nda.state, "signed", "it moves when the day has come")
        with freeze_time("2026-06-02 12:00:00"):
            nda._nightly_nda(None)
        self.assertEqual(nda.state, "revoked")

    def test_row_30_purpose_mismatch(self):
        self.an_nda(self.dealer, purpose_ids=[Command.set(self.service.ids)])
        decision = self.ask(self.document, purpose=self.sales)
        self.assertIn("does not allow the purpose Sales and Quotation, only Service and Repair", decision.reasons[0])
        self.document.purpose_ids = self.sales
        decision = self.ask(self.document)
        self.assertFalse(decision.allowed)
        self.assertEqual(decision.reasons, (
            "the document is not given out for the purpose Service and Repair, only Sales and Quotation",))

    def test_row_30_a_person_leaves_the_partner(self):
        colleague = self.env["res.partner"].create({"name": "Eve", "parent_id": self.dealer.id})
        nda = self.an_nda(self.dealer, signed=False)
        nda.party_ids[1].person_ids = self.dealer_contact
        nda._signing_done(datetime(2026, 1, 1), self.a_scan())
        self.assertTrue(self.ask(self.document, person=self.dealer_contact).allowed)
        self.assertIn("allows named persons only, not Northern Dealer, Eve",
                      self.ask(self.document, person=colleague).reasons[0])
        self.assertFalse(self.ask(self.document).allowed, "nobody in particular is not named")
        self.dealer_contact.aftersales_left_on = "2026-06-02"
        self.assertTrue(self.ask(self.document, person=self.dealer_contact).allowed)
        self.dealer_contact.aftersales_left_on = "2026-06-01"
        self.assertIn("left Northern Dealer on 2026-06-01",
                      self.ask(self.document, person=self.dealer_contact).reasons[0])
        self.dealer_contact.write({"aftersales_left_on": False, "parent_id": self.provider.id})
        self.assertIn("does not act for", self.ask(self.document, person=self.dealer_contact).reasons[0])

    def test_row_30_persons_of_one_party_do_not_bind_another(self):
        nda = self.an_nda(self.dealer, self.provider, kind="multi_party", signed=False)
        nda.party_ids[1].person_ids = self.dealer_contact
        nda._signing_done(datetime(2026, 1, 1), self.a_scan())
        self.assertTrue(self.ask(self.document, party=self.provider).allowed)
        self.assertFalse(self.ask(self.document, party=self.dealer).allowed)

    def test_row_30_merger(self):
        self.an_nda(self.dealer)
        successor = self.env["res.partner"].create({"name": "Dealer United", "is_company": True, "tz": "UTC"})
        self.assertFalse(self.ask(self.document, party=successor).allowed)
        self.dealer.aftersales_successor_id = successor
        self.assertTrue(self.ask(self.document, party=successor).allowed)
        with self.assertRaises(ValidationError):
            successor.aftersales_successor_id = self.dealer

    def test_row_30_merger_of_contacts_keeps_agreement_and_log(self):
        nda = self.an_nda(self.dealer)
        double = self.env["res.partner"].create({"name": "Northern Dealer (double)", "is_company": True, "tz": "UTC"})
        other = self.an_nda(double)
        self.env["aftersales.nda.access"]._ask(self.document, double, self.service)
        Merge = self.env["base.partner.merge.automatic.wizard"]
        Merge._merge((self.dealer | double).ids, self.dealer)
        self.env.invalidate_all()
        self.assertEqual((nda | other).party_ids.partner_id, self.us | self.dealer)
        self.assertEqual(self.document.access_ids.party_id, self.dealer)
        self.assertTrue(self.ask(self.document).allowed)

    def test_row_30_a_portal_user_of_two_partners(self):
        """The same person acts for two companies as two contacts: for each it sees what that one may."""
        self.an_nda(self.dealer)
        second = self.env["res.partner"].create({"name": "Diego Dealer", "parent_id": self.provider.id})
        self.assertTrue(self.ask(self.document, person=self.dealer_contact).allowed)
        self.assertFalse(self.ask(self.document, party=self.provider, person=second).allowed)
        self.assertIn("does not act for", self.ask(self.document, person=second).reasons[0])

    def test_row_17_section_4_item_7_midnight_of_the_partys_zone(self):
        """Field study 4.7 and 5 row 17: access ends at midnight in Taipei, later in Los Angeles."""
        for zone, last in (("Asia/Taipei", "2026-12-31 15:59:59"), ("America/Los_Angeles", "2027-01-01 07:59:59")):
            party = self.env["res.partner"].create({"name": zone, "is_company": True, "tz": zone})
            nda = self.an_nda(party)
            self.assertEqual(nda.party_ids[1].tz, zone)
            self.assertTrue(self.ask(self.document, party=party, on=last).allowed, zone)
            after = fields.Datetime.add(fields.Datetime.to_datetime(last), seconds=1)
            self.assertFalse(self.ask(self.document, party=party, on=after).allowed, zone)
            self.assertEqual(self.ask(self.document, party=party, on=last).access_ends.replace(tzinfo=None), after)

    def test_personal_data_needs_a_data_processing_agreement_too(self):
        self.document.category_id = self.env.ref("aftersales_contracts.document_category_personal")
        self.an_nda(self.dealer)
        self.assertFalse(self.ask(self.document).allowed)
        dpa = self.an_nda(self.dealer, agreement_type="dpa", data_subjects="Operators", data_categories="Names")
        self.assertTrue(self.ask(self.document).allowed)
        with freeze_time("2026-05-01 12:00:00"):
            dpa.with_user(self.lena).terminate("2026-05-31", "Done")
        self.assertIn(dpa.name, self.ask(self.document).reasons[0])

    def test_companies_of_one_name_are_not_one_company(self):
        twin = self.env["res.partner"].create({"name": self.dealer.name, "is_company": True, "tz": "UTC"})
        self.an_nda(self.dealer)
        self.assertFalse(self.ask(self.document, party=twin).allowed)
        self.assertTrue(self.ask(self.document).allowed)

    def test_many_documents_take_few_queries(self):
        self.an_nda(self.dealer)
        documents = self.env["aftersales.document"].create([{
            "name": f"Drawing {number}", "contract_id": self.contract.id, "category_id": self.drawings.id,
            "file": base64.b64encode(PDF), "file_name": "x.pdf", "owner_id": self.us.id} for number in range(60)])
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(45):
            decisions = self.env["aftersales.nda"]._may_see_each(self.dealer, documents, self.service)
        self.assertEqual(len(decisions), 60)

    def test_the_question_by_remote_call_and_by_form(self):
        self.an_nda(self.dealer)
        Nda = self.env["aftersales.nda"]
        for user in (self.anna, self.felix, self.lena, self.boss):
            answer = Nda.with_user(user).may_see(self.dealer.id, self.document.id, self.service.id, "2026-12-31")
            self.assertEqual((answer["allowed"], answer["access_ends"]), (True, "2027-01-01T00:00:00+00:00"))
        for user in (self.agent, self.clerk, self.carla, self.diego, self.outsider, self.other_manager):
            with self.subTest(user.login), self.assertRaises(AccessError):
                Nda.with_user(user).may_see(self.dealer.id, self.document.id, self.service.id)
        for wrong in ("soon", "2026-13-41", "2026-02-30 10:00:00"):
            with self.subTest(wrong), self.refused(UserError, "neither a day"):
                Nda.with_user(self.lena).may_see(self.dealer.id, self.document.id, self.service.id, wrong)
        with Form(self.env["aftersales.nda.question"].with_user(self.lena)) as form:
            form.party_id, form.document_id, form.purpose_id = self.dealer, self.document, self.service
            form.on = "2026-06-01"
            self.assertEqual(form.answer, "yes")
            form.on = "2027-06-01"
            self.assertEqual(form.answer, "no")
            self.assertIn("ended before 2027-01-01", form.reasons)
        self.assertFalse(self.document.access_ids, "asking is no access")


@tagged("post_install", "-at_install")
class TestAgreement(LegalCase):
    def test_paper_fields_are_fixed_once_signed(self):
        nda = self.an_nda(self.dealer)
        for user in (self.anna, self.lena, self.boss, self.env.user):
            for vals in ({"date_end": "2030-12-31"}, {"purpose_ids": [Command.set(self.sales.ids)]},
                         {"group_wide": True}, {"text": "Other"}, {"last_day": "2030-12-31"}):
                with self.subTest(f"{user.login} {vals}"), self.refused(UserError, "is signed"):
                    nda.with_user(user).write(vals)
            for act in (lambda user=user: nda.party_ids[1].with_user(user).write({"tz": "Asia/Taipei"}),
                        lambda user=user: nda.party_ids[1].with_user(user).unlink(),
                        lambda user=user: nda.party_ids.with_user(user).create(
                            {"nda_id": nda.id, "partner_id": self.stranger.id})):
                with self.subTest(user.login), self.assertRaises(UserError):
                    act()
        with self.assertRaises(UserError):
            nda.with_user(self.lena).unlink()

    def test_the_state_moves_by_methods_only(self):
        nda = self.an_nda(self.dealer, signed=False)
        for user in (self.anna, self.lena, self.boss, self.env.user):
            for vals in ({"state": "signed"}, {"signed_on": "2026-01-01 08:00:00"}, {"revoked_on": "2026-01-01"},
                         {"returned_on": "2026-01-01"}):
                with self.subTest(f"{user.login} {vals}"), self.assertRaises(UserError):
                    nda.with_user(user).write(vals)
        Nda = self.env["aftersales.nda"].with_user(self.lena)
        with self.assertRaises(UserError):
            Nda.create({"title": "Forged", "state": "signed"})
        self.assertEqual(Nda.with_context(default_state="signed").create({"title": "Forged"}).state, "draft")
        with self.assertRaises(UserError):
            nda.party_ids.with_user(self.lena).write({"signed_on": "2026-01-01 08:00:00"})

    def test_signing_on_paper_takes_legal_a_scan_and_a_day(self):
        nda = self.an_nda(self.dealer, signed=False)
        scan = base64.b64encode(PDF)
        for user in (self.agent, self.anna, self.felix, self.clerk, self.carla):
            with self.subTest(user.login), self.assertRaises(AccessError):
                nda.with_user(user).sign_on_paper("2026-01-01 08:00:00", "s.pdf", scan)
        by_lena = nda.with_user(self.lena)
        for at, file in (("2026-01-01 08:00:00", False), ("2999-01-01 08:00:00", scan), (False, scan)):
            with self.subTest(at), self.assertRaises(UserError):
                by_lena.sign_on_paper(at, "s.pdf", file)
        context = by_lena.action_sign_on_paper()["context"]
        with Form(self.env["aftersales.nda.sign.paper"].with_user(self.lena).with_context(**context)) as form:
            form.signed_at = "2026-01-01 08:00:00"
            form.file = scan
        form.record.action_sign()
        self.assertEqual((nda.state, nda.signed_document_id.raw), ("signed", PDF))
        self.assertEqual(set(nda.party_ids.mapped("signed_on")), {datetime(2026, 1, 1, 8)})
        self.assertEqual(nda.signed_document_id.with_user(self.agent).raw, PDF, "who reads the agreement reads it")
        with self.refused(UserError, "signed already"):
            by_lena.sign_on_paper("2026-01-01 08:00:00", "s.pdf", scan)

    def test_terms_that_contradict_themselves_are_not_signed(self):
        for values, words in (
            ({"kind": "one_way"}, "one-way"),
            ({"kind": "mutual", "others": (self.dealer, self.provider)}, "not the parties of a mutual"),
            ({"others": ()}, "not the parties"),
            ({"text": "For {{ purposes }}."}, r"\{\{ purposes \}\}"),
        ):
            others = values.pop("others", (self.dealer,))
            nda = self.an_nda(*others, signed=False, **values)
            with self.subTest(words), self.refused(UserError, words):
                nda._signing_done(datetime(2026, 1, 1), self.a_scan())
            self.assertEqual(nda.state, "draft")
        for values in ({"term_kind": "months", "term_months": 0}, {"term_kind": "end", "date_end": False},
                       {"survival_kind": "months", "survival_months": 0}):
            with self.subTest(values), self.assertRaises(ValidationError):
                self.an_nda(self.dealer, signed=False, **values)

    def test_a_term_in_months_ends_the_day_before(self):
        nda = self.an_nda(self.dealer, signed=False, term_kind="months", term_months=24, date_end=False)
        self.assertEqual(nda.date_end, fields.Date.to_date("2027-12-31"))
        nda.effective_date = "2024-02-29"
        self.assertEqual(nda.date_end, fields.Date.to_date("2026-02-27"))

    def test_ending_takes_legal_a_reason_and_a_day_to_come(self):
        nda = self.an_nda(self.dealer)
        for user in (self.agent, self.anna, self.felix, self.carla):
            with self.subTest(user.login), self.assertRaises(AccessError):
                nda.with_user(user).revoke("2026-06-02", "No")
        lena = nda.with_user(self.lena)
        with freeze_time("2026-06-01 12:00:00"):
            for day, reason in (("2026-05-31", "x"), ("2026-06-02", ""), ("2027-02-01", "x"), (False, "x")):
                for end in (lena.revoke, lena.terminate):
                    with self.subTest(f"{day} {reason}"), self.assertRaises(UserError):
                        end(day, reason)
            lena.terminate("2026-06-30", "Other dealer")
            self.assertEqual((nda.last_day, nda.state), (fields.Date.to_date("2026-06-30"), "signed"))
            lena.revoke("2026-06-01", "Found at a competitor's")
        self.assertEqual(nda.state, "revoked", "its first day without access is today, for everybody")
        with self.assertRaises(UserError):
            lena.revoke("2999-01-01", "Again")

    def test_return_is_recorded_once_after_the_end(self):
        nda = self.an_nda(self.dealer)
        record = nda.with_user(self.lena).record_return
        with freeze_time("2027-01-10 12:00:00"):
            with self.refused(UserError, "has not ended"):
                record("2027-01-05", "Certificate by mail")
            nda._nightly_nda(None)
            with self.assertRaises(AccessError):
                nda.with_user(self.anna).record_return("2027-01-05", "x")
            for day, note in (("2027-02-01", "x"), ("2027-01-05", " "), (False, "x")):
                with self.assertRaises(UserError):
                    record(day, note)
            record("2027-01-05", "Certificate by mail", "c.pdf", base64.b64encode(PDF))
            self.assertEqual((nda.returned_by_id, nda.return_document_id.raw), (self.lena, PDF))
            with self.refused(UserError, "was recorded"):
                record("2027-01-06", "Again")

    def test_renewing_makes_a_draft_that_goes_on(self):
        nda = self.an_nda(self.dealer, group_wide=True)
        with freeze_time("2026-12-01 12:00:00"):
            renewed = self.env["aftersales.nda"].browse(nda.with_user(self.anna).action_renew()["res_id"])
        self.assertEqual((renewed.state, renewed.effective_date, renewed.date_end, renewed.renews_id), (
            "draft", fields.Date.to_date("2027-01-01"), fields.Date.to_date("2027-12-31"), nda))
        self.assertEqual(renewed.party_ids.partner_id, nda.party_ids.partner_id)
        self.assertFalse(renewed.party_ids.filtered("signed_on") or renewed.signed_on or renewed.signed_document_id)
        self.assertNotEqual(renewed.name, nda.name)
        self.assertTrue(renewed.group_wide)

    def test_sub_processors_are_added_and_ended_and_never_changed(self):
        dpa = self.an_nda(self.dealer, agreement_type="dpa", data_subjects="Operators", data_categories="Names")
        Sub = self.env["aftersales.nda.subprocessor"].with_user(self.lena)
        row = Sub.create({"nda_id": dpa.id, "partner_id": self.stranger.id, "service": "Hosting",
                          "country_id": self.env.ref("base.tw").id, "date_start": "2026-05-01"})
        row.date_end = "2026-06-30"
        with self.assertRaises(UserError):
            row.service = "Everything"
        with self.assertRaises(UserError):
            row.unlink()

    def test_the_text_comes_from_the_library_and_is_filled(self):
        nda = self.an_nda(self.dealer, signed=False, text=False, governing_law_id=self.env.ref("base.de").id)
        nda.clause_version_id = self.env.ref("aftersales_contracts.clause_nda_mutual_en_US")
        self.assertIn(f"{self.us.name}, {self.dealer.name}", nda._filled_text())
        self.dealer.name = "<script>alert(1)</script>{{ number }}"
        self.assertIn("<script>alert(1)</script>{{ number }}", nda._filled_text(), "as text, not filled again")
        for version in self.env["aftersales.clause.version"].search([("clause_id.use", "!=", "contract")]):
            version._check_placeholders_known()

    def test_named_persons_belong_to_their_party(self):
        nda = self.an_nda(self.dealer, signed=False)
        with self.refused(ValidationError, "does not belong"):
            nda.party_ids[1].person_ids = self.contact


@tagged("post_install", "-at_install")
class TestNight(LegalCase):
    def nightly(self, nda, at):
        with freeze_time(at):
            due = self.env["aftersales.nda"].search(nda._nightly_nda_domain(None)) & nda
            return due._nightly_nda(None)

    def lapses(self, nda):
        return self.env["aftersales.nda.access"].search([("nda_id", "=", nda.id), ("kind", "=", "lapse")])

    def test_access_falls_away_in_each_partys_zone_and_leaves_a_line(self):
        taipei, angeles = self.env["res.partner"].create([
            {"name": "East", "is_company": True, "tz": "Asia/Taipei"},
            {"name": "West", "is_company": True, "tz": "America/Los_Angeles"}])
        nda = self.an_nda(taipei, angeles, kind="multi_party")
        self.assertEqual(self.nightly(nda, "2026-12-31 15:59:00"), [])
        self.nightly(nda, "2026-12-31 16:01:00")
        line = self.lapses(nda)
        self.assertEqual((line.party_id, line.at, nda.state), (taipei, datetime(2026, 12, 31, 16), "signed"))
        self.nightly(nda, "2027-01-01 07:00:00")
        self.assertEqual(len(self.lapses(nda)), 1)
        self.nightly(nda, "2027-01-01 09:00:00")
        self.assertEqual((self.lapses(nda).party_id, nda.state), (taipei | angeles, "expired"))

    def test_twice_and_after_weeks_of_downtime_it_is_the_same(self):
        nda = self.an_nda(self.dealer)
        self.nightly(nda, "2027-01-25 03:00:00")
        before = (nda.state, self.lapses(nda).ids, self.lapses(nda).at)
        self.assertEqual(before[0::2], ("expired", datetime(2027, 1, 1)))
        self.nightly(nda, "2027-01-25 03:00:00")
        self.assertEqual(nda._nightly_nda(None), [], "even when it is given to it again")
        self.assertEqual((nda.state, self.lapses(nda).ids, self.lapses(nda).at), before)

    def test_dry_run_and_real_run_tell_the_same(self):
        nda = self.an_nda(self.dealer)
        with freeze_time("2027-01-02 03:00:00"):
            told = self.env["aftersales.nightly"].with_user(self.boss).dry_run("nda")
            self.assertEqual(nda.state, "signed")
            self.assertFalse(self.lapses(nda))
            done = nda._nightly_nda(None)
        self.assertEqual([row["what"] for row in told if row["res_id"] == nda.id], [what for _nda, what in done])

    def test_a_batch_takes_few_queries(self):
        ndas = self.env["aftersales.nda"].browse([self.an_nda(self.dealer).id for _number in range(25)])
        self.env.flush_all()
        self.env.invalidate_all()
        with freeze_time("2027-01-02 03:00:00"), self.assertQueryCount(45):
            ndas._nightly_nda(None)
            self.env.flush_all()
        self.assertEqual(set(ndas.mapped("state")), {"expired"})


@tagged("post_install", "-at_install")
class TestContractNeedsAgreement(LegalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provided = cls.a_contract(
            activate=False, title="Field service", partner_id=cls.provider.id, contract_type_id=cls.provider_type.id)

    def lacks(self):
        with freeze_time("2026-06-01 12:00:00"):
            return self.provided._entry_gaps()

    def test_a_provider_contract_lacks_an_agreement_in_force(self):
        self.assertEqual(self.provided.nda_purpose_ids, self.service)
        self.assertIn("an NDA in force with Field Service Ltd on 2026-06-01 for the purpose Service and Repair",
                      self.lacks()[0])
        draft = self.an_nda(self.provider, signed=False)
        self.assertIn("is not signed: have it signed", self.lacks()[0])
        self.assertIn("an NDA in force", self.provided.draft_warning_text)
        draft._signing_done(datetime(2026, 5, 1), self.a_scan())
        self.assertEqual(self.lacks(), [])

    def test_party_purpose_and_day_count(self):
        self.an_nda(self.dealer)
        self.assertTrue(self.lacks(), "another party's")
        self.an_nda(self.provider, purpose_ids=[Command.set(self.sales.ids)], date_end="2026-05-31")
        self.assertIn("ended before 2026-06-01", self.lacks()[0])
        self.an_nda(self.provider, purpose_ids=[Command.set(self.sales.ids)])
        self.assertIn("does not allow the purpose", self.lacks()[0])
        self.provided.nda_purpose_ids = self.sales
        self.assertEqual(self.lacks(), [])
        self.provided.nda_purpose_ids = False
        self.assertIn("a purpose", self.lacks()[0])

    def test_activation_is_refused_and_customers_need_none(self):
        self.provided.contract_type_id.write({"needs_scope": False, "needs_assessment": False})
        self.put_in_force_until_signed(self.provided)
        with freeze_time("2026-06-01 12:00:00"), self.refused(ValidationError, "an NDA in force"):
            self.provided.with_user(self.anna).action_activate()
        self.an_nda(self.provider)
        with freeze_time("2026-06-01 12:00:00"):
            self.provided.with_user(self.anna).action_activate()
        self.assertEqual(self.provided.state, "active")
        self.assertEqual(self.a_contract(activate=False)._nda_gaps(), [])

    def put_in_force_until_signed(self, contract):
        contract._write_unlocked({"state": "signed"})

    def test_a_dealer_contract_needs_one_for_service_and_sales(self):
        contract = self.a_contract(
            activate=False, partner_id=self.dealer.id, contract_type_id=self.dealer_type.id, policy_id=False)
        self.assertEqual(contract.nda_purpose_ids, self.service | self.sales)
        self.assertEqual(len(contract._nda_gaps()), 2)
        self.an_nda(self.dealer, term_kind="perpetual", date_end=False)
        self.assertEqual(contract._nda_gaps(), [])
