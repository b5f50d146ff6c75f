import { Component, onMounted, onWillUnmount, xml } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const OPEN = ["waiting", "checking", "storing"];
const EVERY = 2000; // milliseconds

/** Reads an import again while the scheduled action works on it, so that its progress is seen. */
class ReloadWhileOpen extends Component {
    static template = xml`<span class="d-none"/>`;
    static props = { ...standardWidgetProps };

    setup() {
        onMounted(() => (this.timer = setInterval(() => this.reload(), EVERY)));
        onWillUnmount(() => clearInterval(this.timer));
    }

    async reload() {
        if (OPEN.includes(this.props.record.data.state)) {
            await this.props.record.load();
        } else {
            clearInterval(this.timer);
        }
    }
}

registry.category("view_widgets").add("aftersales_reload_while_open", { component: ReloadWhileOpen });
