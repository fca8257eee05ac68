// The neighbourhood on the page of a thing: shown when its heading is opened, and only then loaded.
for (const details of document.querySelectorAll("details.neighbours")) {
  details.addEventListener("toggle", () => open(details), { once: true });
}

async function open(details) {
  const status = document.createElement("p");
  status.setAttribute("role", "status");
  status.textContent = "Loading …";
  details.append(status);
  try {
    await style(details.dataset.style);
    const { Neighbourhood } = await import("./neighbourhood.js");
    await new Neighbourhood(details, status).show(details.dataset.iri);
  } catch (error) {
    status.textContent = `The neighbourhood could not be loaded (${error.message}); this page says the same in words.`;
  }
}

/** Load a style sheet under the id by which Cytoscape would know its own, which this one stands in for. */
function style(href) {
  const sheet = document.createElement("link");
  sheet.id = "__________cytoscape_stylesheet";
  sheet.rel = "stylesheet";
  sheet.href = href;
  return new Promise((resolve, reject) => {
    sheet.onload = resolve;
    sheet.onerror = () => reject(new Error("no style sheet"));
    document.head.append(sheet);
  });
}
