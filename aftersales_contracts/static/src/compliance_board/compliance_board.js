import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const LOOKS = {
    yes: { icon: "fa-check", colour: "success" },
    no: { icon: "fa-times", colour: "danger" },
    na: { icon: "fa-minus", colour: "secondary" },
};

/** How each promise of a contract stands: a bar against its objective, for the open period and the last closed one. */
export class ComplianceBoard extends Component {
    static template = "aftersales_contracts.ComplianceBoard";
    static props = { ...standardFieldProps };

    get board() {
        return this.props.record.data[this.props.name] || { targets: [] };
    }

    get periods() {
        const titles = { open: _t("Open period"), closed: _t("Last closed period") };
        return ["open", "closed"]
            .filter((key) => this.board[key])
            .map((key) => ({ key, title: titles[key], dates: this.board[key] }));
    }

    objective(figures) {
        return _t("Objective %s", `${figures.objective} %`);
    }

    look(figures) {
        return LOOKS[figures.reached] || LOOKS.na;
    }

    words(figures) {
        const parts = [_t("%(met)s of %(decided)s met", { met: figures.met, decided: figures.met + figures.breached })];
        if (figures.excused) {
            parts.push(_t("%s excused", figures.excused));
        }
        if (figures.running) {
            parts.push(_t("%s running", figures.running));
        }
        return parts.join(" · ");
    }
}

registry.category("fields").add("aftersales_compliance_board", {
    component: ComplianceBoard,
    displayName: _t("Compliance at a Glance"),
    supportedTypes: ["json"],
});
