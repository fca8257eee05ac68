// Hold what JSKOS Server's paths answered to the schemas of JSKOS: node jskos.mjs < {"concept": [...], "mapping": [...]}.
import { validate } from "jskos-validate";
const given = JSON.parse(await new Response(process.stdin).text());
for (const [kind, things] of Object.entries(given)) {
  for (const thing of things) {
    if (!validate[kind](thing)) console.log(thing.uri, validate[kind].errorMessages.join("; "));
  }
}
