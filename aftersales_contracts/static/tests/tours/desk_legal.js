import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";
import { TODAY, add_row, choose, confirm, menu, page, press, press_action, state, upload } from "./desk_steps";

const tours = registry.category("web_tour.tours");

// A clause that differs from the library: found on the day's page, read as a redline, accepted with a reason.
tours.add("aftersales_desk_legal_clause", {
    steps: () => [
        TODAY,
        { trigger: "[data-desk=legal] [data-tile=clauses]", run: "click" },
        { trigger: ".o_data_row:contains(Cap of Tests) td[name=title]", run: "click" },
        state("To Review"),
        { content: "the new word", trigger: ".o_field_widget[name=redline] ins:contains(thrice)" },
        press("action_open_accept", "Accept"),
        { trigger: ".modal .o_field_widget[name=reason] textarea", run: "edit Within what we insure" },
        ...confirm("action_decide"),
        state("Accepted"),
    ],
});

// An agreement is written down and signed on paper; then the gate answers with its reasons.
tours.add("aftersales_desk_legal_nda", {
    steps: () => [
        TODAY,
        ...menu("menu_legal", "menu_nda"),
        { trigger: ".o_list_button_add", run: "click" },
        { trigger: ".o_field_widget[name=title] input", run: "edit Drawings for the dealer" },
        page("parties"),
        add_row("party_ids"),
        ...choose("partner_id", "Northern Dealer", ".o_field_widget[name=party_ids] .o_selected_row "),
        ...stepUtils.saveForm(),
        press("action_sign_on_paper", "Sign on Paper"),
        ...upload("file", "agreement.pdf", ".modal "),
        ...confirm("action_sign"),
        state("Signed"),

        ...menu("menu_legal", "menu_nda_question"),
        ...choose("party_id", "Northern Dealer", ".modal "),
        ...choose("document_id", "Airend of Tests", ".modal "),
        ...choose("purpose_id", "Service and Repair", ".modal "),
        { trigger: ".modal .o_field_widget[name=answer]:contains(Yes)" },
        { trigger: ".modal .o_field_widget[name=reasons]:contains(Drawings for the dealer)" },
        { trigger: ".modal footer button:contains(Close)", run: "click" },
        { trigger: "body:not(:has(.modal))" },
    ],
});

// A certificate comes in as evidence; another duty was missed and becomes a breach, told to the other side.
tours.add("aftersales_desk_legal_duties", {
    steps: () => [
        TODAY,
        ...menu("menu_legal", "menu_obligation"),
        { trigger: ".o_data_row:contains(Insurance of the dealer) td[name=name]", run: "click" },
        state("Open"),
        press_action("Report Done"),
        { trigger: ".modal .o_field_widget[name=valid_until] input", run: "edit 12/31/2030" },
        ...upload("file", "insurance.pdf", ".modal "),
        ...confirm("action_confirm"),
        state("Done"),
        { trigger: ".o_field_widget[name=evidence_ids] .o_data_row:contains(insurance.pdf)" },

        ...menu("menu_legal", "menu_breach"),
        { trigger: ".o_list_button_add", run: "click" },
        { trigger: ".o_field_widget[name=title] input", run: "edit Inspection missed" },
        ...choose("contract_id", "Compressor Care"),
        { trigger: ".o_field_widget[name=event] textarea", run: "edit Nobody came on Friday." },
        ...stepUtils.saveForm(),
        press("action_notify", "Notified"),
        { trigger: ".modal footer .btn-primary", run: "click" },
        state("Notified"),
    ],
});
