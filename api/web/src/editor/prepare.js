// Yasgui as this page has it: what is set once, before the first tab.
import { linkTo } from "./address.js";
import { installCompletion } from "./completion.js";
import { renderProblem } from "./faults.js";

const PLAIN_TABLE = { compact: true, isEllipsed: false }; // values as they read, wrapped; a switch shows their types

/** Our completion, links, errors and tables in the place of Yasgui's own. */
export function prepare({ Yasqe, Yasr, Tab }, prefixes, termsUrl) {
  installCompletion(Yasqe, prefixes, termsUrl);
  Yasr.defaults.errorRenderers = [renderProblem];
  Tab.prototype.getShareableLink = function () {
    return linkTo(this.getQuery());
  };
  const defaults = Tab.getDefaults;
  Tab.getDefaults = (yasgui) => {
    const tab = defaults(yasgui);
    tab.yasr.settings.pluginsConfig = { table: { ...PLAIN_TABLE } };
    return tab;
  };
  nameTheSizer(Yasr.plugins.table);
}

/** The chooser of the page size stands beside its label, but is not tied to it. */
function nameTheSizer(Table) {
  const draw = Table.prototype.drawControls;
  Table.prototype.drawControls = function () {
    draw.call(this);
    this.tableSizeField.setAttribute("aria-label", "Rows on a page");
  };
}
