// The table of a neighbourhood: all that the picture shows, for those who do not see it.

/** The table; `choose` is told of the thing whose link gets the focus, `point` of the one under the pointer. */
export function tableOf(data, choose, point) {
  const table = document.createElement("table");
  table.createCaption().textContent = `Neighbours of ${data.label}`;
  const head = table.createTHead().insertRow();
  head.append(heading("col", "Relation"), heading("col", "Things"), heading("col", "In all"));
  const body = table.createTBody();
  for (const relation of data.relations) {
    const row = body.insertRow();
    row.append(heading("row", relation.label));
    const list = document.createElement("ul");
    list.className = "plain";
    list.append(...relation.things.map((thing) => itemOf(thing, choose, point)));
    row.insertCell().append(list);
    row.insertCell().textContent = relation.total;
  }
  return table;
}

function itemOf(thing, choose, point) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = thing.href;
  link.id = thing.id;
  link.textContent = thing.label;
  link.addEventListener("focus", () => choose(thing));
  link.addEventListener("pointerenter", () => point(thing));
  item.append(link);
  return item;
}

function heading(scope, text) {
  const cell = document.createElement("th");
  cell.scope = scope;
  cell.textContent = text;
  return cell;
}
