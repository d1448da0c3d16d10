/*
 * deeds.mjs — the buttons that the story does not press: held records mended
 * and released, answers returned and made anew, users, the log. Each by mouse
 * in one place and by keys in the other.
 */
import { api, check, config, follow, go, press, ready, signedIn, T, tabTo, until }
	from "./lib.mjs";
import { told } from "./story.mjs";

const dialog = (page) => page.getByRole("dialog");
const named = (of, key) => of.getByRole("button", { name: T(key), exact: true });

async function gone(page) {
	await dialog(page).waitFor({ state: "detached" });
}

async function said(page, text) {
	await page.locator("#said").getByText(text).first().waitFor();
}

/* What is held at the wave of the story, by number. */
async function held(page) {
	const { json } = await api(page, "GET", "/waves/" + told.wave
		+ "/exceptions?kind=held&limit=200");

	return json.items.filter((x) => x.item);
}

async function mended(page, inquiry) {
	await until(inquiry + " has left the hold list", async () =>
		!(await held(page)).some((x) => x.inquiry === inquiry));
}

async function holds() {
	const page = await signedIn("ward", "officer2");
	const [first, second] = await held(page);

	check("holds.there_are_two", second !== undefined);
	await go(page, "/waves/" + told.wave + "/held");
	const row = (x) => page.getByRole("row").filter({ hasText: x.inquiry });

	/* By mouse: another name for this inquiry alone. */
	await named(row(first), "held.mend").click();
	check("holds.says_what_happens", (await dialog(page).innerText())
		.includes(T("held.mend.2")));
	await dialog(page).getByLabel(T("held.value")).fill(
		/カナ/.test(first.item) ? "テスト タロウ"
			: /月日/.test(first.item) ? "1970-01-01" : "試験太郎");
	await dialog(page).getByLabel(T("held.why")).fill("届出書で確認");
	await named(dialog(page), "held.mend").click();
	await gone(page);
	await said(page, T("held.mended", { inquiry: first.inquiry }));
	/* By keys: sent with the loss. */
	await press(page, named(row(second), "held.release"));
	await dialog(page).waitFor();
	await tabTo(page, dialog(page).getByLabel(T("held.why")));
	await page.keyboard.type("電話で確認");
	await press(page, named(dialog(page), "held.release"));
	await gone(page);
	await said(page, T("held.released", { inquiry: second.inquiry }));
	await mended(page, first.inquiry);
	check("holds.mended_leaves", true);
	const { json } = await api(page, "GET", "/inquiries/" + first.inquiry);

	check("holds.mended_value_is_the_officers", json.items.some((x) =>
		x.source === "officer"), JSON.stringify(json.items)
		.slice(0, 300));
	await page.context().close();
}

/* A wave of two subjects at a carried bank: its answers are returned, and
 * the bank makes them anew. */
async function smallWave(officer) {
	const { json: basis } = await api(officer, "GET", "/codes");
	const answer = await api(officer, "POST", "/waves", {
		name: "差戻しの試験",
		basis: basis.claim_kinds.map((k) => k.basis).filter((x, i, all) =>
			x && all.indexOf(x) === i).join(","),
		purpose: "試験", base_date: "2026-10-01",
		period_from: "2025-10-01", period_to: "2026-09-30",
		scope: "detail", institutions: ["9604"], reason: "試験",
		subjects: [0, 3].map((i) => ({ atena: config.hostile[i][0] })),
	});
	const { wave } = answer.json;

	await api(officer, "POST", "/waves/" + wave + "/submit");
	return wave;
}

/* 差戻し of a request: by the approver, with a reason; who asked reads it and
 * drops it. */
async function sentBack() {
	const officer = await signedIn("ward", "officer1");
	const page = await signedIn("ward", "officer2");
	const wave = await smallWave(officer);
	const asked = (of, key) => named(dialog(of), "wave.do." + key);

	await go(page, "/waves/" + wave + "/sheet");
	await press(page, named(page, "wave.do.return"));
	check("sent_back.says_what_happens", (await dialog(page).innerText())
		.includes(T("wave.return.2")));
	await asked(page, "return").click();
	check("sent_back.needs_a_reason", (await dialog(page).getByRole("alert")
		.innerText()).includes(T("form.empty")));
	await dialog(page).getByLabel(T("wave.return.why")).fill("期間が違う");
	await asked(page, "return").click();
	await said(page, T("wave.did.return", { wave }));
	await go(officer, "/waves/" + wave + "/sheet");
	check("sent_back.reason_is_shown", (await officer.locator("main")
		.innerText()).includes("期間が違う"));
	await named(officer, "wave.do.cancel").click();
	/* Of what cannot be undone, Enter alone does nothing. */
	await officer.keyboard.press("Enter");
	await gone(officer);
	const { json } = await api(officer, "GET", "/waves/" + wave);

	check("sent_back.enter_alone_drops_nothing", json.state === "drafted",
		json.state);
	await named(officer, "wave.do.cancel").click();
	await dialog(officer).getByLabel(T("wave.cancel.why")).fill("作り直す");
	await asked(officer, "cancel").click();
	await said(officer, T("wave.did.cancel", { wave }));
	await officer.context().close();
	await page.context().close();
}

/* 支援措置: hidden until it is asked for with a reason, which is kept; which
 * address goes is an officer's decision. */
async function shielded() {
	const page = await signedIn("ward", "officer2");
	const auditor = await signedIn("ward", "auditor1");
	const { json } = await api(page, "GET", "/subjects?limit=200");
	const { atena } = json.items.find((r) => r.masked);
	const main = page.locator("main");
	const why = "本人から電話があった";

	await go(page, "/subjects/" + atena);
	check("shielded.is_hidden", (await main.innerText()).includes("＊＊＊")
		&& await named(page, "shield.act").count() === 0);
	await named(page, "reveal.act").click();
	await dialog(page).getByLabel(T("reveal.why")).fill(why);
	await named(dialog(page), "reveal.act").click();
	await gone(page);
	await named(page, "shield.act").waitFor();
	check("shielded.is_shown", !(await main.innerText()).includes("＊＊＊"));
	const seen = await api(auditor, "GET", "/log/who/" + atena);

	check("shielded.the_reason_is_kept", seen.json.items.some((r) =>
		r.actor === "officer2" && r.purpose.includes(why)), seen.text);
	await press(page, named(page, "shield.act"));
	await dialog(page).getByLabel(T("shield.which"), { exact: true })
		.selectOption("住所");
	await dialog(page).getByLabel(T("shield.why")).fill("本人の希望");
	await named(dialog(page), "shield.act").click();
	await said(page, T("shield.done"));
	await main.getByText(T("shield.chosen", { address: "住所" })).waitFor();
	check("shielded.no_script_error", page.wrong.length === 0,
		page.wrong.join());
	await auditor.context().close();
	await page.context().close();
}

/* Light and dark, Japanese and English: by a switch, and kept. */
async function switches() {
	const page = await signedIn("ward", "officer2");
	const html = (name) => page.evaluate((of) =>
		document.documentElement.getAttribute(of), name);
	const heading = page.getByRole("heading", { level: 1 });

	await go(page, "/waves");
	check("switches.japanese_first", await html("lang") === "ja"
		&& await heading.innerText() === "照会一覧");
	await press(page, named(page, "shell.dark"));
	await page.reload();
	await ready(page);
	check("switches.dark_is_kept", await html("data-theme") === "dark"
		&& await named(page, "shell.light").isVisible());
	await page.evaluate(() => {
		document.querySelector("#content").dataset.ready = "left";
	});
	await press(page, named(page, "shell.other"));
	await page.waitForFunction(() => document.documentElement.lang === "en");
	await ready(page);
	check("switches.english", await heading.innerText() === "Waves"
		&& await page.getByRole("link", { name: "New wave" }).first()
			.isVisible(), await heading.innerText());
	await page.getByRole("button", { name: "日本語" }).click();
	await page.waitForFunction(() => document.documentElement.lang === "ja");
	await page.context().close();
}

async function waiting(page, wave, direction) {
	return until("a file to check: " + direction, async () => {
		const { json } = await api(page, "GET", "/checks?limit=200");

		return json.items.find((x) => x.wave === wave
			&& x.direction === direction);
	});
}

async function returned(page, row) {
	await named(row, "check.return").click();
	await dialog(page).getByLabel(T("check.why")).fill("別人の回答");
	/* Of what cannot be undone, Enter alone is not enough. */
	await named(dialog(page), "check.return").click();
	await gone(page);
}

async function returns() {
	const officer = await signedIn("ward", "officer1");
	const page = await signedIn("ward", "officer2");
	const wave = await smallWave(officer);

	await api(page, "POST", "/waves/" + wave + "/approve");
	const { file } = await waiting(page, wave, "request");

	await go(page, "/checks");
	const row = page.getByRole("row").filter({ hasText: file });

	await press(page, named(row, "check.approve"));
	await dialog(page).waitFor();
	await press(page, named(dialog(page), "check.approve"));
	await gone(page);
	await waiting(page, wave, "answer");
	await go(page, "/checks");
	await returned(page, row);
	await said(page, T("check.did.return", { file }));
	await go(page, "/checks?state=returned");
	check("returns.listed_with_the_reason", (await page.locator("main")
		.innerText()).includes("別人の回答"));
	await answeredAnew(file);
	await waiting(page, wave, "answer");
	check("returns.answers_came_again", true);
	await officer.context().close();
	await page.context().close();
}

async function answeredAnew(file) {
	const clerk = await signedIn("bank-9604", "clerk1");

	await until("the bank is told", async () => {
		const { json } = await api(clerk, "GET", "/awaited");

		return json.items.some((x) => x.file === file
			&& x.state === "returned");
	});
	await go(clerk, "/awaited");
	await follow(clerk, clerk.getByRole("link", { name: file }));
	await press(clerk, named(clerk, "again.act"));
	await dialog(clerk).waitFor();
	await press(clerk, named(dialog(clerk), "again.act"));
	await clerk.locator("main").getByText(T("again.did")).first().waitFor();
	check("returns.clerk_answers_anew", clerk.wrong.length === 0,
		clerk.wrong.join());
	await clerk.context().close();
}

/* A question, answered; what the page says then. */
async function confirmed(page, of, key, how) {
	if (how === "keys") {
		await press(page, named(of, key));
		await dialog(page).waitFor();
		await press(page, named(dialog(page), key));
	} else {
		await named(of, key).click();
		await named(dialog(page), key).click();
	}
}

async function added(page, name) {
	await named(page, "users.add").click();
	await dialog(page).getByLabel(T("login.name")).fill(name);
	await dialog(page).getByRole("checkbox", { name: T("role.officer") })
		.check();
	await dialog(page).getByLabel(T("users.first")).fill("x".repeat(12));
	await named(dialog(page), "users.add").click();
	await gone(page);
	await said(page, T("users.added"));
}

async function users() {
	const page = await signedIn("ward", "admin1");
	const name = "試験利用者";
	const row = page.getByRole("row").filter({ hasText: name });

	await go(page, "/users");
	await added(page, name);
	await row.waitFor();
	await confirmed(page, row, "users.lock", "mouse");
	await said(page, T("users.did.lock", { name }));
	await row.getByText(T("users.locked")).waitFor();
	await confirmed(page, row, "users.unlock", "keys");
	await said(page, T("users.did.unlock", { name }));
	await confirmed(page, row, "users.renew", "keys");
	await said(page, T("users.did.renew", { name }));
	await named(row, "users.change").click();
	await dialog(page).getByRole("checkbox", { name: T("role.auditor") })
		.check();
	await named(dialog(page), "users.change").click();
	await said(page, T("users.did.change", { name }));
	await row.getByText(T("role.auditor")).waitFor();
	await confirmed(page, row, "users.totp", "mouse");
	await dialog(page).getByText(/^otpauth:/).waitFor();
	check("users.secret_is_shown_once", /^[A-Z2-7]{32}$/m.test(
		await dialog(page).locator("code").first().innerText()));
	await named(dialog(page), "users.totp.done").click();
	await gone(page);
	check("users.secret_is_gone", !(await page.locator("body").innerText())
		.includes("otpauth"));
	await transferred(page, name);
	check("users.no_script_error", page.wrong.length === 0,
		page.wrong.join());
	await page.context().close();
}

/* What officer1 has drafted goes to another. */
async function transferred(page, name) {
	await named(page, "users.transfer").click();
	await dialog(page).getByLabel(T("users.from")).fill("officer1");
	await dialog(page).getByLabel(T("users.to")).fill(name);
	await dialog(page).getByLabel(T("users.why")).fill("異動のため");
	await named(dialog(page), "users.transfer").click();
	await said(page, T("users.transferred"));
}

async function log() {
	const page = await signedIn("ward", "auditor1");
	const who = page.getByRole("form", { name: T("log.who") });

	await go(page, "/log");
	await page.getByLabel(T("log.kind_of")).selectOption("wave");
	await page.getByRole("textbox", { name: T("log.object"), exact: true })
		.fill(told.wave);
	await named(page, "log.search").click();
	await page.waitForURL(/kind=wave/);
	await ready(page);
	const rows = page.locator("table").first().locator("tbody tr");

	check("log.of_one_object", await rows.count() > 1 && (await rows
		.allInnerTexts()).every((x) => x.includes(told.wave)));
	await tabTo(page, page.getByLabel(T("subject.atena")));
	await page.keyboard.type(config.hostile[0][0]);
	await page.keyboard.press("Enter");
	await page.getByText(T("log.who.of", { atena: config.hostile[0][0] }))
		.waitFor();
	check("log.who_has_seen", (await page.locator("table").last()
		.innerText()).includes("officer2"), await who.count());
	await press(page, named(page, "log.verify.act"));
	await page.locator("[data-notice=good]").filter({
		hasText: /すべてつながっています/ }).waitFor();
	check("log.verified", page.wrong.length === 0, page.wrong.join());
	await page.context().close();
}

/* The manual opens at the page's own section. */
async function manual() {
	const page = await signedIn("ward", "officer2");

	await go(page, "/checks");
	await follow(page, page.getByRole("link", { name: T("shell.help") }));
	check("manual.opens_at_the_section", page.url().endsWith("/manual#s7")
		&& (await page.evaluate(() => document.activeElement
			.textContent)).startsWith("7."), page.url());
	await page.context().close();
}

export async function deeds() {
	await holds();
	await sentBack();
	await shielded();
	await switches();
	await returns();
	await users();
	await log();
	await manual();
}
