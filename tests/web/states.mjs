/*
 * states.mjs — how a page gets into each of its states: with data, empty,
 * loading, failed, forbidden, connection lost, half done. They are made at the
 * edge of the browser: what the page shows of them is looked at in
 * screens.mjs; that the server really gets there is told in troubles.mjs,
 * roles.mjs and tests/api.
 */
import fs from "node:fs";
import path from "node:path";
import { begin, check, config, ja, pages, ready, WEB } from "./lib.mjs";
import { example } from "./roles.mjs";

const PROBLEM = JSON.stringify({ type: "about:blank", status: 500,
	code: "store.unreachable", where: {}, title: "x",
	title_ja: "データベースに届きません", title_en: "no database" });
const DENIED = JSON.stringify({ type: "about:blank", status: 403,
	code: "user.role", where: {}, title: "x",
	title_ja: "この操作の役割がありません", title_en: "not your role" });

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
	"layout-diff": {
		"/layouts": [{ code: "9601", version: "2024-04-01", name: "架空第一銀行" },
			{ code: "9601", version: "2025-04-01", name: "架空第一銀行" }],
		"/layouts/9601/2024-04-01": { code: "9601", version: "2024-04-01",
			name: "架空第一銀行", sheet: "# 様式\n\n- 区切り: カンマ\n"
				+ "- 改行: CRLF\n- 文字コード: CP932\n" },
		"/layouts/9601/2025-04-01": { code: "9601", version: "2025-04-01",
			name: "架空第一銀行", sheet: "# 様式\n\n- 区切り: カンマ\n"
				+ "- 改行: CRLF\n- 文字コード: UTF-8\n" },
		"/layouts/9601/2025-04-01/diff": { items: [{ atena: "",
			item: "カナ氏名", before: "半角", after: "全角",
			loss: "informational" }], subjects: 0, refused: 0,
		refusals: [], more: false },
	},
};

/* A list, or an answer as it is. */
async function fake(page, answers) {
	for (const [path_, answer] of Object.entries(answers))
		await page.route((url) => url.pathname === "/api/v1" + path_,
			(route) => route.fulfill({ json: Array.isArray(answer)
				? { items: answer, next: null } : answer }));
}

/* The same answer with nothing in it. */
function emptied(x) {
	if (Array.isArray(x))
		return [];
	if (x === null || typeof x !== "object")
		return x;
	const inside = Object.entries(x).map(([k, v]) => [k, emptied(v)]);

	/* The morning has figures: none of anything. */
	return Object.fromEntries("ending" in x ? inside.map(([k, v]) =>
		[k, typeof v === "number" ? 0 : v]) : inside);
}

/* What a page reads or sends; of the sign-in itself only where it is that
 * which is looked at. */
function wanted(p) {
	return (url) => /\/web\/manual\//.test(url.href)
		|| (p.page === "login" ? /\/api\/v1\/session$/
			: /\/api\/v1\/(?!me$|session$)/).test(url.href);
}

async function prepare(page, p, state) {
	const refuse = (status, body) => page.route(wanted(p), (route) =>
		route.fulfill({ status, contentType: "application/problem+json",
			body }));

	if (state === "empty")
		await page.route(wanted(p), async (route) => {
			const answer = await route.fetch();
			const json = await answer.json().catch(() => null);

			await route.fulfill(json === null ? { response: answer }
				: { response: answer, json: emptied(json) });
		});
	if (state === "failed")
		await refuse(500, PROBLEM);
	if (state === "forbidden")
		await refuse(403, DENIED);
	if (state === "lost")
		await page.route(wanted(p), (route) => route.abort(
			"connectionreset"));
	if (state === "loading")
		await page.route(wanted(p), () => {});
}

/* What must be there before anybody looks. While a form is sent its button
 * waits, and says so. */
export const AWAITED = {
	data: "main h1", empty: "[data-state=empty]",
	failed: "[data-state=failed]", lost: "[data-state=lost]",
	loading: "[data-state=loading], button[type=submit][aria-disabled=true]",
	forbidden: "[data-state=forbidden]", partial: "main h1",
};

/* Loaded the first time; for further states begun anew where it is, but for
 * what still waits for an answer. */
async function open(page, address, state) {
	const here = page.url() !== "about:blank" && !page.waits
		&& new URL(page.url()).pathname
			+ new URL(page.url()).search === address;

	if (here)
		await begin(page, address);
	else
		await page.goto(address, { waitUntil: "domcontentloaded" });
	page.waits = state === "loading";
	if (state === "loading")
		await page.locator("main h1").waitFor();
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

/* Pages that read nothing before their form is sent, and those whose failure
 * is that of what they send. */
const SENDS_ONLY = ["login", "password", "subjects-import"];
const FAILS_SENDING = [...SENDS_ONLY, "wave-new", "wave-export"];

function bySending(p, state, apiDenies) {
	return state === "failed" || state === "lost"
		? FAILS_SENDING.includes(p.page)
		: (state === "loading" || state === "forbidden" && apiDenies)
			&& SENDS_ONLY.includes(p.page);
}

/* An answer of the API, changed on its way. */
async function changed(page, address, change) {
	await page.route((url) => url.pathname.startsWith("/api/v1/")
		&& address.test(url.pathname), async (route) => {
		const answer = await route.fetch();
		const json = await answer.json();

		change(json);
		await route.fulfill({ response: answer, json });
	});
	await page.reload();
	await ready(page);
}

/* Half done: some of it is in, some is not; and what the page says of it. */
export const HALF = {
	"subjects-import": async (page) => {
		await SENT["subjects-import"](page);
		await page.getByRole("radio", { name: ja["import.diff"] }).check();
		await page.getByRole("button", { name: ja["import.look"] })
			.click();
		await page.getByRole("button", { name: /取り込む$/ }).click();
		await page.locator("[data-state=partial]").waitFor();
	},
	"wave": async (page) => {
		await changed(page, /\/waves\/\w{3}$/, (w) => {
			w.state = "sent";
			w.pending = w.answered;
			w.answered = 0;
			for (const r of w.by_institution)
				[r.pending, r.answered] = [r.answered, 0];
			for (const f of w.flows)
				for (const s of f.steps.slice(8))
					s.first = s.last = null;
		});
		await page.getByText(ja["step.now"]).first().waitFor();
	},
	"wave-new": async (page) => {
		await page.route(/\/api\/v1\/waves$/, (route) =>
			route.request().method() === "POST"
				? route.fulfill({ status: 202,
					json: { wave: "0ZZ", whole: false } })
				: route.continue());
		await page.route(/\/api\/v1\/waves\/0ZZ$/, (route) =>
			route.fulfill({ status: 503, contentType:
				"application/problem+json", body: JSON.stringify({
				status: 503, code: "wave.drafting", where: {} }) }));
		await SENT["wave-new"](page);
		await page.getByText(ja["new.drafting"]).waitFor();
	},
	"wave-export": async (page) => {
		await changed(page, /\/waves\/\w{3}$/, (w) => {
			w.pending = 5;
		});
		await page.getByText(ja["export.partial.next"]).waitFor();
	},
	"wave-answers": async (page) => {
		await changed(page, /\/waves\/\w{3}\/inquiries$/, (x) => {
			x.items.forEach((r, i) => {
				r.class = i % 3 ? r.class : i % 2 ? "partial" : null;
				r.open = r.class === "partial";
			});
		});
		await page.getByText(ja["answer.open"]).first().waitFor();
	},
	"wave-results": async (page) => {
		await changed(page, /\/waves\/\w{3}\/results$/, (x) => {
			for (const r of x.items)
				r.answers.slice(1).forEach((a) => {
					a.class = null;
				});
		});
		await page.getByText(ja["results.unanswered"]).first().waitFor();
	},
	"inquiry": async (page) => {
		await changed(page, /\/inquiries\/\w{16}$/, (q) => {
			q.outcome.class = q.answer.class = "partial";
			q.outcome.open = true;
		});
		await page.getByText(ja["answer.open"]).first().waitFor();
	},
	"received-file": async (page) => {
		await changed(page, /\/received\/[\w-]+$/, (r) => {
			r.state = "received";
			r.answered = 20;
			r.answered_at = null;
		});
		await page.getByText("20", { exact: true }).waitFor();
	},
	"log": async (page) => {
		await page.route(/\/log\/verify$/, () => {});
		await page.route(/\/progress\?/, (route) => route.fulfill({
			json: { works: true, done: 4096, of: 8192 } }));
		await page.getByRole("button", { name: ja["log.verify.act"] })
			.click();
		await page.getByText(/4,096/).waitFor();
	},
	"node": async (page) => {
		await changed(page, /\/node$/, (n) => {
			n.state = "degraded";
			n.processes[0].restarts = 3;
			n.findings = [{ level: "warning", what: "process",
				ja: "受付の処理が止まっています", en: "the gate is down" }];
		});
		await page.getByText("受付の処理が止まっています").waitFor();
	},
};

/* Of several lists on one page some have nothing in them here; what waits for
 * a decision is decided. */
const MAY_LACK = ["home", "home_ward", "home_unit", "home_hub", "home_bank",
	"node", "checks", "traffic"];

async function hasItsData(page, p, address) {
	check("screen." + p.page + ".has_data", await page.locator(
		"[data-state=failed], [data-state=lost], "
		+ "[data-state=forbidden]"
		+ (MAY_LACK.includes(p.page) ? "" : ", [data-state=empty]"))
		.count() === 0, address);
}

/* Refused by the page itself, to whom it is not open; apiDenies: the page is
 * open, and the API refuses. */
export async function reach(page, p, state, apiDenies) {
	const address = example(p);

	if (state === "partial") {
		await open(page, address, "data");
		page.waits = true;
		await HALF[p.page](page);
	} else if (bySending(p, state, apiDenies)) {
		await open(page, address, "data");
		page.waits = true;
		/* A wrong password is refused by the desk itself. */
		await prepare(page, p, p.page === "login" && state === "failed"
			? "data" : state);
		await SENT[p.page](page);
	} else {
		if (state === "data")
			await fake(page, FAKED[p.page] ?? {});
		if (state !== "forbidden" || apiDenies)
			await prepare(page, p, state);
		await open(page, address, state);
	}
	await page.locator(AWAITED[state]).first().waitFor();
	if (state === "data" || state === "partial")
		await hasItsData(page, p, address);
	if (state === "data" && await page.locator("table").count() > 0)
		await page.locator("tbody tr, .empty").first().waitFor();
}

/* Does a page, or what it is made of, show lists? */
function lists(module) {
	return /\b(list|empty)\(/.test(fs.readFileSync(path.join(WEB, "pages",
		module + ".js"), "utf8"));
}

/* web/pages.json promises each page in each state it can be in. */
export function allStates() {
	for (const p of pages) {
		const must = ["data", "loading", "failed", "lost", "forbidden",
			...p.page === "home" || lists(p.module) ? ["empty"] : [],
			...HALF[p.page] ? ["partial"] : []];

		check("states.of_each_page", must.every((s) =>
			p.states.includes(s)), p.page + ": " + must);
		check("states.known", p.states.every((s) => AWAITED[s])
			&& (!p.states.includes("partial") || HALF[p.page]),
		p.page);
	}
}
