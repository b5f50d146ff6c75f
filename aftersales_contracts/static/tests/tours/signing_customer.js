import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

function draw(canvas) {
    const box = canvas.getBoundingClientRect();
    const point = (type, x, y) =>
        canvas.dispatchEvent(
            new PointerEvent(type, {
                bubbles: true, cancelable: true, pointerId: 1, isPrimary: true, buttons: type === "pointerup" ? 0 : 1,
                clientX: box.left + box.width * x, clientY: box.top + box.height * y,
            })
        );
    point("pointerdown", 0.2, 0.7);
    for (const [x, y] of [[0.3, 0.3], [0.4, 0.7], [0.5, 0.3], [0.65, 0.6], [0.8, 0.4]]) {
        point("pointermove", x, y);
    }
    point("pointerup", 0.8, 0.4);
}

// The customer finds the document on the portal's home, reads it, draws a signature and sees that it was taken.
tours.add("aftersales_signing_customer", {
    steps: () => [
        { trigger: "a[href='/my/signing']:contains(Documents to Sign)", run: "click", expectUnloadPage: true },
        { trigger: "td a[href^='/my/signing/']", run: "click", expectUnloadPage: true },
        { content: "it is the customer's turn", trigger: "[data-situation=sign]:contains(your turn)" },
        { content: "the document is shown", trigger: "iframe.o_aftersales_document" },
        { content: "who signs now", trigger: ".list-group-item:contains(Carla Contact) .badge:contains(Signs now)" },
        { trigger: ".o_web_sign_name_input", run: "edit Carla Contact" },
        { trigger: ".o_web_sign_draw_button", run: "click" },
        { trigger: "canvas.o_web_sign_signature", run: ({ anchor }) => draw(anchor) },
        { trigger: ".o_portal_sign_submit:enabled", run: "click", expectUnloadPage: true },
        { content: "thanks, and no form any more", trigger: "[data-situation=answered]:contains(you have signed)" },
        { trigger: "body:not(:has(.o_portal_sign_submit)) .list-group-item:contains(Carla Contact) .badge:contains(Signed)" },
    ],
});

// The next one refuses, with a reason.
tours.add("aftersales_signing_refusal", {
    steps: () => [
        { trigger: "[data-situation=sign]" },
        { trigger: "summary:contains(I do not want to sign)", run: "click" },
        { trigger: "textarea[name=reason]", run: "edit The cap is too low" },
        { trigger: ".o_aftersales_refuse", run: "click", expectUnloadPage: true },
        { trigger: "[data-situation=refused]:contains(You have refused)" },
    ],
});
