// The SPARQL editor: Yasgui on this server's endpoint, in the place of the plain form.
import Yasgui from "@zazuko/yasgui";

import { asked, show } from "./address.js";
import "./editor.css";
import { markFault } from "./faults.js";
import { prepare } from "./prepare.js";
import { Toolbar } from "./toolbar.js";

const LONGEST_ADDRESS = 4000; // longer queries are posted, so that no server or proxy refuses the URL

const mount = document.getElementById("editor");
const setup = JSON.parse(document.getElementById("editor-setup").textContent);
const endpoint = new URL(setup.endpoint, document.baseURI).href;

function open() {
  prepare(Yasgui, setup.prefixes, new URL(setup.terms, document.baseURI).href);
  const yasgui = new Yasgui(mount.querySelector(".ig-yasgui"), configuration());
  for (const tab of Object.values(yasgui._tabs)) tab.setRequestConfig({ endpoint }); // kept ones may be of old
  const toolbar = new Toolbar(mount, yasgui, endpoint, new URL(setup.questions, document.baseURI).href);
  yasgui.on("query", (_, tab) => show(tab.getQuery()));
  yasgui.on("queryResponse", (_, tab) => afterAnswer(tab));
  mount.addEventListener("click", leadHome, true);
  mount.addEventListener("auxclick", leadHome, true);
  mount.hidden = false;
  document.getElementById("plain").hidden = true;
  yasgui.getTab()?.show(); // CodeMirror measures itself only where it is seen
  const follow = () => openAsked(yasgui, toolbar);
  window.addEventListener("hashchange", follow);
  return follow();
}

function configuration() {
  return {
    autofocus: false,
    copyEndpointOnNewTab: false,
    endpointCatalogueOptions: { getData: () => [] },
    persistenceId: "isogloss",
    populateFromUrl: false,
    tabName: "Query",
    requestConfig: { endpoint, method: (yasgui) => methodFor(yasgui.getTab()?.getQuery() ?? "") },
    yasqe: { value: setup.query, extraKeys: { Tab: false, "Shift-Tab": false }, screenReaderLabel: "SPARQL query" },
    yasr: { prefixes: { ...setup.prefixes, id: `${setup.base}id/` } }, // things of ours, in short
  };
}

function methodFor(query) {
  return encodeURIComponent(query).length > LONGEST_ADDRESS ? "POST" : "GET";
}

/** Open the query or question that the address names, in a tab of its own unless a tab has it already. */
async function openAsked(yasgui, toolbar) {
  const { query, question } = asked();
  if (question) await toolbar.open(question);
  else if (query) {
    const same = Object.values(yasgui._tabs).find((tab) => tab.getPersistedJson().yasqe.value === query);
    if (same) yasgui.selectTabId(same.getId());
    else yasgui.addTab(true, { yasqe: { value: query } });
    await yasgui.getTab().query().catch(() => {}); // Yasr shows what went wrong
  }
}

function afterAnswer(tab) {
  const results = () => tab.getYasr()?.results?.getError()?.text;
  queueMicrotask(() => results() && markFault(tab.getYasqe(), results())); // Yasr gets the answer after this event
}

/** Let a link to a thing of ours lead to this server, whatever host the IRI names. */
function leadHome(event) {
  const link = event.target.closest?.("a.iri");
  if (link?.href.startsWith(setup.base)) link.href = new URL(link.href.slice(setup.base.length), new URL(setup.root, document.baseURI));
}

await open();
