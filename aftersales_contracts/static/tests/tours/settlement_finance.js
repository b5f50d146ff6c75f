import { registry } from "@web/core/registry";
import { menu, press, press_action, state } from "./desk_steps";

const tours = registry.category("web_tour.tours");
const row = (text) => `.o_list_view .o_data_row:contains(${text}) td[name=name]`;
const confirmed = [
    { trigger: ".modal footer .btn-primary", run: "click" },
    { trigger: "body:not(:has(.modal))" },
];

// Finance settles the quarter that is over, looks at the settlement and sends it to the dealer.
tours.add("aftersales_settle_quarter", {
    steps: () => [
        ...menu("menu_finance", "menu_settle"),
        { trigger: ".modal .o_field_widget[name=line_ids] .o_data_row:contains(Northern Dealer)" },
        { trigger: ".modal footer button[name=action_settle]", run: "click" },
        { trigger: row("DS/2026/"), run: "click" },
        state("Computed"),
        { trigger: ".o_form_view .o_field_widget[name=total]:contains(1,723.45)" },
        press("action_review", "Reviewed"),
        press("action_send", "Send"),
        ...confirmed,
        state("Sent"),
        { trigger: ".o_statusbar_buttons:not(:has(button[name=action_compute]))" },
    ],
});

// Another person approves what the dealer accepted.
tours.add("aftersales_settlement_approve", {
    steps: () => [
        ...menu("menu_finance", "menu_settlement"),
        { trigger: row("DS/2026/"), run: "click" },
        state("Accepted"),
        press("action_approve", "Approve"),
        state("Approved"),
    ],
});

// Finance posts it; the month's revenue is settled then.
tours.add("aftersales_settlement_post", {
    steps: () => [
        ...menu("menu_finance", "menu_settlement"),
        { trigger: row("DS/2026/"), run: "click" },
        state("Approved"),
        press_action("Post"),
        { trigger: ".modal footer button[name=action_confirm]:contains(Post)", run: "click" },
        { trigger: ".o_form_view .o_field_widget[name=partner_id]:contains(Northern Dealer)" },
        ...menu("menu_finance", "menu_reconciliation"),
        { trigger: ".o_list_view .o_data_row:contains(March 2026):contains(Reconciled)" },
        { trigger: ".o_list_view .o_data_row:contains(March 2026) td[name=display_name]", run: "click" },
        { trigger: ".o_form_view .o_field_widget[name=settled]:contains(1,234.50)" },
        { trigger: "button[name=action_view_settled]", run: "click" },
        { trigger: ".o_list_view .o_data_row:contains(Oil Pump):contains(234.50)" },
    ],
});
