// Errors of the endpoint (problem documents, RFC 9457): shown as a text, and in the query where it goes wrong.

/** The problem document in an answer's text, or undefined if the text is none. */
export function problemIn(text) {
  try {
    const problem = JSON.parse(text);
    return problem && typeof problem.title === "string" ? problem : undefined;
  } catch {
    return undefined;
  }
}

/** A renderer for Yasr: title and detail of the problem. */
export async function renderProblem(error) {
  const problem = problemIn(error.text);
  if (!problem) return undefined;
  const shown = document.createElement("div");
  shown.className = "ig-problem";
  shown.append(element("p", "ig-problem-title", `${problem.title} (${problem.status})`));
  shown.append(element("p", "", problem.detail));
  return shown;
}

/** Mark in `yasqe` where the problem is, until the query is changed; the cursor goes there. */
export function markFault(yasqe, text) {
  const problem = problemIn(text);
  if (!problem?.line) return;
  const doc = yasqe.getDoc();
  const line = Math.min(problem.line - 1, doc.lastLine());
  const [from, to] = rangeIn(doc.getLine(line), problem);
  const mark = doc.markText({ line, ch: from }, { line, ch: to }, { className: "ig-fault", title: problem.detail });
  const note = doc.addLineWidget(line, element("div", "ig-fault-note", problem.detail), { above: false });
  note.node.setAttribute("role", "alert");
  doc.setCursor({ line, ch: from });
  yasqe.scrollIntoView({ line, ch: from }, 60);
  const forget = () => {
    mark.clear();
    note.clear();
    yasqe.off("change", forget);
    yasqe.off("queryBefore", forget);
  };
  yasqe.on("change", forget);
  yasqe.on("queryBefore", forget);
}

/** The columns that the problem covers, in UTF-16 units from 0; the server counts characters from 1. */
function rangeIn(line, { column = 1, token }) {
  const characters = [...line];
  const from = characters.slice(0, column - 1).join("").length;
  if (token && line.startsWith(token, from)) return [from, from + token.length];
  if (from >= line.length) return [Math.max(0, line.trimEnd().length - 1), line.length];
  const word = /^[^\s]+/.exec(line.slice(from));
  return [from, from + (word ? word[0].length : 1)];
}

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}
