// Completion of prefixes, classes and properties, all from this server: nothing is asked of anybody else.
const NAMES = ["isogloss-prefixes", "variables", "isogloss-classes", "isogloss-properties"];
const MOST = 60;

/** Make `Yasqe` complete from `prefixes` (name to namespace) and from the JSON at `termsUrl`, fetched when needed. */
export function installCompletion(Yasqe, prefixes, termsUrl) {
  const known = new Terms(prefixes, termsUrl);
  Yasqe.forkAutocompleter("prefixes", {
    name: "isogloss-prefixes",
    persistenceId: null,
    get: () => Object.entries(prefixes).map(([name, namespace]) => `${name}: <${namespace}>`),
  });
  for (const [kind, theirs] of [["classes", "class"], ["properties", "property"]]) {
    Yasqe.forkAutocompleter(theirs, {
      name: `isogloss-${kind}`,
      autoShow: true,
      get: (yasqe, token) => known.matching(kind, token),
      preProcessToken: (yasqe, token) => token,
      postProcessSuggestion: (yasqe, token, iri) => known.written(iri, yasqe.getPrefixesFromQuery()),
      postprocessHints: (yasqe, hints) => hints.map((hint) => ({ ...hint, render: known.rendered })),
    });
  }
  Yasqe.defaults.autocompleters = NAMES; // in place of the built-in ones, which ask other services
}

class Terms {
  constructor(prefixes, url) {
    this.prefixes = prefixes;
    this.url = url;
    this.labels = new Map();
    this.rendered = this.rendered.bind(this);
  }

  load() {
    this.loaded ??= fetch(this.url).then((response) => (response.ok ? response.json() : {}));
    return this.loaded;
  }

  /** The IRIs whose prefixed name, IRI or label holds what was typed; those that begin with it first. */
  async matching(kind, token) {
    const typed = token.string.trim().replace(/^<|>$/g, "").toLowerCase();
    if (!typed || /^[?$"]/.test(typed)) return [];
    const ranked = [];
    for (const term of (await this.load())[kind] ?? []) {
      const name = this.written(term.iri, {}).toLowerCase();
      if (name === typed) continue;
      const rank = rankOf(typed, name, term);
      if (rank < 4) ranked.push([rank, term.iri]);
      this.labels.set(name, term.label);
    }
    return ranked.sort(([a], [b]) => a - b).slice(0, MOST).map(([, iri]) => iri);
  }

  /** The IRI as the query would write it: by the query's own prefixes, else by ours. */
  written(iri, ofQuery) {
    for (const [name, namespace] of Object.entries({ ...this.prefixes, ...ofQuery })) {
      const local = iri.slice(namespace.length);
      if (iri.startsWith(namespace) && /^[\w-]+$/.test(local)) return `${name}:${local}`;
    }
    return `<${iri}>`;
  }

  rendered(element, _data, hint) {
    element.append(hint.text);
    const label = this.labels.get(hint.text.toLowerCase());
    if (!label) return;
    const note = document.createElement("span");
    note.className = "ig-hint-label";
    note.textContent = label;
    element.append(note);
  }
}

function rankOf(typed, name, term) {
  const local = name.slice(name.indexOf(":") + 1);
  if (name.startsWith(typed) || term.iri.toLowerCase().startsWith(typed)) return 0;
  if (local.startsWith(typed)) return 1;
  if (local.includes(typed.slice(typed.indexOf(":") + 1)) && !typed.includes(":")) return 2;
  return (term.label ?? "").toLowerCase().includes(typed) ? 3 : 4;
}
