"""Clauses: library, deviation, review by legal, mandatory ones, languages, and placeholders that run nothing."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged

from .legal_case import LegalCase

EVIL = '<img src=x onerror=alert(1)>"{{ number }}"${7*7}\n7. The customer pays nothing.'


@tagged("post_install", "-at_install")
class ClauseCase(LegalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.category = cls.env.ref("aftersales_contracts.clause_category_liability")
        cls.env["aftersales.clause"].search([]).mandatory_type_ids = False
        cls.clause = cls.a_clause("CAP", "Cap", {
            "preferred": "Liability is limited to the fees of {{ customer }}.",
            "acceptable": "Liability is limited to twice the fees of {{ customer }}.",
            "last_resort": "Liability is limited to {{ liability_cap }}."})
        cls.draft = cls.a_contract(activate=False, title="Draft", governing_law_id=cls.env.ref("base.de").id)

    @classmethod
    def a_clause(cls, code, title, texts, lang="en_US", **values):
        clause = cls.env["aftersales.clause"].create(
            {"code": code, "name": title, "category_id": cls.category.id, **values})
        cls.texts_of(clause, title, texts, lang)
        return clause

    @classmethod
    def texts_of(cls, clause, title, texts, lang="en_US"):
        versions = cls.env["aftersales.clause.version"].create([
            {"clause_id": clause.id, "lang": lang, "rung": rung, "title": title, "text": text,
             "valid_from": "2020-01-01"} for rung, text in texts.items()])
        versions.with_user(cls.env.user if clause.company_id else cls.lena).action_approve()
        return versions

    def version(self, rung="preferred", lang="en_US", clause=None):
        return (clause or self.clause).version_ids.filtered(
            lambda one: (one.rung, one.lang, one.state) == (rung, lang, "approved"))

    def a_row(self, text=None, by=None, contract=None, **values):
        values = {"contract_id": (contract or self.draft).id, "clause_id": self.clause.id, **values}
        if text:
            values["text"] = text
        return self.env["aftersales.contract.clause"].with_user(by or self.anna).create(values).with_user(self.env.user)


class TestLibrary(ClauseCase):
    def test_an_approved_text_does_not_change_and_a_draft_is_nobodys_yet(self):
        version = self.version()
        for user in (self.lena, self.boss, self.env.user):
            for vals in ({"text": "Other"}, {"title": "Other"}, {"lang": "de_DE"}, {"state": "draft"}, {"number": 9}):
                with self.subTest(f"{user.login} {vals}"), self.assertRaises(UserError):
                    version.with_user(user).write(vals)
            with self.assertRaises(UserError):
                version.with_user(user).unlink()
        draft = self.env["aftersales.clause.version"].with_user(self.lena).create(
            {"clause_id": self.clause.id, "lang": "en_US", "title": "Cap", "text": "Draft"})
        with self.assertRaises(ValidationError):
            self.a_row(version_id=draft.id)
        draft.text = "Changed"
        draft.unlink()

    def test_only_legal_and_administrators_decide_on_texts(self):
        draft = self.env["aftersales.clause.version"].create(
            {"clause_id": self.clause.id, "lang": "en_US", "title": "Cap", "text": "Draft"})
        for user in (self.agent, self.anna, self.felix, self.clerk, self.carla):
            with self.subTest(user.login), self.assertRaises(AccessError):
                draft.with_user(user).action_approve()
        with self.assertRaises(UserError):
            self.env["aftersales.clause.version"].with_user(self.lena).create(
                {"clause_id": self.clause.id, "lang": "en_US", "title": "Cap", "text": "x", "state": "approved"})
        context = self.env["aftersales.clause.version"].with_user(self.lena).with_context(default_state="approved")
        self.assertEqual(context.create(
            {"clause_id": self.clause.id, "lang": "en_US", "title": "Cap", "text": "x"}).state, "draft")
        draft.with_user(self.lena).action_approve()
        self.assertEqual((draft.state, draft.number, draft.approved_by_id), ("approved", 2, self.lena))

    def test_a_new_version_never_changes_a_contract_that_holds_the_old_one(self):
        row = self.a_row()
        before = (row.text, row.version_id, row.deviation)
        self.texts_of(self.clause, "Cap", {"preferred": "No liability."})
        self.assertEqual((row.text, row.version_id, row.deviation), before)
        self.assertIn("newer text", row.library_note)
        self.assertEqual(self.a_row(contract=self.a_contract(activate=False)).text, "No liability.")
        self.draft._adopt("Test")
        row.invalidate_recordset()
        self.assertEqual((row.text, row.deviation, row.library_note), (before[0], "none", False))

    def test_a_text_with_an_unknown_placeholder_is_not_approved(self):
        version = self.env["aftersales.clause.version"].create(
            {"clause_id": self.clause.id, "lang": "en_US", "title": "Cap", "text": "For {{ custmer }}."})
        with self.refused(UserError, "custmer.*Known names.*customer"):
            version.with_user(self.lena).action_approve()
        with self.refused(ValidationError, "not a placeholder"):
            version.text = "For {{ 7*7 }}."

    def test_shipped_texts_are_whole(self):
        """Every mandatory clause has its text in five languages, and every placeholder of them is known."""
        clauses = self.env["aftersales.clause"].search([("company_id", "=", False), ("use", "=", "contract")])
        self.assertGreaterEqual(len(clauses), 10)
        shipped = self.env["ir.model.data"].search(
            [("module", "=", "aftersales_contracts"), ("model", "=", "aftersales.clause.version")])
        versions = self.env["aftersales.clause.version"].browse(shipped.mapped("res_id"))
        for version in versions:
            version._check_placeholders_known()
            self.assertEqual((version.state, version.number), ("approved", 1))
        mandatory = ("SCOPE", "FEES", "LIABILITY", "CONFIDENTIALITY", "DATA", "INFOSEC", "IP", "TERMINATION", "LAW")
        for code in mandatory:
            langs = versions.filtered(lambda one, code=code: one.clause_id.code == code).mapped("lang")
            self.assertLessEqual({"en_US", "de_DE", "fr_FR", "zh_TW", "zh_CN"}, set(langs), code)
        for code in ("LIABILITY", "FEES", "TERMINATION"):
            rungs = versions.filtered(
                lambda one, code=code: one.clause_id.code == code and one.lang == "en_US").mapped("rung")
            self.assertEqual(set(rungs), {"preferred", "acceptable", "last_resort"}, code)


class TestDeviation(ClauseCase):
    def test_section_4_item_14_white_space_is_no_deviation(self):
        """Field study 4.14: normalised hash and word diff against the library; a change of white space is none."""
        for text in ("Liability is limited to the fees of {{customer}}.",
                     "Liability  is\nlimited to the fees of {{ customer }}.",
                     "Liability is limited to\u00a0the fees of Harbour Freight."):  # the value itself says the same
            row = self.a_row(text)
            self.assertEqual((row.deviation, row.redline), ("none", False), text)
        self.assertEqual(self.draft.clause_deviation, "none")

    def test_section_4_item_14_only_deviated_clauses_go_to_legal(self):
        self.a_row()
        self.a_row(version_id=self.version("last_resort").id)
        self.draft.liability_cap = 1000
        deviating = self.a_row("Liability is limited to half the fees of {{ customer }}.")
        with freeze_time("2026-03-02 08:00:00"):
            self.draft.with_user(self.anna).action_submit()
        review = self.draft.clause_review_ids
        self.assertEqual((review.row_id, review.state, review.requested_by_id), (deviating, "open", self.anna))
        self.assertEqual(
            [change for change in review.redline if change[0] != "keep"], [["insert", " half"]])
        self.draft.with_user(self.boss).action_approve()
        with self.refused(UserError, "legal has not accepted"):
            self.draft.with_user(self.lena).action_approve()
        with freeze_time("2026-03-03 14:30:00"):
            review.with_user(self.lena).decide("accepted")
        self.assertEqual((review.state, review.cycle_hours), ("accepted", 30.5))
        self.draft.with_user(self.lena).action_approve()
        self.assertEqual(self.draft.state, "approved")

    def test_levels_follow_the_rungs_and_the_worst_counts(self):
        row = self.a_row()
        for rung, level in (("acceptable", "acceptable"), ("last_resort", "last_resort"), ("preferred", "none")):
            row.text = self.version(rung).text
            self.assertEqual((row.deviation, self.draft._clause_deviation()), (level, level))
        self.a_row("Something else entirely.")
        self.a_row(version_id=self.version("acceptable").id)
        self.assertEqual((self.draft.clause_deviation, self.draft._clause_deviation()), ("deviating", "deviating"))

    def test_an_own_clause_deviates_from_nothing_and_goes_to_legal(self):
        row = self.a_row("Cake on Fridays.", clause_id=False, title="Cake")
        self.assertEqual((row.deviation, row.nearest_id.id, row.redline), ("deviating", False, False))

    def test_the_verdict_cannot_be_told_by_a_remote_call(self):
        row = self.a_row("No liability at all.", deviation="none")
        self.assertEqual(row.deviation, "deviating")
        row.with_user(self.anna).write({"deviation": "none"})
        self.draft.with_user(self.anna).write({"clause_deviation": "none"})
        Row = self.env["aftersales.contract.clause"].with_user(self.anna)
        Row.with_context(default_deviation="none").create(
            {"contract_id": self.draft.id, "clause_id": self.clause.id, "text": "Nothing."})
        self.draft.with_user(self.anna).action_submit()
        self.assertEqual((self.draft.clause_deviation, len(self.draft.clause_review_ids)), ("deviating", 2))
        for vals in ({"review_state": "accepted"}, {"edited_by_id": self.lena.id}):
            row.with_user(self.anna).write(vals)
        self.assertEqual((row.review_state, row.edited_by_id), ("open", self.anna))

    def test_a_value_typed_in_full_is_compared_anew_on_submission(self):
        row = self.a_row("Liability is limited to the fees of Harbour Freight.")
        self.assertEqual(row.deviation, "none")
        self.draft.partner_id = self.stranger
        self.draft.with_user(self.anna).action_submit()
        self.assertEqual(row.deviation, "deviating")

    def test_clauses_are_locked_with_the_paper(self):
        row = self.a_row()
        self.draft._adopt("Test")
        for user in (self.anna, self.lena, self.boss):
            with self.subTest(user.login), self.refused(UserError, "amendment"):
                row.with_user(user).write({"text": "Other"})
            with self.refused(UserError, "amendment"):
                row.with_user(user).unlink()
            with self.refused(UserError, "amendment"):
                self.a_row(by=user)

    def test_many_clauses_take_few_queries(self):
        rows = self.env["aftersales.contract.clause"].create([
            {"contract_id": self.draft.id, "clause_id": self.clause.id, "text": f"Text {number}."}
            for number in range(40)])
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(40):
            self.env["aftersales.contract.clause"].browse(rows.ids)._compare()


class TestReview(ClauseCase):
    def setUp(self):
        super().setUp()
        self.row = self.a_row("No liability.")
        self.draft.with_user(self.anna).action_ask_legal()
        self.review = self.draft.clause_review_ids

    def test_legal_returns_with_a_reason_and_the_text_comes_back_changed(self):
        with self.refused(UserError, "Say why"):
            self.review.with_user(self.lena).decide("returned")
        self.review.with_user(self.lena).decide("returned", "Too far")
        self.draft.with_user(self.anna).action_submit()
        self.draft.with_user(self.boss).action_approve()
        with self.refused(UserError, "returned clause.*Too far"):
            self.draft.with_user(self.lena).action_approve()
        self.draft.with_user(self.lena).action_reject("Change the clause")
        self.assertEqual((self.row.review_state, self.row.review_reason), ("returned", "Too far"))
        self.row.text = "Little liability."
        self.assertEqual(self.row.review_state, "ask")
        self.draft.with_user(self.anna).action_submit()
        self.assertEqual(self.draft.clause_review_ids.sorted("id").mapped("state"), ["void", "open"])

    def test_who_wrote_or_asked_does_not_decide(self):
        both = self._a_user("both", "aftersales_contracts.group_legal,aftersales_contracts.group_account_manager")
        self.row.with_user(both).write({"text": "Hardly any liability."})
        self.draft.with_user(self.anna).action_ask_legal()
        review = self.row.review_ids.filtered(lambda one: one.state == "open")
        for user in (self.agent, self.anna, self.felix, both, self.clerk, self.carla):
            self.assertFalse(review.sudo().with_user(self.lena).env.su)
            with self.subTest(user.login), self.assertRaises(AccessError):
                review.with_user(user).decide("accepted")
        review.with_user(self.lena).decide("accepted")

    def test_no_way_round_the_decision(self):
        for user in (self.anna, self.lena, self.boss):
            for vals in ({"state": "accepted"}, {"fingerprint": "x"}):
                with self.subTest(f"{user.login} {vals}"), self.assertRaises(AccessError):
                    self.review.with_user(user).write(vals)
            with self.assertRaises(AccessError):
                self.env["aftersales.clause.review"].with_user(user).create({
                    "row_id": self.row.id, "state": "accepted", "requested_by_id": user.id,
                    "requested_at": "2026-03-02 08:00:00", "fingerprint": self.review.fingerprint})
        with self.assertRaises(UserError):
            self.review.with_user(self.lena).decide("void")
        self.row.text = "Other."
        self.assertEqual(self.review.state, "void")
        with self.assertRaises(UserError):
            self.review.with_user(self.lena).decide("accepted")

    def test_the_wizard_of_legal(self):
        context = self.review.with_user(self.lena).action_open_return()["context"]
        with Form(self.env["aftersales.clause.decision"].with_user(self.lena).with_context(**context)) as form:
            form.reason = "Not that"
        form.record.action_decide()
        self.assertEqual((self.review.state, self.review.reason), ("returned", "Not that"))
        with self.assertRaises(AccessError):
            self.env["aftersales.clause.decision"].with_user(self.anna).create(
                {"review_ids": self.review.ids, "decision": "accepted"})


class TestMandatory(ClauseCase):
    def test_a_type_that_needs_clauses_blocks_without_its_mandatory_ones(self):
        self.draft.contract_type_id.write({"needs_clauses": True})
        self.clause.mandatory_type_ids = self.draft.contract_type_id
        with self.refused(ValidationError, "mandatory clause Cap"):
            self.draft.with_user(self.anna).action_submit()
        told = self.draft.with_user(self.anna).action_insert_mandatory_clauses()
        self.assertEqual(told["params"]["type"], "success")
        self.assertEqual(self.draft.clause_ids.version_id, self.version())
        with self.refused(UserError, "No mandatory clause is missing"):
            self.draft.with_user(self.anna).action_insert_mandatory_clauses()
        self.draft.with_user(self.anna).action_submit()

    def test_row_32_language_fallback_is_told(self):
        """Field study 5 row 32: language fallback."""
        self.clause.mandatory_type_ids = self.draft.contract_type_id
        self.env["res.lang"]._activate_lang("fr_FR")
        self.draft.lang = "fr_FR"
        told = self.draft.with_user(self.lena).action_insert_mandatory_clauses()
        self.assertEqual((told["params"]["type"], self.draft.clause_ids.version_id.lang), ("warning", "en_US"))
        self.assertIn("en_US", told["params"]["message"])
        self.assertIn("no text in fr_FR", self.draft.draft_warning_text)
        self.assertEqual(self.draft.clause_ids.deviation, "none", "it equals the text it began with")
        german = self.texts_of(self.clause, "Grenze", {"preferred": "Die Haftung ist begrenzt."}, "de_DE")
        self.assertEqual(self.clause._pick_version("de_AT", self.draft._library_day()), german)
        for lang, found in (("zh_TW", "en_US"), ("zh_HK", "en_US")):
            self.assertEqual(self.clause._pick_version(lang, self.draft._library_day()).lang, found)
        chinese = self.texts_of(self.clause, "責任", {"preferred": "責任以費用為限。"}, "zh_TW")
        self.assertEqual(self.clause._pick_version("zh_HK", self.draft._library_day()), chinese)
        self.assertEqual(self.clause._pick_version("zh_CN", self.draft._library_day()).lang, "en_US")

    def test_row_32_clause_withdrawn_while_in_a_draft(self):
        """Field study 5 row 32: clause withdrawn while in a draft: it warns, and legal looks at it."""
        row, signed = self.a_row(), self.a_contract(activate=False)
        kept = self.a_row(contract=signed)
        signed._adopt("Test")
        self.version().with_user(self.lena).action_withdraw()
        self.assertIn("withdrawn", row.library_note)
        self.assertIn("withdrawn", self.draft.draft_warning_text)
        self.assertEqual((row.deviation, kept.deviation, kept.library_note), ("deviating", "none", False))
        self.draft.with_user(self.anna).action_submit()
        self.assertEqual(self.draft.clause_review_ids.row_id, row)

    def test_numbers_follow_the_order_and_the_paragraphs(self):
        rows = self.env["aftersales.contract.clause"].create([
            {"contract_id": self.draft.id, "title": title, "text": text, "level": level, "sequence": sequence}
            for sequence, title, text, level in (
                (1, "A", "One\nTwo", "1"), (2, "B", "One", "2"), (3, "C", "One", "3"), (4, "D", "One", "1"),
                (5, "E", "One", "3"), (6, "F", "One", "2"))])
        self.assertEqual(rows.mapped("number"), ["1", "1.3", "1.3.1", "2", "2.1", "2.2"])
        rows[3].sequence = 0
        self.assertEqual(rows.mapped("number"), ["2", "2.3", "2.3.1", "1", "2.3.2", "2.4"])

    def test_a_clause_of_another_company_is_refused(self):
        foreign = self.a_clause("F", "Foreign", {"preferred": "x"}, company_id=self.other_company.id)
        for values in ({"clause_id": foreign.id}, {"clause_id": False, "version_id": foreign.version_ids.id}):
            with self.subTest(values), self.assertRaises(UserError):
                self.a_row("x", title="x", by=self.env.user, **values)
        with self.assertRaises(ValidationError):
            self.a_row("x", by=self.env.user, version_id=foreign.version_ids.id)

    def test_copying_a_contract_copies_its_clauses_without_reviews(self):
        self.a_row("No liability.")
        self.draft.with_user(self.anna).action_ask_legal()
        copied = self.draft.copy()
        self.assertEqual(copied.clause_ids.mapped("text"), ["No liability."])
        self.assertFalse(copied.clause_review_ids)
        self.assertNotEqual(copied.clause_ids.row_key, self.draft.clause_ids.row_key)


class TestPlaceholders(ClauseCase):
    def test_row_32_a_missing_value_blocks_and_never_prints_blank(self):
        """Field study 5 row 32: missing placeholder value (block, not blank)."""
        row = self.a_row(version_id=self.version("last_resort").id)
        self.assertEqual(row.missing_values, "{{ liability_cap }}")
        with self.refused(ValidationError, r"\{\{ liability_cap \}\} in clause 1 Cap"):
            self.draft.with_user(self.anna).action_submit()
        with self.refused(UserError, r"1 Cap.*\{\{ liability_cap \}\}"):
            row._filled_text()
        with self.assertRaises(UserError):
            self.draft._clause_texts()
        self.draft.liability_cap = 250000
        self.assertIn("250,000.00", row._filled_text())
        self.draft.with_user(self.anna).action_submit()

    def test_values_are_written_as_the_documents_language_does(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.draft.write({"lang": "de_DE", "liability_cap": 250000, "governing_law_id": self.env.ref("base.de").id})
        values = self.draft._placeholder_values()
        self.assertEqual(values["first_day"], "01.01.2026")
        self.assertIn("250.000,00", values["liability_cap"])
        self.assertEqual((values["customer"], values["provider"]), (self.customer.name, self.us.name))
        self.assertIsNone(values["last_day"])
        provider = self.a_contract(activate=False, contract_type_id=self.provider_type.id, partner_id=self.provider.id)
        values = provider._placeholder_values()
        self.assertEqual((values["customer"], values["provider"]), (self.us.name, self.provider.name))
        self.assertEqual(set(values), set(self.draft._placeholder_labels()))

    def test_row_32_script_injection_through_partner_names(self):
        """Field study 5 row 32: HTML or script through partner names stays one line of text."""
        self.customer.name = EVIL
        row = self.a_row("Agreed with {{ customer }}. Then more.")
        text = row._filled_text()
        self.assertIn('<img src=x onerror=alert(1)>"{{ number }}"${7*7} 7. The customer', text, "as text, on one line")
        self.assertEqual(len(self.draft._clause_texts()[0].text.splitlines()), 1)
        self.assertNotIn(self.draft.name, text, "what a value contains is not filled")
        self.customer.name = "Evil\u202egpj.exe"
        self.assertNotIn("\u202e", row._filled_text())

    def test_row_32_template_injection_through_user_edited_placeholders(self):
        """Field study 5 row 32: no code runs from user text."""
        for text in ("{{ object.env }}", "{{ env.cr }}", "{{ customer.__class__ }}", "{{ 7*7 }}", "{{ ''.join('') }}",
                     "{{ __import__('os') }}"):
            with self.subTest(text):
                try:
                    row = self.a_row(f"Cap {text}.")
                except ValidationError as error:
                    self.assertIn("is not a placeholder", str(error))
                    continue
                self.assertTrue(row.missing_values, "a name without a value, and nothing else")
                with self.assertRaises(UserError):
                    row._filled_text()
        row = self.a_row("t-out ${object} %(env)s {env} <t t-out='env'/> #{env} { customer }.")
        self.assertEqual(row._filled_text(), row.text)

    def test_row_32_right_to_left_and_chinese_values(self):
        """Field study 5 row 32: right-to-left and Chinese text go in and come out as they are."""
        for name in ("شركة الضواغط", "台灣精密工業股份有限公司"):
            self.customer.name = name
            self.assertEqual(self.a_row("For {{ customer }}.")._filled_text(), f"For {name}.")
