// Offers terms while somebody types; the form works without it.
const list = document.querySelector("datalist[data-suggest]");
const field = document.querySelector(`input[list="${list?.id}"]`);
let latest = 0;

async function offer() {
  const asked = ++latest;
  const words = field.value.trim();
  if (words.length < 2) return;
  const answer = await fetch(`${list.dataset.suggest}?limit=50&q=${encodeURIComponent(words)}`);
  if (!answer.ok || asked !== latest) return;
  const terms = (await answer.json()).filter((each) => each.kind === "term");
  const written = new Map(); // a word once, as the first vocabulary writes it
  for (const { label } of terms) if (!written.has(label.toLowerCase())) written.set(label.toLowerCase(), label);
  const labels = [...written.values()].slice(0, 12);
  list.replaceChildren(...labels.map((label) => Object.assign(document.createElement("option"), { value: label })));
}

field?.addEventListener("input", offer);
