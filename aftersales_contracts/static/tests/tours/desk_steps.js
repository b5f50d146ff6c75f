/** Steps that the tours of the desks share. ``within``: a selector with a blank at its end, such as ".modal ". */

export const TODAY = { trigger: ".o_aftersales_today h1:contains(What needs me today)" };

export function choose(field, name, within = "") {
    const input = `${within}.o_field_widget[name=${field}] input`;
    return [
        { trigger: input, run: `edit ${name}` },
        { trigger: `.o-autocomplete--dropdown-item:first-child:contains(${name})`, run: "click" },
        { trigger: `${input}:value(${name})` },
    ];
}

export function select(field, label, within = "") {
    return [
        { trigger: `${within}.o_field_widget[name=${field}] .o_select_menu_toggler`, run: "click" },
        { trigger: `.o_select_menu_item:contains(${label})`, run: "click" },
        { trigger: "body:not(:has(.o_select_menu_item))" },
    ];
}

export function press(button, string) {
    return { content: string, trigger: `.o_statusbar_buttons button[name=${button}]:contains(${string})`, run: "click" };
}

export function press_action(string) {
    return { content: string, trigger: `.o_statusbar_buttons button:contains(${string})`, run: "click" };
}

export function confirm(button) {
    return [
        { trigger: `.modal footer button[name=${button}]:enabled`, run: "click" },
        { trigger: "body:not(:has(.modal))" },
    ];
}

export function state(name) {
    return { content: `state ${name}`, trigger: `.o_arrow_button_current:contains(${name})` };
}

export function page(name) {
    return { content: `page ${name}`, trigger: `.o_notebook_headers a[name=${name}]`, run: "click" };
}

export function menu(root, item) {
    return [
        { trigger: `button[data-menu-xmlid='aftersales_contracts.${root}']`, run: "click" },
        { trigger: `a[data-menu-xmlid='aftersales_contracts.${item}']`, run: "click" },
    ];
}

export function add_row(field) {
    return { trigger: `.o_field_widget[name=${field}] .o_field_x2many_list_row_add a`, run: "click" };
}

/** Save the dialog of a row and see the row, with ``text`` in it, in its list. */
export function save_row(field, text) {
    return [
        { trigger: ".modal .o_form_button_save", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        { trigger: `.o_field_widget[name=${field}] .o_data_row:contains(${text})` },
    ];
}

/** Put a file into a binary field, as the file dialog of the browser would. */
export function upload(field, name, within = "") {
    return [
        {
            trigger: `${within}.o_field_widget[name=${field}]:has(input[type=file])`,
            run({ anchor }) {
                const files = new DataTransfer();
                files.items.add(new File(["%PDF-1.4 a scan"], name, { type: "application/pdf" }));
                const input = anchor.querySelector("input[type=file]");
                input.files = files.files;
                input.dispatchEvent(new Event("change", { bubbles: true }));
            },
        },
        { trigger: `${within}.o_field_widget[name=${field}] .o_clear_file_button` },
    ];
}
