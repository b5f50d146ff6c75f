import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** Field widget of a Json field [[operation, text], ...]: what was kept, deleted and inserted, word by word.
 *  Texts are shown as texts: whatever they contain is never mark-up. */
export class ClauseRedlineField extends Component {
    static template = "aftersales_contracts.ClauseRedlineField";
    static props = { ...standardFieldProps };

    get changes() {
        return this.props.record.data[this.props.name] || [];
    }
}

registry.category("fields").add("aftersales_clause_redline", {
    component: ClauseRedlineField,
    displayName: _t("Changes Word by Word"),
    supportedTypes: ["json"],
});

/** Field widget of a Json field [[name, meaning, value], ...]: the placeholders that a text may name. */
export class PlaceholdersField extends Component {
    static template = "aftersales_contracts.PlaceholdersField";
    static props = { ...standardFieldProps };

    get rows() {
        return this.props.record.data[this.props.name] || [];
    }
}

registry.category("fields").add("aftersales_placeholders", {
    component: PlaceholdersField,
    displayName: _t("Placeholders with Their Values"),
    supportedTypes: ["json"],
});
