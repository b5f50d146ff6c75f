import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

// Tools of the viewer that draw on the document: what is drawn there is no signature, and nobody would ever see it.
const EDITORS = "#editorModeButtons, #editorModeSeparator, #secondaryOpenFile, #secondaryToolbarToggleButton";

export class SigningDocument extends Interaction {
    static selector = ".o_aftersales_document";
    dynamicContent = { _root: { "t-on-load": this.hideEditors } };

    start() {
        this.hideEditors();
    }

    hideEditors() {
        const viewer = this.el.contentDocument;
        if (!viewer?.head || viewer.getElementById("o_aftersales_viewer")) {
            return;
        }
        const style = viewer.createElement("style");
        style.id = "o_aftersales_viewer";
        style.textContent = `${EDITORS} { display: none !important; }`;
        viewer.head.append(style);
    }
}

registry.category("public.interactions").add("aftersales_contracts.signing_document", SigningDocument);
