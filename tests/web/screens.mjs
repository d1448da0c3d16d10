/*
 * screens.mjs — every page of web/pages.json in every state and both themes:
 * looked at by axe-core and by look.mjs once its heading and first data row
 * are there, and kept as build/screens/PAGE-STATE-THEME.png.
 */
import fs from "node:fs";
import path from "node:path";
import { begin, check, config, go, ja, pages, ready, signedIn, terminal }
	from "./lib.mjs";
import { axe, AXE, look } from "./look.mjs";
import { example } from "./roles.mjs";

const FOLDER = path.join(config.build, "screens");
const THEMES = ["light", "dark"];
/* Who looks at a page: one with the right, and one without. */
const EYES = { ward: ["officer2", "admin1"], unit: ["admin1", "officer1"],
	hub: ["admin1", "operator1"], bank: ["clerk1", "admin1"] };
/* SHOKAI_PAGES=NAME,… looks at these alone. */
const SHOWN = (process.env.SHOKAI_PAGES ?? "").split(",").filter(Boolean);
const wanted = pages.filter((p) => SHOWN.length === 0
	|| SHOWN.includes(p.page));
const NODE = { ward: "ward", unit: "unit", hub: "hub-direct",
	bank: "bank-9601" };
/* Pages whose data is the administrator's or the auditor's. */
const OTHER_EYES = { users: "admin1", clients: "admin1", log: "auditor1",
	holds: "officer1" };

const PROBLEM = JSON.stringify({ type: "about:blank", status: 500,
	code: "store.unreachable", where: {}, title: "x",
	title_ja: "データベースに届きません", title_en: "no database" });

const AT = "2026-11-30T09:00:00+09:00";

/* What this chain has none of, as the API would give it. */
const FAKED = {
	carries: { "/carries": [
		{ no: 2, at: AT, direction: "in", hub: "H003", who: "officer2",
			name: "in-0002.zip", messages: 3, records: 180,
			digest: "0123456789abcdef".repeat(4), erased: null },
		{ no: 1, at: AT, direction: "out", hub: "H003",
			name: "out-0001.zip", who: "officer1", messages: 3,
			records: 180, digest: "fedcba9876543210".repeat(4),
			erased: AT }] },
	refusals: {
		"/refusals": [{ at: AT, authority: "131041", wave: "001",
			kind: "answer-file", institution: "9602",
			file: "131041-001-9602-0001", by: "131041",
			code: "check.returned", message: "0".repeat(32),
			reason: "件数が合いません", open: true }],
		"/refusals/counts": [{ code: "check.returned",
			authority: "131041", institution: "9602", by: "131041",
			contents: 1, first: AT, last: AT }] },
	clients: { "/clients": [{ id: "client-0123456789ab", name: "収滞納システム",
		roles: ["officer"], until: "2027-03-31", who: "admin1",
		at: AT }] },
	awaited: { "/awaited": [
		{ authority: "131041", file: "131041-001-9601-0001",
			wave: "001", records: 60, state: "returned",
			received: AT, deadline: "2026-11-29", overdue: true },
		{ authority: "131041", file: "131041-001-9601-0002",
			wave: "001", records: 60, state: "received",
			received: AT, deadline: "2026-12-30",
			overdue: false }] },
};

async function fake(page, lists) {
	for (const [path_, items] of Object.entries(lists))
		await page.route((url) => url.pathname === "/api/v1" + path_,
			(route) => route.fulfill({ json: { items, next: null } }));
}

/* The state is made at the edge of the browser: what the page shows of it is
 * looked at here; that the server really gets there is told elsewhere. */
async function prepare(page, state) {
	const data = (url) => /\/api\/v1\/(?!me$|session)/.test(url.href);

	if (state === "empty")
		await page.route(data, async (route) => {
			const answer = await route.fetch();
			const json = await answer.json().catch(() => null);

			if (json?.items)
				await route.fulfill({ response: answer,
					json: { ...json, items: [], next: null } });
			else if (json && "ending" in json)
				await route.fulfill({ response: answer,
					json: { ...Object.fromEntries(Object.keys(json)
						.map((k) => [k, 0])), ending: [] } });
			else
				await route.fulfill({ response: answer });
		});
	if (state === "failed")
		await page.route(data, (route) => route.fulfill({ status: 500,
			contentType: "application/problem+json", body: PROBLEM }));
	if (state === "lost")
		await page.route(data, (route) => route.abort(
			"connectionreset"));
	if (state === "loading")
		await page.route(data, () => {});
}

/* Of several lists on one page some have nothing in them here; what waits for
 * a decision is decided. */
const MAY_LACK = ["home", "home_ward", "home_unit", "home_hub", "home_bank",
	"node", "checks", "traffic", "layout-diff"];

/* What must be there before anybody looks. */
const AWAITED = {
	data: "main h1", empty: "[data-state=empty]",
	failed: "[data-state=failed]", lost: "[data-state=lost]",
	loading: "[data-state=loading]", forbidden: "[data-state=forbidden]",
	partial: "main h1",
};

/* Loaded the first time; for further states begun anew where it is. */
async function open(page, address, state) {
	const here = page.url() !== "about:blank"
		&& new URL(page.url()).pathname
			+ new URL(page.url()).search === address;

	if (here)
		await begin(page, address);
	else
		await page.goto(address, { waitUntil: "domcontentloaded" });
	if (state === "loading")
		await page.locator(AWAITED.loading).first().waitFor();
	else
		await ready(page);
}

/* States that a form reaches when it is sent. */
const SENT = {
	"wave-new": async (page) => {
		await page.getByLabel(ja["new.name"]).fill("画面の試験");
		await page.getByRole("group", { name: ja["new.basis"] })
			.getByRole("checkbox").first().check();
		await page.getByRole("button", { name: ja["new.act"] }).click();
	},
	"wave-export": async (page) => {
		await page.getByLabel(ja["export.purpose"]).fill("画面の試験");
		await page.getByLabel(ja["export.password"]).fill("x".repeat(12));
		await page.getByRole("button", { name: ja["export.act"] })
			.click();
	},
	"subjects-import": async (page) => {
		await page.getByLabel(ja["import.file"]).setInputFiles(
			config.broken);
		await page.getByRole("button", { name: ja["import.look"] })
			.click();
	},
	"password": async (page) => {
		for (const key of ["old", "new", "again"])
			await page.getByLabel(ja["password." + key],
				{ exact: false }).first().fill("x".repeat(14));
		await page.getByRole("button", { name: ja["password.act"] })
			.click();
	},
	"login": async (page) => {
		await page.getByLabel(ja["login.name"]).fill("officer1");
		await page.getByLabel(ja["login.password"]).fill("x");
		await page.getByRole("button", { name: ja["login.act"] }).click();
	},
};

/* Half done: some of it is in, some is not. */
const HALF = {
	"subjects-import": async (page) => {
		await SENT["subjects-import"](page);
		await page.getByRole("radio", { name: ja["import.diff"] }).check();
		await page.getByRole("button", { name: ja["import.look"] })
			.click();
		await page.getByRole("button", { name: /取り込む$/ }).click();
		await page.locator("[data-state=partial]").waitFor();
	},
	"wave": async (page) => {
		await page.route(/\/api\/v1\/waves\/\w{3}$/, async (route) => {
			const answer = await route.fetch();
			const w = await answer.json();

			w.state = "sent";
			w.pending = w.answered;
			w.answered = 0;
			for (const r of w.by_institution)
				[r.pending, r.answered] = [r.answered, 0];
			for (const f of w.flows)
				for (const s of f.steps.slice(8))
					s.first = s.last = null;
			await route.fulfill({ response: answer, json: w });
		});
		await page.reload();
		await ready(page);
	},
};

async function reach(page, p, state) {
	const address = example(p);

	if (state === "forbidden") {
		await open(page, address, state);
	} else if (state === "partial") {
		await open(page, address, "data");
		await HALF[p.page](page);
	} else if ((state === "failed" || state === "lost") && SENT[p.page]) {
		await open(page, address, "data");
		await prepare(page, p.page === "login" && state === "failed"
			? "data" : state);
		if (p.page === "login" && state === "lost")
			await page.route(/session$/, (r) => r.abort());
		await SENT[p.page](page);
	} else {
		if (state === "data")
			await fake(page, FAKED[p.page] ?? {});
		await prepare(page, state);
		await open(page, address, state);
	}
	await page.locator(AWAITED[state]).first().waitFor();
	/* What should show its data shows it, and no refusal instead. */
	if (state === "data" || state === "partial")
		check("screen." + p.page + ".has_data", await page.locator(
			"[data-state=failed], [data-state=lost], "
			+ "[data-state=forbidden]"
			+ (MAY_LACK.includes(p.page) ? ""
				: ", [data-state=empty]")).count() === 0,
		address);
	if (state === "data" && await page.locator("table").count() > 0)
		await page.locator("tbody tr, .empty").first().waitFor();
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
	const found = [...await look(page), ...await axe(page)];

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

async function onePage(eyes, p) {
	const { mine, other } = eyes;

	for (const state of p.states) {
		const page = state === "forbidden" ? other : p.page === "login"
			? await withAxe(await terminal(NODE.ward)) : mine;

		await page.unrouteAll({ behavior: "ignoreErrors" });
		try {
			await reach(page, p, state);
			for (const theme of THEMES)
				await shot(page, p, state, theme);
			await zoomed(page, p);
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
		eyes[user] ??= await withAxe(await signedIn(node, user));
		return eyes[user];
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
				states: ["data"] };

		await onePage({ mine: await eye(OTHER_EYES[p.page] ?? EYES[of][0]),
			other: await eye(!OTHER_EYES[p.page] ? EYES[of][1]
				: of === "ward" ? "officer1" : EYES[of][0]) },
		as);
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
