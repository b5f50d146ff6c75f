import { registry } from "@web/core/registry";
import { add_row, choose, page, press, state } from "./desk_steps";

const ROW = ".o_field_widget[name=line_ids] .o_selected_row ";

// The service agent takes a claim in, adds the part, goes to the diagnosis, and the rule decides what is clear.
registry.category("web_tour.tours").add("aftersales_warranty_agent", {
    steps: () => [
        { trigger: ".o_control_panel .o_list_button_add, .o_control_panel .o-kanban-button-new", run: "click" },
        ...choose("asset_id", "PX-1"),
        ...choose("cause_id", "Defect in Material"),
        page("diagnosis"),
        { trigger: ".o_field_widget[name=symptom] textarea", run: "edit It stands still" },
        { trigger: ".o_field_widget[name=diagnosis] textarea", run: "edit The coil is burnt" },
        page("lines"),
        add_row("line_ids"),
        ...choose("product_id", "Brake coil", ROW),
        { trigger: `${ROW}.o_field_widget[name=unit_price] input`, run: "edit 640" },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_saved, .o_form_status_indicator_buttons.invisible" },
        state("Intake"),
        press("action_next", "Next Step"),
        state("Diagnosis"),
        press("action_verdict", "Ask for Verdict"),
        { content: "the rule approves what is clear", trigger: ".o_field_widget[name=line_ids] .o_data_row:contains(Brake coil):contains(Approved)" },
        press("action_letter", "Decision Letter"),
        { content: "the letter is there", trigger: ".o_breadcrumb:contains(Decision Letters), .o_last_breadcrumb_item:contains(CLL/)" },
    ],
});
