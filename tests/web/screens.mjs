/*
 * screens.mjs — every page of web/pages.json in every state and both themes:
 * looked at by axe-core and by look.mjs once its heading and first data row
 * are there, and kept as build/screens/PAGE-STATE-THEME.png.
 */
import fs from "node:fs";
import path from "node:path";
import { check, config, go, pages, signedIn, terminal } from "./lib.mjs";
import { axe, AXE, focus, look, paper } from "./look.mjs";
import { example } from "./roles.mjs";
import { AWAITED, reach } from "./states.mjs";

const FOLDER = path.join(config.build, "screens");
const THEMES = ["light", "dark"];
/* Who looks at a page. */
const EYES = { ward: "officer2", unit: "admin1", hub: "admin1",
	bank: "clerk1" };
/* SHOKAI_PAGES=NAME,… looks at these alone. */
const SHOWN = (process.env.SHOKAI_PAGES ?? "").split(",").filter(Boolean);
const wanted = pages.filter((p) => SHOWN.length === 0
	|| SHOWN.includes(p.page));
const NODE = { ward: "ward", unit: "unit", hub: "hub-direct",
	bank: "bank-9601" };
/* Pages whose data is the administrator's or the auditor's. */
const OTHER_EYES = { users: "admin1", clients: "admin1", log: "auditor1",
	holds: "officer1" };

/* Somebody of that node to whom the page is not open; null: it is to all. */
function stranger(of, p) {
	const users = Object.entries(config.nodes[NODE[of]].users);

	return p.roles.length === 0 ? null : users.find(([, roles]) =>
		!p.roles.some((r) => roles.split(",").includes(r)))?.[0] ?? null;
}

/* What a screen reader is told without being asked: that it is loading, that
 * something went wrong, and what has been done (say.js fills #said). */
async function told(page, p, state) {
	const role = { loading: "status", failed: "alert", lost: "alert",
		forbidden: "alert" }[state];

	check("screen.live." + p.page, await page.locator(
		"#said[role=status], body > .sr[role=status]").count() === 2);
	/* Errors say what to do next. */
	if (role === "alert")
		check("screen.next_step." + p.page + "-" + state, (await page
			.locator(AWAITED[state]).first().locator("p").first()
			.innerText()).trim().length > 8);
	if (role)
		check("screen.told." + p.page + "-" + state, await page.locator(
			AWAITED[state]).first().evaluate((x, of) =>
			x.closest("[role=" + of + "]") !== null
				|| x.matches("button"), role));
}

async function withAxe(page) {
	await page.context().addInitScript({ path: AXE });
	return page;
}

function name(p, state, theme) {
	return [p.page, state, theme].join("-");
}

async function shot(page, p, state, theme) {
	const of = name(p, state, theme);

	await page.evaluate((to) => {
		document.documentElement.dataset.theme = to;
	}, theme);
	const found = [...await look(page), ...await axe(page),
		...state === "data" ? await focus(page) : []];

	check("screen." + of, found.length === 0, found.join("\n    "));
	await picture(page, of);
}

/* The bank's own contents are long: the picture is of the beginning. */
async function picture(page, of) {
	page.devtools ??= await page.context().newCDPSession(page);
	const { data } = await page.devtools.send("Page.captureScreenshot", {
		format: "png", optimizeForSpeed: true, captureBeyondViewport: true,
		clip: { ...await clip(page), scale: 1 } });

	fs.writeFileSync(path.join(FOLDER, of + ".png"),
		Buffer.from(data, "base64"));
}

/* On A4 without its margins (186 mm at 96 dpi), and whether a page may go on
 * paper at all. */
async function printed(page, p) {
	await page.emulateMedia({ media: "print" });
	await page.setViewportSize({ width: 703, height: 1000 });
	const found = await paper(page, p.personal === true);

	check("screen.paper." + p.page, found.length === 0, found.join());
	await page.emulateMedia({ media: "screen" });
	await page.setViewportSize({ width: 1280, height: 720 });
}

/* 200 % zoom of 1280 × 720 is a window of 640 × 360. */
async function zoomed(page, p) {
	await page.setViewportSize({ width: 640, height: 360 });
	const found = await look(page);

	check("screen.zoom." + p.page, found.length === 0,
		found.join("\n    "));
	await page.setViewportSize({ width: 1280, height: 720 });
}

async function clip(page) {
	const height = await page.evaluate(() =>
		document.documentElement.scrollHeight);

	return { x: 0, y: 0, width: 1280, height: Math.min(height, 2600) };
}

/* In these states a page has something of its own in it. */
const OWN = ["data", "empty", "partial"];

async function onePage(eyes, p) {
	const { mine, other } = eyes;

	for (const state of p.states) {
		const page = p.page === "login"
			? await withAxe(await terminal(NODE.ward))
			: state === "forbidden" && other ? other : mine;

		await page.unrouteAll({ behavior: "ignoreErrors" });
		try {
			await reach(page, p, state, !other);
			await told(page, p, state);
			for (const theme of THEMES)
				await shot(page, p, state, theme);
			if (OWN.includes(state))
				await zoomed(page, p);
			if (state === "data")
				await printed(page, p);
		} catch (e) {
			check("screen." + p.page + "-" + state, false, e.message);
		}
		await page.unrouteAll({ behavior: "ignoreErrors" });
		if (p.page === "login")
			await page.context().close();
	}
}

async function party(of) {
	const node = NODE[of];
	const eyes = {};
	const eye = async (user) => {
		if (user !== null)
			eyes[user] ??= await withAxe(await signedIn(node, user));
		return eyes[user] ?? null;
	};

	for (const p of wanted) {
		const shared = p.party.length === 0;

		/* What all parties have is looked at in the ward; the first
		 * page, which differs, in each. */
		if (shared ? of !== "ward" && p.page !== "home"
			: !p.party.includes(of))
			continue;
		const as = of === "ward" && p.page !== "home" || !shared ? p
			: of === "ward" ? p : { ...p, page: "home_" + of,
				states: p.states.filter((s) => s !== "empty") };

		await onePage({ mine: await eye(OTHER_EYES[p.page] ?? EYES[of]),
			other: await eye(stranger(of, p)) }, as);
	}
	for (const page of Object.values(eyes)) {
		check("screens.no_script_error", page.wrong.length === 0,
			page.wrong.slice(0, 3).join(" | "));
		await page.context().close();
	}
}

/* English words are longer. */
async function english() {
	const page = await signedIn("ward", "officer2", { lang: "en" });

	for (const p of wanted.filter((x) => x.page !== "login"
		&& (x.party.length === 0 || x.party.includes("ward"))
		&& x.roles.every((r) => r !== "admin"
			|| x.roles.includes("officer")))) {
		await go(page, example(p));
		const found = await look(page);

		check("screen.english." + p.page, found.length === 0,
			found.join("\n    "));
	}
	await page.context().close();
}

export async function screens() {
	fs.rmSync(FOLDER, { recursive: true, force: true });
	fs.mkdirSync(FOLDER, { recursive: true });
	await Promise.all([party("ward"), (async () => {
		for (const of of ["unit", "hub", "bank"])
			await party(of);
		await english();
	})()]);
}
