import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const LOOKS = {
    yes: { icon: "fa-check", colour: "text-success" },
    no: { icon: "fa-times", colour: "text-danger" },
    na: { icon: "", colour: "text-muted" },
    plain: { icon: "", colour: "" },
};

/** Each promise of a contract (a row) with its measured proof in each of the last periods (a column). */
export class PromiseProof extends Component {
    static template = "aftersales_contracts.PromiseProof";
    static props = { ...standardFieldProps };

    get proof() {
        return this.props.record.data[this.props.name] || { periods: [], rows: [] };
    }

    look(cell) {
        return LOOKS[cell.state] || LOOKS.plain;
    }
}

registry.category("fields").add("aftersales_promise_proof", {
    component: PromiseProof,
    displayName: _t("Promise to Proof"),
    supportedTypes: ["json"],
});
