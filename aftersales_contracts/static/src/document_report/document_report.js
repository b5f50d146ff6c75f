import { download } from "@web/core/network/download";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { getReportUrl } from "@web/webclient/actions/reports/utils";

const DRAWN = ["aftersales_contracts.report_contract", "aftersales_contracts.report_nda"];

// These PDFs are drawn by the server without wkhtmltopdf: they are downloaded whether it is installed or not.
async function downloadDrawn(action, options, env) {
    if (action.report_type !== "qweb-pdf" || !DRAWN.includes(action.report_name)) {
        return false;
    }
    env.services.ui.block();
    try {
        const url = getReportUrl(action, "pdf", user.context);
        await download({
            url: "/report/download",
            data: { data: JSON.stringify([url, action.report_type]), context: JSON.stringify(user.context) },
        });
    } finally {
        env.services.ui.unblock();
    }
    return true;
}

registry.category("ir.actions.report handlers").add("aftersales_contracts_documents", downloadDrawn);
