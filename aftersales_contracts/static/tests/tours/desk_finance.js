import { registry } from "@web/core/registry";
import { TODAY, choose, menu, press, state } from "./desk_steps";

const tours = registry.category("web_tour.tours");
const tomorrow = () => luxon.DateTime.now().plus({ days: 1 }).toFormat("MM/dd/yyyy");

// A price revision is calculated and proposed; whoever proposed it has no button to apply it.
tours.add("aftersales_desk_finance_propose", {
    steps: () => [
        TODAY,
        ...menu("menu_finance", "menu_price_revision"),
        { trigger: ".o_list_button_add", run: "click" },
        { trigger: ".o_field_widget[name=title] input", run: "edit Wages of the new year" },
        { trigger: ".o_field_widget[name=percent] input", run: "edit 4" },
        { trigger: ".o_field_widget[name=effective_on] input", run: `edit ${tomorrow()}` },
        { trigger: ".o_field_widget[name=reason] :is(input, textarea)", run: "edit Wages" },
        press("action_preview", "Preview and Propose"),
        state("Previewed"),
        { trigger: ".o_field_widget[name=line_ids] .o_data_row:contains(Service of the press):contains(104.00)" },
        { trigger: ".o_form_view .alert:contains(Somebody else from finance applies)" },
        { trigger: ".o_statusbar_buttons:not(:has(button[name=action_apply]))" },
    ],
});

// Once applied by a colleague: the revision says by whom, the renewals show the new value, an index value comes in.
tours.add("aftersales_desk_finance_follow", {
    steps: () => [
        TODAY,
        ...menu("menu_finance", "menu_price_revision"),
        { trigger: ".o_data_row:contains(Wages of the new year) td[name=title]", run: "click" },
        state("Applied"),
        { trigger: ".o_field_widget[name=applied_by_id]:contains(Boss)" },
        { trigger: ".o_field_widget[name=line_ids] .o_data_row:contains(Service of the press):contains(Changed)" },

        ...menu("menu_finance", "menu_contract_renewal"),
        { content: "12 times 104", trigger: ".o_data_row:contains(Press Care):contains(1,248)" },

        ...menu("menu_finance", "menu_index_value"),
        { trigger: ".o_list_button_add", run: "click" },
        ...choose("series_id", "Prices of Tests", ".o_selected_row "),
        { trigger: ".o_selected_row .o_field_widget[name=period] input", run: "edit 2026" },
        { trigger: ".o_selected_row .o_field_widget[name=value] input", run: "edit 114.25" },
        { trigger: ".o_list_button_save", run: "click" },
        { trigger: ".o_list_view:not(:has(.o_selected_row)) .o_data_row:contains(Prices of Tests):contains(114.25)" },
    ],
});
