import { registry } from "@web/core/registry";

const LINE = ".o_claim_line";

// The dealer files a claim with a part, labour and travel for a machine that it sold, and follows it.
registry.category("web_tour.tours").add("aftersales_warranty_dealer", {
    steps: () => [
        { trigger: "a[href='/my/claims']", run: "click", expectUnloadPage: true },
        { trigger: "a.o_new_claim", run: "click", expectUnloadPage: true },
        { trigger: "input[name=serial]", run: "edit CX-9" },
        { trigger: "textarea[name=symptom]", run: "edit The brake does not release" },
        { trigger: "tr:has(input[name=part_code]):first input[name=part_code]", run: "edit BC-2" },
        { trigger: "tr:has(input[name=part_code]):first input[name=part_quantity]", run: "edit 1" },
        { trigger: "tr:has(input[name=part_code]):first input[name=part_price]", run: "edit 640" },
        { trigger: "tr:has(input[name=labour_hours]):first input[name=labour_hours]", run: "edit 2.5" },
        { trigger: "tr:has(input[name=labour_hours]):first input[name=labour_price]", run: "edit 80" },
        { trigger: "input[name=travel_quantity]", run: "edit 35" },
        { trigger: ".o_send_claim", run: "click", expectUnloadPage: true },
        { content: "the part is claimed", trigger: `${LINE}:contains(Brake coil):contains(640.00)` },
        { content: "the labour too", trigger: `${LINE}:contains(Labour):contains(200.00)` },
        { content: "nothing is decided", trigger: `${LINE}:contains(Open)` },
    ],
});

// Later the part is asked back: the dealer reads the decision and says that the part is on its way.
registry.category("web_tour.tours").add("aftersales_warranty_dealer_part", {
    steps: () => [
        { trigger: "a[href='/my/claims']", run: "click", expectUnloadPage: true },
        { trigger: "td a[href^='/my/claims/']:contains(CL/)", run: "click", expectUnloadPage: true },
        { content: "the part is approved", trigger: `${LINE}:contains(Brake coil):contains(Approved)` },
        { trigger: `${LINE}:contains(Brake coil) input[name=note]`, run: "edit Parcel 4711" },
        { trigger: ".o_part_sent", run: "click", expectUnloadPage: true },
        { content: "it is on its way", trigger: `${LINE}:contains(Part return: Sent)` },
    ],
});
