// Ask Comunica: node comunica.mjs sparql|traversal QUERY SOURCE...; prints one JSON object a solution.
const [kind, query, ...sources] = process.argv.slice(2);
const { QueryEngine } = await import(
  kind === "traversal" ? "@comunica/query-sparql-link-traversal" : "@comunica/query-sparql"
);
const solutions = await new QueryEngine().queryBindings(query, {
  sources: sources.map((source) => (source.endsWith("/sparql") ? { type: "sparql", value: source } : source)),
  lenient: true,
});
for (const solution of await solutions.toArray()) {
  console.log(JSON.stringify(Object.fromEntries([...solution].map(([name, term]) => [name.value, term.value]))));
}
