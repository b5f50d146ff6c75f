import { Component, onWillStart } from "@odoo/owl";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { deserializeDateTime, toLocaleDateTimeString } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const COLOURS = {
    new: "info",
    in_progress: "primary",
    waiting: "warning",
    done: "success",
    cancelled: "secondary",
    note: "info",
    terms: "secondary",
    void: "secondary",
};

/** The service events of a request, the newest first: what happened, when, who says so. Managers declare one void. */
export class Timeline extends Component {
    static template = "aftersales_contracts.Timeline";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        onWillStart(async () => {
            this.mayVoid = await user.hasGroup("aftersales_contracts.group_account_manager");
        });
    }

    get entries() {
        return this.props.record.data[this.props.name] || [];
    }

    colour(entry) {
        return entry.void ? "secondary" : COLOURS[entry.kind];
    }

    local(entry) {
        return toLocaleDateTimeString(deserializeDateTime(entry.at));
    }

    declareVoid(entry) {
        this.dialog.add(ConfirmationDialog, {
            title: _t("Declare this event void?"),
            body: _t("The event stays recorded, and a new fact declares it void. The clocks are evaluated without it."),
            confirmLabel: _t("Declare Void"),
            confirm: async () => {
                await this.orm.call("aftersales.request.event", "action_void", [[entry.id]]);
                await this.props.record.load();
            },
            cancel: () => {},
        });
    }
}

registry.category("fields").add("aftersales_timeline", {
    component: Timeline,
    displayName: _t("Timeline of Service Events"),
    supportedTypes: ["json"],
});
