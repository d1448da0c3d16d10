/*
 * lib.mjs — what the parts of run.mjs share: the browser, named checks,
 * signing in, words of the string tables, keys.
 */
import { randomUUID } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { chromium } from "playwright-core";

const ARGS = ["--no-sandbox", "--headless", "--disable-gpu", "--disable-quic",
	"--no-first-run", "--disable-background-networking",
	"--disable-component-update", "--disable-sync"];
const PATIENCE_MS = 90000; /* of a machine at work on much else */

export const config = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
export const WEB = path.join(config.root, "web");
export const ja = JSON.parse(fs.readFileSync(path.join(WEB, "strings",
	"ja.json"), "utf8"));
export const pages = JSON.parse(fs.readFileSync(path.join(WEB,
	"pages.json"), "utf8")).pages;

/* A text of the Japanese table, as the pages show it. */
export function T(key, values = {}) {
	if (!Object.hasOwn(ja, key))
		throw new Error("no text for " + key);
	return ja[key].replace(/\{(\w+)\}/g, (whole, name) =>
		values[name] ?? whole);
}

/* --- checks --- */

export const count = { passed: 0, failed: 0 };

export function check(name, ok, detail = "") {
	if (ok) {
		count.passed += 1;
		return;
	}
	count.failed += 1;
	console.log("FAILED " + name + " " + String(detail).slice(0, 1500));
}

/* The last answers of the API that were refusals: why a part broke. */
const recent = [];

/* A part that breaks is one failure, shown; the others go on. */
export async function part(name, body) {
	const begun = Date.now();

	try {
		await body();
	} catch (e) {
		/* Without the colours of Playwright's log, and its length. */
		check(name, false, e.stack.replace(/\u001b\[\d+m/g, "")
			.split("\n").filter((line, i) => i < 5
				|| /^ {4}at /.test(line)).join("\n") + "\n"
			+ recent.slice(-6).join("\n"));
	}
	console.log("part %s: %d s", name, Math.round((Date.now() - begun) / 1000));
}

/* --- browser --- */

let browser = null;

export async function openBrowser() {
	browser = await chromium.launch({ executablePath: "/usr/bin/chromium",
		args: ARGS });
	return browser;
}

export function desk(node) {
	return config.nodes[node].desk;
}

/*
 * A terminal: a browser of its own with a page; what its pages complain of
 * is gathered: errors of scripts, of the CSP, and dialogs nobody asked for.
 */
export async function terminal(node, o = {}) {
	const context = await browser.newContext({
		baseURL: desk(node), ignoreHTTPSErrors: true, locale: "ja-JP",
		viewport: { width: o.width ?? 1280, height: 720 },
		acceptDownloads: true,
	});

	await context.addInitScript(([theme, lang]) => {
		if (!localStorage.getItem("theme"))
			localStorage.setItem("theme", theme);
		if (!localStorage.getItem("lang"))
			localStorage.setItem("lang", lang);
		window.print = () => {
			window.printed = (window.printed ?? 0) + 1;
		};
	}, [o.theme ?? "light", o.lang ?? "ja"]);
	const page = await context.newPage();

	page.wrong = [];
	page.setDefaultTimeout(PATIENCE_MS);
	page.on("pageerror", (e) => page.wrong.push(String(e)));
	page.on("console", (m) => {
		if (m.type() === "error" && !/Failed to load resource/.test(m.text()))
			page.wrong.push(m.text());
	});
	page.on("response", async (r) => {
		if (r.status() >= 400)
			recent.push(r.status() + " " + r.request().method() + " "
				+ new URL(r.url()).pathname + " "
				+ await r.text().catch(() => ""));
	});
	page.on("dialog", (d) => {
		page.wrong.push("dialog: " + d.message());
		d.dismiss();
	});
	return page;
}

export async function ready(page) {
	await page.waitForFunction(() => {
		const content = document.querySelector("#content");

		return content?.dataset.ready === "yes"
			&& !content.querySelector("[data-state=loading]")
			&& !content.querySelector("[aria-busy=true]");
	});
}

/* By a link: the page it leads to is ready, not the one it leaves. */
export async function follow(page, link) {
	await page.evaluate(() => {
		document.querySelector("#content").dataset.ready = "left";
	});
	await link.click();
	await ready(page);
}

export async function go(page, address) {
	await page.goto(address, { waitUntil: "domcontentloaded" });
	await ready(page);
}

/* Begins the page of that address as main.js does, where another one of the
 * desk is: the modules are there already. Not waited for. */
export async function begin(page, address) {
	await page.evaluate(async (to) => {
		document.querySelector("#content").dataset.ready = "no";
		history.pushState(null, "", to);
		const { start } = await import("/web/lib/shell.js");

		start();
	}, address);
}

/* By the form, as a person does. */
export async function signIn(page, name, address = "/login") {
	await go(page, address);
	await page.getByLabel(T("login.name")).fill(name);
	await page.getByLabel(T("login.password")).fill(config.password);
	await page.getByRole("button", { name: T("login.act") }).click();
	await page.waitForURL((u) => u.pathname !== "/login");
	await ready(page);
}

/* Quicker, for what is not about signing in: only the cookie is made. */
export async function signedIn(node, name, o) {
	const page = await terminal(node, o);
	const answer = await page.request.post("/api/v1/session",
		{ data: { name, password: config.password } });

	if (answer.status() !== 201)
		throw new Error("sign-in of " + name + ": " + answer.status()
			+ " " + await answer.text());
	page.me = await answer.json();
	return page;
}

/* The API in a page's session. */
export async function api(page, method, address, body) {
	const answer = await page.request.fetch("/api/v1" + address, {
		method, data: body, headers: method === "GET" ? {} : {
			"X-CSRF-Token": page.me.csrf_token,
			"Idempotency-Key": randomUUID(),
		},
	});
	const text = await answer.text();
	let json = null;

	try {
		json = JSON.parse(text);
	} catch {
		/* An answer without content. */
	}
	return { status: answer.status(), json, text };
}

export async function until(what, test, ms = 180000) {
	const end = Date.now() + ms;

	for (;;) {
		const found = await test();

		if (found)
			return found;
		if (Date.now() > end)
			throw new Error("never came: " + what);
		await new Promise((done) => setTimeout(done, 300));
	}
}

/* --- keys --- */

/* Tab until it has the focus; a list may be read anew on the way. */
export async function tabTo(page, locator, most = 120) {
	for (let i = 0; i < most; i++) {
		if (await locator.evaluate((x) => x === document.activeElement))
			return i;
		await page.keyboard.press("Tab");
	}
	throw new Error("Tab does not reach " + locator);
}

export async function press(page, locator, key = "Enter") {
	await tabTo(page, locator);
	await page.keyboard.press(key);
}
