/* roles.mjs — each role gets its pages and is refused the others, by the page
 * and by the API alike. */
import { api, begin, check, config, go, pages, ready, signedIn, T, terminal }
	from "./lib.mjs";
import { told } from "./story.mjs";

const NODES = ["ward", "unit", "hub-direct", "bank-9601"];

/* An address of the page with something in it. */
export function example(page) {
	return page.path.replace("{wave}", told.wave)
		.replace("{inquiry}", told.inquiry)
		.replace("{atena}", config.hostile[0][0])
		.replace("{file}", "131041-" + told.wave
			+ (page.party.includes("bank") ? "-9601" : "-9602")
			+ "-0001")
		.replace("{code}", "9601").replace("{version}", "2025-04-01");
}

function allowed(page, roles, party) {
	return (page.party.length === 0 || page.party.includes(party))
		&& (page.roles.length === 0
			|| page.roles.some((r) => roles.includes(r)));
}

async function one(node, name, roles) {
	const page = await signedIn(node, name);
	const { party } = config.nodes[node];

	const seen = new Set();

	for (const p of pages) {
		const may = allowed(p, roles, party);
		const kind = JSON.stringify([p.party, p.roles]);

		/* What is allowed, the screens open; of what is refused for the
		 * same reason, one page. */
		if (p.page === "login" || (may && p.page !== "home")
		    || (!may && seen.has(kind)))
			continue;
		seen.add(kind);
		if (page.url() === "about:blank")
			await go(page, example(p));
		else
			await begin(page, example(p)).then(() => ready(page));
		const refused = await page.locator("[data-state=forbidden]")
			.count() > 0;

		check("roles." + (may ? "allowed" : "refused"), refused === !may,
			name + "@" + node + " " + p.path);
	}
	const links = await page.getByRole("navigation", {
		name: T("shell.nav") }).getByRole("link").evaluateAll((all) =>
		all.map((a) => a.getAttribute("href")));

	check("roles.menu_has_only_what_is_allowed", links.every((href) =>
		allowed(pages.find((p) => p.path === href), roles, party)),
	name + " " + links);
	await page.context().close();
}

/* What the pages do not offer, the API refuses. */
async function byApi() {
	const auditor = await signedIn("ward", "auditor1");
	const officer = await signedIn("ward", "officer1");
	const bank = await signedIn("bank-9601", "clerk1");
	const wrong = [
		[auditor, "POST", "/waves/" + told.wave + "/cancel",
			{ reason: "x" }, 403],
		[auditor, "GET", "/subjects", undefined, 403],
		[officer, "POST", "/waves/" + told.wave + "/approve", undefined,
			403],
		[officer, "GET", "/log", undefined, 403],
		[officer, "GET", "/users", undefined, 403],
		[bank, "GET", "/users", undefined, 403],
	];

	for (const [page, method, address, body, status] of wrong) {
		const answer = await api(page, method, address, body);

		check("roles.api_refuses", answer.status === status,
			method + " " + address + " " + answer.status + " "
			+ answer.text.slice(0, 100));
	}
	for (const page of [auditor, officer, bank])
		await page.context().close();
}

async function stranger() {
	const page = await terminal("ward");

	await page.goto("/waves");
	await page.waitForURL(/\/login\?next=%2Fwaves/);
	await ready(page);
	check("roles.stranger_signs_in_first", await page.locator("main").getByText(
		T("login.needed")).first().isVisible());
	await page.getByLabel(T("login.name")).fill("officer1");
	await page.getByLabel(T("login.password")).fill("wrong");
	await page.getByRole("button", { name: T("login.act") }).click();
	await page.locator("main").getByText(T("next.session.wrong")).waitFor();
	check("roles.wrong_password_stays", page.url().includes("/login"));
	await page.context().close();
}

export async function roles() {
	await Promise.all(NODES.map(async (node) => {
		for (const [name, list] of Object.entries(
			config.nodes[node].users))
			await one(node, name, list.split(","));
	}));
	await byApi();
	await stranger();
}
