import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const COLOURS = {
    signed: "success",
    amendment: "primary",
    change: "info",
    draft: "secondary",
    cancelled: "secondary",
    notice: "warning",
};

/** Versions, drafts of amendments and notices of a contract, the newest first; each opens its record or its redline. */
export class Versions extends Component {
    static template = "aftersales_contracts.Versions";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
        this.badges = {
            backdated: { text: _t("Backdated"), colour: "warning" },
            future: { text: _t("Not in effect yet"), colour: "info" },
            cancelled: { text: _t("Cancelled"), colour: "secondary" },
            withdrawn: { text: _t("Withdrawn"), colour: "secondary" },
            draft: { text: _t("Under way"), colour: "light" },
        };
    }

    get entries() {
        return this.props.record.data[this.props.name] || [];
    }

    colour(entry) {
        return COLOURS[entry.kind];
    }

    /** The two days of an entry in one line; the second only where they differ. */
    days(entry) {
        if (entry.kind === "notice") {
            return entry.effective ? _t("ends the contract on %s", entry.effective) : "";
        }
        return _t("effective from %s", entry.effective);
    }

    open(entry) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: entry.model,
            res_id: entry.id,
            views: [[false, "form"]],
        });
    }

    openDocument(entry) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "aftersales.contract",
            res_id: entry.document,
            views: [[false, "form"]],
        });
    }

    compare(entry) {
        this.action.doAction("aftersales_contracts.action_contract_redline", {
            additionalContext: {
                active_id: this.props.record.resId,
                default_contract_id: this.props.record.resId,
                default_after_id: entry.id,
                dialog_size: "extra-large",
            },
        });
    }
}

registry.category("fields").add("aftersales_versions", {
    component: Versions,
    displayName: _t("Timeline of Versions and Notices"),
    supportedTypes: ["json"],
});
