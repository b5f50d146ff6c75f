import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

/** The box in the head of the table chooses all lines of the page, and shows whether all of them are chosen. */
export class SettlementLines extends Interaction {
    static selector = ".o_settlement_answer";
    dynamicContent = {
        ".o_settlement_all": { "t-on-change": this.chooseAll },
        "input[name=line_ids]": { "t-on-change": this.showWhether },
    };

    get boxes() {
        return [...this.el.querySelectorAll("input[name=line_ids]")];
    }

    chooseAll(event) {
        for (const box of this.boxes) {
            box.checked = event.target.checked;
        }
    }

    showWhether() {
        const head = this.el.querySelector(".o_settlement_all");
        const chosen = this.boxes.filter((box) => box.checked).length;
        head.checked = chosen > 0 && chosen === this.boxes.length;
        head.indeterminate = chosen > 0 && chosen < this.boxes.length;
    }
}

registry.category("public.interactions").add("aftersales_contracts.settlement_lines", SettlementLines);
