import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";

const LOG = [
    "Ticket,Changed At,Status,Impact",
    "T1,2024-03-04 08:00,Open,High",
    "T1,2024-03-04 09:00,Working,High",
    "T1,2024-03-05 09:00,Shut,High",
    "T1,never,Shut,High",
].join("\n");

/** Give a file to the input of a binary field, as a person does by its dialog. */
function upload(input, name, text) {
    const held = new DataTransfer();
    held.items.add(new File([text], name, { type: "text/csv" }));
    input.files = held.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
}

/** Choose a status for a state in the editable list of the mapping. */
function mapState(state, status) {
    const row = `.modal .o_field_widget[name=state_ids] .o_data_row:contains(${state})`;
    return [
        { trigger: `${row} td[name=status_id]`, run: "click" },
        { trigger: ".modal .o_selected_row td[name=status_id] input", run: `edit ${status}` },
        { trigger: `.o-autocomplete--dropdown-menu li a:contains(${status})`, run: "click" },
        { trigger: `.modal .o_selected_row td[name=status_id] input:value(${status})` },
    ];
}

registry.category("web_tour.tours").add("aftersales_import_path", {
    steps: () => [
        {
            trigger: ".modal .o_field_widget[name=file] input[type=file]:not(:visible)",
            run({ anchor }) {
                upload(anchor, "yard log.csv", LOG);
            },
        },
        { trigger: ".modal .o_field_widget[name=file] input:value(yard log.csv)" },
        { trigger: ".modal button[name=action_read]", run: "click" },
        { trigger: ".modal .o_field_widget[name=column_ids] .o_data_row:contains(Changed At) td[name=field]:contains(Instant)" },
        { trigger: ".modal .nav-link[name=preview]", run: "click" },
        { trigger: ".modal .o_field_widget[name=preview] td:contains(2024-03-04 08:00)" },
        { trigger: ".modal .nav-link[name=states]", run: "click" },
        ...mapState("Open", "New"),
        ...mapState("Working", "In Progress"),
        ...mapState("Shut", "Resolved"),
        { trigger: ".modal .o_field_widget[name=mode] input[data-value=good]", run: "click" },
        { trigger: ".modal button[name=action_check]", run: "click" },
        { trigger: ".modal .o_field_widget[name=events_new]:contains(3)" },
        { trigger: ".modal .o_field_widget[name=error_ids] .o_data_row:contains(never)" },
        { trigger: ".modal button[name=action_import]", run: "click" },
        { trigger: ".o_form_view .o_field_widget[name=rows_bad]:contains(1)" },
        { trigger: ".o_form_view .o_statusbar_status button.o_arrow_button_current:contains(Done)" },
    ],
});

/** What the scheduled action does to the import on the screen, seen from the browser. */
function advance(values) {
    return () => {
        const id = parseInt(window.location.pathname.split("/").pop());
        return rpc("/web/dataset/call_kw/aftersales.event.import.run/write", {
            model: "aftersales.event.import.run",
            method: "write",
            args: [[id], values],
            kwargs: {},
        });
    };
}

registry.category("web_tour.tours").add("aftersales_import_progress", {
    steps: () => [
        { trigger: ".o_field_widget[name=progress]:contains(0 %)", run: advance({ state: "checking", rows: 50 }) },
        { trigger: ".o_field_widget[name=progress]:contains(30 %)", run: advance({ state: "done", rows: 100 }) },
        { trigger: ".o_statusbar_status button.o_arrow_button_current:contains(Done)" },
    ],
});
