import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const HIGHEST = 5;

/** The maturity of each dimension of an audit as a bar; where an answer is missing there is no bar, only words. */
export class Maturity extends Component {
    static template = "aftersales_contracts.Maturity";
    static props = { ...standardFieldProps };

    get rows() {
        return this.props.record.data[this.props.name] || [];
    }

    percent(row) {
        return (100 * row.score) / HIGHEST;
    }

    colour(row) {
        return row.score < 2 ? "danger" : row.score < 3.5 ? "warning" : "success";
    }
}

/** What is missing, as a list of phrases; empty means complete. */
export class Gaps extends Component {
    static template = "aftersales_contracts.Gaps";
    static props = { ...standardFieldProps };

    get gaps() {
        return this.props.record.data[this.props.name] || [];
    }
}

registry.category("fields").add("aftersales_maturity", {
    component: Maturity,
    displayName: _t("Maturity by Dimension"),
    supportedTypes: ["json"],
});
registry.category("fields").add("aftersales_gaps", {
    component: Gaps,
    displayName: _t("What Is Missing"),
    supportedTypes: ["json"],
});
