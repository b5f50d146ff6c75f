from .common import AftersalesCase


class TestContract(AftersalesCase):
    def test_base(self):
        request = self.a_request()
        self.assertEqual(request.contract_id, self.contract)
        self.event(request, "resolved", "2026-03-02 12:00:00")
        self.assert_clock(self.clock(request), "met", due_at="2026-03-02 17:00", elapsed=4 * 3600)
