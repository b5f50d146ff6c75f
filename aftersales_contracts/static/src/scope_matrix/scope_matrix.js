import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const COLOURS = 8; // classes o_aftersales_executor_0 .. 7 of the stylesheet; 0 is our own company

/** Who executes what: service types down, in a section for each region, support tiers across; gaps are hatched. */
export class ScopeMatrix extends Component {
    static template = "aftersales_contracts.ScopeMatrix";
    static props = { ...standardFieldProps };

    get board() {
        return this.props.record.data[this.props.name];
    }

    /** One section a region; a cell of the board lies at tier x number of regions + region. */
    get sections() {
        const { regions, tiers, rows } = this.board;
        return regions.map((name, place) => ({
            name,
            rows: rows.map((row) => ({
                name: row.name,
                cells: tiers.map((tier, column) => row.cells[column * regions.length + place]),
            })),
        }));
    }

    get summary() {
        return _t("%(covered)s of %(cells)s cells have an executor", {
            covered: this.board.covered,
            cells: this.board.cells,
        });
    }

    get gapText() {
        return this.board.gaps === 1 ? _t("1 gap") : _t("%s gaps", this.board.gaps);
    }

    cellText(count) {
        return count === 1 ? _t("1 cell") : _t("%s cells", count);
    }

    look(cell) {
        if (cell.kind === "gap" || cell.kind === "conflict") {
            return `o_aftersales_${cell.kind}`;
        }
        return this.colour(cell.colour, cell.kind === "us");
    }

    /** Our own company is always the first colour; the others take turns. */
    colour(place, us) {
        return `o_aftersales_executor_${us ? 0 : 1 + ((place + COLOURS - 2) % (COLOURS - 1))}`;
    }
}

registry.category("fields").add("aftersales_scope_matrix", {
    component: ScopeMatrix,
    displayName: _t("Scope Matrix"),
    supportedTypes: ["json"],
});
