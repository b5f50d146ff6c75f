import { Component, onWillStart, useState } from "@odoo/owl";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { useSetupAction } from "@web/search/action_hook";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const WHEN = { overdue: "danger", today: "danger", soon: "warning", later: "secondary" };

/** What needs the reader today: figures by desk, each opening its list, and what falls due next. */
export class Today extends Component {
    static template = "aftersales_contracts.Today";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ everybody: Boolean(this.props.state?.everybody), today: null });
        useSetupAction({ getLocalState: () => ({ everybody: this.state.everybody }) });
        onWillStart(() => this.load());
    }

    get display() {
        return { controlPanel: {} };
    }

    async load() {
        const kwargs = { everybody: this.state.everybody, context: user.context };
        this.state.today = await this.orm.call("aftersales.today", "get_today", [], kwargs);
    }

    async show(everybody) {
        this.state.everybody = everybody;
        await this.load();
    }

    get day() {
        const parts = { weekday: "long", day: "numeric", month: "long", year: "numeric" };
        return deserializeDate(this.state.today.day).toLocaleString(parts);
    }

    get isQuiet() {
        return !this.state.today.rows.length && this.sections.length === 0;
    }

    get sections() {
        return this.state.today.sections.filter((section) => section.tiles.length);
    }

    tone(row) {
        return WHEN[row.state] || WHEN.later;
    }

    when(row) {
        if (row.days_left < 0) {
            return row.days_left === -1 ? _t("yesterday") : _t("%s days overdue", -row.days_left);
        }
        if (row.days_left === 0) {
            return _t("today");
        }
        return row.days_left === 1 ? _t("tomorrow") : _t("in %s days", row.days_left);
    }

    date(row) {
        return formatDate(deserializeDate(row.date_due));
    }

    async open(tile) {
        const action = await this.action.loadAction(tile.action);
        // The list of exactly these records: without the filters the menu starts with.
        await this.action.doAction(
            { ...action, name: tile.label, display_name: tile.label, domain: tile.domain, context: {}, path: undefined },
            { viewType: "list" }
        );
    }

    async openRow(row) {
        await this.action.doAction({
            type: "ir.actions.act_window",
            name: row.name,
            res_model: row.res_model,
            res_id: row.res_id,
            views: [[false, "form"]],
        });
    }

    async openCalendar() {
        await this.action.doAction("aftersales_contracts.action_due");
    }
}

registry.category("actions").add("aftersales_today", Today);
