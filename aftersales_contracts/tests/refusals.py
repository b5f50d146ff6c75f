"""A refusal leaves nothing behind."""

from contextlib import contextmanager


class Refusals:
    @contextmanager
    def refused(self, error, pattern):
        """What is done within raises ``error``, its sentence matching ``pattern``; whatever it wrote is undone."""
        with self.assertRaisesRegex(error, pattern), self.cr.savepoint():
            yield
