// One neighbourhood: its picture, its table, and what is chosen in both; another thing can be put in the middle.
import { Picture } from "./picture.js";
import { tableOf } from "./table.js";

export class Neighbourhood {
  constructor(details, status) {
    this.details = details;
    this.status = status;
    this.canvas = made("div", "neighbours-picture");
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute("role", "application");
    this.canvas.setAttribute("aria-roledescription", "graph");
    this.keys = made("p", "neighbours-keys");
    this.keys.textContent =
      "Arrow keys go from thing to thing, Enter opens the one chosen, Space puts it in the middle, Escape goes back to the first.";
    this.table = made("div", "scroll");
    details.append(this.canvas, this.keys, this.table);
    this.canvas.addEventListener("keydown", (event) => this.key(event));
  }

  /** Load the neighbours of `iri` and draw them; throws an Error that says what failed. */
  async show(iri) {
    const source = new URL(this.details.dataset.source, document.baseURI);
    source.searchParams.set("iri", iri);
    const response = await fetch(source);
    if (!response.ok) throw new Error(`${response.status} ${response.statusText}`.trim());
    this.data = resolved(await response.json(), response.url);
    this.chosen = undefined;
    this.picture?.destroy();
    this.picture = new Picture(this.canvas, this.data, (thing) => this.choose(thing));
    this.table.replaceChildren(tableOf(this.data, (thing) => this.choose(thing), (thing) => this.picture.mark(thing)));
    this.canvas.setAttribute("aria-label", `Neighbourhood of ${this.data.label}: ${this.picture.things.length} things`);
    this.tell(`${this.data.label}: ${counted(this.picture.things.length, "thing")} in ${counted(this.data.relations.length, "relation")}.`);
  }

  choose(thing) {
    this.chosen = thing;
    this.picture.mark(thing);
    for (const link of this.table.querySelectorAll("a")) link.classList.toggle("chosen", link.id === thing.id);
    const total = this.picture.things.length;
    this.tell(`${thing.relation.label}: ${thing.label} (${this.picture.things.indexOf(thing) + 1} of ${total}).`, thing);
  }

  tell(text, thing) {
    this.status.textContent = text;
    if (!thing) return;
    const actions = made("span", "neighbours-actions");
    const link = made("a", "");
    link.href = thing.href;
    link.textContent = "Open its page";
    const middle = made("button", "");
    middle.type = "button";
    middle.textContent = "Put it in the middle";
    middle.addEventListener("click", () => this.centre(thing.iri));
    actions.append(link, middle);
    this.status.append(actions);
  }

  async centre(iri) {
    try {
      await this.show(iri);
    } catch (error) {
      this.tell(`That could not be loaded: ${error.message}`);
    }
    this.canvas.focus();
  }

  key(event) {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    const { things } = this.picture;
    const place = things.indexOf(this.chosen);
    if (step && things.length) this.choose(things[place < 0 ? 0 : (place + step + things.length) % things.length]);
    else if (event.key === "Home" && things.length) this.choose(things[0]);
    else if (event.key === "End" && things.length) this.choose(things.at(-1));
    else if (event.key === "Enter" && this.chosen) location.assign(this.chosen.href);
    else if (event.key === " " && this.chosen) this.centre(this.chosen.iri);
    else if (event.key === "Escape") this.centre(this.details.dataset.iri);
    else return;
    event.preventDefault();
  }
}

/** The answer with absolute links, and each thing with an id and its relation. */
function resolved(data, base) {
  data.relations.forEach((relation, place) => {
    relation.things = relation.things.map((thing, at) => ({
      ...thing,
      id: `thing-${place}-${at}`,
      href: new URL(thing.href, base).href,
      relation,
    }));
  });
  return data;
}

function counted(number, word) {
  return `${number} ${word}${number === 1 ? "" : "s"}`;
}

function made(name, className) {
  const element = document.createElement(name);
  if (className) element.className = className;
  return element;
}
