/* walk.mjs — a newcomer's walk on the nodes of script/demo; see demo.py. */
import { count, openBrowser, part } from "./lib.mjs";
import { newcomer } from "./story.mjs";

const browser = await openBrowser();

try {
	await part("newcomer", newcomer);
} finally {
	await browser.close();
}
console.log("%d passed, %d failed", count.passed, count.failed);
process.exit(count.failed === 0 && count.passed > 0 ? 0 : 1);
