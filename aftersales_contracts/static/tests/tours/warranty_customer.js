import { registry } from "@web/core/registry";

const PHOTO = Uint8Array.from(atob(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
), (one) => one.charCodeAt(0));

function choosePhoto() {
    const files = new DataTransfer();
    files.items.add(new File([PHOTO], "nameplate.png", { type: "image/png" }));
    this.anchor.files = files.files;
}

// The customer checks a serial number, reads what is covered, opens a claim with a photo, and follows it.
registry.category("web_tour.tours").add("aftersales_warranty_customer", {
    steps: () => [
        { trigger: "a[href='/my/warranty']", run: "click", expectUnloadPage: true },
        { trigger: "input[name=serial]", run: "edit CX-9" },
        { trigger: ".o_warranty_check", run: "click", expectUnloadPage: true },
        { content: "a machine of somebody else is not told", trigger: ".o_warranty_unknown:contains(is not registered to you)" },
        { trigger: "input[name=serial]", run: "edit PX-1" },
        { trigger: ".o_warranty_check", run: "click", expectUnloadPage: true },
        { content: "parts are paid", trigger: ".o_coverage tr:contains(Parts):contains(100%)" },
        { content: "travel is not", trigger: ".o_coverage tr:contains(Travel):contains(no)" },
        { trigger: "a:contains(Open a claim)", run: "click", expectUnloadPage: true },
        { trigger: "textarea[name=symptom]", run: "edit It stands still and smells burnt" },
        { trigger: "input[name=photos]", run: choosePhoto },
        { trigger: ".o_send_claim", run: "click", expectUnloadPage: true },
        { content: "the claim is there", trigger: "h3:contains(Claim CL/)" },
        { content: "and its photo", trigger: ".o_claim_photo img[alt='nameplate.png']" },
        { content: "in the first step", trigger: ".o_claim_steps [aria-current=step]:contains(Intake)" },
        { trigger: "ol.o_portal_submenu a[href='/my/claims']", run: "click", expectUnloadPage: true },
        { content: "it is in the list", trigger: "td a[href^='/my/claims/']:contains(CL/)" },
    ],
});
