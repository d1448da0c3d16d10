/* hostile.mjs — names made to mislead a page or a reader are only text on
 * every page that shows them. */
import { check, config, go, pages, ready, signedIn, T } from "./lib.mjs";
import { example } from "./roles.mjs";
import { told } from "./story.mjs";

/* No script, image or frame but the shell's own; nothing ran. */
function harmless() {
	const scripts = [...document.scripts].map((s) =>
		s.getAttribute("src"));

	return {
		scripts: scripts.filter((s) => s !== "/web/theme.js"
			&& s !== "/web/main.js"),
		elements: document.querySelectorAll("img, iframe, object, embed, "
			+ "main b[onclick]").length,
		ran: typeof window.hacked !== "undefined"
			|| window.hackedNow === true,
	};
}

async function see(page, address, name) {
	await go(page, address);
	const found = await page.evaluate(harmless);

	check("hostile.harmless", found.scripts.length === 0
		&& found.elements === 0 && !found.ran && page.wrong.length === 0,
	address + " " + JSON.stringify(found) + page.wrong.join());
	if (name)
		check("hostile.shown_as_text", (await page.locator("main")
			.innerText()).includes(name), address + " " + name);
}

/* A mark that turns the direction is shown by its number, so that what
 * follows cannot pose as something else. The import refuses it; what an
 * officer is sent in a link comes this way. */
async function marks(page, text_) {
	await go(page, "/subjects?by=kanji&q=" + encodeURIComponent(text_));
	const text = await page.locator("main").innerText();

	check("hostile.marks_are_shown", text.includes("U+202E")
		&& !text.includes("\u202e"), text.slice(0, 300));
}

/* Every page of a party that these roles may open. */
async function everywhere(page, party, roles) {
	for (const p of pages)
		if (p.page !== "login" && (p.party.length === 0
			|| p.party.includes(party)) && (p.roles.length === 0
			|| p.roles.some((r) => roles.includes(r))))
			await see(page, example(p));
}

async function elsewhere(node, name) {
	const { party, users } = config.nodes[node];
	const page = await signedIn(node, name);

	await everywhere(page, party, users[name].split(","));
	await page.context().close();
}

export async function hostile() {
	const page = await signedIn("ward", "officer2");

	for (const [atena, , kanji] of config.hostile) {
		const turns = /\u202e/.test(kanji);
		const plain = kanji;

		check("hostile.is_a_subject", await isSubject(page, atena)
			=== !turns, atena);
		if (turns) {
			await marks(page, kanji);
			continue;
		}
		await see(page, "/subjects?q=" + atena, plain);
		await see(page, "/subjects/" + atena, plain);
		await see(page, "/subjects/" + atena + "/report", plain);
		const links = await page.request.get("/api/v1/subjects/" + atena);
		const { inquiries } = await links.json();

		for (const q of inquiries.filter((x) => x.wave === told.wave)
			.slice(0, 1))
			await see(page, "/inquiries/" + q.inquiry, plain);
	}
	await see(page, "/waves/" + told.wave + "/compare");
	await see(page, "/waves/" + told.wave + "/held");
	await see(page, "/waves/" + told.wave + "/results");
	await see(page, "/checks/131041-" + told.wave + "-9602-0001");
	await everywhere(page, "ward", ["officer", "approver"]);
	const { items } = await (await page.request.get("/api/v1/waves")).json();

	/* Those whose samples are these persons, too. */
	for (const w of items)
		await see(page, "/waves/" + w.wave + "/sheet");
	/* A name in the address is text, too. */
	await see(page, "/subjects?q=" + encodeURIComponent(
		"<img src=x onerror=hacked()>") + "&by=kanji");
	await page.goto("/login?next=//example.invalid/");
	await ready(page);
	check("hostile.next_stays_here", await page.getByLabel(T("login.name"))
		.isVisible());
	await page.context().close();
	await Promise.all([["ward", "auditor1"], ["ward", "admin1"],
		["unit", "officer1"], ["bank-9601", "clerk1"]].map((x) =>
		elsewhere(...x)));
}

async function isSubject(page, atena) {
	const answer = await page.request.get("/api/v1/subjects/" + atena);

	return answer.status() === 200;
}
