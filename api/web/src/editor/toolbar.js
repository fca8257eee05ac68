// What stands above the tabs: the chooser of ready questions, the permanent link, and downloads.
import { linkTo } from "./address.js";
import { download, formatsOf } from "./downloads.js";

const LONGEST_TAB_NAME = 34;

export class Toolbar {
  constructor(mount, yasgui, endpoint, questionsUrl) {
    this.yasgui = yasgui;
    this.endpoint = endpoint;
    this.questionsUrl = questionsUrl;
    this.status = mount.querySelector(".ig-status");
    this.downloads = mount.querySelector(".ig-downloads");
    const chooser = mount.querySelector(".ig-questions");
    chooser?.addEventListener("change", () => this.choose(chooser));
    mount.querySelector(".ig-link").addEventListener("click", (event) => this.copyLink(event));
    mount.querySelector(".ig-new").addEventListener("click", () => yasgui.addTab(true));
    for (const event of ["tabSelect", "tabAdd"]) yasgui.on(event, () => this.turn());
    yasgui.on("query", () => this.offer());
    this.offer();
  }

  async choose(chooser) {
    const name = chooser.value;
    chooser.value = "";
    if (name) await this.open(name);
  }

  /** Open a ready question by name in a tab, and ask it. */
  async open(name) {
    const question = (await this.questions()).find((each) => each.name === name);
    if (!question) return this.say(`There is no ready question called ${name}.`);
    const known = Object.values(this.yasgui._tabs).find((tab) => tab.getPersistedJson().yasqe.value === question.text);
    if (known) this.yasgui.selectTabId(known.getId());
    else this.yasgui.addTab(true, { name: shortened(question.summary), yasqe: { value: question.text } });
    this.say(question.description);
    await this.yasgui.getTab().query().catch(() => {}); // Yasr shows what went wrong
  }

  questions() {
    this.loaded ??= fetch(this.questionsUrl).then((response) => (response.ok ? response.json() : []));
    return this.loaded;
  }

  async copyLink(event) {
    const query = this.yasgui.getTab()?.getYasqe()?.getValue() ?? "";
    event.currentTarget.href = linkTo(query); // a plain link as well: right click, drag, keyboard
    event.preventDefault();
    history.replaceState(history.state, "", linkTo(query));
    try {
      await navigator.clipboard.writeText(linkTo(query));
      this.say("The permanent link is in the address bar and on the clipboard.");
    } catch {
      this.say("The permanent link is in the address bar.");
    }
  }

  /** Another tab is about to be the current one. */
  turn() {
    this.say("");
    queueMicrotask(() => this.offer());
  }

  /** One button a format that the current query can be answered in. */
  offer() {
    const yasqe = this.yasgui.getTab()?.getYasqe();
    if (!yasqe) return;
    const suffixes = Object.keys(formatsOf(yasqe));
    this.downloads.replaceChildren(...suffixes.map((suffix) => this.button(suffix)));
  }

  button(suffix) {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = suffix.toUpperCase();
    made.addEventListener("click", () => this.save(suffix));
    return made;
  }

  async save(suffix) {
    const tab = this.yasgui.getTab();
    if (!(suffix in formatsOf(tab.getYasqe()))) return this.offer();
    this.say("Fetching the whole answer …");
    try {
      await download(this.endpoint, tab.getYasqe(), suffix, slug(tab.getName()));
      this.say("Saved.");
    } catch {
      this.say("That failed; this is what the endpoint says.");
      await tab.query().catch(() => {});
    }
  }

  say(text) {
    this.status.textContent = text;
  }
}

function shortened(text) {
  return text.length <= LONGEST_TAB_NAME ? text : `${text.slice(0, LONGEST_TAB_NAME - 1).trimEnd()}…`;
}

function slug(text) {
  return text.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") || "answer";
}
