import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";
import { TODAY, add_row, choose, confirm, menu, page, press, press_action, save_row, select, state, upload } from "./desk_steps";

const tours = registry.category("web_tour.tours");

// From what needs the account manager to a contract made from a template, completed row by row, and submitted.
tours.add("aftersales_desk_account_draft", {
    steps: () => [
        TODAY,
        ...menu("menu_contracts", "menu_contract_from_template"),
        ...choose("partner_id", "Quayside Cranes", ".modal "),
        { content: "the template of the type and language is proposed",
          trigger: ".modal .o_field_widget[name=template_id] input:value(Crane Care)" },
        ...confirm("action_create"),
        { trigger: ".o_form_view .o_field_widget[name=title] textarea:value(Crane Care)" },
        state("Draft"),

        add_row("scope_ids"),
        ...choose("type_id", "Incident", ".o_field_widget[name=scope_ids] .o_selected_row "),
        page("plans"),
        add_row("promise_ids"),
        { trigger: ".modal .o_field_widget[name=name] input", run: "edit Running again within a day" },
        ...select("metric", "Resolution", ".modal "),
        ...save_row("promise_ids", "Running again within a day"),
        page("prices"),
        add_row("line_ids"),
        { trigger: ".modal .o_field_widget[name=name] :is(input, textarea)", run: "edit Full service of the crane" },
        { trigger: ".modal .o_field_widget[name=price] input", run: "edit 400" },
        ...save_row("line_ids", "Full service of the crane"),
        page("clauses"),
        add_row("clause_ids"),
        { trigger: ".modal .o_field_widget[name=title] input", run: "edit Keys of the crane" },
        { trigger: ".modal .o_field_widget[name=text] textarea", run: "edit The customer hands over the keys." },
        ...save_row("clause_ids", "Keys of the crane"),
        ...stepUtils.saveForm(),
        { content: "4,800 a year", trigger: ".o_field_widget[name=annual_value]:contains(4,800)" },

        press("action_submit", "Submit for Review"),
        state("In Review"),
        { content: "the author has no button to approve", trigger: "body:not(:has(button[name=action_approve]))" },
    ],
});

// The approved text: signed on paper, put in force, amended, and what the amendment changes as a redline.
tours.add("aftersales_desk_account_amend", {
    steps: () => [
        press("action_signed_on_paper", "Signed on Paper"),
        ...upload("scan", "signed.pdf", ".modal "),
        ...confirm("action_record"),
        state("Signed"),
        press("action_activate", "Activate"),
        state("Active"),

        press_action("Amend"),
        { trigger: ".modal .o_field_widget[name=reason] textarea", run: "edit A second crane" },
        ...confirm("action_amend"),
        { trigger: ".o_form_view .alert:contains(draft of an amendment)" },
        page("prices"),
        add_row("line_ids"),
        { trigger: ".modal .o_field_widget[name=name] :is(input, textarea)", run: "edit Service of the second crane" },
        { trigger: ".modal .o_field_widget[name=price] input", run: "edit 350" },
        ...save_row("line_ids", "Service of the second crane"),
        ...stepUtils.saveForm(),
        page("versions"),
        { trigger: "button:contains(Redline)", run: "click" },
        { trigger: ".modal .o_field_widget[name=page]:contains(Service of the second crane)" },
        { trigger: ".modal footer button:contains(Close)", run: "click" },
        { trigger: "body:not(:has(.modal))" },
    ],
});

// Notice: the dialog shows the last safe day and what follows, before the notice becomes a fact.
tours.add("aftersales_desk_account_notice", {
    steps: () => [
        state("Active"),
        page("term_notice"),
        { trigger: ".o_field_widget[name=last_safe_steps]:contains(Last Safe Day)" },
        press("action_give_notice", "Notice"),
        { trigger: ".modal .o_aftersales_steps:contains(Last Safe Day)" },
        { trigger: ".modal .alert:contains(It must be)" },
        { trigger: ".modal .o_field_widget[name=note] textarea", run: "edit Registered letter no. 17" },
        ...confirm("action_confirm"),
        { trigger: "button[name=action_view_notices]:contains(1)" },
    ],
});
