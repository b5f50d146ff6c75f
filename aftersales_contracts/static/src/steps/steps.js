import { Component } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** The explanation of a figure: rows of [label, detail, value], the last one being the total. */
export class Steps extends Component {
    static template = "aftersales_contracts.Steps";
    static props = { steps: { type: Array } };

    get parts() {
        return this.props.steps.slice(0, -1);
    }

    get total() {
        return this.props.steps.at(-1);
    }
}

/** Field widget of a Json field that holds such rows. */
export class StepsField extends Component {
    static template = "aftersales_contracts.StepsField";
    static components = { Steps };
    static props = { ...standardFieldProps };

    get steps() {
        return this.props.record.data[this.props.name] || [];
    }
}

/** Why a clock shows its figure, in a dialog. */
export class StepsDialog extends Component {
    static template = "aftersales_contracts.StepsDialog";
    static components = { Dialog, Steps };
    static props = {
        title: { type: String },
        subtitle: { type: String },
        steps: { type: Array },
        openClock: { type: Function },
        close: { type: Function },
    };

    onOpenClock() {
        this.props.close();
        this.props.openClock();
    }
}

registry.category("fields").add("aftersales_steps", {
    component: StepsField,
    displayName: _t("Steps of a Calculation"),
    supportedTypes: ["json"],
});
