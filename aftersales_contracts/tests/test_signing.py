"""Signing a contract: in order, once, over the text that was sent; refused, changed, late, unauthorised, on paper."""

import base64
import hashlib
from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time
from odoo.tools import mute_logger

from .common import SCAN
from .signing_common import SigningCase, drawn, text_of


class TestSigning(SigningCase):
    def test_a_contract_is_signed_by_both_sides_in_order(self):
        signing = self.sent()
        contract = self.draft
        self.assertEqual(signing.signer_ids.mapped("person_name"), ["Carla Contact", "Anna"])
        self.assertEqual(signing.sha256, hashlib.sha256(signing.attachment_id.raw).hexdigest())
        self.assertEqual(self.sign(signing, self.anna), "wait")
        self.assertEqual(self.sign(signing, self.carla), "sign")
        self.assertEqual((signing.state, contract.state), ("pending", "approved"))
        self.assertEqual(signing.progress_text, "1 of 2 signed, waits for Anna")
        self.assertEqual(self.sign(signing, self.anna), "sign")
        self.assertEqual((signing.state, contract.state), ("complete", "signed"))
        self.assertEqual(contract.signed_on, signing.completed_at)
        self.assertEqual(contract.signed_document_id, signing.signed_attachment_id)
        self.assertRecordValues(signing.signer_ids, [
            {"state": "signed", "signed_sha256": signing.sha256, "ip_address": "192.0.2.7",
             "user_agent": "Test browser", "signed_name": "Carla Contact"},
            {"state": "signed", "signed_sha256": signing.sha256, "ip_address": "192.0.2.7",
             "user_agent": "Test browser", "signed_name": "Anna"}])

    def test_the_document_sent_stays_byte_identical_and_the_certificate_follows_it(self):
        signing = self.sent()
        before = signing.attachment_id.raw
        self.assertEqual(before, self.draft._document_pdf())
        self.sign(signing, self.carla)
        self.sign(signing, self.anna)
        self.assertEqual(signing.attachment_id.raw, before)
        text = text_of(signing.signed_attachment_id.raw)
        self.assertTrue(text.startswith(text_of(before)))
        for fact in ("Signature certificate", "Carla Contact", "Anna", "192.0.2.7", "Test browser", "UTC"):
            self.assertIn(fact, text[len(text_of(before)):])
        self.assertIn(signing.sha256, text.replace(" ", ""))
        self.assertIn("Place and date: ", text_of(self.draft._document_pdf()), "signed, the blocks are filled in")

    def test_each_signer_gets_the_own_link_when_it_is_their_turn(self):
        signing = self.sent()
        first = self.mails_to(self.carla)
        self.assertEqual((len(first), len(self.mails_to(self.anna))), (1, 0))
        token = self.signer(signing, self.carla).access_token
        self.assertIn(f"/my/signing/{signing.id}?access_token={token}", first[0])
        self.sign(signing, self.carla)
        self.assertEqual(len(self.mails_to(self.anna)), 1)
        self.sign(signing, self.anna)
        self.assertEqual(self.mails(self.carla)[-1].attachment_ids, signing.signed_attachment_id)

    def test_nobody_inside_reads_a_link(self):
        """Whoever reads the token of a customer could sign as that customer."""
        signing = self.sent()
        token = self.signer(signing, self.carla).access_token
        row = self.signer(signing, self.carla)
        for user in (self.agent, self.anna, self.lena, self.boss):
            with self.subTest(user.login):
                with self.assertRaises(AccessError):
                    row.with_user(user).read(["access_token"])
                with self.assertRaises(AccessError):
                    self.env["aftersales.signing.signer"].with_user(user).search([("access_token", "=", token)])
                messages = self.env["mail.message"].with_user(user).search([("body", "ilike", "access_token")])
                self.assertNotIn(token, "".join(messages.mapped("body")))

    def test_several_signers_of_one_place_sign_in_any_order(self):
        second = self._a_user("carlos", "base.group_portal", partner_id=self.env["res.partner"].create(
            {"name": "Carlos Contact", "parent_id": self.customer.id, "email": "carlos@example.com"}).id)
        self.draft.party_ids = [Command.create(
            {"partner_id": second.partner_id.id, "role": "signatory", "sign_order": 1})]
        signing = self.sent()
        self.assertEqual(self.sign(signing, second), "sign")
        self.assertEqual(self.sign(signing, self.anna), "wait")
        self.assertEqual(self.sign(signing, self.carla), "sign")
        self.assertEqual(self.sign(signing, self.anna), "sign")
        self.assertEqual(self.draft.state, "signed")

    def test_the_signer_of_our_side_is_logged_as_one(self):
        signing = self.sent()
        self.sign(signing, self.carla)
        self.sign(signing, self.anna)
        duties = self.draft.sudo().duty_ids.filtered(lambda row: row.duty == "signer")
        self.assertEqual(duties.user_id, self.anna)

    def test_only_an_approved_contract_is_sent(self):
        for state in ("draft", "review"):
            if state == "review":
                self.draft.with_user(self.anna).action_submit()
            with self.subTest(state), self.assertRaisesRegex(UserError, self.draft.name):
                self.draft.with_user(self.anna).action_send_for_signature()

    def test_who_may_not_write_a_contract_sends_none(self):
        contract = self.approved()
        for user in (self.agent, self.felix):
            with self.subTest(user.login), self.assertRaises(AccessError):
                contract.with_user(user).action_send_for_signature()
        wizard = self.env["aftersales.signing.send"].with_user(self.lena).create({"contract_id": contract.id})
        with self.assertRaises(AccessError):
            wizard.action_send()

    def test_a_round_needs_both_sides_and_reachable_people(self):
        contract = self.approved()
        Wizard = self.env["aftersales.signing.send"].with_user(self.anna)
        line = lambda user, side: Command.create({"partner_id": user.partner_id.id, "side": side})  # noqa: E731
        self.contact.email = False
        for what, lines, reason in (
            ("one side", [line(self.anna, "ours")], "each side"),
            ("no colleague", [line(self.diego, "ours"), line(self.outsider, "theirs")], "no colleague"),
            ("no address", [line(self.carla, "theirs"), line(self.anna, "ours")], "no e-mail address"),
            ("twice", [line(self.carla, "theirs"), line(self.carla, "ours")], "named once"),
        ):
            wizard = Wizard.create({"contract_id": contract.id})
            wizard.line_ids = [Command.clear(), *lines]
            with self.subTest(what), self.assertRaisesRegex(UserError, reason):
                wizard.action_send()
        self.assertFalse(contract.signing_ids)

    def test_a_contract_is_in_one_round_at_a_time(self):
        signing = self.sent()
        with self.assertRaisesRegex(UserError, "being signed already"):
            self.draft.with_user(self.anna).action_send_for_signature()
        signing.with_user(self.anna).action_withdraw()
        self.assertEqual(signing.state, "void")
        again = self.env["aftersales.signing.send"].with_user(self.anna).create({"contract_id": self.draft.id})
        again.action_send()
        self.assertEqual(len(self.draft.signing_ids), 2)

    def test_signed_needs_a_signed_document(self):
        contract = self.approved()
        for user in (self.anna, self.boss):
            with self.assertRaisesRegex(UserError, "no signed document"):
                contract.with_user(user).action_sign()
        with self.assertRaisesRegex(UserError, "no signed document"):
            contract.sudo()._transition("sign")

    def test_an_answer_is_checked(self):
        signing = self.sent()
        row = self.signer(signing, self.carla)
        for what, name, picture, reason in (
            ("no name", "  ", drawn(), "type your name"),
            ("a long name", "x" * 200, drawn(), "type your name"),
            ("no string", None, drawn(), "type your name"),
            ("no picture", "Carla", "", "draw it again"),
            ("no base64", "Carla", "%%%", "draw it again"),
            ("not a picture", "Carla", base64.b64encode(b"<svg onload=alert(1)>").decode(), "draw it again"),
            ("an empty picture", "Carla", drawn(colour=None), "is empty"),
        ):
            with self.subTest(what), self.assertRaisesRegex(UserError, reason):
                row._sign(name, picture)
        self.assertEqual(row.state, "waiting")

    def test_a_withdrawn_approval_is_told_and_the_signatures_stay(self):
        signing = self.sent()
        self.sign(signing, self.carla)
        self.draft.approval_ids.sudo().write({"expires_on": "2020-01-01"})
        self.sign(signing, self.anna)
        self.assertEqual((signing.state, self.draft.state), ("complete", "approved"))
        notes = self.draft.activity_ids.filtered(lambda activity: activity.user_id == self.anna)
        self.assertIn("Signed by all, but not moved", "".join(map(str, notes.mapped("note"))))


class TestRow31(SigningCase):
    """Edge cases of signatures, each by its own name."""

    def test_row31_a_text_changed_between_send_and_sign_is_void_for_all(self):
        signing = self.sent()
        self.sign(signing, self.carla)
        self.policy.target_ids[0].duration_minutes += 60  # what the paper says, though no field of the contract
        self.assertEqual(self.sign(signing, self.anna), "void")
        self.assertEqual((signing.state, self.draft.state), ("void", "approved"))
        self.assertEqual(self.signer(signing, self.carla)._situation(), "void")
        self.assertEqual(self.signer(signing, self.anna).state, "waiting")
        self.assertIn("No longer to be signed", self.mails(self.carla)[-1].subject)

    def test_row31_a_party_renamed_after_sending_voids_it(self):
        signing = self.sent()
        self.customer.name = "Harbour Freight and Sons"
        self.assertEqual(self.sign(signing, self.carla), "void")

    def test_row31_what_is_not_on_paper_voids_nothing(self):
        signing = self.sent()
        self.draft.sudo().write({"user_id": self.boss.id, "note": "<p>Call them</p>"})
        self.contact.phone = "+45 1234"
        self.assertEqual(self.sign(signing, self.carla), "sign")

    def test_row31_a_contract_taken_back_to_draft_closes_its_links(self):
        signing = self.sent()
        self.draft.with_user(self.anna).action_reset()
        self.assertEqual(signing.state, "void")
        self.assertEqual(self.sign(signing, self.carla), "void")

    def test_row31_one_side_refuses_with_a_reason(self):
        signing = self.sent()
        row = self.signer(signing, self.carla)
        with self.assertRaisesRegex(UserError, "say why"):
            row._refuse("  ")
        self.assertEqual(row._refuse(" The cap is\n too low "), "sign")
        self.assertEqual((signing.state, self.draft.state), ("refused", "approved"))
        self.assertEqual(row.refusal, "The cap is too low")
        self.assertEqual(self.sign(signing, self.anna), "refused")
        told = self.draft.activity_ids.filtered(lambda activity: activity.user_id == self.anna)
        self.assertIn("The cap is too low", "".join(map(str, told.mapped("note"))))

    def test_row31_a_link_used_again_after_signing_changes_nothing(self):
        signing = self.sent()
        self.sign(signing, self.carla)
        row = self.signer(signing, self.carla)
        before = row.read(["signed_name", "answered_at", "signature", "ip_address"])
        self.assertEqual(self.sign(signing, self.carla, name="Somebody Else", ip_address="198.51.100.1"), "answered")
        self.assertEqual(row._refuse("Changed my mind"), "answered")
        self.sign(signing, self.anna)
        self.assertEqual(self.sign(signing, self.carla, name="Somebody Else"), "complete")
        self.assertEqual(row.read(["signed_name", "answered_at", "signature", "ip_address"]), before)

    def test_row31_two_tabs_give_one_signature(self):
        """Both tabs have loaded the page; the second one finds the row as the first one left it."""
        signing = self.sent()
        first, second = (self.signer(signing, self.carla) for _tab in range(2))
        self.assertEqual((first._situation(), second._situation()), ("sign", "sign"))
        self.assertEqual(first._sign("First Tab", drawn()), "sign")
        self.assertEqual(second._sign("Second Tab", drawn()), "answered")
        self.assertEqual(first.signed_name, "First Tab")

    def test_row31_a_signature_locks_round_and_signers(self):
        """Of two servers one waits for the other: the lock is taken before anything is looked at."""
        signing = self.sent()
        row, seen = self.signer(signing, self.carla), []
        execute = type(self.env.cr).execute

        def record(cursor, query, *args, **more):
            seen.append(getattr(query, "code", query))
            return execute(cursor, query, *args, **more)

        self.patch(type(self.env.cr), "execute", record)
        row._sign("Carla", drawn())
        locks = [place for place, query in enumerate(seen) if "FOR UPDATE" in str(query) and "signing" in str(query)]
        writes = [place for place, query in enumerate(seen) if str(query).startswith("UPDATE \"aftersales_signing")]
        self.assertEqual(len(locks), 2)
        self.assertTrue(not writes or max(locks) < min(writes))

    def test_row31_a_signer_without_authority_is_flagged_to_legal_and_waits(self):
        stranger = self.outsider
        self.stranger.email = "else@example.com"
        contract = self.approved()
        wizard = self.env["aftersales.signing.send"].with_user(self.anna).create({"contract_id": contract.id})
        wizard.line_ids[0].partner_id = stranger.partner_id
        self.assertIn("no authority to sign", wizard.doubt_text)
        wizard.action_send()
        signing = contract.signing_ids.sudo()
        self.assertEqual(self.sign(signing, stranger), "unauthorised")
        self.assertFalse(self.mails_to(stranger))
        told = contract.sudo().activity_ids.filtered(lambda activity: activity.user_id == self.lena)
        self.assertIn("Somebody Else", "".join(map(str, told.mapped("note"))))
        row = self.signer(signing, stranger)
        for user in (self.anna, self.agent, self.felix):
            with self.assertRaises(AccessError):
                row.with_user(user).action_confirm_authority()
        row.with_user(self.lena).action_confirm_authority()
        self.assertEqual(len(self.mails_to(stranger)), 1)
        self.assertEqual(self.sign(signing, stranger), "sign")

    def test_row31_a_name_in_chinese_stands_in_the_signed_document(self):
        signing = self.sent()
        self.sign(signing, self.carla, name="陳美玲")
        self.sign(signing, self.anna)
        self.assertIn("陳美玲", text_of(signing.signed_attachment_id.raw))
        self.assertIn("陳美玲", text_of(self.draft._document_pdf()))

    def test_row31_signed_after_the_start_date_is_flagged_to_legal(self):
        with freeze_time("2026-02-01 09:00:00"):
            signing = self.sent()
            self.sign(signing, self.carla)
            self.sign(signing, self.anna)
        self.assertIn("after it began", signing.flag_text)
        self.assertIn("after it began", text_of(signing.signed_attachment_id.raw))
        told = self.draft.activity_ids.filtered(lambda activity: activity.user_id == self.lena)
        self.assertTrue(told)

    def test_row31_signed_before_the_start_date_is_not(self):
        with freeze_time("2025-12-01 09:00:00"):
            signing = self.sent()
            self.sign(signing, self.carla)
            self.sign(signing, self.anna)
        self.assertFalse(signing.flag_text)

    def test_row31_an_expired_round_is_signed_by_nobody(self):
        with freeze_time("2025-12-01 09:00:00"):
            signing = self.sent(expires_on="2025-12-10")
        with freeze_time("2025-12-10 23:00:00"):
            self.assertEqual(self.signer(signing, self.carla)._situation(), "sign")
        with freeze_time("2025-12-11 00:30:00"):
            self.assertEqual(self.sign(signing, self.carla), "expired")
        self.assertEqual((signing.state, self.draft.state), ("expired", "approved"))

    def test_row31_the_nightly_work_closes_what_was_not_signed_in_time(self):
        with freeze_time("2025-12-01 09:00:00"):
            signing = self.sent(expires_on="2025-12-10")
        step = next(step for step in self.env["aftersales.nightly"]._steps() if step.key == "signing")
        Nightly = self.env["aftersales.nightly"]
        for today, state in (("2025-12-10", "pending"), ("2025-12-11", "expired"), ("2025-12-31", "expired")):
            Nightly._run_batch(step, Nightly._due(step, date.fromisoformat(today)), date.fromisoformat(today))
            self.assertEqual(signing.state, state, today)
        mails = [body for body in self.mails_to(self.carla) if "not to be signed any more" in body]
        self.assertEqual(len(mails), 1, "run again, nothing is sent twice")

    def test_row31_on_paper_the_scan_is_the_proof(self):
        contract = self.approved()
        wizard = self.env["aftersales.signing.paper"].with_user(self.anna).create(
            {"contract_id": contract.id, "scan": SCAN, "scan_name": "x.pdf"})
        wizard.line_ids.signed_on = "2026-01-05"
        wizard.action_record()
        signing = contract.signing_ids
        self.assertEqual((contract.state, signing.method, signing.state), ("signed", "paper", "complete"))
        self.assertEqual(signing.sha256, hashlib.sha256(base64.b64decode(SCAN)).hexdigest())
        self.assertEqual(contract.signed_document_id.raw, base64.b64decode(SCAN))
        self.assertEqual(contract.signed_on.date().isoformat(), "2026-01-05")

    def test_row31_a_paper_closes_the_links_that_are_out(self):
        signing = self.sent()
        self.draft.with_user(self.anna).sign_on_paper(SCAN)
        self.assertEqual((self.draft.state, signing.state), ("signed", "void"))
        self.assertEqual(self.sign(signing, self.carla), "void")

    def test_row31_a_paper_that_is_none_is_refused_and_nothing_stays(self):
        contract = self.approved()
        for scan in (False, base64.b64encode(b"just text"), base64.b64encode(b"<svg xmlns='http://www.w3.org/2000/svg'/>")):
            with self.assertRaisesRegex(UserError, "no PDF, PNG or JPEG"):
                contract.sign_on_paper(scan)
        with self.assertRaisesRegex(UserError, "still to come"):
            contract.sign_on_paper(SCAN, signed_on="2100-01-01")
        self.assertEqual((contract.state, len(contract.signing_ids)), ("approved", 0))


class TestProof(SigningCase):
    """Rounds and signatures are proof: whoever asks, nothing of them changes."""

    def test_nobody_writes_or_deletes_a_round(self):
        signing = self.sent()
        self.sign(signing, self.carla)
        row = self.signer(signing, self.carla)
        for user in (self.agent, self.anna, self.lena, self.boss, self.env.user):
            for record, values in (
                (signing, {"state": "complete"}), (signing, {"sha256": "0" * 64}), (row, {"signed_name": "X"}),
                (row, {"authorised": True}), (row, {"answered_at": False}),
            ):
                with self.subTest(f"{user.login} {values}"), self.assertRaises(UserError):
                    record.with_user(user).write(values)
            for record in (signing, row):
                with self.assertRaises(UserError):
                    record.with_user(user).unlink()

    def test_nobody_makes_up_a_round(self):
        contract = self.approved()
        for user in (self.agent, self.anna, self.lena, self.boss):
            with self.subTest(user.login), self.assertRaises(UserError):
                self.env["aftersales.signing"].with_user(user).create({
                    "name": "x", "contract_id": contract.id, "company_id": self.company.id, "state": "complete"})

    def test_address_and_handwriting_are_for_those_who_prove_it(self):
        signing = self.sent()
        self.sign(signing, self.carla)
        row = self.signer(signing, self.carla)
        for user in (self.anna, self.lena, self.boss):
            self.assertEqual(row.with_user(user).ip_address, "192.0.2.7")
        for user in (self.agent, self.felix):
            for name in ("ip_address", "user_agent", "signature"):
                with self.assertRaises(AccessError):
                    row.with_user(user).read([name])

    def test_signed_facts_of_the_contract_are_not_written(self):
        contract = self.approved()
        for values in ({"signed_on": "2026-01-01 00:00:00"}, {"signed_document_id": False}):
            for user in (self.anna, self.boss):
                with self.assertRaisesRegex(UserError, "follows from its signatures"):
                    contract.with_user(user).write(values)

    def test_the_files_are_sealed(self):
        signing = self.sent()
        self.sign(signing, self.carla)
        self.sign(signing, self.anna)
        pictures = self.env["ir.attachment"].sudo().search([
            ("res_model", "=", "aftersales.signing.signer"), ("res_field", "=", "signature"),
            ("res_id", "in", signing.signer_ids.ids)])
        self.assertEqual(len(pictures), 2)
        for attachment in (signing.attachment_id, signing.signed_attachment_id, *pictures):
            for user in (self.anna, self.boss, self.env.user):
                with self.assertRaises(UserError):
                    attachment.with_user(user).write({"raw": b"forged"})
                with self.assertRaises(UserError):
                    attachment.with_user(user).unlink()
        with self.assertRaises(UserError):
            self.env["ir.attachment"].with_user(self.anna).create({
                "name": "signed.pdf", "raw": b"x", "res_model": "aftersales.signing", "res_id": signing.id})

    def test_a_copy_has_no_signatures_and_a_sent_contract_is_not_deleted(self):
        signing = self.sent()
        copied = self.draft.copy()
        self.assertFalse(copied.signing_ids or copied.signed_on or copied.signed_document_id)
        signing.with_user(self.anna).action_withdraw()
        self.draft.with_user(self.anna).action_reset()
        with self.assertRaisesRegex(UserError, "sent for signature"):
            self.draft.with_user(self.anna).unlink()

    @mute_logger("odoo.sql_db")
    def test_one_pending_round_in_the_database_too(self):
        signing = self.sent()
        with self.assertRaises(Exception) as caught, self.env.cr.savepoint():
            self.env["aftersales.signing"].sudo().create({
                "name": "x", "contract_id": self.draft.id, "company_id": self.company.id})
            self.env.flush_all()
        self.assertIn("one_pending_contract", str(caught.exception))
        self.assertEqual(self.draft.signing_ids, signing)


class TestAmendment(SigningCase):
    def test_an_amendment_is_signed_as_its_contract_was(self):
        contract = self.put_in_force(self.draft)
        shadow = contract.with_user(self.anna).make_amendment("2027-01-01", "Another title")
        shadow.with_user(self.anna).title = "Compressor Care Plus"
        signing = self.sent(shadow)
        self.assertIn("Amendment to Customer Service Contract", signing.name)
        text = text_of(signing.attachment_id.raw)
        self.assertIn(f"This amendment states contract {contract.name} anew, as it applies from 01/01/2027 on.", text)
        self.assertIn("Compressor Care Plus", text)
        self.sign(signing, self.carla)
        self.sign(signing, self.anna)
        self.assertEqual(shadow.state, "signed")
        self.assertNotEqual(contract.signed_document_id, shadow.signed_document_id)

