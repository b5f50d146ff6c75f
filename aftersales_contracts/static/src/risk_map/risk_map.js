import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const OPEN = [["state", "!=", "closed"]];
const COLOURS = { low: "success", medium: "info", high: "warning", critical: "danger" };

/** The risks that are not closed, by likelihood and impact; a click on a cell opens its list. */
export class RiskMap extends Component {
    static template = "aftersales_contracts.RiskMap";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ residual: false, map: null });
        onWillStart(() => this.load());
    }

    get display() {
        return { controlPanel: {} };
    }

    async load() {
        const kwargs = { domain: OPEN, residual: this.state.residual, context: user.context };
        this.state.map = await this.orm.call("aftersales.risk", "heat_map", [], kwargs);
    }

    async show(residual) {
        this.state.residual = residual;
        await this.load();
    }

    get rows() {
        return [...this.state.map.likelihoods].reverse();
    }

    cell(likelihood, impact) {
        return this.state.map.cells[`${likelihood}-${impact}`];
    }

    colour(cell) {
        return COLOURS[cell.level];
    }

    title(likelihood, impact) {
        return _t("%(count)s risks: %(likelihood)s, %(impact)s", {
            count: this.cell(likelihood[0], impact[0]).count,
            likelihood: likelihood[1],
            impact: impact[1],
        });
    }

    open(likelihood, impact) {
        const prefix = this.state.residual ? "residual_" : "";
        const domain = [...OPEN, [`${prefix}likelihood`, "=", likelihood], [`${prefix}impact`, "=", impact]];
        const name = _t("Risks");
        const views = [[false, "list"], [false, "form"]];
        this.action.doAction({ type: "ir.actions.act_window", res_model: "aftersales.risk", name, domain, views });
    }
}

registry.category("actions").add("aftersales_risk_map", RiskMap);
