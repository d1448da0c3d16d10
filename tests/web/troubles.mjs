/* troubles.mjs — back button, expired session, lost connection, server
 * stopped: nothing typed is lost, nothing is done twice, and the page says
 * what to do. */
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { api, check, config, go, ready, signedIn, signIn, T, terminal, until }
	from "./lib.mjs";
import { told } from "./story.mjs";

const button = (page, key) => page.getByRole("button", { name: T(key),
	exact: true });

/* The ward's clock (test_clock of its node.yaml). */
function clock(seconds) {
	const file = path.join(config.nodes.ward.path, "clock");

	fs.writeFileSync(file + ".new", "+" + seconds + "\n");
	fs.renameSync(file + ".new", file);
}

async function back() {
	const page = await signedIn("ward", "officer1");

	await go(page, "/waves");
	await go(page, "/waves/" + told.wave + "/answers");
	await page.getByLabel(T("answer.class")).selectOption("none");
	await page.waitForURL(/class=none/);
	await ready(page);
	await page.goBack();
	await ready(page);
	check("back.filter_is_undone", !page.url().includes("class=none"));
	await page.goBack();
	await ready(page);
	check("back.list_again", await page.getByRole("link", {
		name: told.wave, exact: true }).isVisible());
	await page.goForward();
	await ready(page);
	check("back.forward", page.url().endsWith("/answers"));
	await page.context().close();
}

async function fillDraft(page, name) {
	await go(page, "/waves/new");
	await page.getByLabel(T("new.name")).fill(name);
	await page.getByRole("group", { name: T("new.basis") })
		.getByRole("checkbox").first().check();
	await page.getByRole("group", { name: T("new.basis") })
		.getByRole("checkbox", { name: /第331条/ }).check();
	await ready(page); /* the live counts, too */
}

async function wavesNamed(page, name) {
	const { json } = await api(page, "GET", "/waves");

	return json.items.filter((w) => w.name === name).length;
}

async function expired() {
	const page = await terminal("ward");

	await signIn(page, "officer1");
	/* Who has left is locked out, though the page follows what happens. */
	const left = await signedIn("ward", "officer2");

	await go(left, "/");
	await fillDraft(page, "ロック中の起案");
	clock(1200);
	await button(page, "new.act").click();
	const lock = page.getByRole("dialog", { name: T("lock.title") });

	await lock.waitFor();
	await left.getByRole("dialog", { name: T("lock.title") }).waitFor();
	check("expired.locks_by_itself", true);
	await left.context().close();
	check("expired.input_is_still_there", await page.getByLabel(
		T("new.name")).inputValue() === "ロック中の起案");
	await lock.getByLabel(T("login.password")).fill(config.password);
	await lock.getByRole("button", { name: T("lock.act") }).click();
	await page.waitForURL(/\/sheet$/);
	await ready(page);
	check("expired.goes_on", await page.locator("main").getByText("ロック中の起案").first()
		.isVisible());
	/* At the end of the day the session is over: signing in again. */
	clock(1200 + 13 * 3600);
	await page.goto("/waves");
	await page.waitForURL(/\/login\?next/);
	check("expired.absolute_end_leads_to_login", true);
	await page.context().close();
}

async function lost() {
	const page = await signedIn("ward", "officer1");
	const name = "切断中の起案";

	await fillDraft(page, name);
	await page.context().setOffline(true);
	await button(page, "new.act").click();
	await page.locator("[data-state=lost]").waitFor();
	check("lost.says_input_is_kept", await page.locator("main").getByText(
		T("state.lost.kept")).first().isVisible());
	check("lost.input_is_kept", await page.getByLabel(T("new.name"))
		.inputValue() === name);
	await page.context().setOffline(false);
	await page.locator("[data-state=back]").waitFor();
	await button(page, "new.act").click();
	await page.waitForURL(/\/sheet$/);
	check("lost.once", await wavesNamed(page, name) === 1);

	/* The answer is lost, not the request: sent again it is done once. */
	const again = "応答の切断";

	await fillDraft(page, again);
	let dropped = 0;

	await page.route("**/api/v1/waves", async (route) => {
		if (route.request().method() === "POST" && dropped++ === 0) {
			await route.fetch();
			await route.abort("connectionreset");
		} else {
			await route.continue();
		}
	});
	await button(page, "new.act").click();
	await page.locator("[data-state=back]").waitFor();
	await button(page, "new.act").click();
	await page.waitForURL(/\/sheet$/);
	check("lost.answer_only.once", dropped === 2
		&& await wavesNamed(page, again) === 1, dropped);
	await page.context().close();
}

async function stopped() {
	const page = await signedIn("ward", "officer1");

	await go(page, "/waves");
	process.kill(config.nodes.ward.pid, "SIGTERM");
	await until("the desk is down", async () => {
		try {
			await page.request.get("/healthz");
			return false;
		} catch {
			return true;
		}
	});
	await page.evaluate(() => {
		window.stayed = true;
	});
	/* The page that stands open says so by itself. */
	await page.locator("[data-connection=lost]").waitFor();
	check("stopped.open_page_says_so", await page.locator(
		"[data-connection=lost]").innerText().then((x) =>
		x.includes(T("state.lost"))));
	/* On it, a search finds nobody at home. */
	const answer = await page.evaluate(async () => {
		const { read } = await import("/web/lib/api.js");

		try {
			await read("/waves");
			return "answered";
		} catch (e) {
			return e.kind;
		}
	});

	check("stopped.is_a_lost_connection", answer === "lost", answer);
	const child = spawn("setpriv", ["--pdeathsig", "KILL", config.shokai,
		"serve", config.nodes.ward.path],
		{ stdio: ["ignore", "pipe", "ignore"] });

	config.children.push(child);
	await new Promise((done) => child.stdout.once("data", done));
	await page.locator("[data-connection=back]").waitFor();
	check("stopped.open_page_is_back", await page.evaluate(() =>
		window.stayed === true));
	await page.reload();
	await ready(page);
	check("stopped.session_outlives_it", await page.getByRole("link", {
		name: told.wave, exact: true }).isVisible());
	await page.context().close();
}

export async function troubles() {
	await back();
	await lost();
	await stopped();
	await expired();
}
