"""What every test starts from: one user a role, one customer with a dealer, one policy and one active contract."""

import base64

from odoo import fields
from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user, tagged

ADDON = "aftersales_contracts"
SCAN = base64.b64encode(b"%PDF-1.4 scan of a signed paper")
QUIET = {"tracking_disable": True, "mail_create_nolog": True, "no_reset_password": True}


@tagged("post_install", "-at_install")
class AftersalesCase(TransactionCase):
    """Users: agent, anna (account manager), felix (finance), lena (legal), boss (administrator), clerk (internal,
    none of our groups), carla (customer portal), diego (dealer portal), outsider (portal of somebody else), and
    other_manager of other_company. Logins end in ".test", so that they never meet the demo users; the password is
    the login, which is `user.login`.

    Terms: policy on `office` (Mon-Fri 8-12 and 13-17 UTC): first response 4 h, resolution 8 h pausable, objective
    95 %. `contract` is active from 2026-01-01. 2026-03-02 is a Monday.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, **QUIET, "lang": "en_US", "tz": "UTC"})
        cls.env["aftersales.skill"].search([]).active = False  # what the demo data asks of providers
        cls._make_parties()
        cls._make_users()
        cls._make_terms()

    @classmethod
    def _make_parties(cls):
        Partner = cls.env["res.partner"]
        cls.company = cls.env.company
        cls.other_company = cls.env["res.company"].create({"name": "Second Maker"})
        cls.customer = Partner.create({"name": "Harbour Freight", "is_company": True})
        cls.contact = Partner.create(
            {"name": "Carla Contact", "parent_id": cls.customer.id, "email": "carla@example.com"})
        cls.dealer = Partner.create({"name": "Northern Dealer", "is_company": True})
        cls.dealer_contact = Partner.create(
            {"name": "Diego Dealer", "parent_id": cls.dealer.id, "email": "diego@example.com"})
        cls.stranger = Partner.create({"name": "Somebody Else", "is_company": True, "email": "else@example.com"})

    @classmethod
    def _make_users(cls):
        groups = {"agent": "group_user", "anna": "group_account_manager", "felix": "group_finance",
                  "lena": "group_legal", "boss": "group_administrator"}
        for name, group in groups.items():
            setattr(cls, name, cls._a_user(name, f"{ADDON}.{group}"))
        cls.clerk = cls._a_user("clerk", "base.group_user")
        cls.carla = cls._a_user("carla", "base.group_portal", partner_id=cls.contact.id)
        cls.diego = cls._a_user("diego", "base.group_portal", partner_id=cls.dealer_contact.id)
        cls.outsider = cls._a_user("outsider", "base.group_portal", partner_id=cls.stranger.id)
        cls.other_manager = cls._a_user(
            "other_manager", f"{ADDON}.group_account_manager",
            company_id=cls.other_company.id, company_ids=[Command.set(cls.other_company.ids)])

    @classmethod
    def _a_user(cls, name, groups, **values):
        login = f"{name}.test"
        partner = cls.env["res.partner"].browse(values.get("partner_id"))
        return new_test_user(
            cls.env, login, groups, context=QUIET, password=login, email=f"{login}@example.com", tz="UTC", lang="en_US",
            name=partner.name or name.replace("_", " ").title(), **values)

    @classmethod
    def _make_terms(cls):
        cls.office = cls.an_office()
        cls.policy = cls.env["aftersales.sla.policy"].create({
            "name": "Office Hours", "calendar_id": cls.office.id,
            "target_ids": [
                Command.create({"metric": "first_response", "duration_minutes": 240, "objective": 95}),
                Command.create({"metric": "resolution", "duration_minutes": 480, "objective": 95})]})
        cls.response_target, cls.resolution_target = cls.policy.target_ids.sorted("metric")
        cls.contract = cls.a_contract()

    @classmethod
    def an_office(cls, **values):
        """A schedule Mon-Fri 8-12 and 13-17, in UTC unless ``values`` say otherwise."""
        windows = [("morning", 8, 12), ("afternoon", 13, 17)]
        return cls.env["resource.calendar"].create({
            "name": "Office", "tz": "UTC", "company_id": cls.env.company.id,
            "attendance_ids": [Command.clear()] + [
                Command.create({"name": period, "dayofweek": str(day), "hour_from": start, "hour_to": end,
                                "day_period": period})
                for day in range(5) for period, start, end in windows], **values})

    @classmethod
    def a_contract(cls, activate=True, **values):
        """A contract of `customer` under `policy` from 2026-01-01 on, in force unless told otherwise."""
        contract = cls.env["aftersales.contract"].create({
            "title": "Compressor Care", "partner_id": cls.customer.id, "policy_id": cls.policy.id,
            "date_start": "2026-01-01", "user_id": cls.anna.id, **values})
        if activate:
            contract._adopt("Test")
        return contract

    @classmethod
    def put_in_force(cls, contract, until="activate"):
        """Take a draft the whole way as people do: anna submits, boss approves, anna signs on paper and activates."""
        for action, user in (("submit", cls.anna), ("approve", cls.boss), ("sign", cls.anna), ("activate", cls.anna)):
            acting = contract.with_user(user)
            if action == "sign":
                acting.sign_on_paper(SCAN)
            else:
                getattr(acting, f"action_{action}")()
            if action == until:
                break
        return contract

    @classmethod
    def amend(cls, contract, **values):
        """Other terms on a contract in force, as an amendment leaves them behind; returns the contract."""
        contract._write_unlocked(values)
        return contract

    @classmethod
    def a_request(cls, opened="2026-03-02 08:00:00", **values):
        """A request of `customer`, opened at ``opened`` (UTC); it finds `contract` by itself."""
        return cls.env["aftersales.request"].create({
            "title": "Compressor stands still", "partner_id": cls.customer.id, "opened_at": opened, **values})

    def event(self, request, code, at, **terms):
        """Record a service event of status ``code`` at ``at`` (UTC text or datetime)."""
        return request.record_event(code, at, **terms)

    def clock(self, request, metric="resolution"):
        """The current clock of ``metric``; fails when there is none or more than one."""
        clock = request.clock_ids.filtered(lambda c: c.metric == metric and c.is_current)
        self.assertEqual(len(clock), 1, f"{metric}: {len(clock)} current clocks")
        return clock

    def assert_clock(self, clock, state, **expected):
        """Compare a clock: its state, and any field; instants as "YYYY-MM-DD HH:MM" or with seconds, in UTC."""
        self.assertEqual(clock.state, state)
        for name, value in expected.items():
            found = clock[name]
            if isinstance(value, str) and clock._fields[name].type == "datetime":
                value = fields.Datetime.to_datetime(value if len(value) > 16 else f"{value}:00")
            self.assertEqual(found, value, name)
