/* run.mjs — the browser's part of the tests; see pages.py. */
import { config, count, openBrowser, part } from "./lib.mjs";
import { strings } from "./strings.mjs";
import { byKeyboardAll, byMouseAll } from "./story.mjs";
import { deeds } from "./deeds.mjs";
import { roles } from "./roles.mjs";
import { hostile } from "./hostile.mjs";
import { screens } from "./screens.mjs";
import { designTokens } from "./tokens.mjs";
import { allStates } from "./states.mjs";
import { troubles } from "./troubles.mjs";

const wanted = config.only.split(",").filter(Boolean);
const may = (name) => wanted.length === 0 || wanted.includes(name);

config.children = [];
const browser = await openBrowser();

try {
	await part("strings", strings);
	await part("tokens", designTokens);
	await part("states", allStates);
	await part("mouse", byMouseAll);
	if (may("keys"))
		await part("keys", byKeyboardAll);
	if (may("roles"))
		await part("roles", roles);
	if (may("hostile"))
		await part("hostile", hostile);
	if (may("deeds"))
		await part("deeds", deeds);
	if (may("screens"))
		await part("screens", screens);
	if (may("troubles"))
		await part("troubles", troubles);
} finally {
	await browser.close();
	for (const child of config.children)
		child.kill("SIGTERM");
}
console.log("%d passed, %d failed", count.passed, count.failed);
process.exit(count.failed === 0 && count.passed > 0 ? 0 : 1);
