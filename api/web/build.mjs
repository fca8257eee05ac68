// Bundles src/ into the folder given as the first argument, with the notices of everything that is bundled.
import { build } from "esbuild";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";

const out = path.resolve(process.argv[2] ?? "dist");
const INSIDE_STYLE_SHEETS = ["datatables.net-dt"]; // style sheets come without a source map that would name it
const MIT = `Copyright (c) AUTHORS

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

const { metafile } = await build({
  entryPoints: ["src/editor/editor.js", "src/neighbours/neighbours.js", "src/neighbours/neighbours.css"],
  outdir: out,
  entryNames: "[name]",
  chunkNames: "[name]-[hash]",
  splitting: true, // the graph's library is fetched only when a graph is opened
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2022"],
  charset: "utf8",
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
  logOverride: { "direct-eval": "silent" }, // a stand-in for JSON.parse in browsers that lack it; never runs
});
await mkdir(out, { recursive: true });
await writeFile(path.join(out, "NOTICES.txt"), await notices(Object.keys(metafile.inputs)));

/** One entry a package: name, version, licence, and the licence's text as the package ships it. */
async function notices(inputs) {
  const folders = new Set(INSIDE_STYLE_SHEETS);
  for (const input of inputs) for (const folder of await packagesIn(input)) folders.add(folder);
  const entries = await Promise.all([...folders].sort().map(notice));
  return `The scripts in this folder hold code of these packages.\n\n${entries.join("\n")}`;
}

/** The package of an input, and those that its publisher had bundled into it, which its source map names. */
async function packagesIn(input) {
  if (!input.includes("node_modules/")) return [];
  const found = [packageFolder(input)];
  const map = await readJson(`${input}.map`);
  for (const source of map?.sources ?? []) {
    if (source.includes("node_modules/")) found.push(packageFolder(source));
  }
  return found;
}

function packageFolder(file) {
  const parts = file.slice(file.lastIndexOf("node_modules/") + "node_modules/".length).split("/");
  return parts.slice(0, parts[0].startsWith("@") ? 2 : 1).join("/");
}

async function notice(name) {
  const folder = path.join("node_modules", name);
  const about = await readJson(path.join(folder, "package.json"));
  if (!about) throw new Error(`${name} is bundled, but its licence is not to be found`);
  const texts = (await readdir(folder)).filter((file) => /^(licen[cs]e|copying|notice)(\.(md|txt))?$/i.test(file));
  const bodies = await Promise.all(texts.sort().map((file) => readFile(path.join(folder, file), "utf8")));
  const title = `${name} ${about.version} (${about.license ?? "see below"})`;
  return [title, "-".repeat(title.length), "", bodies.join("\n").trim() || unwritten(name, about), "", ""].join("\n");
}

/** The MIT terms for a package that names them and its authors, but ships no text of them. */
function unwritten(name, about) {
  if (about.license !== "MIT") throw new Error(`${name} is under ${about.license} and ships no text of it`);
  const author = about.author?.name ?? about.author ?? `the authors of ${name}`;
  const people = [author, ...(about.contributors ?? []).map((each) => each.name ?? each)];
  return MIT.replace("AUTHORS", people.join(", "));
}

async function readJson(file) {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}
