// Taking the answer away whole, in a format that the endpoint writes.
const FORMATS = {
  table: { csv: "text/csv", tsv: "text/tab-separated-values", json: "application/sparql-results+json", xml: "application/sparql-results+xml" },
  graph: { ttl: "text/turtle", nt: "application/n-triples", jsonld: "application/ld+json", rdf: "application/rdf+xml" },
};

/** The formats, by suffix, of what the query yields: a table, or triples. */
export function formatsOf(yasqe) {
  return ["CONSTRUCT", "DESCRIBE"].includes(yasqe.getQueryType()) ? FORMATS.graph : FORMATS.table;
}

/** Ask the query again in the format of `suffix` and save the answer; throws an Error with the problem's text. */
export async function download(endpoint, yasqe, suffix, name) {
  const response = await fetch(endpoint, {
    method: "POST",
    headers: { Accept: formatsOf(yasqe)[suffix], "Content-Type": "application/sparql-query" },
    body: yasqe.getValue(),
  });
  if (!response.ok) throw new Error(await response.text());
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await response.blob());
  link.download = `${name}.${suffix}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
