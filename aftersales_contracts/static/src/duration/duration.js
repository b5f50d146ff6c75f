import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** "8 h 05 min" of a number of seconds, negative when below zero. */
export function formatDuration(seconds) {
    const sign = seconds < 0 ? "-" : "";
    const whole = Math.abs(Math.trunc(seconds));
    const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
    const two = (number) => String(number).padStart(2, "0");
    return hours
        ? _t("%(hours)s h %(minutes)s min", { hours: sign + hours, minutes: two(minutes) })
        : _t("%(minutes)s min %(seconds)s s", { minutes: sign + minutes, seconds: two(rest) });
}

/** Seconds of working time, for people. Read only. */
export class DurationField extends Component {
    static template = "aftersales_contracts.Duration";
    static props = { ...standardFieldProps };

    get text() {
        return formatDuration(this.props.record.data[this.props.name] || 0);
    }
}

registry.category("fields").add("aftersales_duration", {
    component: DurationField,
    displayName: _t("Working Time"),
    supportedTypes: ["integer"],
});
