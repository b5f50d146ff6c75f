import { registry } from "@web/core/registry";

const LINE = ".o_settlement_line";
const box = (text) => `${LINE}:contains(${text}) input[name=line_ids]`;

// The dealer finds the settlement of the month, disputes two of its ten lines with a reason, and accepts the other eight.
registry.category("web_tour.tours").add("aftersales_settlement_dealer", {
    steps: () => [
        { trigger: "a[href='/my/settlements']:contains(Settlements)", run: "click", expectUnloadPage: true },
        { trigger: "td:contains(March 2026)" },
        { trigger: "td a[href^='/my/settlements/']:contains(DS/)", run: "click", expectUnloadPage: true },
        { content: "ten lines wait", trigger: ".alert:contains(10 lines wait for your answer)" },
        { content: "what it comes to", trigger: ".o_settlement_sums tr:contains(Total):contains(640.00)" },
        { content: "both files are there", trigger: "a.o_settlement_pdf" },
        { trigger: "a.o_settlement_xlsx" },
        { content: "choose one of the pumps", trigger: box("Oil pump of the crane"), run: "click" },
        { content: "and the other", trigger: box("Oil pump of the gate"), run: "click" },
        { trigger: ".o_settlement_dispute", run: "click", expectUnloadPage: true },
        { content: "a dispute needs a reason", trigger: ".alert-danger:contains(give the reason)" },
        { content: "what was chosen stays chosen", trigger: `${box("Oil pump of the crane")}:checked` },
        { trigger: "textarea[name=reason]", run: "edit The pumps earn 12 % since March" },
        { trigger: ".o_settlement_dispute", run: "click", expectUnloadPage: true },
        { trigger: `${LINE}[data-state=disputed]:contains(Oil pump of the crane):contains(The pumps earn 12 %)` },
        { trigger: `${LINE}[data-state=disputed]:contains(Oil pump of the gate)` },
        { content: "eight lines are left", trigger: ".alert:contains(8 lines wait for your answer)" },
        { trigger: "a.btn:contains(To Be Answered)", run: "click", expectUnloadPage: true },
        { content: "only those", trigger: `tbody:has(${LINE}:nth-child(8)):not(:has(${LINE}:nth-child(9)))` },
        { content: "choose all of them", trigger: ".o_settlement_all", run: "click" },
        { trigger: `${LINE}:nth-child(8) input[name=line_ids]:checked` },
        { trigger: ".o_settlement_accept", run: "click", expectUnloadPage: true },
        { content: "nothing is left to answer", trigger: "td:contains(No lines here)" },
        { content: "the settlement says so", trigger: ".alert:contains(We look at those that you dispute)" },
        { trigger: "a.btn:contains(Disputed)", run: "click", expectUnloadPage: true },
        { trigger: `tbody:has(${LINE}[data-state=disputed]:nth-child(2)):not(:has(${LINE}:nth-child(3)))` },
        { content: "the two are held", trigger: ".o_settlement_sums tr:contains(Held until the dispute is settled):contains(20.00)" },
        { trigger: ".o_settlement_sums tr:contains(To be paid):contains(620.00)" },
    ],
});
