import { Component, onMounted, onWillUnmount, useState } from "@odoo/owl";
import { deserializeDateTime, toLocaleDateTimeString } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { StepsDialog } from "../steps/steps";

const TICK = 30000; // milliseconds
const LOOKS = {
    run: { icon: "fa-play", colour: "info" },
    risk: { icon: "fa-exclamation-triangle", colour: "warning" },
    late: { icon: "fa-times-circle", colour: "danger" },
    paused: { icon: "fa-pause", colour: "secondary" },
    met: { icon: "fa-check", colour: "success" },
    excused: { icon: "fa-handshake-o", colour: "secondary" },
    off: { icon: "fa-ban", colour: "secondary" },
};

/**
 * The clocks of a request as bars: how much of each target is used up, in colour, icon and words. Working time is the
 * server's to count, so a bar that counts asks for its figures every half minute, while the page is looked at.
 */
export class ClockBars extends Component {
    static template = "aftersales_contracts.ClockBars";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        this.action = useService("action");
        this.state = useState({ bars: [], earlier: false });
        useRecordObserver((record) => {
            this.state.bars = record.data[this.props.name] || [];
        });
        onMounted(() => {
            this.timer = setInterval(() => this.tick(), TICK);
        });
        onWillUnmount(() => clearInterval(this.timer));
    }

    get current() {
        return this.state.bars.filter((bar) => bar.current);
    }

    get earlier() {
        return this.state.bars.filter((bar) => !bar.current);
    }

    get shown() {
        return this.state.earlier ? this.state.bars : this.current;
    }

    look(bar) {
        return LOOKS[bar.mood];
    }

    why(bar) {
        return _t("Why this figure: %s", bar.label);
    }

    risk(bar) {
        return _t("At risk from %s", `${bar.warning} %`);
    }

    width(bar) {
        return bar.mood === "off" ? 0 : Math.max(1, Math.min(100, bar.percent));
    }

    instant(bar) {
        if (bar.stopped_at) {
            return _t("stopped %s", this.local(bar.stopped_at));
        }
        if (bar.mood === "off") {
            return "";
        }
        if (bar.mood === "paused") {
            return _t("due moves while paused");
        }
        return bar.due_at ? _t("due %s", this.local(bar.due_at)) : _t("never due");
    }

    local(text) {
        return toLocaleDateTimeString(deserializeDateTime(text));
    }

    async tick() {
        const id = this.props.record.resId;
        if (!id || document.hidden || !this.state.bars.some((bar) => bar.counting)) {
            return;
        }
        const [values] = await this.orm.silent.read(this.props.record.resModel, [id], [this.props.name]);
        if (values && this.props.record.resId === id) {
            this.state.bars = values[this.props.name];
        }
    }

    async explain(bar) {
        const [clock] = await this.orm.read("aftersales.sla.clock", [bar.id], ["steps"]);
        this.dialog.add(StepsDialog, {
            title: _t("%(clock)s: why %(counted)s?", { clock: bar.label, counted: bar.counted }),
            subtitle: _t("Target: %(target)s of working time on %(schedule)s.", {
                target: bar.objective,
                schedule: bar.schedule,
            }),
            steps: clock.steps,
            openClock: () => this.openClock(bar),
        });
    }

    openClock(bar) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "aftersales.sla.clock",
            res_id: bar.id,
            views: [[false, "form"]],
        });
    }
}

registry.category("fields").add("aftersales_clock_bars", {
    component: ClockBars,
    displayName: _t("SLA Clock Bars"),
    supportedTypes: ["json"],
});
