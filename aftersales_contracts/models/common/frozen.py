from odoo import models
from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG
from odoo.exceptions import UserError


def is_uninstalling(env):
    """Whether the addon is being uninstalled, which only the superuser does."""
    return env.su and env.context.get(MODULE_UNINSTALL_FLAG)


class Frozen(models.AbstractModel):
    """Records that stop changing once a period is closed, whoever asks: superuser, remote call or button.

    What is frozen may still be read, discussed and linked to. The code that closes a period writes past this guard
    by ``_write_unguarded``; nothing else does. Uninstalling the addon may drop everything.
    """

    _name = "aftersales.frozen"
    _description = "Frozen when Closed"
    _free_fields = frozenset()  # what may change even then, such as the token of the portal

    def _frozen(self):
        """The records of ``self`` that must not change any more."""
        raise NotImplementedError

    def write(self, vals):
        if not set(vals) <= self._free_fields:
            self._refuse_frozen()
        return super().write(vals)

    def _write_unguarded(self, vals):
        """Write what closing a period writes."""
        return super().write(vals)  # pylint: disable=super-method-mismatch

    def unlink(self):
        """Not by ``ondelete``: its exception for uninstalling is a context key, which a remote call can send too."""
        if not is_uninstalling(self.env):
            self._refuse_frozen()
        return super().unlink()

    def _refuse_frozen(self):
        frozen = self._frozen()
        if frozen:
            raise UserError(self.env._(
                "%s belongs to a closed period and does not change. A late fact becomes a correction in the next "
                "statement.", frozen[:1].display_name))
