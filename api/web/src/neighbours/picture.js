// The picture of a neighbourhood, drawn by Cytoscape: the thing between what points to it and what it points to.
import cytoscape from "cytoscape";

const LINE = 27; // pixels from one thing to the next below it
const GAP = 16; // and more between two relations
const NARROW = 640; // pixels of width below which all stands on one side
const KINDS = {
  publication: "#2f6f9f", body: "#8a5a00", theme: "#3a7d44", statement: "#b3423a", section: "#77757a",
  term: "#7a4fa3", vocabulary: "#7a4fa3", event: "#b0487f", initiative: "#00797a", usecase: "#6c7a00",
};

export class Picture {
  /** `choose` is told of the thing that is clicked. The host element gets the height that the picture needs. */
  constructor(host, data, choose) {
    this.host = host;
    this.data = data;
    const { elements, height, things } = layOut(data, host.clientWidth);
    this.things = things; // in reading order
    host.style.height = `${height}px`;
    this.cy = cytoscape({
      container: host, elements, style: styles(), layout: { name: "preset", fit: false },
      userZoomingEnabled: false, userPanningEnabled: false, boxSelectionEnabled: false, autoungrabify: true,
    });
    this.cy.on("tap", "node.thing", (event) => choose(things.find((thing) => thing.id === event.target.id())));
    this.darkness = matchMedia("(prefers-color-scheme: dark)");
    this.repaint = () => this.cy.style(styles());
    this.darkness.addEventListener("change", this.repaint);
  }

  /** Make `thing` stand out, with the way to it. */
  mark(thing) {
    this.cy.elements().removeClass("chosen");
    const node = this.cy.getElementById(thing.id);
    node.addClass("chosen");
    node.connectedEdges().addClass("chosen");
  }

  destroy() {
    this.darkness.removeEventListener("change", this.repaint);
    this.cy.destroy();
  }
}

/** Places in pixels of the host: relations at the right and the left of the thing, or all on one side if narrow. */
function layOut(data, width) {
  const narrow = width < NARROW;
  const sides = narrow ? [[1, data.relations]] : balanced(data.relations);
  const height = Math.max(...sides.map(([, relations]) => tallOf(relations)), 3 * LINE) + 2 * LINE;
  const middle = { x: narrow ? 22 : width / 2, y: height / 2 };
  const frame = { middle, width, narrow };
  const elements = [{ data: { id: "middle", label: narrow ? "" : data.label }, position: middle, classes: "middle" }];
  for (const [side, relations] of sides) {
    let y = (height - tallOf(relations)) / 2 + LINE / 2;
    for (const relation of relations) {
      elements.push(...placed(relation, `relation-${data.relations.indexOf(relation)}`, { ...frame, side, y }));
      y += relation.things.length * LINE + GAP;
    }
  }
  return { elements, height, things: sides.flatMap(([, relations]) => relations.flatMap((relation) => relation.things)) };
}

/** What the thing points to at the right, what points to it at the left, but none much taller than the other. */
function balanced(relations) {
  const right = [];
  const left = [];
  for (const relation of relations) {
    const [first, second] = relation.inward ? [left, right] : [right, left];
    (tallOf(first) > tallOf(second) + relation.things.length * LINE ? second : first).push(relation);
  }
  return [[-1, left], [1, right]];
}

function tallOf(relations) {
  return relations.reduce((sum, relation) => sum + relation.things.length * LINE + GAP, -GAP);
}

function placed(relation, id, { side, y, middle, width, narrow }) {
  const reach = narrow ? 85 : Math.min(width * 0.145, 180);
  const far = narrow ? 150 : Math.min(width * 0.245, 300);
  const room = (narrow ? width - middle.x : width / 2) - far - 18;
  const left = relation.total - relation.things.length;
  const label = relation.label + (left > 0 ? ` (${relation.total})` : "");
  const centre = { x: middle.x + side * reach, y: y + ((relation.things.length - 1) * LINE) / 2 };
  const found = [{ data: { id, label, room: narrow ? 100 : 170 }, position: centre, classes: "relation" }];
  found.push(edge("middle", id, relation.inward));
  relation.things.forEach((thing, at) => {
    found.push({
      data: { id: thing.id, label: thing.label, room, colour: KINDS[thing.kind] ?? "#6b7280" },
      position: { x: middle.x + side * far, y: y + at * LINE },
      classes: `thing ${side > 0 ? "right" : "left"}`,
    });
    found.push(edge(id, thing.id, relation.inward));
  });
  return found;
}

function edge(nearer, farther, inward) {
  const [source, target] = inward ? [farther, nearer] : [nearer, farther];
  return { data: { id: `${nearer}-${farther}`, source, target } };
}

function styles() {
  const sheet = getComputedStyle(document.documentElement);
  const colour = (name) => sheet.getPropertyValue(`--${name}`).trim();
  const behind = { "text-background-color": colour("paper"), "text-background-opacity": 1, "text-background-padding": 3 };
  const beside = { "text-wrap": "ellipsis", "text-max-width": "data(room)", "text-valign": "center" };
  const text = { label: "data(label)", color: colour("ink"), "font-family": "system-ui, sans-serif", "font-size": 13 };
  const arrow = { "target-arrow-shape": "triangle", "target-arrow-color": colour("soft"), "arrow-scale": 0.6 };
  return [
    { selector: "node", style: { ...text, "overlay-opacity": 0 } },
    { selector: ".middle", style: { ...behind, shape: "round-rectangle", width: 26, height: 26, "background-color": colour("accent"), "font-weight": 600, "text-wrap": "wrap", "text-max-width": 150, "text-valign": "bottom", "text-margin-y": 7 } },
    { selector: ".relation", style: { ...behind, ...beside, width: 2, height: 2, "background-opacity": 0, color: colour("soft"), "font-size": 12, "text-halign": "center" } },
    { selector: ".thing", style: { ...beside, width: 11, height: 11, "background-color": "data(colour)" } },
    { selector: ".right", style: { "text-halign": "right", "text-margin-x": 5 } },
    { selector: ".left", style: { "text-halign": "left", "text-margin-x": -5 } },
    { selector: "edge", style: { ...arrow, width: 1, "line-color": colour("line"), "curve-style": "straight", "z-index": 0 } },
    { selector: "node.chosen", style: { width: 16, height: 16, "border-width": 3, "border-color": colour("focus"), "font-weight": 700 } },
    { selector: "edge.chosen", style: { width: 2, "line-color": colour("focus"), "target-arrow-color": colour("focus") } },
  ];
}
