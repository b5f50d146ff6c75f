import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const tours = registry.category("web_tour.tours");
const clock = (metric, mood) => `.o_aftersales_clock[data-metric=${metric}][data-mood=${mood}]`;
const event = (title) => `.o_aftersales_timeline li:first-child:contains(${title})`;

function choose(field, name) {
    return [
        { trigger: `.o_field_widget[name=${field}] input`, run: `edit ${name}` },
        { trigger: `.o-autocomplete--dropdown-item:contains(${name})`, run: "click" },
        { trigger: `.o_field_widget[name=${field}] input:value(${name})` },
    ];
}

function press(button, string) {
    return { content: string, trigger: `.o_statusbar_buttons button[name=${button}]:contains(${string})`, run: "click" };
}

function record(note) {
    return [
        { trigger: ".modal .o_field_widget[name=note] input", run: `edit ${note}` },
        { trigger: ".modal button[name=action_record]", run: "click" },
        { trigger: "body:not(:has(.modal))" },
    ];
}

// A new contract, handed to somebody else for approval: the author has no button for that.
tours.add("aftersales_main_path", {
    steps: () => [
        { trigger: ".o_list_button_add", run: "click" },
        { trigger: ".o_field_widget[name=title] textarea", run: "edit Crane Service" },
        ...choose("partner_id", "Quayside Cranes"),
        ...choose("policy_id", "Round the Clock"),
        press("action_submit", "Submit for Review"),
        { trigger: ".o_arrow_button_current:contains(In Review)" },
    ],
});

// From a contract that is approved and signed to a resolved request: its events, its clocks and why they say so.
tours.add("aftersales_request_path", {
    steps: () => [
        press("action_activate", "Activate"),
        { trigger: ".o_arrow_button_current:contains(Active)" },

        { trigger: "button[name=action_view_requests]", run: "click" },
        { trigger: ".o_breadcrumb:contains(Service Requests)" },
        { trigger: ".o_list_button_add", run: "click" },
        { trigger: ".o_field_widget[name=title] input", run: "edit Crane 4 does not lift" },
        ...stepUtils.saveForm(),
        { content: "the contract was found and runs its clocks", trigger: clock("first_response", "run") },
        { trigger: clock("resolution", "run") },

        press("action_start_work", "Start Work"),
        { trigger: clock("first_response", "met") },
        { trigger: ".o_notebook .nav-link:contains(Timeline)", run: "click" },
        { trigger: event("In Progress") },
        press("action_record_event", "Wait for Customer"),
        ...record("Asked for photos"),
        { trigger: clock("resolution", "paused") },
        { trigger: event("Asked for photos") },
        { trigger: "body", run: () => new Promise((resolve) => setTimeout(resolve, 1100)) }, // facts count by the second
        press("action_start_work", "Resume Work"),
        { trigger: clock("resolution", "run") },

        { trigger: `${clock("resolution", "run")} .o_aftersales_why`, run: "click" },
        { trigger: ".modal .o_aftersales_steps tfoot:contains(Total counted)" },
        { trigger: ".modal footer .btn-primary", run: "click" },
        { trigger: "body:not(:has(.modal))" },

        press("action_record_event", "Resolve"),
        ...record("Hook replaced"),
        { trigger: clock("resolution", "met") },
        { trigger: ".o_arrow_button_current:contains(Done)" },
    ],
});

// What the figures say afterwards: compliance of the open period, the contract at a glance, and its statement.
tours.add("aftersales_statement_path", {
    steps: () => [
        { trigger: ".o_notebook_headers a[name=service_levels]", run: "click" },
        { trigger: ".o_aftersales_board .progress[aria-valuetext='100.00 %']" },
        { trigger: "button[data-menu-xmlid='aftersales_contracts.menu_service_levels']", run: "click" },
        { trigger: "a[data-menu-xmlid='aftersales_contracts.menu_compliance']", run: "click" },
        { trigger: ".o_breadcrumb:contains(Compliance)" },
        { trigger: ".o_data_row:contains(Crane Service):contains(100.00 %)" },

        { trigger: "button[data-menu-xmlid='aftersales_contracts.menu_contracts']", run: "click" },
        { trigger: "a[data-menu-xmlid='aftersales_contracts.menu_contract']", run: "click" },
        { trigger: ".o_breadcrumb:contains(Contracts)" },
        { trigger: ".o_data_row td:contains(Crane Service)", run: "click" },
        press("action_open_draft", "Preview Statement"),
        { trigger: ".o_statusbar_status .o_arrow_button_current:contains(Draft)" },
        { trigger: ".o_statusbar_buttons button[name=action_preview]" },
        { trigger: ".o_form_view:contains(100.00 %)" },
    ],
});
