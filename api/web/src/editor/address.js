// The permanent link: the query (or the name of a ready question) after the # of the page's own address.

/** The permanent link of a query. It names no host's setting and is never sent to a server. */
export function linkTo(query) {
  return `${location.origin}${location.pathname}#query=${encodeURIComponent(query)}`;
}

/** What the address asks for: `{query}`, `{question}` or nothing. */
export function asked() {
  const parameters = new URLSearchParams(location.hash.slice(1));
  const query = parameters.get("query");
  const question = parameters.get("question");
  if (query) return { query };
  return question ? { question } : {};
}

/** Put the permanent link into the address bar without a step in the history. */
export function show(query) {
  history.replaceState(history.state, "", linkTo(query));
}
