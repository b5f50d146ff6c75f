import { registry } from "@web/core/registry";
import { menu, press, state } from "./desk_steps";

const tours = registry.category("web_tour.tours");
const step = (name, text) => `.o_field_widget[name=step_ids] .o_data_row:contains(${name}):contains(${text})`;

// Finance presses one button: statements are closed and assessed; the account manager has to look at the amounts.
tours.add("aftersales_closing_run", {
    steps: () => [
        ...menu("menu_finance", "menu_close_month"),
        { trigger: step("Close statements", "To Do") },
        press("action_run", "Do What Is Undisputed"),
        { trigger: ".o_form_view .alert:contains(Close statements: 2 done)" },
        { trigger: step("Review penalties", "With Others") },
        { trigger: ".o_field_widget[name=item_ids] .o_data_row:contains(Penalty to Review):contains(100.00)" },
        { trigger: ".o_statusbar_buttons:not(:has(button[name=action_close]))" },
    ],
});

// Once they are reviewed, the same button approves, posts and bills; then the month is closed.
tours.add("aftersales_closing_close", {
    steps: () => [
        ...menu("menu_finance", "menu_close_month"),
        { trigger: step("Approve penalties", "To Do") },
        press("action_run", "Do What Is Undisputed"),
        { trigger: ".o_form_view .alert:contains(Post credit notes and claims: 1 done)" },
        { trigger: `${step("Post credit notes", "Done")} button[name=action_view_step]`, run: "click" },
        { trigger: ".o_data_row:contains(Posted) td[name=name]", run: "click" },
        state("Posted"),
        { trigger: ".o_form_view .o_field_widget[name=move_id]:contains(RINV)" },
        ...menu("menu_finance", "menu_close_month"),
        press("action_close", "Close the Month"),
        { trigger: ".modal footer .btn-primary", run: "click" },
        state("Closed"),
        { trigger: ".o_field_widget[name=totals]:contains(Together)" },
    ],
});
